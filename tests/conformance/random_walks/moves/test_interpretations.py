"""Moves on interpretations: both answers are right, half an effect is not."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.counterexamples import counterexample_of
from invitelab.conformance.random_walks.executor import WalkExecutor
from invitelab.conformance.random_walks.findings import Finding
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.moves.sessions import menu_violations, switches
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.shrinking import shrunk
from invitelab.proof.conforming_variants import INTERPRETATIONS
from invitelab.proof.mutants import MUTANTS
from invitelab.protocol.policy import Policy

BOB = "400500600"
SPECS = {
    "Ada": ParticipantSpec(id="100200300", alias="ada@ad"),
    "Bob": ParticipantSpec(id=BOB, alias="bob@ad"),
    "Cid": ParticipantSpec(id="700800900", alias="cid@ad"),
}

WALKS = {
    "inviter-a-millisecond-late": (
        "Ada invites Bob",
        "120000 milliseconds have passed since Ada invited Bob",
    ),
    "expires-at-119-5-s": (
        "Ada invites Bob",
        "119999 milliseconds have passed since Ada invited Bob",
    ),
    "id-completed": ('Ada invites "40050060"',),
    "namespace-filled-in": ('Ada invites "bob@"',),
    "second-at-ignored": ('Ada invites "bob@ad@x"',),
    "own-address-refused-and-invited": ('Ada invites "ada@ad"',),
    "offline-refused-and-sent": (
        "Bob goes offline",
        "Ada invites Bob",
        "Bob comes back online",
    ),
    "returns-to-new-time": (
        "Ada invites Bob",
        "119 seconds have passed since Ada invited Bob",
        "Bob goes offline",
        "Bob comes back online",
        "121 seconds have passed since Ada invited Bob",
    ),
}
"""The moves that show the defect of a mutant, by its name."""

EVERY_OTHER = replace(Policy(), **dict.fromkeys(INTERPRETATIONS, False))


@contextmanager
def ready_for(adapter: Adapter) -> Generator[Ready]:
    """Start the reference or a mutant for a walk."""
    engine = Engine(DirectTarget(adapter), None)
    ready = engine.shared()
    assert ready is not None
    yield ready
    engine.abort()


def start(ready: Ready, locks: tuple[tuple[str, bool], ...] = ()) -> WalkExecutor:
    """Start a walk with three participants that have these locks."""
    participants = Participants(
        specs={name: replace(spec, locks=locks) for name, spec in SPECS.items()}
    )
    executor = WalkExecutor(ready, "w", participants, with_interpretations=True)
    executor.open()
    return executor


@contextmanager
def walk_on(adapter: Adapter) -> Generator[WalkExecutor]:
    """Start a walk on an adapter."""
    with ready_for(adapter) as ready:
        yield start(ready)


def go(executor: WalkExecutor, names: Sequence[str]) -> None:
    """Make these moves, each of which must be possible."""
    for name in names:
        executor.make(executor.offered(name)[-1])


@pytest.mark.parametrize("name", WALKS)
def test_a_defect_under_every_interpretation_is_found(name: str) -> None:
    """The finding names the clause of the interpretation."""
    with walk_on(MUTANTS[name].make()) as executor, pytest.raises(Finding) as found:
        go(executor, WALKS[name])
    assert MUTANTS[name].clause == found.value.check.clause


@pytest.mark.parametrize("policy", [Policy(), EVERY_OTHER], ids=["default", "other"])
@pytest.mark.parametrize("name", WALKS)
def test_the_same_moves_find_nothing_on_the_reference(
    name: str, policy: Policy
) -> None:
    """With either interpretation."""
    with walk_on(Reference(policy=policy)) as executor:
        for move in WALKS[name]:
            if not executor.state.undetermined:
                go(executor, [move])


def test_impossible_moves_are_not_offered() -> None:
    """An invitation is answered only after it was sent."""
    with walk_on(Reference()) as executor:
        assert [] == executor.offered("Bob accepts the invitation from Ada")
        go(executor, ["Ada invites Bob"])
        assert executor.offered("Bob accepts the invitation from Ada")


class ExpiresEarly(Reference):
    """Reference that refuses answers in the last half second."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms: dict[Json, int] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Record the time, and refuse an accept that is too late."""
        if method == "invitation.accept" and self.now_ms.get(params["scenario"]):
            return {"refused": {"reason": "not-pending"}}
        answer = super().request(method, params)
        if method == "clock.advance" and isinstance(answer, dict):
            now_ms = answer["now_ms"]
            assert isinstance(now_ms, int)
            self.now_ms[params["scenario"]] = 119_500 <= now_ms < 120_000
        return answer


def test_near_the_end_only_the_expiry_instant_is_checked() -> None:
    """Every other check depends on its interpretation."""
    moves = (
        "Ada invites Bob",
        "119999 milliseconds have passed since Ada invited Bob",
        "Bob accepts the invitation from Ada",
    )
    with walk_on(ExpiresEarly()) as executor, pytest.raises(Finding) as found:
        go(executor, moves)
    assert "EXPIRY-6" == found.value.check.clause


