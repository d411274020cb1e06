"""Where delays are spent: the parts of delays between percentiles, as stacked bars."""

from collections.abc import Sequence

from invitelab.formats.flow import Spent
from invitelab.formats.results import Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    count,
    duration,
    listed,
    percentile,
    sentence,
    share,
    spoken,
)
from invitelab.reporting.load.charts.base import Chart, after_warm_up
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.style import WIDTH_IN
from invitelab.reporting.load.plotting.ticks import Scale
from invitelab.reporting.load.spent_text import (
    PARTS,
    between,
    largest_parts,
    part_us,
    parts_of,
)
from invitelab.reporting.load.tables import Table

NAME = "spent"
TITLE = "Where a delay is spent"
ROW_IN = 0.27
GAP_IN = 0.62
LEFT_IN, RIGHT_IN = 1.2, 1.75
LETTER_PT = 5.0
POINTS = 72
SHARES = Scale(
    low=0,
    high=1,
    marks=(0.0, 0.25, 0.5, 0.75, 1.0),
    labels=("0", "25 %", "50 %", "75 %", "100 %"),
)


def chart(results: Results) -> Chart:
    """The chart of all delays that have parts."""
    flow = results.flow
    spent = () if flow is None else flow.spent
    metrics = list(dict.fromkeys(one.metric for one in spent))
    groups = [[one for one in spent if one.metric == metric] for metric in metrics]
    description = _description(results, groups)
    picture = None
    if groups:
        canvas = _draw(groups)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(spent),
    )


def _description(results: Results, groups: Sequence[Sequence[Spent]]) -> str:
    if not groups:
        sent = f" of what was sent{after}" if (after := after_warm_up(results)) else ""
        return f"There is nothing to draw: no delay{sent} was measured."
    return " ".join(filter(None, map(_sentence, groups)))


def _sentence(groups: Sequence[Spent]) -> str:
    title, last = metric_title(groups[0].metric), groups[-1]
    whole = largest_parts(groups)
    if not whole:
        return f"{title}: it took no time."
    text = f"{title}: of all the time {listed(whole)}"
    if len(groups) > 1:
        rare = largest_parts([last])
        which = between(last.low, last.high, is_last=True)
        text += f"; of that of the slowest, {which},"
        text += f" {listed(rare)}"
    return f"{text}."


def _table(spent: Sequence[Spent]) -> Table:
    return Table(
        columns=(
            *("delay", "percentiles", "from", "to", "delays", "mean"),
            *(sentence(short) for short, _, _ in PARTS.values()),
        ),
        rows=tuple(
            (
                spoken(one.metric),
                _name(one, spent),
                duration(one.lower_us),
                duration(one.upper_us),
                count(one.count),
                duration(one.total_us / one.count),
                *(share(part) for part in (parts_of([one]) or _none()).values()),
            )
            for one in spent
        ),
        note="Each delay is the sum of its parts; a bin of the histogram is whole in"
        " one row. Percentiles count what never came, too.",
        text_columns=(0, 1),
    )


def _none() -> dict[str, float]:
    return dict.fromkeys(PARTS, 0.0)


def _name(one: Spent, among: Sequence[Spent]) -> str:
    if one.low and one.high < 1 and one == _last(one.metric, among):
        return f"from {percentile(one.low)} on"
    if not one.low:
        return f"up to {percentile(one.high)}" if one.high < 1 else "all"
    if one.high >= 1:
        return f"beyond {percentile(one.low)}"
    return f"{percentile(one.low)} to {percentile(one.high)}"


def _last(metric: str, among: Sequence[Spent]) -> Spent:
    """The slowest group of a metric; what is beyond it never happened."""
    return [other for other in among if other.metric == metric][-1]


# Drawing


def _draw(groups: Sequence[Sequence[Spent]]) -> Canvas:
    heights_in = [ROW_IN * len(rows) for rows in groups]
    head_in = 1.5
    height_in = head_in + sum(heights_in) + GAP_IN * len(groups)
    canvas = Canvas(height_in=height_in)
    canvas.heading(
        TITLE,
        "share of the summed delays between two percentiles · mean delay at the right",
        left_in=0.72,
    )
    top_in = head_in
    for number, (rows, rows_in) in enumerate(zip(groups, heights_in, strict=True)):
        axes = canvas.add_axes(
            bottom_in=height_in - top_in - rows_in,
            top_in=top_in,
            left_in=LEFT_IN,
            right_in=RIGHT_IN,
        )
        if not number:
            _draw_legend(axes, groups)
        _draw_metric(axes, rows)
        top_in += rows_in + GAP_IN
    return canvas


def _draw_metric(axes: AxesView, rows: Sequence[Spent]) -> None:
    axes.rows(len(rows))
    axes.x_axis(SHARES)
    axes.vertical_grid()
    axes.caption(metric_title(rows[0].metric))
    for row, one in enumerate(rows):
        begin = 0.0
        for part, value in parts_of([one]).items():
            if value:
                role = PARTS[part][2]
                spans = [(begin, min(begin + value, 1.0))]
                axes.horizontal_bars(row, spans, role, thickness=0.66)
            begin += value
        axes.text(
            (0, row), _name(one, rows), shift_pt=(-6, 0), side="right", role=Role.SOFT
        )
        mean = duration(one.total_us / one.count)
        axes.text((1, row), f"{mean}", shift_pt=(8, 0))
        of = f"of {count(one.count)}"
        axes.text((1, row), of, shift_pt=(64, 0), role=Role.SOFT, size_pt=8.5)


def _draw_legend(axes: AxesView, groups: Sequence[Sequence[Spent]]) -> None:
    """Name the colours that are drawn, above the first axes."""
    drawn = [
        PARTS[part]
        for part in PARTS
        if any(part_us(one, part) for rows in groups for one in rows)
    ]
    width_pt = (WIDTH_IN - 0.72 - 0.3) * POINTS
    left_pt = (0.72 - LEFT_IN) * POINTS
    at_pt, row = 0.0, 0
    for short, _, role in drawn:
        needs_pt = 14 + LETTER_PT * len(short) + 14
        if at_pt + needs_pt > width_pt:
            at_pt, row = 0.0, row + 1
        for text, shift, colour in (("■", 0.0, role), (short, 14.0, Role.INK)):
            axes.text(
                (0, 1),
                text,
                x_fraction=True,
                y_fraction=True,
                shift_pt=(left_pt + at_pt + shift, 44 - 14 * row),
                role=colour,
                size_pt=9 if shift else 11,
            )
        at_pt += needs_pt
