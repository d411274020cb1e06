"""The model of the required clauses: what it knows, and what it does not claim."""

from dataclasses import replace

import pytest

from invitelab.adapters.messages import Capability
from invitelab.conformance.random_walks.model import ModelState, Standing
from invitelab.conformance.random_walks.moves.invitations import Table
from invitelab.conformance.random_walks.moves.sessions import switches
from invitelab.conformance.random_walks.participants import Part, cast

PLAIN = Part(version=0, shape=0, contacts=0, extras=0)


@pytest.fixture
def world() -> ModelState:
    """Give three people with clients of version 7, and Ada's invitation to Bob."""
    world = cast(0, (PLAIN,) * 4, locks=True, tiles=True).world()
    world.send("Ada", "Bob", "Default")
    return world


def standing(world: ModelState, at_ms: int) -> Standing:
    """What has become of the invitation then."""
    world.now_ms = at_ms
    return world.standing(world.invitations[0])


def test_it_is_pending_for_two_minutes_and_then_expired(world: ModelState) -> None:
    """Nobody is judged within a second of that."""
    assert Standing.PENDING is standing(world, 119_000)
    assert Standing.EXPIRED is standing(world, 121_000)


def test_whether_a_change_gives_more_time_is_open(world: ModelState) -> None:
    """It is pending in every reading, in one of them, and in none."""
    world.now_ms = 30_000
    world.change(world.invitations[0], "Screen Sharing")
    assert Standing.PENDING is standing(world, 100_000)
    assert Standing.UNSURE is standing(world, 130_000)
    assert Standing.EXPIRED is standing(world, 151_000)


def test_what_has_ended_stays_so(world: ModelState) -> None:
    """Whatever the time."""
    world.invitations[0].ended = Standing.CANCELLED
    assert Standing.CANCELLED is standing(world, 500_000)


def test_a_session_has_what_the_profile_held_when_it_was_chosen(
    world: ModelState,
) -> None:
    """An edit afterwards leaves open what differs, and nothing else."""
    world.edit("Ada", "Default", ["view"])
    world.accept(world.invitations[0])
    held = world.sessions[0].held
    assert held["view"] is True
    assert held["input"] is None
    assert held["privacy-mode"] is False


def test_what_a_lock_does_at_the_start_is_open() -> None:
    """Where the profile says otherwise than the lock; later it holds."""
    locked = replace(PLAIN, extras=2)
    world = cast(0, (locked,) * 4, locks=True, tiles=True).world()
    assert {"input": False, "privacy-mode": False} == world.figures["Ada"].locks
    world.send("Ada", "Bob", "Default")
    world.accept(world.invitations[0])
    session = world.sessions[0]
    assert session.held["input"] is None
    assert session.held["view"] is True
    world.switch(session, "input", allowed=True)
    assert session.refused_lock
    assert session.held["input"] is None


def test_whoever_wrote_an_email_is_not_free(world: ModelState) -> None:
    """An email may count as an invitation, in some reading, and need not expire."""
    assert world.free("Cid")
    world.mail("Cid")
    assert not world.free("Cid")
    world.now_ms = 200_000
    assert not world.free("Cid")


def test_a_switch_may_reach_the_profile_and_all_who_look_it_up(
    world: ModelState,
) -> None:
    """The session itself has what was switched, and else what it had."""
    world.accept(world.invitations[0])
    for recipient, profile in (("Cid", "Default"), ("Dora", "Screen Sharing")):
        world.send("Ada", recipient, profile)
    for sent in world.invitations[1:]:
        world.accept(sent)
    world.switch(world.sessions[0], "input", allowed=False)
    assert world.sessions[0].held["input"] is False
    assert world.sessions[0].held["view"] is True
    _, same, other = world.invitations
    assert {None} == set(same.granted.values())
    assert None not in other.granted.values()
    _, beside, apart = world.sessions
    assert {None} == set(beside.held.values())
    assert None not in apart.held.values()


def test_a_session_that_may_have_ended_is_not_switched(world: ModelState) -> None:
    """Nobody knows whether it is still there."""
    world.accept(world.invitations[0])
    declared = frozenset(Capability)
    table = Table(world=world, capabilities=declared)
    assert list(switches(table))
    world.sessions[0].loose = True
    assert [] == list(switches(table))


def test_who_was_in_a_session_when_one_left_may_still_be(world: ModelState) -> None:
    """Of others everything is known."""
    world.accept(world.invitations[0])
    world.leave("Bob")
    world.offline.clear()
    assert ["Cid"] == [name for name in world.figures if world.free(name)]
