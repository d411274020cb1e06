"""Two runs side by side: each difference with its interval, as a part of run a."""

from collections.abc import Sequence

from invitelab.formats.several_results import Comparison, Difference
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import MINUS, clean, short
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.comparison_text import (
    amount,
    comparison_summary,
    interval,
    name_of,
    names,
    signed,
    verdict,
)
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import Scale, step_of
from invitelab.reporting.load.tables import Table

NAME = "differences"
TITLE = "Differences"
ROW_IN = 0.42
FURTHEST = 2.0
"""Relative differences beyond are drawn as an arrow at the edge."""


def chart(comparison: Comparison) -> Chart:
    """The chart of the differences of two runs."""
    description = comparison_summary(comparison)
    picture = None
    if comparison.differences:
        canvas = _draw(comparison)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(comparison),
    )


def _table(comparison: Comparison) -> Table:
    a, b = names(comparison)
    return Table(
        columns=("figure", a, b, f"{b} {MINUS} {a} (interval)", "verdict"),
        rows=tuple(
            (
                name_of(one),
                amount(one.a, one.unit),
                amount(one.b, one.unit),
                interval(one),
                verdict(one),
            )
            for one in comparison.differences
        ),
        text_columns=(0, 4),
    )


# Drawing


def relative(value: float, one: Difference) -> float:
    """A difference as a part of the figure of run a; infinite where that is 0."""
    if one.a:
        return value / abs(one.a)
    return 0.0 if not value else float("inf") if value > 0 else float("-inf")


def _draw(comparison: Comparison) -> Canvas:
    differences = comparison.differences
    a, b = names(comparison)
    legend = ""
    if a != clean(comparison.a):
        legend = f" · a: {short(comparison.a, 28)} · b: {short(comparison.b, 28)}"
    canvas = Canvas(height_in=1.6 + ROW_IN * len(differences))
    canvas.heading(
        TITLE,
        f"{b} {MINUS} {a} as a part of {a}, with its interval{legend}",
    )
    axes = canvas.add_axes(bottom_in=0.62, top_in=0.98, left_in=1.9, right_in=2.1)
    axes.rows(len(differences))
    scale = _scale(differences)
    axes.x_axis(scale, f"less in {b}  ←   → more in {b}")
    axes.vertical_grid()
    axes.vertical_line(0, Role.INK, width_pt=1.2)
    for row, one in enumerate(differences):
        _draw_row(axes, row, one, scale.high)
    return canvas


def _scale(differences: Sequence[Difference]) -> Scale:
    values = [
        abs(relative(value, one))
        for one in differences
        for value in (one.difference.mean, one.difference.low, one.difference.high)
        if value is not None and (one.a or one.difference.mean)
    ]
    reach = max((value for value in values if value <= FURTHEST), default=0.05)
    reach = FURTHEST if any(value > FURTHEST for value in values) else reach * 1.15
    reach = max(reach, 0.001)
    step = step_of(reach, 2)
    number = int(reach / step)
    marks = tuple(step * n for n in range(-number, number + 1))
    return Scale(
        low=-reach,
        high=reach,
        marks=marks,
        labels=tuple(
            f"{signed(100 * mark, '1')} %" if mark else "same" for mark in marks
        ),
    )


def _draw_row(axes: AxesView, row: int, one: Difference, reach: float) -> None:
    role = Role.ACCEPTED if one.significant else Role.SOFT
    axes.text(
        (0, row),
        short(name_of(one), 24),
        x_fraction=True,
        shift_pt=(-10, 0),
        side="right",
    )
    axes.text(
        (1, row - 0.18),
        signed(one.difference.mean, one.unit),
        x_fraction=True,
        shift_pt=(12, 0),
        bold=bool(one.significant),
    )
    axes.text(
        (1, row + 0.2),
        f"{amount(one.a, one.unit)} → {amount(one.b, one.unit)}",
        x_fraction=True,
        shift_pt=(12, 0),
        role=Role.SOFT,
        size_pt=8.5,
    )
    at = relative(one.difference.mean, one)
    low, high = one.difference.low, one.difference.high
    # Of nothing there is no part: an interval around nothing has no length here.
    if low is not None and high is not None and (one.a or one.difference.mean):
        ends = [min(max(relative(end, one), -reach), reach) for end in (low, high)]
        axes.line(ends, [row, row], role, width_pt=2.4, over=4)
    if abs(at) > reach:
        axes.dots(
            [reach if at > 0 else -reach], [row], role, mark=">" if at > 0 else "<"
        )
    else:
        axes.dots([at], [row], role, hollow=not one.significant, size_pt=7)
