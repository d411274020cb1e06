"""`sweep.json` and `comparison.json`: results of several runs."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from invitelab.formats.ranges import Confidence, Count, Number, Seed, Value
from invitelab.formats.results import RESULTS_FORMAT, Estimate, Results


class SweepPoint(Value):
    """The results at one value; `number` is its place on an axis, if it has one."""

    value: str
    number: Annotated[float, Field(ge=-1e30, le=1e30)] | None
    results: Results


class Sweep(Value):
    """Results at several values of one parameter, the `path` in the scenario.

    An interrupted sweep has fewer points than `points_planned`, or incomplete ones.
    """

    format: Literal[3] = RESULTS_FORMAT
    title: str
    path: str
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


class Comparison(Value):
    """Comparison of two runs; `paired` ones have the seed and replications in common.

    `replications_a` and `replications_b` are how many each has, `pairs` how many have
    the same number in both. `changed` has the values that differ between the scenarios,
    by dotted path; None stands for a key that only the other scenario has.
    """

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
