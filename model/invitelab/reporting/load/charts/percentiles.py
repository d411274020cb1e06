"""Delays by percentile, with the objectives as a ceiling that no curve may enter.

The horizontal axis is the logarithm of 1/(1 - p): each step to the right is ten times
rarer, so that the tail has as much room as the rest.
"""

from collections.abc import Iterator, Sequence
from math import exp, log

from invitelab.reporting.colours import Role
from invitelab.reporting.load.canvas import Canvas
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.curves import value_at
from invitelab.reporting.load.panel import Panel
from invitelab.reporting.load.tables import Table
from invitelab.reporting.load.ticks import Scale, log_durations, round_down, round_up
from invitelab.reporting.load.words import (
    MINUS,
    clean,
    count,
    duration,
    percent,
    percentile,
    plural,
    quantity,
    sentence,
    short,
    spoken,
)
from invitelab.results import (
    CurvePoint,
    Distribution,
    Objective,
    ObjectiveVerdict,
    Results,
)

NAME = "percentiles"
TITLE = "Delays by percentile"
METRICS = ("notify_delay", "decision_delay", "session_delay")
TOLD = (0.5, 0.99)
SHOWN = (0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
MARKED = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
COMMON = 0.1
"""Where the curves begin: the very fastest would take half of the height."""
LEAST_US = 1.0
"""Where a logarithmic axis begins: a delay of zero is drawn there."""
ROW_PT = 12.0
LETTER_PT = 5.4


def chart(results: Results) -> Chart:
    """The chart of all delays that were measured."""
    found = [
        one for metric in METRICS if (one := results.distribution(metric)) is not None
    ]
    # A curve that does not reach the middle shows nobody's ordinary delay.
    drawn = [one for one in found if value_at(one, 0.5) is not None]
    reading = _reading(drawn) if drawn else _silence(found)
    picture = None
    if drawn:
        canvas = _draw(drawn, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=reading)
    return Chart(
        name=NAME, title=TITLE, reading=reading, picture=picture, table=_table(drawn)
    )


def _reading(drawn: Sequence[Distribution]) -> str:
    return " ".join(_sentence(one) for one in drawn)


def _sentence(one: Distribution) -> str:
    rarest = one.curve[-1].probability
    parts: dict[str, str] = {}
    for probability in (*(p for p in TOLD if p < rarest), rarest):
        value = value_at(one, probability)
        if value is not None:
            # Of shares within the same time the largest says it all.
            parts[duration(value)] = _part(probability)
    within = (f"{part} within {value}" for value, part in parts.items())
    return f"{clean(one.title)}: {', '.join(within)}."


def _part(probability: float) -> str:
    return "half" if probability == TOLD[0] else percent(probability)


def _silence(found: Sequence[Distribution]) -> str:
    samples = sum(one.count for one in found)
    if not samples:
        return "There is nothing to draw: no delay was measured."
    return (
        f"There is nothing to draw: {plural(samples, 'sample')} are too few, for at "
        "least ten must lie beyond each point of a curve."
    )


def _table(drawn: Sequence[Distribution]) -> Table:
    rows = tuple(
        (
            percentile(probability),
            *(_cell(value_at(one, probability)) for one in drawn),
        )
        for probability in SHOWN
        if any(value_at(one, probability) is not None for one in drawn)
    )
    return Table(
        columns=("percentile", *(sentence(spoken(one.metric)) for one in drawn)),
        rows=(*rows, ("samples", *(count(one.count) for one in drawn))) if rows else (),
        note="A cell is empty where fewer than ten samples lie beyond.",
    )


def _cell(value_us: float | None) -> str:
    return "" if value_us is None else duration(value_us)


# Drawing


def _draw(drawn: Sequence[Distribution], results: Results) -> Canvas:
    first, *others = drawn
    lower_in = 2.55 if others else 0.0
    canvas = Canvas(height_in=4.4 + lower_in)
    runs = plural(len(results.replications), "replication")
    interval = " · band: 95 % interval" if first.curve[0].value.low is not None else ""
    canvas.heading(TITLE, f"log scale of 1/(1 {MINUS} p) · {runs}{interval}")
    panel = canvas.panel(bottom_in=0.6 + lower_in, top_in=1.12, right_in=1.45)
    _draw_one(panel, first, _promises(results, first.metric), wide=True)
    edges_in = ((0.72, 4.45), (4.85, 0.3)) if len(others) > 1 else ((0.72, 1.45),)
    for one, (left_in, right_in) in zip(others, edges_in, strict=False):
        below = canvas.panel(
            bottom_in=0.5,
            top_in=canvas.height_in - 2.2,
            left_in=left_in,
            right_in=right_in,
        )
        _draw_one(below, one, _promises(results, one.metric), wide=False)
    return canvas


def _promises(results: Results, metric: str) -> list[Objective]:
    """The objectives that are a ceiling of this metric's curve, from left to right."""
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
    """Where a probability stands on the horizontal axis."""
    return 1 / (1 - probability)


def _draw_one(
    panel: Panel, one: Distribution, promises: Sequence[Objective], *, wide: bool
) -> None:
    curve = [point for point in one.curve if point.probability >= COMMON]
    curve = curve if len(curve) > 1 else list(one.curve)
    x = [rarity(point.probability) for point in curve]
    high = max(x[-1], 2.0, *(rarity(p.quantile or 0) * 1.25 for p in promises))
    panel.x_axis(_rarities(high))
    scale = _values(curve, promises, marks=8 if wide else 5)
    panel.y_axis(scale)
    panel.vertical_grid()
    name = spoken(one.metric)
    name = f"{short(one.title, 40)} ({name})" if wide else name
    panel.caption(f"{name}, {plural(one.count, 'sample')}")
    values = [max(point.value.mean, scale.low) for point in curve]
    if one.curve[0].value.low is not None:
        panel.band(
            x,
            [_end(point.value.low, scale) for point in curve],
            [_end(point.value.high, scale) for point in curve],
            Role.ACCEPTED,
            opacity=0.25,
        )
    panel.line(x, values, Role.ACCEPTED)
    if promises:
        _ceiling(panel, promises, scale)
        _labels(panel, promises, scale, high)


def _end(value_us: float | None, scale: Scale) -> float | None:
    """An end of an interval; where there is none, the band has ended."""
    return None if value_us is None else max(value_us, scale.low)


def _rarities(high: float) -> Scale:
    marked = [p for p in MARKED if rarity(p) <= high * 1.001]
    return Scale(
        low=1,
        high=high,
        marks=tuple(rarity(p) for p in marked),
        words=tuple(percentile(p) for p in marked),
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


def _ceiling(panel: Panel, promises: Sequence[Objective], scale: Scale) -> None:
    x, y = [1.0], list[float]()
    for promise in promises:
        y.extend((promise.bound, promise.bound))
        end = rarity(promise.quantile or 0)
        x.extend((end, end))
    x = x[: len(y)]
    y = [max(value, scale.low) for value in y]
    panel.band(x, y, [scale.high] * len(y), Role.FAINT, opacity=0.16)
    panel.line(x, y, Role.SOFT, width_pt=1, over=1.9)
    panel.text(
        (0, 1),
        "above an objective",
        across=True,
        up=True,
        shift_pt=(8, -6),
        role=Role.SOFT,
        height="top",
    )


def _labels(
    panel: Panel, promises: Sequence[Objective], scale: Scale, high: float
) -> None:
    """A dot and two lines a promise, moved down until none lies on another."""
    taken: list[tuple[float, float, float]] = []
    for promise, (x_pt, wanted_pt) in zip(
        promises, _places(promises, scale, high), strict=True
    ):
        lines = _words(promise)
        width_pt = LETTER_PT * max(map(len, lines))
        y_pt = wanted_pt
        for left, right, top in taken:
            if x_pt < right and left < x_pt + width_pt:
                y_pt = min(y_pt, top - 2.4 * ROW_PT)
        taken.append((x_pt, x_pt + width_pt, y_pt))
        _label(panel, promise, _height(y_pt, scale), scale.low)


def _label(panel: Panel, promise: Objective, height: float, least: float) -> None:
    at = rarity(promise.quantile or 0)
    missed = promise.verdict is ObjectiveVerdict.MISSED
    if promise.estimate is not None:
        role = Role.REFUSED if missed else Role.ACCEPTED
        panel.dots([at], [max(promise.estimate.mean, least)], role, hollow=not missed)
    for number, words in enumerate(_words(promise)):
        panel.text(
            (at, height),
            words,
            shift_pt=(7, -ROW_PT * number),
            role=Role.BAD if missed else Role.SOFT,
            bold=missed,
            height="top",
            halo=True,
        )


PANEL_PT = (448.0, 194.0)
"""Width and height of the large panel, to know what lies on what."""


def _places(
    promises: Sequence[Objective], scale: Scale, high: float
) -> Iterator[tuple[float, float]]:
    """Where each label begins, in points: below its dot and its ceiling."""
    for promise in promises:
        estimate = promise.estimate.mean if promise.estimate else promise.bound
        lower = max(min(promise.bound, estimate), scale.low)
        x = log(rarity(promise.quantile or 0)) / log(high)
        y = log(lower / scale.low) / log(scale.high / scale.low)
        yield x * PANEL_PT[0], y * PANEL_PT[1] - 8


def _height(y_pt: float, scale: Scale) -> float:
    part = max(y_pt / PANEL_PT[1], 0.12)
    return scale.low * exp(part * log(scale.high / scale.low))


def _words(promise: Objective) -> tuple[str, str]:
    bound = quantity(promise.bound, promise.unit)
    found = (
        quantity(promise.estimate.mean, promise.unit)
        if promise.estimate
        else "not measured"
    )
    name = percentile(promise.quantile or 0)
    return f"{name} ≤ {bound}", f"{promise.verdict.value}: {found}"
