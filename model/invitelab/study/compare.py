"""Comparison of two runs: which differences are more than chance.

Runs with the same seed share every random number that a changed value does not affect
(common random numbers), so they are compared replication by replication with a paired
t interval, which is far narrower. Runs with different seeds are independent, and are
compared with Welch's interval.

Of ten figures without a difference, one is outside its 95 % interval in a third of all
comparisons. So they are tested together: S. Holm, "A simple sequentially rejective
multiple test procedure", Scandinavian Journal of Statistics 6 (1979), page 65. The
smallest p-value is tested at a tenth of the error, the next at a ninth, until one is
not significant; then two equal worlds are called different in 5 of 100 comparisons at
most. Each interval has the error at which its figure was tested, so that it excludes
zero exactly where a difference is shown. Fewer than LEAST replications decide nothing.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pydantic import JsonValue, TypeAdapter
from pydantic_core import to_json

from invitelab.formats.beside import Beside
from invitelab.formats.results import Outcome, Replication, Results
from invitelab.formats.several_results import Comparison, Difference
from invitelab.study.beside import beside
from invitelab.study.endless import endless_figures
from invitelab.study.gate_grammar import Asked
from invitelab.study.gates import LEAST, compared_objectives, judge_gates
from invitelab.study.histogram import SUB_BITS
from invitelab.study.intervals import ERROR, MeanDifference, paired, unpaired

OF_THE_RUN = frozenset({"seed", "replications", "max_replications"})
"""Keys of a scenario that say how it is simulated, and nothing of its world."""

_DOCUMENT: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a replication; `of` is None where it has too few samples."""

    metric: str
    statistic: str
    unit: Literal["us", "1"]
    of: Callable[[Replication], float | None]

    def step(self, replication: Replication) -> float:
        """The resolution of the figure at this value."""
        if self.statistic == "share":
            return 1 / max(1, sum(replication.outcomes.values()))
        if self.statistic == "peak":
            return 1.0
        return abs(self.of(replication) or 0.0) / (1 << SUB_BITS)


@dataclass(frozen=True, slots=True)
class _FigureComparison:
    """A figure with its means in both runs, and whether replications are enough."""

    figure: Figure
    a: float
    b: float
    mean_difference: MeanDifference
    enough: bool

    def difference(self, error: float, *, significant: bool | None) -> Difference:
        """The difference, with an interval that misses the truth with that error."""
        return Difference(
            metric=self.figure.metric,
            statistic=self.figure.statistic,
            unit=self.figure.unit,
            a=self.a,
            b=self.b,
            difference=self.mean_difference.interval(error),
            confidence=1 - error,
            significant=significant,
        )


def _share(outcome: Outcome, replication: Replication) -> float | None:
    total = sum(replication.outcomes.values())
    return replication.outcomes.get(outcome, 0) / total if total else None


FIGURES = (
    Figure(
        metric="notify_delay",
        statistic="p50",
        unit="us",
        of=lambda replication: replication.notify_p50_us,
    ),
    Figure(
        metric="notify_delay",
        statistic="p99",
        unit="us",
        of=lambda replication: replication.notify_p99_us,
    ),
    *(
        Figure(
            metric=outcome.value,
            statistic="share",
            unit="1",
            of=partial(_share, outcome),
        )
        for outcome in Outcome
    ),
    Figure(
        metric="relay_utilisation",
        statistic="mean",
        unit="1",
        of=lambda replication: replication.relay_utilisation,
    ),
    Figure(
        metric="pending",
        statistic="mean",
        unit="1",
        of=lambda replication: replication.pending_mean,
    ),
    Figure(
        metric="pending",
        statistic="peak",
        unit="1",
        of=lambda replication: replication.pending_peak,
    ),
)


def compare(a: Results, b: Results, gates: Sequence[Asked] = ()) -> Comparison:
    """Compare two runs; a difference is `b - a`. `gates` limit some of them.

    A figure that either run lacks in all replications is left out. Where one of them
    was measured and the other simulated, they are laid beside each other instead.
    """
    found = beside(a, b)
    comparison = _differences(a, b) if found is None else _beside(a, b, found)
    update: dict[str, object] = {"gates": judge_gates(a, b, gates)}
    if found is None:
        update["objectives"] = compared_objectives(a, b)
        update["endless"] = tuple(endless_figures(a, b))
    return comparison.model_copy(update=update)


