"""A sweep: delay and utilisation by the value that was changed, with the knee."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from invitelab.formats.results import Estimate, Objective, ObjectiveVerdict
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import clean, duration, exact, share, short
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.charts.relay import wait_scale
from invitelab.reporting.load.objective_text import objectives_line
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import Scale, linear
from invitelab.reporting.load.summary import headline
from invitelab.reporting.load.sweep_summary import (
    METRIC,
    QUANTILE,
    curve_text,
    delay,
    delay_text,
    knee,
    utilisation,
)
from invitelab.reporting.load.tables import Table

NAME = "sweep"
TITLE = "Delay and load along the sweep"
LEFT_IN = 1.0
VERDICT_ROLES = {
    ObjectiveVerdict.MET: Role.GOOD,
    ObjectiveVerdict.MISSED: Role.BAD,
    ObjectiveVerdict.UNDECIDED: Role.INK,
    ObjectiveVerdict.NOT_APPLICABLE: Role.INK,
}


def chart(sweep: Sweep) -> Chart:
    """The chart of the notify p99, and of the busiest pool of the relay below it."""
    description = curve_text(sweep)
    picture = None
    if sweep.points:
        canvas = _draw(sweep)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(sweep),
    )


def _table(sweep: Sweep) -> Table:
    return Table(
        columns=(
            clean(sweep.path),
            "notify p99 (95 % interval)",
            "busiest pool",
            "verdict",
            "objectives",
        ),
        rows=tuple(
            (
                clean(point.value),
                delay_text(point),
                share(utilisation(point).mean),
                f"{OBJECTIVE_SIGNS[point.results.verdict]} {headline(point.results)}",
                objectives_line(point.results),
            )
            for point in sweep.points
        ),
        text_columns=(0, 3, 4),
    )


# Drawing


def places(points: Sequence[SweepPoint]) -> list[float]:
    """The place of each point: its number, or its index where it has none."""
    numbers = [point.number for point in points if point.number is not None]
    rising = all(a < b for a, b in pairwise(numbers))
    if len(numbers) == len(points) and rising and len(points) > 1:
        return numbers
    return [float(place) for place in range(len(points))]


def _scale(points: Sequence[SweepPoint], x: Sequence[float]) -> Scale:
    room = (x[-1] - x[0]) * 0.05 or 0.5
    # Of two values that are too close together, only the first is labelled.
    kept: list[int] = []
    for index, place in enumerate(x):
        if not kept or place - x[kept[-1]] >= (x[-1] - x[0]) * 0.06:
            kept.append(index)
    return Scale(
        low=x[0] - room,
        high=x[-1] + room,
        marks=tuple(x[index] for index in kept),
        labels=tuple(short(points[index].value, 12) for index in kept),
    )


def _draw(sweep: Sweep) -> Canvas:
    points = sweep.points
    x = places(points)
    canvas = Canvas(height_in=5.6)
    canvas.heading(
        TITLE,
        f"each point is a run of its own · {short(sweep.path, 60)}",
        left_in=LEFT_IN,
    )
    above = canvas.add_axes(bottom_in=2.75, top_in=1.25, left_in=LEFT_IN)
    below = canvas.add_axes(bottom_in=0.65, top_in=3.45, left_in=LEFT_IN)
    scale = _scale(points, x)
    above.x_axis(scale, shown=False)
    below.x_axis(scale, short(sweep.path, 60))
    _draw_delays(above, points, x)
    _draw_loads(below, points, x)
    at = knee(points)
    if at is not None:
        for axes in (above, below):
            axes.vertical_line(x[at], Role.SOFT, dotted=True)
        above.text(
            (x[at], 1),
            f"knee: {short(points[at].value, 20)}",
            y_fraction=True,
            shift_pt=(0, 4),
            side="center",
            height="bottom",
            bold=True,
        )
    return canvas


def _draw_delays(
    axes: AxesView, points: Sequence[SweepPoint], x: Sequence[float]
) -> None:
    found = [delay(point) for point in points]
    axes.text(
        (0, 1),
        "notify delay p99",
        x_fraction=True,
        y_fraction=True,
        shift_pt=(0, 20),
        role=Role.SOFT,
        size_pt=9.5,
    )
    tops = [_top(one) for one in found if one is not None]
    means = [one.mean for one in found if one is not None]
    # With room for a label above the highest interval.
    bounds = _bounds(points, _about_delay)
    scale = wait_scale([*means, *(top * 1.15 for top in tops), *bounds] or [1], marks=5)
    axes.y_axis(scale)
    line = [max(one.mean, scale.low) if one else None for one in found]
    axes.line(x, line, Role.ACCEPTED)
    _draw_bounds(axes, points, _about_delay, scale)
    for place, point, one in zip(x, points, found, strict=True):
        if one is not None:
            _draw_point(
                axes, place, one, scale.low, missed=_misses(point, _about_delay)
            )
    _draw_verdicts(axes, points, x)
    if means:
        place, highest = next(
            (place, one)
            for place, one in zip(x, found, strict=True)
            if one and one.mean == max(means)
        )
        axes.text(
            (place, _top(highest)),
            duration(max(means)),
            shift_pt=(0, 5),
            side="center",
            height="bottom",
            halo=True,
        )


def _top(found: Estimate) -> float:
    """The upper end of an interval, or the figure itself where there is none."""
    return found.mean if found.high is None else found.high


def _draw_point(
    axes: AxesView,
    place: float,
    found: Estimate,
    least: float,
    *,
    missed: bool,
) -> None:
    if found.low is not None and found.high is not None:
        ends = [max(found.low, least), max(found.high, least)]
        axes.line([place, place], ends, Role.ACCEPTED, width_pt=2.4)
    role = Role.REFUSED if missed else Role.ACCEPTED
    axes.dots([place], [max(found.mean, least)], role, hollow=not missed)


def _draw_verdicts(
    axes: AxesView, points: Sequence[SweepPoint], x: Sequence[float]
) -> None:
    """Write a sign below each point, readable without colour."""
    for place, point in zip(x, points, strict=True):
        verdict = point.results.verdict
        axes.text(
            (place, 0),
            OBJECTIVE_SIGNS[verdict] if point.results.complete else "!",
            y_fraction=True,
            shift_pt=(0, -10),
            side="center",
            bold=True,
            role=VERDICT_ROLES[verdict],
            size_pt=11,
        )
    axes.text(
        (0, 0),
        "objectives",
        x_fraction=True,
        y_fraction=True,
        shift_pt=(-8, -10),
        side="right",
        role=Role.SOFT,
        size_pt=8.5,
    )


def _draw_loads(
    axes: AxesView, points: Sequence[SweepPoint], x: Sequence[float]
) -> None:
    values = [utilisation(point).mean for point in points]
    axes.caption("busiest pool of the relay")
    top = max([*values, *_bounds(points, _about_load)])
    if top > 0.5:  # noqa: PLR2004 - a relay half full is measured against full
        quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
        labels = ("0", "25 %", "50 %", "75 %", "full")
        scale = Scale(low=0, high=1.1, marks=quarters, labels=labels)
        axes.horizontal_line(1, Role.SOFT)
    else:
        scale = linear(top * 1.15, share, marks=4)
    axes.y_axis(scale)
    _draw_bounds(axes, points, _about_load, scale)
    axes.line(x, values, Role.ACCEPTED)
    for place, point, value in zip(x, points, values, strict=True):
        missed = _misses(point, _about_load)
        role = Role.REFUSED if missed else Role.ACCEPTED
        axes.dots([place], [value], role, hollow=not missed)


# Objectives of what is drawn


def _about_delay(objective: Objective) -> bool:
    """Whether it bounds the delays of the upper panel."""
    return (objective.metric, objective.quantile) == (METRIC, QUANTILE)


def _about_load(objective: Objective) -> bool:
    """Whether it bounds the utilisation of the lower panel."""
    return objective.metric == "relay_utilisation"


def _misses(point: SweepPoint, about: Callable[[Objective], bool]) -> bool:
    """Whether a point misses an objective of a panel."""
    return any(
        about(one) and one.verdict is ObjectiveVerdict.MISSED
        for one in point.results.objectives
    )


def _bounds(
    points: Sequence[SweepPoint], about: Callable[[Objective], bool]
) -> list[float]:
    """The bounds of the objectives of a panel; those that are the same once."""
    found = (
        one.bound
        for point in points
        for one in point.results.objectives
        if about(one) and one.at_most
    )
    return list(dict.fromkeys(found))


def _draw_bounds(
    axes: AxesView,
    points: Sequence[SweepPoint],
    about: Callable[[Objective], bool],
    scale: Scale,
) -> None:
    """Draw the bounds that lie on the axis."""
    for bound in _bounds(points, about):
        if scale.low <= bound <= scale.high:
            axes.horizontal_line(bound, Role.BAD, dashed=True)
            amount = share(bound) if about is _about_load else exact(bound, "us")
            axes.text(
                (1, bound),
                f"at most {amount}",
                x_fraction=True,
                shift_pt=(0, 2),
                side="right",
                height="bottom",
                role=Role.BAD,
                size_pt=8.5,
                halo=True,
            )
