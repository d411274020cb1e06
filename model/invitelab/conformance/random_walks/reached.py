"""What walks have reached: moves, states, pairs of moves, values of factors."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from invitelab.conformance.random_walks.model import ModelState
from invitelab.conformance.random_walks.moves.base import Kind

Abstract = tuple[object, ...]
"""A state without its times, profiles and permissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What walks have reached, in numbers."""

    moves: Mapping[str, int]
    """How many moves were made, by kind."""
    states: int
    """Number of different states: what has become of the newest invitation of every
    pair, who is in a session with whom, and who is offline."""
    pairs: int
    """Number of different pairs of kinds that followed one another."""
    values: tuple[str, ...]
    """The values of factors that the participants had, each with its factor."""

    @property
    def says(self) -> str:
        """The numbers in words."""
        kinds = len(self.moves)
        return (
            f"{_count(sum(self.moves.values()), 'move')} of {_count(kinds, 'kind')}, "
            f"{_count(self.states, 'state')}, "
            f"{self.pairs:,} of {_count(kinds**2, 'pair')} of moves"
        )


def _count(amount: int, noun: str) -> str:
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


@dataclass(slots=True)
class Reaching:
    """What walks have reached so far."""

    _moves: Counter[str] = field(default_factory=Counter[str])
    _states: set[Abstract] = field(default_factory=set[Abstract])
    _pairs: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    _values: set[str] = field(default_factory=set[str])
    _before: str | None = None
    """The kind of the move before, in the same scenario."""

    def begin(self) -> None:
        """A scenario begins."""
        self._before = None

    def have(self, values: Iterable[str]) -> None:
        """The participants have these values of factors."""
        self._values.update(values)

    def make(self, kind: Kind, state: ModelState) -> None:
        """A move of this kind was made, and resulted in that state."""
        name = kind.__name__.replace("_", " ")
        self._moves[name] += 1
        if self._before is not None:
            self._pairs.add((self._before, name))
        self._before = name
        self._states.add(abstract(state))

    def result(self) -> Reached:
        """The numbers so far; the same for the same walks."""
        return Reached(
            moves=dict(sorted(self._moves.items())),
            states=len(self._states),
            pairs=len(self._pairs),
            values=tuple(sorted(self._values)),
        )


def abstract(state: ModelState) -> Abstract:
    """A state without what would make nearly every state a new one."""
    return (
        tuple(
            (*pair, state.standing(sent)) for pair, sent in state.newest_by_pair.items()
        ),
        frozenset((one.host, one.guest) for one in state.sessions),
        frozenset(state.offline),
    )
