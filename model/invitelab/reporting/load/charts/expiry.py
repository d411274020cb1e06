"""How late invitations expired: in a healthy world exactly at their deadline."""

import math
from collections.abc import Sequence

from invitelab.formats.results import Bin, Distribution, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    duration,
    grouped,
    percentile,
    plural,
    share,
)
from invitelab.reporting.common.labels import spread
from invitelab.reporting.load.charts.base import Chart, after_warm_up
from invitelab.reporting.load.percentile_curve import value_at
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import linear, log_durations
from invitelab.reporting.load.tables import Table

NAME = "expiry"
TITLE = "Expiry lag"
METRIC = "expiry_lag"
MOST_BARS = 60
FINEST = 20
"""Bars for a factor of ten, at most."""
QUANTILES = (0.5, 0.9, 0.99, 0.999)
LABEL_PT = 50.0
PANEL_PT = 531.0
"""Width of the panel, and how much of it a label takes."""


def chart(results: Results) -> Chart:
    """The histogram; where every lag is zero there are only words, and a tick."""
    lag = results.distribution(METRIC)
    if lag is None or not lag.count:
        sent = f" sent{after}" if (after := after_warm_up(results)) else ""
        reading = (
            f"No invitation{sent} expired, so there is no lag to show.{_overdue(lag)}"
        )
        return _told(reading, Table(columns=("lag",), rows=()), healthy=False)
    reading = _reading(lag)
    late = _late(lag)
    if not late:
        healthy = not lag.negative and not lag.never
        return _told(reading, _table(lag), healthy=healthy)
    canvas = _draw(lag, late, results)
    picture = canvas.finish(name=NAME, title=TITLE, description=reading)
    return Chart(
        name=NAME, title=TITLE, reading=reading, picture=picture, table=_table(lag)
    )


def _told(reading: str, table: Table, *, healthy: bool) -> Chart:
    return Chart(
        name=NAME,
        title=TITLE,
        reading=reading,
        picture=None,
        table=table,
        healthy=healthy,
    )


def _late(lag: Distribution) -> list[Bin]:
    return [one for one in lag.bins if one.lower > 0]


def _on_time(lag: Distribution) -> int:
    return sum(one.count for one in lag.bins if one.lower == 0)


def _early_words(lag: Distribution) -> str:
    if not lag.negative:
        return "none came early"
    return f"{grouped(lag.negative)} came EARLY, which is a defect"


def _overdue(lag: Distribution | None) -> str:
    """What had not expired at the end although its deadline was over."""
    if lag is None or not lag.never:
        return ""
    overdue = plural(lag.never, "invitation")
    return f" When the run ended, {overdue} should have expired and had not."


def _reading(lag: Distribution) -> str:
    late = sum(one.count for one in _late(lag))
    expiries = plural(lag.count, "expiry", "expiries")
    if not late and not lag.negative:
        all_of = f"All {expiries}" if lag.count > 1 else "The one expiry"
        return (
            f"{all_of} came at the very microsecond of the deadline:"
            f" none early, none late.{_overdue(lag)}"
        )
    on_time = share(_on_time(lag) / lag.count)
    latest = duration(lag.maximum_us or 0)
    return (
        f"Of {expiries}, {_early_words(lag)}; {on_time} came exactly at the deadline"
        + (f", and the latest was {latest} late." if late else ".")
        + _overdue(lag)
    )


def _table(lag: Distribution) -> Table:
    rows = [
        ("early", grouped(lag.negative), share(lag.negative / lag.count)),
        ("on time", grouped(_on_time(lag)), share(_on_time(lag) / lag.count)),
    ]
    late = _late(lag)
    if late:
        rows.extend(
            (
                f"{duration(low)} to {duration(high)}",
                grouped(number),
                share(number / lag.count),
            )
            for low, high, number in _bars(late)
            if number
        )
    return Table(columns=("lag", "expiries", "share"), rows=tuple(rows))


def _bars(late: Sequence[Bin]) -> list[tuple[float, float, int]]:
    """Bins of equal width on a log scale: lower and upper edge, and how many."""
    first = math.floor(math.log10(late[0].lower))
    last = math.ceil(math.log10(late[-1].upper))
    a_decade = max(min(FINEST, MOST_BARS // max(last - first, 1)), 1)
    counts = [0] * ((last - first) * a_decade + 1)
    for one in late:
        middle = (one.lower + one.upper - 1) / 2
        counts[math.floor((math.log10(middle) - first) * a_decade + 1e-9)] += one.count
    return [
        (10 ** (first + n / a_decade), 10 ** (first + (n + 1) / a_decade), number)
        for n, number in enumerate(counts)
    ]


def _draw(lag: Distribution, late: Sequence[Bin], results: Results) -> Canvas:
    bars = _bars(late)
    while len(bars) > 1 and not bars[-1][2]:
        bars.pop()
    while len(bars) > 1 and not bars[0][2]:
        bars.pop(0)
    canvas = Canvas(height_in=4.1)
    canvas.heading(
        TITLE,
        f"share of {plural(lag.count, 'expiry', 'expiries')} in each bar · log scale",
    )
    panel = canvas.panel(bottom_in=0.64, top_in=1.2)
    shares = [number / lag.count for _, _, number in bars]
    low, high = bars[0][0], max(bars[-1][1], bars[0][0] * 10)
    panel.x_axis(log_durations(low, high), "end of the invitation minus its deadline")
    panel.y_axis(linear(max(shares), share))
    panel.bars([(a, b) for a, b, _ in bars], shares, Role.EXPIRED)
    _draw_bound(panel, results, low, high)
    _draw_quantiles(panel, lag, low, high)
    words = f"{share(_on_time(lag) / lag.count)} exactly on time, {_early_words(lag)}"
    panel.text(
        (1, 1),
        words,
        across=True,
        up=True,
        shift_pt=(0, 38),
        side="right",
        role=Role.BAD if lag.negative else Role.SOFT,
        bold=bool(lag.negative),
    )
    return canvas


def _draw_bound(panel: AxesView, results: Results, low: float, high: float) -> None:
    bounds = [
        objective.bound
        for objective in results.objectives
        if objective.metric == METRIC
        and objective.at_most
        and low < objective.bound < high
    ]
    for bound in bounds:
        panel.upright(bound, Role.SOFT)
        panel.shade(bound, high)


def _draw_quantiles(
    panel: AxesView, lag: Distribution, low: float, high: float
) -> None:
    found = [
        (probability, value)
        for probability in QUANTILES
        if (value := value_at(lag, probability)) is not None and low <= value <= high
    ]
    if not found:
        return
    width = math.log(high / low)
    places = spread(
        [math.log(value / low) / width for _, value in found],
        [LABEL_PT / PANEL_PT] * (len(found) - 1),
        low=0.03,
        high=0.97,
    )
    for (probability, value), place in zip(found, places, strict=True):
        panel.upright(value, Role.INK, dotted=True, width_pt=0.9)
        for words, height, bold in (
            (percentile(probability), 16, False),
            (duration(value), 4, True),
        ):
            panel.text(
                (place, 1),
                words,
                across=True,
                up=True,
                shift_pt=(0, height),
                side="center",
                height="bottom",
                role=Role.INK if bold else Role.SOFT,
                bold=bold,
            )
