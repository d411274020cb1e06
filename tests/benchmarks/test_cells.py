"""Single-cell mutations of the state machine: all there are, and in force."""

from cell_trials import decisions
from cells import Mutation, Place, in_force, mutations, reached
from invitelab.protocol.host import decide
from invitelab.protocol.table import TABLE, Effect, Event, step
from invitelab.protocol.values import State

ALL = list(mutations())


def mutation(state: State | None, event: Event, change: str) -> Mutation:
    """The one with that change."""
    [found] = [
        one for one in ALL if one.place == (state, event) and one.change == change
    ]
    return found


def test_each_cell_has_every_single_change() -> None:
    """Other states, and effects left out, replaced and added."""
    states, effects = len(State), len(Effect)
    for state, row in TABLE.items():
        for event, cell in row.items():
            own = [one for one in ALL if one.place == (state, event)]
            assert len({one.cell for one in own}) == len(own)
            assert cell not in {one.cell for one in own}
            changed = len(cell.effects) * effects
            assert len(own) == states - 1 + changed + effects


def test_a_mutation_is_in_force_for_as_long_as_it_is_meant_to_be() -> None:
    """The host goes by it, polls included, and by the table as it is afterwards."""
    before = decisions()
    for one in (
        mutation(State.PENDING, Event.CANCEL, "without WITHDRAW"),
        mutation(State.CANCELLED, Event.POLL, "without WITHDRAW"),
        mutation(State.PENDING, Event.POLL, "OFFER at the end"),
        mutation(None, Event.SEND, "without timer"),
    ):
        with in_force(one):
            assert one.cell == step(*one.place)
            assert before != decisions(), one.name
        assert before == decisions(), one.name


def test_what_the_host_does_not_use_changes_no_decision() -> None:
    """An invitation that has ended stays as it is, whatever a cell says."""
    one = mutation(State.REJECTED, Event.MODIFY, "goes to pending")
    before = decisions()
    with in_force(one):
        assert before == decisions()


def test_the_cells_that_are_asked_for_are_noted() -> None:
    """Those of a send and of what is due, and polls, which have their own way."""
    places: set[Place] = set()
    with reached(places):
        decisions()
    assert {(state, Event.POLL) for state in State} <= places
    assert {(State.PENDING, Event.EXPIRE), (None, Event.SEND)} <= places
    assert decide.__module__ == "invitelab.protocol.host"
