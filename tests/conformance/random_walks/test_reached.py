"""What walks have reached is counted, and said in a sentence."""

from collections.abc import Callable

from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.features.people import Person
from invitelab.conformance.random_walks import WalkResult
from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.moves import answers, invitations
from invitelab.conformance.random_walks.participants import (
    ALL_PERMISSIONS,
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.reached import Reached, Reaching

Walks = Callable[..., WalkResult]


def test_moves_pairs_and_states_are_counted() -> None:
    """A pair does not reach over the end of a scenario."""
    reaching = Reaching()
    empty = ModelState(participants={}, all_permissions=ALL_PERMISSIONS)
    one_offline = ModelState(
        participants={}, all_permissions=ALL_PERMISSIONS, offline={"Ada"}
    )
    reaching.begin()
    reaching.make(invitations.invites, empty)
    reaching.make(answers.accepts, one_offline)
    reaching.begin()
    reaching.make(invitations.invites, empty)
    reaching.have({"portable: yes"})
    expected = Reached(
        moves={"accepts": 1, "invites": 2},
        states=2,
        pairs=1,
        values=("portable: yes",),
    )
    assert expected == reaching.result()
    assert "3 moves of 2 kinds, 2 states, 1 of 4 pairs of moves" == expected.says


def test_large_numbers_are_grouped_and_one_is_singular() -> None:
    """As in the other sentences of a run."""
    many = Reached(moves={"waits": 1234}, states=1, pairs=0, values=())
    assert "1,234 moves of 1 kind, 1 state, 0 of 1 pair of moves" == many.says


def test_the_same_walks_reach_the_same(walks: Walks) -> None:
    """And more walks reach more."""
    first, again = (walks(Reference(), examples=6).reached for _ in range(2))
    more = walks(Reference(), examples=12).reached
    assert first == again
    assert sum(first.moves.values()) == 3 * 25 + 3 * 29
    assert first.states < more.states
    assert set(first.values) < set(more.values)


def test_a_time_alone_is_no_other_state() -> None:
    """But what has become of an invitation is."""
    reaching = Reaching()
    state = _with_an_invitation()
    for now_ms in (0, 1000, 121_000, 500_000):
        state.now_ms = now_ms
        reaching.make(invitations.invites, state)
    assert 2 == reaching.result().states


def _with_an_invitation() -> ModelState:
    people = {
        name: Person(name=name, token=name, id=name, alias=None, version="8.0.1")
        for name in ("Ada", "Bob")
    }
    specs = dict.fromkeys(people, ParticipantSpec())
    state = Participants(specs=specs).initial_state(people)
    state.send("Ada", "Bob", "Default")
    return state
