"""Delays by percentile, measured and simulated, one over the other.

The axes are those of the percentile chart. The band is where one more run of the model
would lie; the measured line leaves it where the model does not explain it any more.
"""

from collections.abc import Sequence

from invitelab.formats.beside import Beside, Overlay
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import MINUS, count, duration, spoken
from invitelab.reporting.load.beside_text import near_percentile, overlay_text
from invitelab.reporting.load.charts.base import Chart, name_lines
from invitelab.reporting.load.charts.percentiles import rarities, rarity
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import (
    Scale,
    log_durations,
    round_down,
    round_up,
)
from invitelab.reporting.load.tables import Table

NAME = "overlay"
TITLE = "Measured beside the model"
LEAST_US = 1.0
FURTHEST = 20.0
"""The band is cut this many times above and below the lines."""

LABEL_GAP = 0.075
MODEL, MEASURED = Role.ACCEPTED, Role.REFUSED


def chart(found: Beside) -> Chart:
    """The chart of all delays that both have."""
    description = " ".join(overlay_text(one) for one in found.overlays)
    drawn = [one for one in found.overlays if len(one.points) > 1]
    picture = None
    if drawn:
        canvas = _draw(drawn)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description or "There is no delay that both have.",
        picture=picture,
        table=_table(found.overlays),
    )


def _table(overlays: Sequence[Overlay]) -> Table:
    return Table(
        columns=("delay", "percentile", "model", "it may be", "measured", "explained"),
        rows=tuple(
            (
                spoken(one.metric),
                near_percentile(at.probability),
                duration(at.model_us),
                f"{duration(at.low_us)} to {duration(at.high_us)}",
                duration(at.measured_us),
                "yes" if at.is_inside else "no",
            )
            for one in overlays
            for at in one.points
            if at.tested
        ),
        note="The percentiles that are tested, four a decade.",
    )


# Drawing


def _draw(drawn: Sequence[Overlay]) -> Canvas:
    first, *others = drawn
    lower_in = 2.55 if others else 0.0
    canvas = Canvas(height_in=4.4 + lower_in)
    canvas.heading(
        TITLE,
        f"log scale of 1/(1 {MINUS} p) · band: one more run of the model, 95 % for all"
        " percentiles together",
    )
    axes = canvas.add_axes(bottom_in=0.6 + lower_in, top_in=1.12, right_in=1.45)
    _draw_one(axes, first, wide=True)
    edges_in = ((0.72, 4.45), (4.85, 0.3)) if len(others) > 1 else ((0.72, 1.45),)
    for one, (left_in, right_in) in zip(others, edges_in, strict=False):
        below = canvas.add_axes(
            bottom_in=0.5,
            top_in=canvas.height_in - 2.2,
            left_in=left_in,
            right_in=right_in,
        )
        _draw_one(below, one, wide=False)
    return canvas


def _draw_one(axes: AxesView, one: Overlay, *, wide: bool) -> None:
    x = [rarity(point.probability) for point in one.points]
    scale = _values(one, marks=8 if wide else 5)
    axes.x_axis(rarities(x[-1]))
    axes.y_axis(scale)
    axes.vertical_grid()
    name = spoken(one.metric)
    title = f"{metric_title(one.metric)} ({name})" if wide else name
    axes.caption(f"{title}, {count(one.measured_count)} measured")
    lows = [max(point.low_us, scale.low) for point in one.points]
    highs = [min(point.high_us, scale.high) for point in one.points]
    axes.band(x, lows, highs, MODEL, opacity=0.22)
    model = [max(point.model_us, scale.low) for point in one.points]
    measured = [max(point.measured_us, scale.low) for point in one.points]
    axes.line(x, model, MODEL)
    axes.line(x, measured, MEASURED, over=3)
    _draw_end(axes, one)
    if wide:
        _name_lines(axes, model[-1], measured[-1])


def _draw_end(axes: AxesView, one: Overlay) -> None:
    """Shade what the model does not explain, and name where that begins."""
    high = rarity(one.points[-1].probability)
    if one.explained == one.last_tested:
        return
    begin = 1.0 if one.explained is None else rarity(one.explained)
    axes.shade(begin, high, opacity=0.16)
    text = "not explained"
    if one.explained is not None:
        text = f"explained up to {near_percentile(one.explained)}"
        axes.vertical_line(begin, Role.INK, dotted=True)
    axes.text(
        (0, 1),
        text,
        x_fraction=True,
        y_fraction=True,
        shift_pt=(8, -6),
        role=Role.SOFT,
        height="top",
        halo=True,
    )


def _name_lines(axes: AxesView, model: float, measured: float) -> None:
    ends = (
        (axes.height_of(model), "model", MODEL),
        (axes.height_of(measured), "measured", MEASURED),
    )
    name_lines(axes, ends, LABEL_GAP)


def _values(one: Overlay, *, marks: int) -> Scale:
    lines = [at for point in one.points for at in (point.model_us, point.measured_us)]
    least, most = max(min(lines), LEAST_US), max(lines)
    lows = [max(point.low_us, least / FURTHEST) for point in one.points]
    highs = [min(point.high_us, most * FURTHEST) for point in one.points]
    low = round_down(max(min(least, *lows) * 0.9, LEAST_US))
    high = round_up(max(most, *highs, low * 2) * 1.1)
    return log_durations(low, high, marks=marks)
