"""Moves whose result the required clauses determine: what is possible when."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.handshake import Capability
from invitelab.adapters.messages import Begin, ClientDeclaration
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.random_walks.executor import WalkExecutor, declared
from invitelab.conformance.random_walks.findings import Finding
from invitelab.conformance.random_walks.moves.answers import late_accepts, strangers
from invitelab.conformance.random_walks.moves.base import Kind, Move
from invitelab.conformance.random_walks.moves.invitations import (
    changes,
    late_changes,
    repeated_changes,
)
from invitelab.conformance.random_walks.moves.sessions import switches_by_the_guest
from invitelab.conformance.random_walks.moves.waits import long_waits
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)
from invitelab.proof.conforming_variants import Declining
from invitelab.proof.mutants import MUTANTS

NAMES = ("Ada", "Bob", "Cid", "Dora", "Eve")
Executor = WalkExecutor


def start(adapter: Adapter, *names: str, interpretations: bool = False) -> Executor:
    """Start a walk with these participants."""
    ready = Engine(DirectTarget(adapter), None).shared()
    assert ready is not None
    participants = Participants(
        specs={
            name: ParticipantSpec(id=f"{number}00000000", alias=f"{name}@ad")
            for number, name in enumerate(names or NAMES, start=1)
        }
    )
    executor = WalkExecutor(
        ready,
        "w",
        participants.supported(declared(ready.answer)),
        with_interpretations=interpretations,
    )
    executor.open()
    return executor


def go(executor: Executor, *names: str) -> None:
    """Make these moves, each of which must be possible."""
    for name in names:
        executor.make(executor.offered(name)[-1])


def moves(executor: Executor, kind: Kind) -> list[Move]:
    """Give the moves of a kind that are possible now."""
    return list(kind(executor.move_context))


def test_an_answer_is_pressed_at_either_surface() -> None:
    """Or it is not said where; a surface that may be closed is not used."""
    executor = start(Reference())
    go(executor, "Ada invites Bob")
    for answer in ("accepts", "rejects"):
        text = f"Bob {answer} the invitation from Ada"
        for place in ("", " in the client", " in the pop-up"):
            assert executor.offered(f"{text}{place}")
    go(executor, "Bob closes the pop-up")
    assert not executor.offered("Bob rejects the invitation from Ada in the pop-up")


@pytest.mark.parametrize("surface", ["client", "popup"])
def test_an_answer_that_works_at_one_surface_only_is_found(surface: str) -> None:
    """The clause is that of both surfaces."""

    class OneSurface(Reference):
        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            if method == "invitation.accept" and params.get("surface") == surface:
                return {"refused": {}}
            return super().request(method, params)

    place = {"client": "in the client", "popup": "in the pop-up"}[surface]
    executor = start(OneSurface())
    go(executor, "Ada invites Bob")
    with pytest.raises(Finding) as found:
        go(executor, f"Bob accepts the invitation from Ada {place}")
    assert "ANSWER-6" == found.value.check.clause


def test_one_invitation_can_be_changed_five_times_at_once() -> None:
    """The last change counts."""
    executor = start(Reference())
    go(executor, "Ada invites Bob")
    times = {len(move.lines) for move in moves(executor, repeated_changes)}
    assert {1, 2, 3, 4, 5} == times
    most = max(moves(executor, repeated_changes), key=lambda move: len(move.lines))
    executor.make(most)
    go(executor, "Bob accepts the invitation from Ada")
    assert executor.state.sessions[0].profile in most.lines[-1]


def test_what_a_target_declines_is_not_tried() -> None:
    """Changes, surfaces and aliases."""
    declined = (Capability.MODIFY, Capability.POPUP, Capability.ALIAS)
    executor = start(Declining(*declined))
    assert not executor.offered("Ada invites Bob by alias")
    go(executor, "Ada invites Bob")
    assert [] == moves(executor, changes) == moves(executor, repeated_changes)
    assert not executor.offered("Bob rejects the invitation from Ada in the client")
    go(executor, "Bob rejects the invitation from Ada")
    assert all("cancels" in move.name for move in moves(executor, late_changes))


def test_what_there_is_has_to_stay_for_an_hour() -> None:
    """Nothing may be pending meanwhile."""
    executor = start(Reference())
    go(executor, "Ada invites Bob")
    assert [] == moves(executor, long_waits)
    go(executor, "Bob accepts the invitation from Ada")
    go(executor, "3600 seconds have passed since Ada invited Bob")
    assert 3_600_000 == executor.state.now_ms
    assert executor.offered("Ada cancels the invitation to Bob")


def test_the_guest_may_try_to_switch_permissions() -> None:
    """Nothing changes; a target where something does breaks SESSION-10."""
    wrong = MUTANTS["recipient-shows-itself-permissions"].make()
    for adapter, clause in ((Reference(), None), (wrong, "SESSION-10")):
        executor = start(adapter)
        go(executor, "Ada invites Bob", "Bob accepts the invitation from Ada")
        found = list(_clauses(executor, moves(executor, switches_by_the_guest)))
        assert ([] if clause is None else [clause]) == found


def _clauses(executor: Executor, possible: list[Move]) -> Iterator[str]:
    for move in possible:
        try:
            executor.make(move)
        except Finding as finding:
            yield finding.check.clause
            return


def test_only_who_has_no_other_invitation_tries_a_foreign_id() -> None:
    """A client's IDs are its own, and may be the same as another's."""
    executor = start(Reference())
    go(executor, "Ada invites Bob", "Bob rejects the invitation from Ada")
    go(executor, "Cid invites Dora")
    (sent, _) = executor.state.invitations
    assert ["Ada", "Bob", "Eve"] == strangers(executor.state, sent)
    meant = [
        move.name for move in moves(executor, late_accepts) if "meant" in move.name
    ]
    assert ["Eve accepts the invitation meant for Bob"] == meant


def test_a_session_goes_on_while_others_come_and_go() -> None:
    """One that a client left need not; if it is there, it is what it was."""
    executor = start(Reference(), interpretations=True)
    go(executor, "Ada invites Bob", "Bob accepts the invitation from Ada")
    go(executor, "Cid goes offline", "Cid comes back online")
    (session,) = executor.state.sessions
    assert not session.may_have_ended
    go(executor, "Bob goes offline")
    assert [True] == [one.may_have_ended for one in executor.state.sessions]
    go(executor, "Bob comes back online")
    assert not executor.state.undetermined


class EndsSessionOfOthers(Reference):
    """Reference that ends all sessions when a client goes offline."""

    def __init__(self) -> None:
        super().__init__()
        self.left: set[Json] = set()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Show no session any more."""
        answer = super().request(method, params)
        if method == "client.online":
            self.left.add(params["scenario"])
        if method == "client.view" and params["scenario"] in self.left:
            assert isinstance(answer, dict)
            answer["sessions"] = []
        return answer


