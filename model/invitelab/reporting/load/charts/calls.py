"""The durations of calls to an implementation over time, by operation.

Percentiles of all calls of a run hide that it became slower. Drawn are the operations
that were called most, by the window in which a call was due.
"""

from collections.abc import Iterator, Sequence

from invitelab.formats.results import Results
from invitelab.formats.target_run import OperationWindow, TargetRun
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import duration, grouped, instant
from invitelab.reporting.load.charts.base import (
    Chart,
    name_lines,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.charts.relay import wait_scale
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.source_text import time_axis
from invitelab.reporting.load.tables import Table

NAME = "calls"
TITLE = "Calls over time"
ROLES = (Role.ACCEPTED, Role.REFUSED, Role.CANCELLED, Role.REJECTED)
"""The colours of the operations that are drawn."""
LABEL_GAP = 0.07

Line = tuple[str, Role, Sequence[OperationWindow]]


def chart(results: Results) -> Chart:
    """The chart of the operations that were called most."""
    run = results.target
    lines = [] if run is None else _lines(run)
    description = _description(lines)
    picture = None
    if run is not None and lines:
        canvas = _draw(results, run, lines)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(run),
    )


def _lines(run: TargetRun) -> list[Line]:
    """The operations that have a p50 in several windows, those called most first."""
    by_method: dict[str, list[OperationWindow]] = {}
    for one in run.over_time:
        if one.p50_us is not None:
            by_method.setdefault(one.method, []).append(one)
    several = [(name, some) for name, some in by_method.items() if len(some) > 1]
    several.sort(key=lambda one: -sum(window.count for window in one[1]))
    chosen = zip(several, ROLES, strict=False)
    return [(name, role, some) for (name, some), role in chosen]


def _description(lines: Sequence[Line]) -> str:
    if not lines:
        return (
            "There is nothing to draw: no operation has enough calls in several windows"
            " for a percentile."
        )
    return " ".join(f"{sentence}." for sentence in _sentences(lines))


def _sentences(lines: Sequence[Line]) -> Iterator[str]:
    """For each operation the range of its p50, and the slowest p99."""
    for name, _, some in lines:
        halves = [one.p50_us or 0 for one in some]
        text = f"Of {name}, p50 was {duration(min(halves))} to {duration(max(halves))}"
        rare = [(one.p99_us, one.at_us) for one in some if one.p99_us is not None]
        if rare:
            most_us, at_us = max(rare)
            text += f", and p99 at most {duration(most_us)}, from {instant(at_us)} on"
        yield text


def _table(run: TargetRun | None) -> Table:
    over_time = () if run is None else run.over_time
    return Table(
        columns=("operation", "due from", "calls", "p50", "p99", "longest"),
        rows=tuple(
            (
                one.method,
                instant(one.at_us),
                grouped(one.count),
                "-" if one.p50_us is None else duration(one.p50_us),
                "-" if one.p99_us is None else duration(one.p99_us),
                duration(one.max_us),
            )
            for one in over_time
        ),
    )


# Drawing


def _draw(results: Results, run: TargetRun, lines: Sequence[Line]) -> Canvas:
    canvas = Canvas(height_in=3.9)
    canvas.heading(
        TITLE,
        "by the window in which a call was due · in wall time · p50, and dashed p99 ·"
        f" windows of {duration(run.over_time_us)}",
    )
    axes = canvas.add_axes(bottom_in=0.64, top_in=0.9, right_in=1.75)
    values = [
        value
        for _, _, some in lines
        for one in some
        for value in (one.p50_us, one.p99_us)
        if value is not None
    ]
    scale = wait_scale(values or [1], marks=6)
    axes.x_axis(time_scale(results), time_axis(results))
    axes.y_axis(scale)
    shade_times(axes, results, named=True)
    for _, role, some in lines:
        middles = [one.at_us + run.over_time_us / 2 for one in some]
        for found, dashed in (
            ([one.p50_us for one in some], False),
            ([one.p99_us for one in some], True),
        ):
            kept = [None if one is None else max(one, scale.low) for one in found]
            if any(one is not None for one in kept):
                axes.line(middles, kept, role, dashed=dashed)
    _label(axes, lines)
    return canvas


def _label(axes: AxesView, lines: Sequence[Line]) -> None:
    """Name the operations at the right, each near the end of its line."""
    ends = [
        (axes.height_of(some[-1].p50_us or 0), name, role) for name, role, some in lines
    ]
    name_lines(axes, ends, LABEL_GAP)
