"""Comma-separated values (RFC 4180 with LF), safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from invitelab.formats.flow import Flow
from invitelab.formats.results import Distribution, Results, Window
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
            (distribution.metric, *bin_)
            for distribution in results.distributions
            for bin_ in _bins(distribution)
        ),
    )


def _bins(distribution: Distribution) -> Iterator[tuple[int, int, int]]:
    """Those of negative values first, in order."""
    for one in reversed(distribution.early):
        yield 1 - one.upper, 1 - one.lower, one.count
    for one in distribution.bins:
        yield one.lower, one.upper, one.count


def sweep_csv(sweep: Sweep) -> str:
    """Every objective of every point of a sweep."""
    columns = ("metric", "statement", "verdict", "unit", "mean", "low", "high")
    values = ("value", "second") if sweep.second_path else ("value",)
    return _written((*values, *columns), _points(sweep))


def _metrics(results: Results) -> Iterator[tuple[Cell, ...]]:
    for place, window in enumerate(results.windows):
        rows: tuple[tuple[str, str, float | None], ...] = (
            ("offered", "1/s", window.offered),
            *(
                (f"ended.{kind.value}", "1/s", value)
                for kind, value in window.ended.items()
            ),
            ("pending", "1", window.pending),
            *(_of_the_relay(window) if results.is_simulated else ()),
            *(_of_messages(results.flow, place) if results.flow else ()),
            ("notify_p50", "us", window.notify_p50_us),
            ("notify_p99", "us", window.notify_p99_us),
        )
        for metric, unit, value in rows:
            if value is not None:
                yield window.at_us, metric, unit, value


def _of_messages(flow: Flow, place: int) -> Iterator[tuple[str, str, float]]:
    yield "emails_alone", "1/s", flow.emails_alone[place]
    yield "repeated", "1/s", flow.repeated[place]
    for reason, rates in flow.dropped.items():
        yield f"dropped.{reason}", "1/s", rates[place]
    for kind in flow.busy:
        yield f"busy.{kind}", "1", flow.busy[kind][place]
        yield f"queued.{kind}", "1", flow.queued[kind][place]


def _of_the_relay(window: Window) -> tuple[tuple[str, str, float | None], ...]:
    return (
        ("relay_utilisation", "1", window.relay_utilisation),
        ("relay_wait", "us", window.relay_wait_us),
        ("relay_queue", "1", window.relay_queue),
    )


def _points(sweep: Sweep) -> Iterator[tuple[Cell, ...]]:
    for point in sweep.points:
        for objective in point.results.objectives:
            found = objective.estimate
            yield (
                point.value,
                *((point.second,) if sweep.second_path else ()),
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
