"""What the rows of a run cover: values, pairs of values, and values by clause."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from invitelab.conformance.factors.cast import Row
from invitelab.conformance.factors.constraints import clash
from invitelab.conformance.factors.openness import open_values
from invitelab.conformance.factors.plan import CORE
from invitelab.conformance.factors.run_plan import RunPlan, story_of, whole_suite
from invitelab.conformance.factors.table import Value, factors
from invitelab.formats.tried import Tried

MOST_RARE = 5
"""Pairs that are named, of those that occur the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some possible things occur."""

    tried: int
    possible: int

    @property
    def pair(self) -> tuple[int, int]:
        """Both numbers."""
        return self.tried, self.possible

    def __str__(self) -> str:
        return f"{self.tried:,} of {self.possible:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorUse:
    """One factor: how often each of its values occurs, in the order of the file."""

    name: str
    uses: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    """The values that the target cannot be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a plan covers, of what the stories of the features leave open."""

    scenarios: int
    runs: int
    values: Share
    pairs: Share
    triples: Share
    """Of the core factors."""
    by_clause: Share
    """Clauses with a value that can matter to them."""
    factors: tuple[FactorUse, ...]
    rare: tuple[tuple[str, int], ...]
    """The pairs that occur the least, and how often."""


def coverage(plan: RunPlan, without: Collection[Value] = ()) -> Coverage:
    """What the rows of a plan cover; `without` has what the target cannot be given."""
    suite = whole_suite()
    open_ = [open_values(story_of(pickle), without) for pickle in suite]
    rows = [plan.rows_of(pickle) for pickle in suite]
    flat = [row for some in rows for row in some]
    pairs = Counter(two for row in flat for two in _sets(row, row, 2))
    possible = _possible(open_, None, 2)
    core, triples = _possible(open_, CORE, 3), set[Some]()
    triples.update(three for row in flat for three in _sets(row, CORE, 3))
    met, can = set[tuple[str, Value]](), set[tuple[str, Value]]()
    for pickle, some, done in zip(suite, open_, rows, strict=True):
        tried = {value for row in done for value in row.values()}
        left = [value for values in some.values() for value in values]
        for clause in pickle.scenario.tags:
            met.update((clause, value) for value in tried)
            can.update((clause, value) for value in left if value.matters_to(clause))
    used = Counter(value for row in flat for value in row.values())
    values = {one for some in open_ for values in some.values() for one in values}
    return Coverage(
        scenarios=len(suite),
        runs=len(flat),
        values=Share(tried=len(values & set(used)), possible=len(values)),
        pairs=Share(tried=len(possible & set(pairs)), possible=len(possible)),
        triples=Share(tried=len(core & triples), possible=len(core)),
        by_clause=Share(tried=len(can & met), possible=len(can)),
        factors=tuple(_uses(used, without)),
        rare=tuple(_rare(possible, pairs)),
    )


def tried(plan: RunPlan, without: Collection[Value]) -> Tried:
    """The same as it is kept in the record of a run."""
    found = coverage(plan, without)
    return Tried(
        runs=found.runs,
        values=found.values.pair,
        pairs=found.pairs.pair,
        triples=found.triples.pair,
        by_clause=found.by_clause.pair,
        left_out={use.name: use.left_out for use in found.factors if use.left_out},
        rare=found.rare,
    )


Some = tuple[Value, ...]
"""Values of several factors, in the order of the file."""


def _sets(row: Row, names: Iterable[str], size: int) -> Iterator[Some]:
    return combinations([row[name] for name in names if name in row], size)


def _possible(
    open_: Iterable[Mapping[str, Some]], names: Sequence[str] | None, size: int
) -> set[Some]:
    """The sets of values, of so many factors, that some story leaves open together."""
    found: set[Some] = set()
    seen: set[tuple[Some, ...]] = set()
    for some in open_:
        chosen = [some[name] for name in names or some if name in some]
        for lists in combinations(chosen, size):
            if lists not in seen:
                seen.add(lists)
                found.update(filter(_go_together, product(*lists)))
    return found


def _go_together(values: Some) -> bool:
    return not any(clash(one, other) for one, other in combinations(values, 2))


def _uses(used: Counter[Value], without: Collection[Value]) -> Iterator[FactorUse]:
    for name, values in factors().items():
        yield FactorUse(
            name=name,
            uses={value.name: used[value] for value in values if value not in without},
            left_out=tuple(value.name for value in values if value in without),
        )


def _rare(
    possible: Collection[Some], pairs: Counter[Some]
) -> Iterator[tuple[str, int]]:
    """The pairs that occur the least, in an order that does not depend on hashes."""
    fewest = sorted(pairs[two] for two in possible)[:MOST_RARE]
    most = fewest[-1] if fewest else 0
    told = sorted(
        (pairs[two], " and ".join(map(str, two)))
        for two in possible
        if pairs[two] <= most
    )
    return ((text, number) for number, text in told[:MOST_RARE])
