"""Where the page is silent either answer is right, and half an answer is not."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.random_walks.executor import Found, Walker
from invitelab.conformance.random_walks.gherkin_writer import parsed
from invitelab.conformance.random_walks.moves.sessions import switches, wrong_offers
from invitelab.conformance.random_walks.participants import Part, cast, id_of
from invitelab.conformance.random_walks.search import told
from invitelab.conformance.random_walks.shrinking import shortened
from invitelab.proof.conforming_variants import INTERPRETATIONS
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import DirectTarget
from invitelab.protocol.policy import Policy

BOB = id_of("Bob")
PLAIN = Part(version=0, shape=0, contacts=0, extras=0)

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
"""What shows a sin against an interpretation, move by move."""

OTHERWISE = replace(Policy(), **dict.fromkeys(INTERPRETATIONS, False))


@contextmanager
def at_hand(adapter: Adapter) -> Generator[Ready]:
    """Make an adapter ready to be walked on."""
    engine = Engine(DirectTarget(adapter), None)
    ready = engine.shared()
    assert ready is not None
    yield ready
    engine.abort()


def set_out(ready: Ready, part: Part = PLAIN) -> Walker:
    """Set out in plain company, or in that of such people."""
    casting = cast(0, (part,) * 4, locks=True, tiles=True)
    walking = Walker(ready, "w", casting, freely=True)
    walking.open()
    return walking


@contextmanager
def walker(adapter: Adapter) -> Generator[Walker]:
    """Set out on an adapter."""
    with at_hand(adapter) as ready:
        yield set_out(ready)


def go(walking: Walker, names: Sequence[str]) -> None:
    """Make these moves; each must be possible."""
    for name in names:
        walking.make(walking.offered(name)[-1])


@pytest.mark.parametrize("name", WALKS)
def test_a_sin_against_what_all_readings_share_is_found(name: str) -> None:
    """It is called by the clause that was leant on."""
    with walker(MUTANTS[name].make()) as walking, pytest.raises(Found) as found:
        go(walking, WALKS[name])
    assert MUTANTS[name].clause == found.value.check.clause


@pytest.mark.parametrize("policy", [Policy(), OTHERWISE], ids=["ours", "others"])
@pytest.mark.parametrize("name", WALKS)
def test_the_same_moves_on_who_is_right_find_nothing(name: str, policy: Policy) -> None:
    """However the page is read."""
    with walker(Reference(policy=policy)) as walking:
        for move in WALKS[name]:
            if not walking.world.over:
                go(walking, [move])


def test_what_cannot_be_done_is_not_offered() -> None:
    """Nobody answers what was never sent."""
    with walker(Reference()) as walking:
        assert [] == walking.offered("Bob accepts the invitation from Ada")
        go(walking, ["Ada invites Bob"])
        assert walking.offered("Bob accepts the invitation from Ada")


class Early(Reference):
    """Takes no answer half a second before the end."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms: dict[Json, int] = {}

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Note the time, and refuse what comes then."""
        if method == "invitation.accept" and self.now_ms.get(params["scenario"]):
            return {"refused": {"reason": "not-pending"}}
        answer = super().request(method, params)
        if method == "clock.advance" and isinstance(answer, dict):
            now_ms = answer["now_ms"]
            assert isinstance(now_ms, int)
            self.now_ms[params["scenario"]] = 119_500 <= now_ms < 120_000
        return answer


def test_near_the_tick_nothing_but_the_tick_is_judged() -> None:
    """Whatever is done there leans on how it is read."""
    moves = (
        "Ada invites Bob",
        "119999 milliseconds have passed since Ada invited Bob",
        "Bob accepts the invitation from Ada",
    )
    with walker(Early()) as walking, pytest.raises(Found) as found:
        go(walking, moves)
    assert "EXPIRY-6" == found.value.check.clause


@pytest.mark.parametrize("list_", ["recent-sessions", "discovery"])
def test_a_client_may_fill_lists_of_its_own(list_: str) -> None:
    """Whom it has met, and whom it sees: that is no wrong offer."""
    with walker(Reference()) as walking:
        ada = walking.world.figures["Ada"]
        usual = {("invitation-icon", None), ("id-menu.invite-via-email", None)}
        for entries, wrong in ((usual, 0), ({*usual, (f"tile.{list_}", BOB)}, 0)):
            checks = list(wrong_offers(walking.table, ada, entries))
            assert wrong == len(checks)
        told = {*usual, ("tile.favorites", BOB)}
        assert 1 == len(list(wrong_offers(walking.table, ada, told)))


def test_of_two_liberties_the_one_that_matters_is_named() -> None:
    """The last that was taken, until the walk is shortened."""
    moves = (
        "Ada invites Bob",
        "119 seconds have passed since Ada invited Bob",
        "Bob goes offline",
        "Bob comes back online",
        "Cid invites Bob",
        "121 seconds have passed since Ada invited Bob",
    )
    with at_hand(MUTANTS["returns-to-new-time"].make()) as ready:
        walking = set_out(ready)
        with pytest.raises(Found) as found:
            go(walking, moves)
        assert "PENDING-7" == found.value.check.clause
        assert walking.is_over
        shorter = shortened(found.value, ready, freely=True)
    assert "PRESENCE-1" == shorter.check.clause
    assert [move for move in moves if "Cid" not in move] == [
        move.name for move in shorter.story.moves
    ]


CROSSED = ("crossed_invitations_are_independent", "accepting_clears_the_surfaces")


def test_of_two_whose_session_is_gone_nothing_is_known() -> None:
    """It may still run, or the invitation that led to it be in the way of another."""
    policy = replace(Policy(), **dict.fromkeys(CROSSED, False))
    with walker(Reference(policy=policy)) as walking:
        go(walking, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        go(walking, ["Ada goes offline", "Ada comes back online"])
        for name in ("Bob invites Ada", "Bob invites Cid"):
            assert "SESSION-7" == walking.offered(name)[-1].liberty


class Hiding(Reference):
    """Shows a session three times, and not again."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Count the times."""
        answer = super().request(method, params)
        if method == "client.view" and isinstance(answer, dict):
            self.shown += bool(answer["sessions"])
            if self.shown > 3:
                answer["sessions"] = []
        return answer


