"""Comma-separated values (RFC 4180 with LF), safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep
from invitelab.reporting.common.formatting import clean
from invitelab.reporting.load.objective_text import statement

Cell = str | int | float | None
FORMULA = ("=", "+", "-", "@")
"""Leading characters of a text that a spreadsheet would compute."""


def metrics_csv(results: Results) -> str:
    """Every figure of every window: `begins_us,metric,unit,value`."""
    return _written(("begins_us", "metric", "unit", "value"), _metrics(results))


def distributions_csv(results: Results) -> str:
    """Every bin of every distribution: values in `[lower_us, upper_us)`."""
    return _written(
        ("metric", "lower_us", "upper_us", "count"),
        (
            (distribution.metric, one.lower, one.upper, one.count)
            for distribution in results.distributions
            for one in distribution.bins
        ),
    )


def sweep_csv(sweep: Sweep) -> str:
    """Every objective of every point of a sweep."""
    columns = ("value", "metric", "statement", "verdict", "unit", "mean", "low", "high")
    return _written(columns, _points(sweep))


def _metrics(results: Results) -> Iterator[tuple[Cell, ...]]:
    for window in results.windows:
        rows: tuple[tuple[str, str, float | None], ...] = (
            ("offered", "1/s", window.offered),
            *(
                (f"ended.{kind.value}", "1/s", value)
                for kind, value in window.ended.items()
            ),
            ("pending", "1", window.pending),
            ("relay_utilisation", "1", window.relay_utilisation),
            ("relay_wait", "us", window.relay_wait_us),
            ("relay_queue", "1", window.relay_queue),
            ("notify_p50", "us", window.notify_p50_us),
            ("notify_p99", "us", window.notify_p99_us),
        )
        for metric, unit, value in rows:
            if value is not None:
                yield window.at_us, metric, unit, value


def _points(sweep: Sweep) -> Iterator[tuple[Cell, ...]]:
    for point in sweep.points:
        for objective in point.results.objectives:
            found = objective.estimate
            yield (
                point.value,
                objective.metric,
                statement(objective),
                objective.verdict.value,
                objective.unit,
                *((found.mean, found.low, found.high) if found else (None,) * 3),
            )


def _written(columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _safe(cell: Cell) -> Cell:
    """A cell that is no formula: text gets an apostrophe, a number stays as it is."""
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
