"""Single-cell mutations of the state machine, and their published fates."""

import re
from pathlib import Path

import pytest

from cell_trials import decisions
from cells import Mutation, Place, in_force, mutations, reached
from invitelab.protocol.host import decide
from invitelab.protocol.table import TABLE, Effect, Event, step
from invitelab.protocol.values import State
from invitelab.resources import is_compiled

PAGE = Path(__file__).parents[2] / "reports" / "learning" / "cells.md"
ALL = list(mutations())
ROW = re.compile(r"^\| (.+?) \| (.*?) \|$", re.MULTILINE)
KINDS = {
    "Decides alike",
    "Killed",
    "Told apart",
    "Breaks an invariant",
    "Another history",
    "Killed by a test of the core",
    "Equivalent",
}


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


@pytest.mark.skipif(is_compiled(), reason="it replaces a function of the core")
def test_the_cells_that_are_asked_for_are_noted() -> None:
    """Those of a send and of what is due, and polls, which have their own way."""
    places: set[Place] = set()
    with reached(places):
        decisions()
    assert {(state, Event.POLL) for state in State} <= places
    assert {(State.PENDING, Event.EXPIRE), (None, Event.SEND)} <= places
    assert decide.__module__ == "invitelab.protocol.host"


def published() -> dict[str, list[str]]:
    """The mutations by fate, as the page has them."""
    _, *parts = PAGE.read_text(encoding="utf-8").split("\n## ")
    return {
        part.split("\n", 1)[0]: [
            name for name, _ in ROW.findall(part) if name != "cell and change"
        ]
        for part in parts
    }


def test_the_published_table_has_every_mutation_and_none_of_unknown_fate() -> None:
    """A changed table needs its fates anew: `python benchmarks/table_cells.py`."""
    found = published()
    names = [name for each in found.values() for name in each if name != "---"]
    assert KINDS >= set(found)
    assert sorted(one.name for one in ALL) == sorted(names)


def test_what_is_published_as_no_other_decision_is_none() -> None:
    """For each of them, again; and for no mutation of another fate."""
    alike = set(published()["Decides alike"])
    before = decisions()
    for one in ALL:
        with in_force(one):
            assert (before == decisions()) is (one.name in alike), one.name