def test_whose_session_ends_with_ones_own_is_judged_by_others() -> None:
    """A session of two clients that stayed has to stay as well."""
    executor = start(EndsSessionOfOthers(), interpretations=True)
    go(executor, "Ada invites Bob", "Bob accepts the invitation from Ada")
    go(executor, "121 seconds have passed since Ada invited Bob")
    with pytest.raises(Finding) as found:
        go(executor, "Cid goes offline")
    assert "EXPIRY-5" == found.value.own_clause
    own = start(EndsSessionOfOthers(), interpretations=True)
    go(own, "Ada invites Bob", "Bob accepts the invitation from Ada")
    go(own, "Bob goes offline", "Bob comes back online")
    assert not own.has_finding


class KeepsDeclarations(Reference):
    """Reference that keeps what was declared of clients."""

    def __init__(self) -> None:
        super().__init__()
        self.clients: Sequence[ClientDeclaration] = ()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Keep the newest declaration."""
        if method == "scenario.begin":
            self.clients = Begin.model_validate(params).clients
        return super().request(method, params)


def test_a_target_gets_what_a_spec_says() -> None:
    """ID, alias, version, tiles, profiles and locks."""
    ada = ParticipantSpec(
        version="12.0.1",
        contacts=(("Discovery", ("Bob",)),),
        profiles=(("Default", ()), ("naïve 猫", ("view", "audio"))),
        locks=(("tcp-tunnel", True),),
        id="012345678",
        alias="A-b.C_1@x.y-z",
    )
    bob = ParticipantSpec(id="1234567890", portable=True)
    target = KeepsDeclarations()
    ready = Engine(DirectTarget(target), None).shared()
    assert ready is not None
    participants = Participants(specs={"Ada": ada, "Bob": bob})
    WalkExecutor(ready, "w", participants, with_interpretations=False).open()
    one, other = target.clients
    assert (ada.id, ada.alias, ada.version) == (one.id, one.alias, one.version)
    assert (bob.id, None) == (other.id, other.alias)
    assert ("1234567890",) == one.contacts.discovery
    assert {"tcp-tunnel": True} == one.locked
    named = {profile.name: profile.permissions for profile in one.profiles}
    assert {**dict(ada.profiles), "Former": ("view", "restart")} == named
