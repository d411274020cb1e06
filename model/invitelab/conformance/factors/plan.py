"""The plan of a run: which values each scenario is tried with.

A greedy covering array over stories that each leave other factors open. `quick`
tries every scenario once and each value once in a run; `standard` also tries each value
in some scenario of each clause that leaves it open, and every pair of values that any
story allows.

Source of the method: D. M. Cohen et al., "The AETG system: an approach to testing based
on combinatorial design", IEEE Transactions on Software Engineering 23 (1997).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from random import Random

from invitelab.conformance.factors.openness import agree, open_values
from invitelab.conformance.factors.story import Story
from invitelab.conformance.factors.table import Value, factors

Row = Mapping[str, Value]
"""One value for every factor that the story leaves open."""


class Depth(StrEnum):
    """How much of the values a run tries."""

    QUICK = "quick"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A story, with the clauses that it is told for."""

    clauses: tuple[str, ...]
    story: Story


class _Array:
    """What is covered so far. Values are numbers here: the rows of a table of pairs."""

    def __init__(self, plots: Sequence[Plot], random: Random) -> None:
        self.random = random
        self.values = [value for entry in factors().values() for value in entry]
        self.numbers = {value: number for number, value in enumerate(self.values)}
        self.seen = [0] * len(self.values)
        self.pairs = [bytearray(len(self.values)) for _ in self.values]
        self.open = [self._numbered(plot.story) for plot in plots]
        clauses = {clause for plot in plots for clause in plot.clauses}
        self.met = {clause: bytearray(len(self.values)) for clause in clauses}
        self.clauses = [plot.clauses for plot in plots]

    def _numbered(self, story: Story) -> dict[str, list[int]]:
        return {
            name: [self.numbers[value] for value in values]
            for name, values in open_values(story).items()
        }

    def row(self, place: int, fixed: Sequence[int] = ()) -> Row:
        """The row of this story that adds the most, with some values given."""
        open_ = self.open[place]
        met = [self.met[clause] for clause in self.clauses[place]]
        chosen = {self.values[number].factor: number for number in fixed}
        row = {name: self.values[number] for name, number in chosen.items()}
        names = [name for name in open_ if name not in chosen]
        self.random.shuffle(names)
        for name in names:
            able = [number for number in open_[name] if agree(row, self.values[number])]
            if able:
                chosen[name] = self._best(met, list(chosen.values()), able)
                row[name] = self.values[chosen[name]]
        self._note(met, list(chosen.values()))
        return {name: row[name] for name in open_ if name in row}

    def _best(
        self, met: Sequence[bytearray], chosen: Sequence[int], able: Sequence[int]
    ) -> int:
        best: list[int] = []
        most = (-1, -1, 0)
        for number in able:
            known = self.pairs[number]
            gain = (
                sum(not clause[number] for clause in met),
                sum(not known[other] for other in chosen),
                -self.seen[number],
            )
            if gain > most:
                best, most = [number], gain
            elif gain == most:
                best.append(number)
        return self.random.choice(best)

    def _note(self, met: Sequence[bytearray], chosen: Sequence[int]) -> None:
        for number in chosen:
            self.seen[number] += 1
            known = self.pairs[number]
            for other in chosen:
                known[other] = 1
            for clause in met:
                clause[number] = 1

    def missing(self, place: int) -> Iterator[int]:
        """The open values of a story that one of its clauses has not met."""
        met = [self.met[clause] for clause in self.clauses[place]]
        for numbers in self.open[place].values():
            for number in numbers:
                if not all(clause[number] for clause in met):
                    yield number

    def unpaired(self, place: int) -> Iterator[tuple[int, int]]:
        """The pairs that a story leaves open and that have not occurred anywhere."""
        for numbers, others in combinations(self.open[place].values(), 2):
            for number in numbers:
                known = self.pairs[number]
                first = self.values[number]
                for other in others:
                    if not known[other] and agree(
                        {first.factor: first}, self.values[other]
                    ):
                        yield number, other


def plan(
    plots: Sequence[Plot], *, seed: int = 0, depth: Depth = Depth.STANDARD
) -> list[list[Row]]:
    """The rows of every story, at least one each; the same for the same arguments."""
    array = _Array(plots, Random(f"{seed}:{depth.value}"))
    rows = [[array.row(place)] for place in range(len(plots))]
    if depth is Depth.QUICK:
        return rows
    for place in range(len(plots)):
        for number in array.missing(place):
            rows[place].append(array.row(place, [number]))
    for place in range(len(plots)):
        for two in array.unpaired(place):
            rows[place].append(array.row(place, two))
    return rows