def _differences(a: Results, b: Results) -> Comparison:
    both = _numbers(a) & _numbers(b) if a.seed == b.seed else set[int]()
    figures = (_compare_figure(figure, a, b, both) for figure in FIGURES)
    return Comparison(
        a=a.name,
        b=b.name,
        seed_a=a.seed,
        seed_b=b.seed,
        paired=bool(both),
        replications_a=len(a.replications),
        replications_b=len(b.replications),
        pairs=len(both),
        changed=changed(a.scenario, b.scenario),
        differences=_test_all([one for one in figures if one is not None]),
    )


def _beside(a: Results, b: Results, found: Beside) -> Comparison:
    return Comparison(
        a=a.subject or a.name,
        b=b.subject or b.name,
        seed_a=a.seed,
        seed_b=b.seed,
        paired=False,
        replications_a=len(a.replications),
        replications_b=len(b.replications),
        changed=_changed_world(a, b),
        differences=(),
        beside=found,
    )


def _changed_world(a: Results, b: Results) -> dict[str, tuple[str | None, str | None]]:
    """The values that differ, if both name a scenario; how often it was run is none."""
    if not a.scenario or not b.scenario:
        return {}
    found = changed(a.scenario, b.scenario)
    return {path: pair for path, pair in found.items() if path not in OF_THE_RUN}


def changed(
    a: Mapping[str, object], b: Mapping[str, object]
) -> dict[str, tuple[str | None, str | None]]:
    """The values that differ between two scenarios, by dotted path, as text.

    An element of a list has its index in the path: `objectives.0.at_most`. None stands
    for a key that only the other scenario has.
    """
    before, after = _leaves(a), _leaves(b)
    return {
        path: (before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def _compare_figure(
    figure: Figure, a: Results, b: Results, both: AbstractSet[int]
) -> _FigureComparison | None:
    """Compare a figure in the replications of `both`, or else in all of either run."""
    known_a, known_b = _known(figure, a), _known(figure, b)
    if both:
        pairs = sorted(known_a.keys() & known_b.keys())
        known_a = {number: known_a[number] for number in pairs}
        known_b = {number: known_b[number] for number in pairs}
    if not known_a or not known_b:
        return None
    known = [*known_a.values(), *known_b.values()]
    steps = [figure.step(one) ** 2 for one in known]
    blur = math.sqrt(math.fsum(steps) / len(steps) / 12)
    values_a, values_b = _values(figure, known_a), _values(figure, known_b)
    return _FigureComparison(
        figure,
        math.fsum(values_a) / len(values_a),
        math.fsum(values_b) / len(values_b),
        (paired if both else unpaired)(values_a, values_b, blur=blur),
        min(len(values_a), len(values_b)) >= LEAST,
    )


def _test_all(found: Sequence[_FigureComparison]) -> tuple[Difference, ...]:
    """All differences, tested together by Holm's procedure."""
    differences = {
        id(one): one.difference(ERROR, significant=None)
        for one in found
        if not one.enough
    }
    open_ones = sorted(
        (one for one in found if one.enough),
        key=lambda one: one.mean_difference.probability,
    )
    error, significant = ERROR, True
    for place, one in enumerate(open_ones):
        if significant:
            error = ERROR / (len(open_ones) - place)
            significant = one.mean_difference.excludes_zero(error)
        differences[id(one)] = one.difference(error, significant=significant)
    return tuple(differences[id(one)] for one in found)


def _known(figure: Figure, results: Results) -> dict[int, Replication]:
    """The replications that have the figure, by number."""
    return {
        one.number: one for one in results.replications if figure.of(one) is not None
    }


def _values(figure: Figure, known: Mapping[int, Replication]) -> list[float]:
    found = (figure.of(known[number]) for number in sorted(known))
    return [value for value in found if value is not None]


def _numbers(results: Results) -> set[int]:
    return {replication.number for replication in results.replications}


def _leaves(scenario: Mapping[str, object]) -> dict[str, str]:
    """The text of each leaf by its path, as it would be in a scenario file."""
    return dict(_flattened(_DOCUMENT.validate_json(to_json(scenario))))


def _flattened(value: JsonValue, path: str = "") -> Iterator[tuple[str, str]]:
    """All leaves with their paths; an empty table or list is a leaf."""
    inside: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = [(str(index), entry) for index, entry in enumerate(value)]
    if not inside:
        yield path, value if isinstance(value, str) else json.dumps(value)
    for key, entry in inside:
        yield from _flattened(entry, f"{path}.{key}" if path else key)
