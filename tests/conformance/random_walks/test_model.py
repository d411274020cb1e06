"""The model of the required clauses: what it knows, and what it leaves open."""

import pytest

from invitelab.adapters.handshake import Capability
from invitelab.conformance.features.people import Person
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.model_values import Standing
from invitelab.conformance.random_walks.moves.base import MoveContext
from invitelab.conformance.random_walks.moves.sessions import switches
from invitelab.conformance.random_walks.participants import (
    Participants,
    ParticipantSpec,
)

NAMES = ("Ada", "Bob", "Cid")
PLAIN = ParticipantSpec()


def state_of(spec: ParticipantSpec) -> ModelState:
    """Give the state before three participants of the same spec have done anything."""
    people = {
        name: Person(
            name=name,
            token=f"c{number}",
            id=f"{number}00000000",
            alias=f"{name.lower()}@ad",
            version=spec.version,
        )
        for number, name in enumerate(NAMES, start=1)
    }
    specs: dict[str, ParticipantSpec] = dict.fromkeys(people, spec)
    return Participants(specs=specs).initial_state(people)


@pytest.fixture
def state() -> ModelState:
    """Give three participants of version 7, and an invitation from Ada to Bob."""
    state = state_of(PLAIN)
    state.send("Ada", "Bob", "Default")
    return state


def standing(state: ModelState, at_ms: int) -> Standing:
    """Give the standing of the invitation at that time."""
    state.now_ms = at_ms
    return state.standing(state.invitations[0])


def test_it_is_pending_for_two_minutes_and_then_expired(state: ModelState) -> None:
    """Within a second of the end nothing is checked."""
    assert Standing.PENDING is standing(state, 119_000)
    assert Standing.EXPIRED is standing(state, 121_000)


def test_whether_a_change_gives_more_time_is_open(state: ModelState) -> None:
    """It is pending under every interpretation, under one, and under none."""
    state.now_ms = 30_000
    state.change(state.invitations[0], "Screen Sharing")
    assert Standing.PENDING is standing(state, 100_000)
    assert Standing.UNKNOWN is standing(state, 130_000)
    assert Standing.EXPIRED is standing(state, 151_000)


def test_what_has_ended_stays_so(state: ModelState) -> None:
    """At any later time."""
    state.invitations[0].ended = Standing.CANCELLED
    assert Standing.CANCELLED is standing(state, 500_000)


def test_a_session_has_what_the_profile_held_when_it_was_chosen(
    state: ModelState,
) -> None:
    """After an edit only the permissions that differ are unknown."""
    state.edit("Ada", "Default", ["view"])
    state.accept(state.invitations[0])
    held = state.sessions[0].held
    assert held["view"] is True
    assert held["input"] is None
    assert held["privacy-mode"] is False


def test_what_a_lock_does_at_the_start_is_open() -> None:
    """If the profile and the lock differ; later the lock holds."""
    state = state_of(ParticipantSpec(locks=(("input", False), ("audio", True))))
    assert {"input": False, "audio": True} == state.participants["Ada"].locks
    state.send("Ada", "Bob", "Default")
    state.accept(state.invitations[0])
    session = state.sessions[0]
    assert session.held["input"] is None
    assert session.held["view"] is True
    state.switch(session, "input", allowed=True)
    assert session.refused_lock
    assert session.held["input"] is None


def test_the_author_of_an_email_is_not_free(state: ModelState) -> None:
    """An email may count as an invitation, and need not expire."""
    assert state.free("Cid")
    state.mail("Cid")
    assert not state.free("Cid")
    state.now_ms = 200_000
    assert not state.free("Cid")


def test_a_switch_may_change_the_profile_and_whatever_uses_it(
    state: ModelState,
) -> None:
    """The session itself has only the switched permission changed."""
    state.accept(state.invitations[0])
    state.send("Ada", "Cid", "Default")
    state.send("Ada", "Cid", "Screen Sharing")
    for sent in state.invitations[1:]:
        state.accept(sent)
    state.switch(state.sessions[0], "input", allowed=False)
    assert state.sessions[0].held["input"] is False
    assert state.sessions[0].held["view"] is True
    _, same, other = state.invitations
    assert {None} == set(same.granted.values())
    assert None not in other.granted.values()
    _, beside, apart = state.sessions
    assert {None} == set(beside.held.values())
    assert None not in apart.held.values()


def test_a_session_that_may_have_ended_is_not_switched(state: ModelState) -> None:
    """It may not exist any more."""
    state.accept(state.invitations[0])
    declared = frozenset(Capability)
    context = MoveContext(state=state, capabilities=declared)
    assert list(switches(context))
    state.sessions[0].may_have_ended = True
    assert [] == list(switches(context))


def test_a_session_may_end_or_start_again_when_a_client_goes_offline(
    state: ModelState,
) -> None:
    """What was switched is unknown then, and its participants are not free."""
    state.accept(state.invitations[0])
    session = state.sessions[0]
    state.switch(session, "input", allowed=False)
    state.leave("Bob")
    state.offline.clear()
    assert session.may_have_ended
    assert session.held["input"] is None
    assert session.held["view"] is True
    assert ["Cid"] == [name for name in state.participants if state.free(name)]


def test_sessions_of_others_go_on_while_a_client_is_offline(state: ModelState) -> None:
    """Their existence and their permissions are known."""
    state.accept(state.invitations[0])
    state.leave("Cid")
    assert not state.sessions[0].may_have_ended
    assert None not in state.sessions[0].held.values()


def test_five_changes_leave_two_possible_ends(state: ModelState) -> None:
    """From the sending, and from the last change."""
    sent = state.invitations[0]
    for now_ms in range(10_000, 60_000, 10_000):
        state.now_ms = now_ms
        state.change(sent, "Full Access")
    assert (120_000, 170_000) == sent.ends_ms
