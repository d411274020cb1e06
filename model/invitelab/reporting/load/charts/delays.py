"""From wish to pop-up over time: the ordinary invitation and the slow ones."""

from collections.abc import Sequence

from invitelab.reporting.colours import Role
from invitelab.reporting.load.canvas import Canvas
from invitelab.reporting.load.charts.base import (
    Chart,
    counted,
    middles_us,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.charts.outcomes import label_faults
from invitelab.reporting.load.charts.relay import wait_scale
from invitelab.reporting.load.panel import Panel
from invitelab.reporting.load.tables import Table, thinned
from invitelab.reporting.load.ticks import apart
from invitelab.reporting.load.words import duration, instant, percentile
from invitelab.results import Objective, Results

NAME = "delays"
TITLE = "Notify delay over time"
METRIC = "notify_delay"
TABLE_ROWS = 60
CALM = 1.5
"""Worst window over the usual one below which a delay counts as steady."""


def chart(results: Results) -> Chart:
    """The chart of p50 and p99 by the window in which an invitation was sent."""
    known = [w for w in results.windows if w.notify_p50_us is not None]
    reading = _reading(results)
    picture = None
    if known:
        canvas = _draw(results)
        picture = canvas.finish(name=NAME, title=TITLE, description=reading)
    return Chart(
        name=NAME, title=TITLE, reading=reading, picture=picture, table=_table(results)
    )


def _reading(results: Results) -> str:
    windows = counted(results)
    rare = [(w.notify_p99_us, w.at_us) for w in windows if w.notify_p99_us is not None]
    half = sorted(w.notify_p50_us for w in windows if w.notify_p50_us is not None)
    if not half:
        return (
            "There is nothing to draw: no window has enough samples for a percentile."
        )
    usual = f"Half of the pop-ups were up within {duration(half[len(half) // 2])}"
    if not rare:
        return f"{usual} in the usual window; too few were sent for a p99 of a window."
    middle_us = sorted(value for value, _ in rare)[len(rare) // 2]
    worst_us, at_us = max(rare)
    words = f"{usual} and 99 % within {duration(middle_us)} in the usual window"
    if worst_us < CALM * middle_us:
        return f"{words}; no window was much worse (at most {duration(worst_us)})."
    return (
        f"{words}; the worst window began at {instant(at_us)} with a p99 of"
        f" {duration(worst_us)}."
    )


def _table(results: Results) -> Table:
    rows = [
        (instant(w.at_us), _cell(w.notify_p50_us), _cell(w.notify_p99_us))
        for w in results.windows
    ]
    kept = thinned(rows, TABLE_ROWS)
    note = f"{len(kept)} of {len(rows)} windows; metrics.csv has all."
    return Table(
        columns=("sent from", "p50", "p99"),
        rows=kept,
        note=note if len(kept) < len(rows) else "",
    )


def _cell(value_us: float | None) -> str:
    return "" if value_us is None else duration(value_us)


def _promises(results: Results) -> list[Objective]:
    """Ceilings of the lines that are drawn."""
    return [
        objective
        for objective in results.objectives
        if objective.metric == METRIC
        and objective.at_most
        and objective.quantile in {0.5, 0.99}
    ]


def _draw(results: Results) -> Canvas:
    # The names of faults stand above the panel.
    names_in = 0.3 if results.faults else 0.0
    canvas = Canvas(height_in=4.1 + names_in)
    canvas.heading(
        TITLE,
        "by the window in which it was sent · wish to pop-up · windows of"
        f" {duration(results.window_us)}",
    )
    panel = canvas.panel(bottom_in=0.64, top_in=0.9 + names_in, right_in=1.45)
    lines = (
        (0.5, Role.REJECTED, [w.notify_p50_us for w in results.windows]),
        (0.99, Role.ACCEPTED, [w.notify_p99_us for w in results.windows]),
    )
    promises = _promises(results)
    known = [value for _, _, values in lines for value in values if value is not None]
    scale = wait_scale([*known, *(p.bound for p in promises)] or [1], marks=6)
    panel.x_axis(time_scale(results), "virtual time")
    panel.y_axis(scale)
    shade_times(panel, results, words=True)
    for _, role, values in lines:
        kept = [None if value is None else max(value, scale.low) for value in values]
        panel.line(middles_us(results), kept, role)
    label_faults(panel, results, above=True)
    _label(panel, lines, promises)
    return canvas


Line = tuple[float, Role, Sequence[float | None]]


def _label(
    panel: Panel,
    lines: Sequence[Line],
    promises: Sequence[Objective],
) -> None:
    """Names of lines and ceilings at the right, each at its height or near it."""
    labels: list[tuple[float, str, Role, bool]] = []
    for probability, role, values in lines:
        last = _last(values)
        if last is not None:
            labels.append((last, percentile(probability), role, True))
    for promise in promises:
        panel.level(promise.bound, Role.SOFT, dashed=True)
        words = f"{percentile(promise.quantile or 0)} ≤ {duration(promise.bound)}"
        labels.append((promise.bound, words, Role.SOFT, False))
    labels.sort()
    places = apart([panel.up(value) for value, *_ in labels], 0.06, 0.02, 0.98)
    for (_, words, role, bold), place in zip(labels, places, strict=True):
        at = (1.0, place)
        panel.text(
            at,
            "■" if bold else "╌",
            across=True,
            up=True,
            shift_pt=(7, 0),
            role=role,
            size_pt=10,
        )
        panel.text(
            at,
            words,
            across=True,
            up=True,
            shift_pt=(20, 0),
            bold=bold,
            role=Role.INK if bold else Role.SOFT,
        )


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
