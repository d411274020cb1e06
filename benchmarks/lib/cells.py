"""Single-cell mutations of the state machine: every other next state, every effect.

A mutation is one cell of `protocol/table.py` with another next state, or with an effect
left out, added at the end, or put in the place of another. While it is in force, all
invitations of this process go by it.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import cast
from unittest.mock import patch

from invitelab.protocol import host
from invitelab.protocol.table import TABLE, Cell, Effect, Event, step
from invitelab.protocol.values import State

Row = State | None
Place = tuple[Row, Event]
"""A cell of the table: the state before, and the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A cell that is otherwise."""

    state: Row
    event: Event
    cell: Cell
    change: str
    """What is otherwise, in words."""

    @property
    def place(self) -> Place:
        """Where it is in the table."""
        return self.state, self.event

    @property
    def name(self) -> str:
        """The cell and its change, as one line."""
        before = "none" if self.state is None else self.state.value
        return f"{before}, {self.event.value}: {self.change}"


def mutations() -> Iterator[Mutation]:
    """All of them, in the order of the table."""
    for state, row in TABLE.items():
        for event, cell in row.items():
            for change, mutated in _changes(cell):
                yield Mutation(state=state, event=event, cell=mutated, change=change)


def _changes(cell: Cell) -> Iterator[tuple[str, Cell]]:
    for next_ in State:
        if next_ is not cell.next:
            yield f"goes to {next_.value}", replace(cell, next=next_)
    for place, effect in enumerate(cell.effects):
        before, after = cell.effects[:place], cell.effects[place + 1 :]
        yield f"without {effect.value}", replace(cell, effects=before + after)
        for other in Effect:
            if other is not effect:
                effects = (*before, other, *after)
                change = f"{other.value} for {effect.value}"
                yield change, replace(cell, effects=effects)
    for effect in Effect:
        again = " again" if effect in cell.effects else ""
        effects = (*cell.effects, effect)
        yield f"{effect.value}{again} at the end", replace(cell, effects=effects)


@contextmanager
def in_force(mutation: Mutation) -> Generator[None]:
    """Let the table of this process have the mutation.

    `host.py` keeps the effects of polls by state, which are those of the table.
    """
    row = cast("dict[Event, Cell]", TABLE[mutation.state])
    polled = mutation.event is Event.POLL
    effects = {mutation.state: mutation.cell.effects} if polled else {}
    with (
        patch.dict(row, {mutation.event: mutation.cell}),
        patch.dict(f"{host.__name__}._ON_POLL", effects),
    ):
        yield


@contextmanager
def reached(places: set[Place]) -> Generator[None]:
    """Add to `places` the cells that are asked for meanwhile."""
    on_poll = {state: step(state, Event.POLL).effects for state in State}

    class Polls(dict[State, tuple[Effect, ...]]):
        """The effects of polls by state, whose reads are noted."""

        def __getitem__(self, state: State) -> tuple[Effect, ...]:
            places.add((state, Event.POLL))
            return on_poll[state]

    def noted(state: Row, event: Event) -> Cell:
        places.add((state, event))
        return step(state, event)

    with patch.object(host, "step", noted), patch.object(host, "_ON_POLL", Polls()):
        yield
