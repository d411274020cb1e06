"""Messages that the relay dropped, clients repeated and queues held, over time."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from invitelab.formats.flow import Flow
from invitelab.formats.results import Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    compact,
    duration,
    figures,
    instant,
    share,
    short,
    spoken,
)
from invitelab.reporting.load.cause_text import FULL, full_pools
from invitelab.reporting.load.charts.base import (
    Chart,
    edges_us,
    middles_us,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import linear
from invitelab.reporting.load.source_text import time_axis
from invitelab.reporting.load.tables import Table, thinned

NAME = "messages"
TITLE = "Messages dropped, repeated and queued"
TABLE_ROWS = 60
LEFT_IN, RIGHT_IN = 0.95, 1.65
ROW_IN = 0.24
LEVELS = (
    (FULL, Role.REFUSED, 1.0),
    (0.75, Role.ACCEPTED, 0.75),
    (0.5, Role.ACCEPTED, 0.45),
    (0.25, Role.ACCEPTED, 0.22),
    (1e-9, Role.ACCEPTED, 0.08),
)
"""The least share of a pool that is busy, and the colour and its strength."""

REASONS: Mapping[str, Role] = {
    "queue full": Role.REFUSED,
    "memory full": Role.EXPIRED,
    "loss": Role.CANCELLED,
    "partition": Role.PENDING,
    "relay-restart": Role.REJECTED,
}


def chart(results: Results) -> Chart:
    """The chart of messages over time, and of the load of each pool."""
    flow = results.flow
    description = _description(results)
    picture = None
    if flow is not None and _works(flow):
        canvas = _draw(results, flow)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _works(flow: Flow) -> bool:
    """Whether the relay had anything to do, be it to drop messages."""
    return any(map(any, (*flow.busy.values(), *flow.dropped.values())))


def dropped_in(flow: Flow) -> list[float]:
    """The messages dropped a second for any reason, by window."""
    nothing = [0.0] * len(flow.repeated)
    return [sum(rates) for rates in zip(nothing, *flow.dropped.values(), strict=True)]


def queued_in(flow: Flow) -> list[float]:
    """The mean number of messages in all queues of the relay, by window."""
    return [sum(numbers) for numbers in zip(*flow.queued.values(), strict=True)]


def _description(results: Results) -> str:
    flow = results.flow
    if flow is None or not _works(flow):
        return "The relay had nothing to do."
    sentences = [
        _most(results, dropped_in(flow), "messages were dropped a second", "dropped"),
        _most(results, flow.repeated, "were sent again a second", "sent again"),
        _most(results, queued_in(flow), "waited at a time", "kept waiting"),
    ]
    return " ".join(sentences)


def _most(results: Results, values: Sequence[float], what: str, never: str) -> str:
    """The window with the most, or that there was none."""
    top = max(values)
    if not top:
        return f"No message was {never}."
    at_us = results.windows[values.index(top)].at_us
    return f"In the window from {instant(at_us)} on, {figures(top)} {what}, the most."


def _table(results: Results) -> Table:
    flow = results.flow
    if flow is None:
        return Table(columns=("begins at",), rows=())
    full: dict[int, list[str]] = {}
    for pool in full_pools(results):
        for place in pool.windows:
            full.setdefault(place, []).append(spoken(pool.kind))
    columns = zip(
        results.windows, dropped_in(flow), flow.repeated, queued_in(flow), strict=True
    )
    rows = [
        (
            instant(window.at_us),
            figures(dropped),
            figures(repeated),
            figures(queued),
            ", ".join(full.get(place, ["-"])),
        )
        for place, (window, dropped, repeated, queued) in enumerate(columns)
    ]
    kept = thinned(rows, TABLE_ROWS)
    note = f"{len(kept)} of {len(rows)} windows of {duration(results.window_us)};"
    return Table(
        columns=("begins at", "dropped /s", "sent again /s", "waiting", "full pools"),
        rows=kept,
        note=f"{note} metrics.csv has all." if len(kept) < len(rows) else "",
        text_columns=(0, 4),
    )


# Drawing


def _draw(results: Results, flow: Flow) -> Canvas:
    lost = any(dropped_in(flow)) or any(flow.repeated)
    lost_in = 2.35 if lost else 0.0
    pools_in = ROW_IN * len(flow.busy)
    canvas = Canvas(height_in=1.1 + lost_in + 1.95 + pools_in + 0.75)
    canvas.heading(
        TITLE,
        f"means of windows of {duration(results.window_us)} · virtual time",
        left_in=LEFT_IN,
    )
    if lost:
        top = canvas.add_axes(
            bottom_in=canvas.height_in - 1.1 - lost_in + 0.5,
            top_in=1.1,
            left_in=LEFT_IN,
            right_in=RIGHT_IN,
        )
        _draw_lost(top, results, flow)
    middle = canvas.add_axes(
        bottom_in=0.65 + pools_in + 0.6,
        top_in=1.1 + lost_in,
        left_in=LEFT_IN,
        right_in=RIGHT_IN,
    )
    _draw_queued(middle, results, flow, named=not lost)
    below = canvas.add_axes(
        bottom_in=0.65,
        top_in=canvas.height_in - 0.65 - pools_in,
        left_in=LEFT_IN,
        right_in=RIGHT_IN,
    )
    _draw_pools(below, results, flow)
    return canvas


def _draw_lost(axes: AxesView, results: Results, flow: Flow) -> None:
    edges = edges_us(results)
    layers = list(flow.dropped.values())
    tops: list[list[float]] = [list(top) for top in accumulate(layers, _plus)]
    highest = max(*flow.repeated, *dropped_in(flow), 0.0)
    axes.x_axis(time_scale(results), shown=False)
    axes.y_axis(linear(highest * 1.15, marks=4))
    areas = "dropped (areas) and " if flow.dropped else ""
    axes.caption(f"messages a second: {areas}sent again (dashed)")
    shade_times(axes, results, named=True)
    bottom = [0.0] * len(flow.repeated)
    for reason, top in zip(flow.dropped, tops, strict=True):
        axes.band(edges, bottom, top, _role(reason), stepped=True)
        bottom = top
    axes.steps(edges, flow.repeated, Role.INK, dashed=True)
    labels = [("╌", "sent again", Role.INK)]
    labels += [("■", _dropped_name(reason), _role(reason)) for reason in flow.dropped]
    for row, (sign, name, role) in enumerate(labels):
        for text, shift, colour in ((sign, 9, role), (name, 24, Role.INK)):
            axes.text(
                (1, 1),
                text,
                x_fraction=True,
                y_fraction=True,
                shift_pt=(shift, -8 - 15 * row),
                role=colour,
            )


def _plus(a: Sequence[float], b: Sequence[float]) -> Sequence[float]:
    return [one + other for one, other in zip(a, b, strict=True)]


def _role(reason: str) -> Role:
    return REASONS.get(reason, Role.CANCELLED)


def _dropped_name(reason: str) -> str:
    return short(spoken(reason), 16)


def _draw_queued(axes: AxesView, results: Results, flow: Flow, *, named: bool) -> None:
    values, middles = queued_in(flow), middles_us(results)
    axes.x_axis(time_scale(results), shown=False)
    axes.y_axis(linear(max(values) * 1.2, marks=3))
    axes.caption("messages in the queues of the relay")
    shade_times(axes, results, named=named)
    axes.band(middles, [0.0] * len(values), values, Role.EXPIRED, opacity=0.3)
    axes.line(middles, values, Role.EXPIRED)
    top = max(values)
    if top:
        place = values.index(top)
        left = place < len(values) * 0.7
        axes.text(
            (middles[place], top),
            compact(float(f"{top:.3g}")),
            shift_pt=(6 if left else -6, 3),
            side="left" if left else "right",
            height="bottom",
            halo=True,
        )


def _draw_pools(axes: AxesView, results: Results, flow: Flow) -> None:
    edges, full = edges_us(results), {p.kind: p for p in full_pools(results)}
    axes.rows(len(flow.busy))
    axes.x_axis(time_scale(results), time_axis(results))
    axes.caption("workers of each pool busy: the stronger the more, red where full")
    for row, (kind, busy) in enumerate(flow.busy.items()):
        for role, opacity, spans in _spans(busy, edges):
            axes.horizontal_bars(row, spans, role, thickness=0.72, opacity=opacity)
        axes.text(
            (0, row),
            short(spoken(kind), 12),
            x_fraction=True,
            shift_pt=(-6, 0),
            side="right",
            role=Role.SOFT,
        )
        pool = full.get(kind)
        text = f"at most {share(max(busy))}" if any(busy) else "idle"
        if pool is not None:
            text = f"full {duration(pool.lasts_us)}"
        axes.text(
            (1, row),
            text,
            x_fraction=True,
            shift_pt=(8, 0),
            role=Role.SOFT if pool is None else Role.BAD,
            bold=pool is not None,
        )


Strip = tuple[Role, float, list[tuple[float, float]]]


def _spans(busy: Sequence[float], edges: Sequence[float]) -> list[Strip]:
    """The spans of each level of load; neighbours are one."""
    found: list[Strip] = []
    above = float("inf")
    for least, role, opacity in LEVELS:
        spans: list[tuple[float, float]] = []
        for place, part in enumerate(busy):
            if not least <= part < above:
                continue
            if spans and spans[-1][1] == edges[place]:
                spans[-1] = spans[-1][0], edges[place + 1]
            else:
                spans.append((edges[place], edges[place + 1]))
        if spans:
            found.append((role, opacity, spans))
        above = least
    return found
