"""The plan of a run: which values each scenario is tried with.

A greedy covering array over stories that each leave other factors open. `quick`
tries every scenario once and each value once in a run; `standard` also tries each value
in some scenario of each clause that leaves it open, and every pair of values that any
story allows; `deep` every triple of values of the core factors, too.

Source of the method: D. M. Cohen et al., "The AETG system: an approach to testing based
on combinatorial design", IEEE Transactions on Software Engineering 23 (1997).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.constraints import TOGETHER, clash
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.story import Story
from invitelab.conformance.factors.table import Value, factors

CORE = (
    "recipient's ID",
    "recipient's version",
    "way to invite",
    "history",
    "changes",
    "where it is answered",
)
"""Factors of whose values the depth `deep` tries every triple."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A story, with the clauses that it is told for."""

    clauses: tuple[str, ...]
    story: Story


class _Array:
    """What is covered so far.

    A value is a number here, and a set of values the bits of an integer: a plan weighs
    some hundred thousand values.
    """

    def __init__(
        self, plots: Sequence[Plot], random: Random, without: Collection[Value]
    ) -> None:
        self.random = random
        self.values = [value for entry in factors().values() for value in entry]
        self.numbers = {_key(value): n for n, value in enumerate(self.values)}
        self.seen = [0] * len(self.values)
        self.pairs = [0] * len(self.values)
        """By value: those that it has occurred with."""
        self.clashes = [self._clashes(value) for value in self.values]
        """By value: those that cannot occur with it."""
        self.open = [self._numbered(plot.story, without) for plot in plots]
        self.masks = [list(map(_bits, open_.values())) for open_ in self.open]
        """By story: the open values of each factor, as bits."""
        self.clauses = [plot.clauses for plot in plots]
        known = {clause for plot in plots for clause in plot.clauses}
        self.met = {clause: self._indifferent(clause) for clause in sorted(known)}
        """By clause: the values that it has met, or that do not matter to it."""

    def _clashes(self, value: Value) -> int:
        related = frozenset[str]().union(
            *(among for among in TOGETHER.values() if value.factor in among)
        )
        return _bits(
            number
            for number, other in enumerate(self.values)
            if other.factor in related
            and other.factor != value.factor
            and clash(value, other)
        )

    def _indifferent(self, clause: str) -> int:
        return _bits(
            number
            for number, value in enumerate(self.values)
            if not value.matters_to(clause)
        )

    def _numbered(
        self, story: Story, without: Collection[Value]
    ) -> dict[str, list[int]]:
        return {
            name: [self.numbers[_key(value)] for value in values]
            for name, values in open_values(story, without).items()
        }

    def row(self, place: int, fixed: Sequence[int] = ()) -> Row:
        """The row of this story that adds the most, with some values given."""
        open_ = self.open[place]
        chosen = {self.values[number].factor: number for number in fixed}
        names = [name for name in open_ if name not in chosen]
        self.random.shuffle(names)
        bits = _bits(fixed)
        for name in names:
            able = [n for n in open_[name] if not self.clashes[n] & bits]
            if able:
                chosen[name] = self._best(place, bits, able)
                bits |= 1 << chosen[name]
        self._note(place, bits, chosen.values())
        return {name: self.values[chosen[name]] for name in open_ if name in chosen}

    def _best(self, place: int, bits: int, able: Sequence[int]) -> int:
        """The value that the most clauses and then the most values have not met."""
        met = [self.met[clause] for clause in self.clauses[place]]
        best: list[int] = []
        most = (-1, -1, 0)
        for number in able:
            gain = (
                sum(not clause >> number & 1 for clause in met),
                (bits & ~self.pairs[number]).bit_count(),
                -self.seen[number],
            )
            if gain > most:
                best, most = [number], gain
            elif gain == most:
                best.append(number)
        return self.random.choice(best)

    def _note(self, place: int, bits: int, chosen: Iterable[int]) -> None:
        for number in chosen:
            self.seen[number] += 1
            self.pairs[number] |= bits
        for clause in self.clauses[place]:
            self.met[clause] |= bits

    def meet(self, clause: str) -> Iterator[tuple[int, Row]]:
        """Rows, with their story, until a clause has met every value that it can.

        Each is for the story that has the most factors with a value left.
        """
        places = [n for n, clauses in enumerate(self.clauses) if clause in clauses]
        while True:
            left = {place: self._left(place, clause) for place in places}
            place = max(places, key=lambda place: len(left[place]))
            if not left[place]:
                return
            yield place, self.row(place, [self.random.choice(left[place])])

    def _left(self, place: int, clause: str) -> list[int]:
        """For each factor of a story a value that the clause has not met."""
        met = self.met[clause]
        return [_lowest(left) for mask in self.masks[place] if (left := mask & ~met)]

    def unpaired(self, place: int) -> Iterator[tuple[int, int]]:
        """The pairs that a story leaves open and that have not occurred anywhere."""
        factors_ = zip(self.open[place].values(), self.masks[place], strict=True)
        for (numbers, _), (_, mask) in combinations(factors_, 2):
            for number in numbers:
                left = mask & ~(self.pairs[number] | self.clashes[number])
                while left:
                    lowest = _lowest(left)
                    yield number, lowest
                    left &= ~(1 << lowest | self.pairs[number])

    def untried(self, place: int, done: set[frozenset[int]]) -> Iterator[list[int]]:
        """The triples of core factors that a story leaves open and nobody has tried."""
        open_ = self.open[place]
        for names in combinations([name for name in CORE if name in open_], 3):
            for triple in product(*(open_[name] for name in names)):
                bits = _bits(triple)
                clash = any(self.clashes[number] & bits for number in triple)
                if not clash and frozenset(triple) not in done:
                    yield list(triple)


def _key(value: Value) -> tuple[str, str]:
    """What a value is known by; to hash all its fields takes longer."""
    return value.factor, value.name


def _bits(numbers: Iterable[int]) -> int:
    """The set of these numbers, as the bits of one."""
    return sum(1 << number for number in numbers)


def _lowest(bits: int) -> int:
    """The least number of a set."""
    return (bits & -bits).bit_length() - 1


def plan(
    plots: Sequence[Plot],
    *,
    seed: int = 0,
    depth: Depth = Depth.STANDARD,
    without: Collection[Value] = (),
) -> list[list[Row]]:
    """The rows of every story, at least one each; the same for the same arguments.

    `without` has the values that the target cannot be given.
    """
    random = Random(f"{seed}:{depth.value}")
    array = _Array(plots, random, without)
    rows = [[array.row(place)] for place in range(len(plots))]
    if depth is Depth.QUICK:
        return rows
    for clause in array.met:
        for place, row in array.meet(clause):
            rows[place].append(row)
    for place in range(len(plots)):
        for two in array.unpaired(place):
            rows[place].append(array.row(place, two))
    if depth is Depth.DEEP:
        _add_triples(array, rows)
    return rows


def _add_triples(array: _Array, rows: list[list[Row]]) -> None:
    """Rows with every triple of values of the core factors."""
    done = {
        frozenset(array.numbers[_key(value)] for value in triple)
        for some in rows
        for row in some
        for triple in combinations([row[n] for n in CORE if n in row], 3)
    }
    for place, some in enumerate(rows):
        for triple in array.untried(place, done):
            if frozenset(triple) in done:
                continue
            row = array.row(place, triple)
            some.append(row)
            core = [array.numbers[_key(row[name])] for name in CORE if name in row]
            done.update(map(frozenset, combinations(core, 3)))
