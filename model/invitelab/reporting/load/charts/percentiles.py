"""Delays by percentile, with the objectives as upper bounds.

The horizontal axis is the logarithm of 1/(1 - p), so that the tail has as much room as
the rest. So are the percentile plots of HdrHistogram (G. Tene).
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import exp, log

from invitelab.formats.results import (
    CurvePoint,
    Distribution,
    Objective,
    ObjectiveVerdict,
    Results,
)
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    MINUS,
    count,
    duration,
    percent,
    percentile,
    plural,
    quantity,
    sentence,
    spoken,
)
from invitelab.reporting.load.charts.base import Chart, after_warm_up
from invitelab.reporting.load.metric_text import metric_title
from invitelab.reporting.load.percentile_curve import (
    NEVER,
    never_at,
    quantile_text,
    value_at,
)
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import (
    Scale,
    log_durations,
    round_down,
    round_up,
)
from invitelab.reporting.load.summary import never_text
from invitelab.reporting.load.tables import Table

NAME = "percentiles"
TITLE = "Delays by percentile"
METRICS = ("notify_delay", "decision_delay", "session_delay")
QUOTED = (0.5, 0.99)
SHOWN = (0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
MARKED = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
COMMON = 0.1
"""The least probability drawn: the very fastest would take half of the height."""
LEAST_US = 1.0
"""Where the logarithmic axis begins at the least: a delay of zero is drawn there."""
ROW_PT = 12.0
LETTER_PT = 5.4


def chart(results: Results) -> Chart:
    """The chart of all delays that were measured."""
    found = [
        one for metric in METRICS if (one := results.distribution(metric)) is not None
    ]
    # A curve that ends before the median does not show the ordinary delay.
    drawn = [one for one in found if value_at(one, 0.5) is not None]
    description = _description(found) if drawn else _nothing_drawn(found, results)
    picture = None
    if drawn:
        canvas = _draw(drawn, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(found),
    )


def _description(found: Sequence[Distribution]) -> str:
    return " ".join(_sentence(one) for one in found if one.count or one.never)


def _sentence(one: Distribution) -> str:
    parts = [f"{part} within {value}" for value, part in _parts(one).items()]
    if never_at(one, QUOTED[0]):
        parts.append("half never")
    if one.never or one.still_open:
        parts.append(never_text(one))
    text = ", ".join(parts) or f"{plural(one.count, 'sample')}, too few for a curve"
    return f"{metric_title(one.metric)}: {text}."


def _parts(one: Distribution) -> dict[str, str]:
    """Time by time, the part of all samples that is not longer."""
    parts: dict[str, str] = {}
    if not one.curve:
        return parts
    rarest = one.curve[-1].probability
    for probability in (*(p for p in QUOTED if p < rarest), rarest):
        value = value_at(one, probability)
        if value is not None and probability > 0:
            # Of shares within the same time the largest is enough.
            parts[duration(value)] = _part(probability)
    return parts


def _part(probability: float) -> str:
    return "half" if probability == QUOTED[0] else percent(probability)


def _nothing_drawn(found: Sequence[Distribution], results: Results) -> str:
    samples = sum(one.count for one in found)
    if any(one.never for one in found):
        return f"There is nothing to draw: no curve reaches half. {_description(found)}"
    if not samples:
        sent = f" of what was sent{after}" if (after := after_warm_up(results)) else ""
        return f"There is nothing to draw: no delay{sent} was measured."
    return (
        f"There is nothing to draw: {plural(samples, 'sample')} are too few, for at "
        "least ten must lie beyond each point of a curve."
    )


def _table(found: Sequence[Distribution]) -> Table:
    cells = (
        (
            percentile(probability),
            *(quantile_text(one, probability, unknown="") for one in found),
        )
        for probability in SHOWN
    )
    rows = [row for row in cells if any(row[1:])]
    if rows:
        rows.append(("measured", *(count(one.count) for one in found)))
    if rows and any(one.never for one in found):
        rows.append((NEVER, *(count(one.never) for one in found)))
    return Table(
        columns=("percentile", *(sentence(spoken(one.metric)) for one in found)),
        rows=tuple(rows),
        note="A cell is empty where fewer than ten samples lie beyond.",
    )


# Drawing


def _draw(drawn: Sequence[Distribution], results: Results) -> Canvas:
    first, *others = drawn
    lower_in = 2.55 if others else 0.0
    canvas = Canvas(height_in=4.4 + lower_in)
    canvas.heading(TITLE, subtitle(first, results))
    axes = canvas.add_axes(bottom_in=0.6 + lower_in, top_in=1.12, right_in=1.45)
    draw_curve(axes, first, upper_bounds(results, first.metric), wide=True)
    edges_in = ((0.72, 4.45), (4.85, 0.3)) if len(others) > 1 else ((0.72, 1.45),)
    for one, (left_in, right_in) in zip(others, edges_in, strict=False):
        below = canvas.add_axes(
            bottom_in=0.5,
            top_in=canvas.height_in - 2.2,
            left_in=left_in,
            right_in=right_in,
        )
        draw_curve(below, one, upper_bounds(results, one.metric), wide=False)
    return canvas


def subtitle(one: Distribution, results: Results) -> str:
    """The scale of a curve, its replications, and the band if it has one."""
    runs = plural(len(results.replications), "replication")
    interval = " · band: 95 % interval" if _has_band(one.curve) else ""
    return f"log scale of 1/(1 {MINUS} p) · {runs}{interval}"


def upper_bounds(results: Results, metric: str) -> list[Objective]:
    """The objectives that bound the curve of a metric from above, by quantile."""
    return sorted(
        (
            objective
            for objective in results.objectives
            if objective.metric == metric
            and objective.at_most
            and objective.quantile is not None
        ),
        key=lambda objective: (objective.quantile or 0, objective.bound),
    )


def rarity(probability: float) -> float:
    """The place of a probability on the horizontal axis: 1/(1 - p)."""
    return 1 / (1 - probability)


def draw_curve(
    axes: AxesView, one: Distribution, promises: Sequence[Objective], *, wide: bool
) -> None:
    """Draw the curve of one metric, with its objectives; `wide` names the metric."""
    curve = [point for point in one.curve if point.probability >= COMMON]
    curve = curve if len(curve) > 1 else list(one.curve)
    x = [rarity(point.probability) for point in curve]
    high = max(x[-1], 2.0, *(rarity(p.quantile or 0) * 1.25 for p in promises))
    axes.x_axis(rarities(high))
    scale = _values(curve, promises, marks=8 if wide else 5)
    axes.y_axis(scale)
    axes.vertical_grid()
    name = spoken(one.metric)
    name = f"{metric_title(one.metric)} ({name})" if wide else name
    never = f", {count(one.never)} {NEVER}" if one.never else ""
    axes.caption(f"{name}, {count(one.count)} measured{never}")
    values = [max(point.value.mean, scale.low) for point in curve]
    if _has_band(curve):
        axes.band(
            x,
            [_edge(low, scale) for low, _ in band(curve)],
            [_edge(high, scale) for _, high in band(curve)],
            Role.ACCEPTED,
            opacity=0.25,
        )
    axes.line(x, values, Role.ACCEPTED)
    if promises:
        _draw_bounds(axes, promises, scale)
        _labels(axes, promises, scale, high)


def _has_band(curve: Sequence[CurvePoint]) -> bool:
    return any(point.value.low is not None for point in curve)


def band(
    curve: Sequence[CurvePoint],
) -> list[tuple[float | None, float | None]]:
    """Both ends of the interval of each point, made to ascend with the probability.

    A lower end holds for all higher quantiles, too, and an upper end for lower ones.
    """
    lows = accumulate((point.value.low for point in curve), _higher)
    highs = accumulate((point.value.high for point in reversed(curve)), _lower)
    ends = list(zip(lows, reversed(list(highs)), strict=True))
    return [
        (None, None) if point.value.low is None else end
        for point, end in zip(curve, ends, strict=True)
    ]


def _higher(before: float | None, value: float | None) -> float | None:
    return value if before is None or value is None else max(before, value)


def _lower(before: float | None, value: float | None) -> float | None:
    return value if before is None or value is None else min(before, value)


def _edge(value: float | None, scale: Scale) -> float | None:
    """An end of an interval on the axis; a gap where there is no interval."""
    return None if value is None else max(value, scale.low)


def rarities(high: float) -> Scale:
    """The horizontal axis: from the fastest to a rarity."""
    marked = [p for p in MARKED if rarity(p) <= high * 1.001]
    return Scale(
        low=1,
        high=high,
        marks=tuple(rarity(p) for p in marked),
        labels=tuple(percentile(p) for p in marked),
        logarithmic=True,
    )


def _values(
    curve: Sequence[CurvePoint], promises: Sequence[Objective], *, marks: int
) -> Scale:
    means = [max(point.value.mean, LEAST_US) for point in curve]
    bounds = [max(promise.bound, LEAST_US) for promise in promises]
    found = [promise.estimate.mean for promise in promises if promise.estimate]
    low = round_down(max(min(means) * 0.9, LEAST_US))
    high = round_up(max(*means, *bounds, *found, low * 2) * 1.15)
    return log_durations(low, high, marks=marks)


def _draw_bounds(axes: AxesView, promises: Sequence[Objective], scale: Scale) -> None:
    x, y = [1.0], list[float]()
    for promise in promises:
        y.extend((promise.bound, promise.bound))
        end = rarity(promise.quantile or 0)
        x.extend((end, end))
    x = x[: len(y)]
    y = [max(value, scale.low) for value in y]
    axes.band(x, y, [scale.high] * len(y), Role.FAINT, opacity=0.16)
    axes.line(x, y, Role.SOFT, width_pt=1, over=1.9)
    axes.text(
        (0, 1),
        "above an objective",
        x_fraction=True,
        y_fraction=True,
        shift_pt=(8, -6),
        role=Role.SOFT,
        height="top",
    )


def _labels(
    axes: AxesView, promises: Sequence[Objective], scale: Scale, high: float
) -> None:
    """Draw a dot and two lines for each promise, moved down until none overlap."""
    taken: list[tuple[float, float, float]] = []
    for promise, (x_pt, wanted_pt) in zip(
        promises, _places(promises, scale, high), strict=True
    ):
        lines = _label_lines(promise)
        width_pt = LETTER_PT * max(map(len, lines))
        y_pt = wanted_pt
        for left, right, top in taken:
            if x_pt < right and left < x_pt + width_pt:
                y_pt = min(y_pt, top - 2.4 * ROW_PT)
        taken.append((x_pt, x_pt + width_pt, y_pt))
        _label(axes, promise, _height(y_pt, scale), scale.low)


def _label(axes: AxesView, promise: Objective, height: float, least: float) -> None:
    at = rarity(promise.quantile or 0)
    missed = promise.verdict is ObjectiveVerdict.MISSED
    if promise.estimate is not None and not promise.silent:
        # The curve is over all replications; a figure of only some is not on it.
        role = Role.REFUSED if missed else Role.ACCEPTED
        axes.dots([at], [max(promise.estimate.mean, least)], role, hollow=not missed)
    for number, text in enumerate(_label_lines(promise)):
        axes.text(
            (at, height),
            text,
            shift_pt=(7, -ROW_PT * number),
            role=Role.BAD if missed else Role.SOFT,
            bold=missed,
            height="top",
            halo=True,
        )


AXES_PT = (448.0, 194.0)
"""Width and height of the large axes in points, to find labels that overlap."""


def _places(
    promises: Sequence[Objective], scale: Scale, high: float
) -> Iterator[tuple[float, float]]:
    """The place of each label in points: below its dot, its interval and its bound."""
    for promise in promises:
        found = promise.estimate.figures if promise.estimate else ()
        lower = max(min([promise.bound, *found]), scale.low)
        x = log(rarity(promise.quantile or 0)) / log(high)
        y = log(lower / scale.low) / log(scale.high / scale.low)
        yield x * AXES_PT[0], y * AXES_PT[1] - 8


def _height(y_pt: float, scale: Scale) -> float:
    part = max(y_pt / AXES_PT[1], 0.12)
    return scale.low * exp(part * log(scale.high / scale.low))


def _label_lines(promise: Objective) -> tuple[str, str]:
    bound = quantity(promise.bound, promise.unit)
    found = NEVER if promise.endless else "not measured"
    if promise.estimate:
        found = quantity(promise.estimate.mean, promise.unit)
    if promise.silent and (promise.estimate or promise.endless):
        found += " in some runs"
    name = percentile(promise.quantile or 0)
    return f"{name} ≤ {bound}", f"{promise.verdict.value}: {found}"