@pytest.mark.parametrize("list_", ["recent-sessions", "discovery"])
def test_a_client_may_fill_its_own_lists(list_: str) -> None:
    """Recent contacts and discovered clients: these offers are not wrong."""
    with walk_on(Reference()) as executor:
        ada = executor.state.participants["Ada"]
        usual = {("invitation-icon", None), ("id-menu.invite-via-email", None)}
        for entries, wrong in ((usual, 0), ({*usual, (f"tile.{list_}", BOB)}, 0)):
            checks = list(menu_violations(executor.move_context, ada, entries))
            assert wrong == len(checks)
        offered = {*usual, ("tile.favorites", BOB)}
        assert 1 == len(list(menu_violations(executor.move_context, ada, offered)))


def test_of_two_interpretations_the_relevant_one_is_named() -> None:
    """The most recent one, until shrinking removes it."""
    moves = (
        "Ada invites Bob",
        "119 seconds have passed since Ada invited Bob",
        "Bob goes offline",
        "Bob comes back online",
        "Cid invites Bob",
        "121 seconds have passed since Ada invited Bob",
    )
    with ready_for(MUTANTS["returns-to-new-time"].make()) as ready:
        executor = start(ready)
        with pytest.raises(Finding) as found:
            go(executor, moves)
        assert "PENDING-7" == found.value.check.clause
        assert executor.is_over
        shorter = shrunk(found.value, ready, with_interpretations=True)
    assert "PRESENCE-1" == shorter.check.clause
    assert [move for move in moves if "Cid" not in move] == [
        move.name for move in shorter.history.moves
    ]


CROSSED = ("crossed_invitations_are_independent", "accepting_clears_the_surfaces")


def test_after_a_session_may_have_ended_nothing_is_known() -> None:
    """It may continue, or its invitation may prevent another one."""
    policy = replace(Policy(), **dict.fromkeys(CROSSED, False))
    with walk_on(Reference(policy=policy)) as executor:
        go(executor, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        go(executor, ["Ada goes offline", "Ada comes back online"])
        for name in ("Bob invites Ada", "Bob invites Cid"):
            assert "SESSION-7" == executor.offered(name)[-1].interpretation


class HidesSession(Reference):
    """Reference that shows a session three times only."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count the views with a session."""
        answer = super().request(method, params)
        if method == "client.view" and isinstance(answer, dict):
            self.shown += bool(answer["sessions"])
            if self.shown > 3:
                answer["sessions"] = []
        return answer


def test_a_move_that_cannot_be_made_is_the_last_when() -> None:
    """It ends the scenario: no check had failed before."""
    with walk_on(HidesSession()) as executor:
        go(executor, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        flips = next(
            move for move in switches(executor.move_context) if len(move.lines) > 1
        )
        with pytest.raises(Finding) as found:
            executor.make(flips)
    assert "SESSION-5" == found.value.check.clause
    assert "Ada sees no session to change" == found.value.message
    for lines in found.value.history.renderings(found.value.check):
        assert ("when", flips.lines[0]) == (lines[-1].kind, lines[-1].text)


class EndsSession(Reference):
    """Reference that ends a session when a locked permission is switched."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: set[str] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Show the ended session to no client."""
        scenario = str(params.get("scenario"))
        if method == "session.permit" and params["permission"] == "clipboard":
            self.ended.add(scenario)
        answer = super().request(method, params)
        if method == "client.view" and isinstance(answer, dict):
            answer["sessions"] = [] if scenario in self.ended else answer["sessions"]
        return answer


def test_a_step_that_fails_the_second_time_is_written_twice() -> None:
    """The scenario fails at the same step as the walk."""
    with ready_for(EndsSession()) as ready:
        executor = start(ready, (("clipboard", True),))
        go(executor, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        twice = 'Ada denies "clipboard" in the session with Bob'
        with pytest.raises(Finding) as found:
            go(executor, [f"{twice} and {twice}"])
        example = counterexample_of(found.value, ready)
    assert "SESSION-6" == example.clause
    assert example.confirmed
    assert [twice, twice] == [step.name for step in parsed(example.feature).steps[-2:]]


class HidesSessionOnce(Reference):
    """Reference that hides each new session in the first view."""

    def __init__(self) -> None:
        super().__init__()
        self.new: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer, once for each session without it."""
        answer = super().request(method, params)
        if method == "invitation.accept":
            self.new.add(params["scenario"])
        if method == "client.view" and params["scenario"] in self.new:
            assert isinstance(answer, dict)
            self.new.remove(params["scenario"])
            answer["sessions"] = []
        return answer


def test_the_view_of_a_then_is_checked_completely() -> None:
    """The Then before the checks gets the first view."""
    with walk_on(HidesSessionOnce()) as executor:
        go(executor, ["Ada invites Bob"])
        with pytest.raises(Finding) as found:
            go(executor, ["Bob accepts the invitation from Ada"])
    assert "SESSION-1" == found.value.check.clause