def test_what_cannot_be_done_is_told_as_a_when() -> None:
    """It ends the scenario: nothing was seen by then that could not be."""
    with walker(Hiding()) as walking:
        go(walking, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        flips = next(move for move in switches(walking.table) if len(move.lines) > 1)
        with pytest.raises(Found) as found:
            walking.make(flips)
    assert "SESSION-5" == found.value.check.clause
    assert "Ada sees no session to change" == found.value.message
    for lines in found.value.story.versions(found.value.check):
        assert ("when", flips.lines[0]) == (lines[-1].kind, lines[-1].text)


class Ending(Reference):
    """Ends a session in which a locked permission is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: set[str] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Show it to nobody any more."""
        scenario = str(params.get("scenario"))
        if method == "session.permit" and params["permission"] == "clipboard":
            self.ended.add(scenario)
        answer = super().request(method, params)
        if method == "client.view" and isinstance(answer, dict):
            answer["sessions"] = [] if scenario in self.ended else answer["sessions"]
        return answer


def test_what_cannot_be_done_twice_is_told_twice() -> None:
    """The first time it could be; as a scenario it fails where the walk did."""
    locked = replace(PLAIN, extras=3)
    with at_hand(Ending()) as ready:
        walking = set_out(ready, locked)
        go(walking, ["Ada invites Bob", "Bob accepts the invitation from Ada"])
        twice = 'Ada denies "clipboard" in the session with Bob'
        with pytest.raises(Found) as found:
            go(walking, [f"{twice} and {twice}"])
        example = told(found.value, ready)
    assert "SESSION-6" == example.clause
    assert example.confirmed
    assert [twice, twice] == [step.name for step in parsed(example.feature).steps[-2:]]


class Blinking(Reference):
    """Hides each new session from the first who looks."""

    def __init__(self) -> None:
        super().__init__()
        self.new: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Once a session."""
        answer = super().request(method, params)
        if method == "invitation.accept":
            self.new.add(params["scenario"])
        if method == "client.view" and params["scenario"] in self.new:
            assert isinstance(answer, dict)
            self.new.remove(params["scenario"])
            answer["sessions"] = []
        return answer


def test_what_a_then_sees_beside_what_it_looks_for_is_not_lost() -> None:
    """The Then that comes before the looks is the first look of all."""
    with walker(Blinking()) as walking:
        go(walking, ["Ada invites Bob"])
        with pytest.raises(Found) as found:
            go(walking, ["Bob accepts the invitation from Ada"])
    assert "SESSION-1" == found.value.check.clause
