"""Two runs, and which of their differences are more than chance.

Runs of one seed share every draw that a changed value does not touch, so they are
compared replication by replication: what both have in common cancels, and a few
replications show what otherwise would take hundreds. Runs of different seeds have
nothing in common and are compared as a whole, with a wider interval.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from pydantic import JsonValue, TypeAdapter
from pydantic_core import to_json

from invitelab.results import (
    Comparison,
    Difference,
    Estimate,
    Outcome,
    Replication,
    Results,
)
from invitelab.study.intervals import paired, unpaired

ABSENT = "(absent)"
"""Stands for a key that only the other scenario has."""

_DOCUMENT: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a replication; `of` is None where it has too few samples."""

    metric: str
    statistic: str
    unit: Literal["us", "1"]
    of: Callable[[Replication], float | None]


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


def compare(a: Results, b: Results) -> Comparison:
    """Compare what two runs came to; a difference is `b - a`.

    A figure that either run lacks altogether has no difference and is left out.
    """
    in_pairs = a.seed == b.seed and not _numbers(a).isdisjoint(_numbers(b))
    found = (_difference(figure, a, b, in_pairs=in_pairs) for figure in FIGURES)
    return Comparison(
        a=a.name,
        b=b.name,
        seed_a=a.seed,
        seed_b=b.seed,
        paired=in_pairs,
        changed=changed(a.scenario, b.scenario),
        differences=tuple(one for one in found if one is not None),
    )


def changed(
    a: Mapping[str, object], b: Mapping[str, object]
) -> dict[str, tuple[str, str]]:
    """The values that differ between two scenarios, by dotted path, as text.

    An element of a list has its index in the path: `objectives.0.at_most`.
    """
    before, after = _plain(a), _plain(b)
    return {
        path: (before.get(path, ABSENT), after.get(path, ABSENT))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def _difference(
    figure: Figure, a: Results, b: Results, *, in_pairs: bool
) -> Difference | None:
    known_a, known_b = _known(figure, a), _known(figure, b)
    if in_pairs:
        both = known_a.keys() & known_b.keys()
        known_a = {number: known_a[number] for number in both}
        known_b = {number: known_b[number] for number in both}
    if not known_a or not known_b:
        return None
    values_a = [known_a[number] for number in sorted(known_a)]
    values_b = [known_b[number] for number in sorted(known_b)]
    found = (paired if in_pairs else unpaired)(values_a, values_b)
    return Difference(
        metric=figure.metric,
        statistic=figure.statistic,
        unit=figure.unit,
        a=_mean(values_a),
        b=_mean(values_b),
        difference=found,
        significant=_significant(found),
    )


def _known(figure: Figure, results: Results) -> dict[int, float]:
    """The figure of each replication that has it, by number."""
    found = ((one.number, figure.of(one)) for one in results.replications)
    return {number: value for number, value in found if value is not None}


def _numbers(results: Results) -> set[int]:
    return {replication.number for replication in results.replications}


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _significant(found: Estimate) -> bool | None:
    if found.low is None or found.high is None:
        return None
    return not found.low <= 0 <= found.high


def _plain(scenario: Mapping[str, object]) -> dict[str, str]:
    """Each leaf by its path, as the scenario would be written to a file."""
    return dict(_flattened(_DOCUMENT.validate_json(to_json(scenario))))


def _flattened(value: JsonValue, path: str = "") -> Iterator[tuple[str, str]]:
    """Each leaf with its path; an empty table or list is a leaf."""
    inside: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = [(str(index), entry) for index, entry in enumerate(value)]
    if not inside:
        yield path, value if isinstance(value, str) else json.dumps(value)
    for key, entry in inside:
        yield from _flattened(entry, f"{path}.{key}" if path else key)
