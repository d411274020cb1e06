"""`sweep.json` and `comparison.json`: results of several runs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from invitelab.formats.added_fields import Extended
from invitelab.formats.beside import Beside
from invitelab.formats.gates import ComparedObjective, Gate
from invitelab.formats.ranges import Confidence, Count, Number, Seed, Value
from invitelab.formats.results import RESULTS_FORMAT, Estimate, Results

Place = Annotated[float, Field(ge=-1e30, le=1e30)] | None
"""The place of a value on an axis; None where it has none."""


class SweepPoint(Extended):
    """The results at one value; `number` is its place on an axis, if it has one.

    A point of a grid has a second value.
    """

    ADDED: ClassVar[frozenset[str]] = frozenset({"second", "second_number"})

    value: str
    number: Place
    second: str = ""
    second_number: Place = None
    results: Results


class SearchEnd(StrEnum):
    """How a search for the smallest value that meets all objectives ended."""

    FOUND = "found"
    NONE = "none"
    UNDECIDED = "undecided"


class Search(Value):
    """A search among `values` of a parameter, from `first` to `last`.

    `smallest` meets all objectives, and the value before it misses one where the end is
    FOUND. UNDECIDED, `smallest` (if any) meets them, `missing` (if any) is the largest
    that surely misses one, and what is between is not decided. Each of `tests` verdicts
    at most has its part of the error.
    """

    end: SearchEnd
    values: Count
    first: str
    last: str
    smallest: str = ""
    missing: str = ""
    tests: Count


class Sweep(Extended):
    """Results at several values of one parameter, the `path` in the scenario.

    A grid has several values of `second_path`, too; a search has tried some values of
    many. An interrupted sweep has fewer points than `points_planned`, or incomplete
    ones.
    """

    ADDED: ClassVar[frozenset[str]] = frozenset({"second_path", "search"})

    format: Literal[3] = RESULTS_FORMAT
    title: str
    path: str
    second_path: str = ""
    search: Search | None = None
    points_planned: Count
    points: tuple[SweepPoint, ...]


class Difference(Value):
    """One figure in two runs: the mean difference `b - a` and its interval.

    `significant` says that the interval excludes zero; None where there are too few
    replications. `confidence` is that of the interval: more than 0.95, because each of
    several figures may differ by chance.
    """

    metric: str
    statistic: str
    unit: Literal["us", "1"]
    a: Number
    b: Number
    difference: Estimate
    confidence: Confidence = 0.95
    significant: bool | None


class EndlessFigure(Value):
    """A percentile of a delay that is endless in one of two runs: it never came.

    `a` and `b` are in microseconds; None is the run in which it is endless.
    """

    metric: str
    statistic: str
    a: Number | None
    b: Number | None


class Comparison(Extended):
    """Comparison of two runs; `paired` ones have the seed and replications in common.

    `replications_a` and `replications_b` are how many each has, `pairs` how many have
    the same number in both. `changed` has the values that differ between the scenarios,
    by dotted path; None stands for a key that only the other scenario has.

    Where one run is simulated and the other measured, `beside` has their curves, and
    there are no `differences`: one measured run does not tell how much runs differ.
    `objectives` are those of both runs, and `gates` the limits that were asked for.
    `endless` has what came in one run alone, and has no difference therefore.
    """

    ADDED: ClassVar[frozenset[str]] = frozenset(
        {"beside", "endless", "gates", "objectives"}
    )

    format: Literal[3] = RESULTS_FORMAT
    a: str
    b: str
    seed_a: Seed
    seed_b: Seed
    paired: bool
    replications_a: Count = 0
    replications_b: Count = 0
    pairs: Count = 0
    changed: Mapping[str, tuple[str | None, str | None]]
    differences: tuple[Difference, ...]
    beside: Beside | None = None
    endless: tuple[EndlessFigure, ...] = ()
    objectives: tuple[ComparedObjective, ...] = ()
    gates: tuple[Gate, ...] = ()
