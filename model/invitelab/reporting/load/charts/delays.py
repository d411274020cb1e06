"""The notify delay over time: its p50 and p99 by window."""

from collections.abc import Sequence
from math import inf

from invitelab.formats.results import Objective, Results, Window
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    duration,
    instant,
    percent,
    percentile,
)
from invitelab.reporting.common.labels import spread
from invitelab.reporting.load.charts.base import (
    Chart,
    counted,
    edges_us,
    middles_us,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.charts.outcomes import label_faults
from invitelab.reporting.load.charts.relay import wait_scale
from invitelab.reporting.load.percentile_curve import NEVER
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.source_text import time_axis
from invitelab.reporting.load.tables import Table, thinned

NAME = "delays"
TITLE = "Notify delay over time"
METRIC = "notify_delay"
TABLE_ROWS = 60
HALF, RARE = 0.5, 0.99
LABEL_GAP = 0.06
"""Smallest distance of two labels, as a part of the height of the axes."""


def chart(results: Results) -> Chart:
    """The chart of the notify delay by the window in which invitations were sent."""
    known = [w for w in results.windows if w.notify_p50_us is not None]
    description = _description(results, drawn=bool(known))
    picture = None
    if known:
        canvas = _draw(results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _description(results: Results, *, drawn: bool) -> str:
    windows = counted(results)
    half = _of_windows(windows, HALF)
    if not half and drawn:
        return (
            "No window between warm-up and drain has enough samples for a percentile."
        )
    if not half:
        return (
            "There is nothing to draw: no window has enough samples for a percentile."
        )
    text = f"By the window in which they were sent, {_range_text(HALF, half)}"
    rare = _of_windows(windows, RARE)
    if not rare:
        return f"{text}. No window has enough samples for a p99."
    return f"{text}; {_range_text(RARE, rare)}."


def _of_windows(
    windows: Sequence[Window], probability: float
) -> list[tuple[float, int]]:
    """The quantile of each window that has one, and the begin of the window."""
    found = (
        (inf if never_in(w, probability) else delay_in(w, probability), w.at_us)
        for w in windows
    )
    return [(value, at_us) for value, at_us in found if value is not None]


def _range_text(probability: float, found: Sequence[tuple[float, int]]) -> str:
    """The median of the windows, the slowest, and how many there are."""
    endless = [at_us for value_us, at_us in found if value_us == inf]
    if endless:
        return _endless_text(probability, found, endless)
    name, ordered = percentile(probability), sorted(found)
    worst_us, at_us = ordered[-1]
    if len(ordered) == 1:
        return f"{name} was {duration(worst_us)} in the one window with enough samples"
    middle_us, _ = ordered[(len(ordered) - 1) // 2]
    return (
        f"{name} was {duration(middle_us)} in the middle one of {len(ordered)} windows"
        f" with enough samples and {duration(worst_us)} in the slowest, from"
        f" {instant(at_us)} on"
    )


def _endless_text(
    probability: float, found: Sequence[tuple[float, int]], endless: Sequence[int]
) -> str:
    """In how many windows too many were never shown, and what it was elsewhere."""
    never = f"more than {percent(1 - probability)} were never shown"
    if len(found) == 1:
        return f"{never} in the one window with enough samples"
    text = (
        f"{never} in {len(endless)} of {len(found)} windows with enough samples, the"
        f" first of them from {instant(endless[0])} on"
    )
    if len(endless) == len(found):
        return text
    worst_us = max(value_us for value_us, _ in found if value_us < inf)
    return (
        f"{text}; {percentile(probability)} was at most {duration(worst_us)} elsewhere"
    )


def delay_in(window: Window, probability: float) -> float | None:
    """The p50 or the p99 of a window in microseconds; None where it is not a time."""
    return window.notify_p50_us if probability == HALF else window.notify_p99_us


def never_in(window: Window, probability: float) -> bool:
    """Whether the p50 or the p99 of a window is among the invitations never shown."""
    half = probability == HALF
    return window.notify_p50_never if half else window.notify_p99_never


def _table(results: Results) -> Table:
    rows = [(instant(w.at_us), _cell(w, HALF), _cell(w, RARE)) for w in results.windows]
    kept = thinned(rows, TABLE_ROWS)
    note = f"{len(kept)} of {len(rows)} windows; metrics.csv has all."
    return Table(
        columns=("sent from", "p50", "p99"),
        rows=kept,
        note=note if len(kept) < len(rows) else "",
    )


def _cell(window: Window, probability: float) -> str:
    value_us = delay_in(window, probability)
    if value_us is not None:
        return duration(value_us)
    return NEVER if never_in(window, probability) else ""


def _promises(results: Results) -> list[Objective]:
    """The objectives that bound a line that is drawn from above.

    That of a p99 only where there is a p99: else it would seem to bound the p50.
    """
    drawn = {
        probability
        for probability in (HALF, RARE)
        if any(delay_in(window, probability) is not None for window in results.windows)
    }
    return [
        objective
        for objective in results.objectives
        if objective.metric == METRIC
        and objective.at_most
        and objective.quantile in drawn
    ]


def _draw(results: Results) -> Canvas:
    # The names of faults are above the axes.
    names_in = 0.3 if results.faults else 0.0
    canvas = Canvas(height_in=4.1 + names_in)
    canvas.heading(
        TITLE,
        "by the window in which it was sent · sending to pop-up · windows of"
        f" {duration(results.window_us)}",
    )
    axes = canvas.add_axes(bottom_in=0.64, top_in=0.9 + names_in, right_in=1.45)
    lines = (
        (HALF, Role.REJECTED, [w.notify_p50_us for w in results.windows]),
        (RARE, Role.ACCEPTED, [w.notify_p99_us for w in results.windows]),
    )
    promises = _promises(results)
    known = [value for _, _, values in lines for value in values if value is not None]
    scale = wait_scale([*known, *(p.bound for p in promises)] or [1], marks=6)
    axes.x_axis(time_scale(results), time_axis(results))
    axes.y_axis(scale)
    shade_times(axes, results, named=True)
    _mark_never(axes, results)
    for _, role, values in lines:
        kept = [None if value is None else max(value, scale.low) for value in values]
        axes.line(middles_us(results), kept, role)
    for promise in promises:
        _draw_bound(axes, results, promise)
    label_faults(axes, results, above=True)
    _label(axes, lines, promises)
    return canvas


def _draw_bound(axes: AxesView, results: Results, promise: Objective) -> None:
    """Draw a bound where the line is that it is about, or would be if it came."""
    probability = promise.quantile or 0
    edges = edges_us(results)
    spans: list[list[float]] = []
    for place, window in enumerate(results.windows):
        if delay_in(window, probability) is None and not never_in(window, probability):
            continue
        if spans and spans[-1][1] == edges[place]:
            spans[-1][1] = edges[place + 1]
        else:
            spans.append([edges[place], edges[place + 1]])
    for span in spans:
        axes.line(
            span, [promise.bound] * 2, Role.SOFT, width_pt=1, dashed=True, over=1.8
        )


def _mark_never(axes: AxesView, results: Results) -> None:
    """Shade the windows that have no p99 because it is among those never shown."""
    gaps = [w.at_us for w in results.windows if w.notify_p99_never]
    for at_us in gaps:
        axes.shade(at_us, at_us + results.window_us, Role.EXPIRED, opacity=0.3)
    if gaps:
        text = "yellow: more than 1 % of those sent were never shown"
        axes.caption(text)


Line = tuple[float, Role, Sequence[float | None]]


def _label(
    axes: AxesView,
    lines: Sequence[Line],
    promises: Sequence[Objective],
) -> None:
    """Name lines and bounds at the right, each at its height or near it."""
    labels: list[tuple[float, str, Role, bool]] = []
    for probability, role, values in lines:
        last = _last(values)
        if last is not None:
            labels.append((last, percentile(probability), role, True))
    for promise in promises:
        text = f"{percentile(promise.quantile or 0)} ≤ {duration(promise.bound)}"
        labels.append((promise.bound, text, Role.SOFT, False))
    labels.sort()
    wanted = [axes.height_of(value) for value, *_ in labels]
    places = spread(wanted, [LABEL_GAP] * (len(labels) - 1), low=0.02, high=0.98)
    for (_, text, role, bold), place in zip(labels, places, strict=True):
        at = (1.0, place)
        axes.text(
            at,
            "■" if bold else "╌",
            x_fraction=True,
            y_fraction=True,
            shift_pt=(7, 0),
            role=role,
            size_pt=10,
        )
        axes.text(
            at,
            text,
            x_fraction=True,
            y_fraction=True,
            shift_pt=(20, 0),
            bold=bold,
            role=Role.INK if bold else Role.SOFT,
        )


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
