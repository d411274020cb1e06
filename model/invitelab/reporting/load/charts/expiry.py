"""How late invitations expired; without faults it is exactly at their deadline."""

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
from invitelab.reporting.load.charts.signed_expiry import (
    draw,
    signed_table,
    signed_text,
)
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
"""The most bars for a factor of ten."""
QUANTILES = (0.5, 0.9, 0.99, 0.999)
LABEL_PT = 50.0
AXES_PT = 531.0
"""Width of the axes; LABEL_PT is that of a label."""


def chart(results: Results) -> Chart:
    """The histogram of the lag; where every lag is zero, a sentence and a tick."""
    lag = results.distribution(METRIC)
    if lag is None or not lag.count:
        sent = f" sent{after}" if (after := after_warm_up(results)) else ""
        description = (
            f"No invitation{sent} expired, so there is no lag to show.{_overdue(lag)}"
        )
        return _without_picture(
            description, Table(columns=("lag",), rows=()), healthy=False
        )
    if lag.early and not results.is_simulated:
        return _signed(lag)
    description = _description(lag)
    late = _late(lag)
    if not late:
        healthy = not lag.negative and not lag.never
        return _without_picture(description, _table(lag), healthy=healthy)
    canvas = _draw(lag, late, results)
    picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(lag),
    )


def _signed(lag: Distribution) -> Chart:
    """The chart of a measured timer that may be early, which is no defect of ours."""
    description = f"{signed_text(lag)}{_overdue(lag)}"
    canvas = draw(lag, TITLE)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=canvas.finish(name=NAME, title=TITLE, description=description),
        table=signed_table(lag),
    )


def _without_picture(description: str, table: Table, *, healthy: bool) -> Chart:
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=None,
        table=table,
        healthy=healthy,
    )


def _late(lag: Distribution) -> list[Bin]:
    return [one for one in lag.bins if one.lower > 0]


def _on_time(lag: Distribution) -> int:
    return sum(one.count for one in lag.bins if one.lower == 0)


def _early_text(lag: Distribution) -> str:
    if not lag.negative:
        return "none came early"
    return f"{grouped(lag.negative)} came EARLY, which is a defect"


def _overdue(lag: Distribution | None) -> str:
    """How many invitations were past their deadline at the end and had not expired."""
    if lag is None or not lag.never:
        return ""
    overdue = plural(lag.never, "invitation")
    return f" When the run ended, {overdue} should have expired and had not."


def _description(lag: Distribution) -> str:
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
        f"Of {expiries}, {_early_text(lag)}; {on_time} came exactly at the deadline"
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
    """Bins of equal width on a log scale: lower and upper edge in us, and count."""
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
    axes = canvas.add_axes(bottom_in=0.64, top_in=1.2)
    shares = [number / lag.count for _, _, number in bars]
    low, high = bars[0][0], max(bars[-1][1], bars[0][0] * 10)
    axes.x_axis(log_durations(low, high), "end of the invitation minus its deadline")
    axes.y_axis(linear(max(shares), share))
    axes.bars([(a, b) for a, b, _ in bars], shares, Role.EXPIRED)
    _draw_bound(axes, results, low, high)
    _draw_quantiles(axes, lag, low, high)
    text = f"{share(_on_time(lag) / lag.count)} exactly on time, {_early_text(lag)}"
    axes.text(
        (1, 1),
        text,
        x_fraction=True,
        y_fraction=True,
        shift_pt=(0, 38),
        side="right",
        role=Role.BAD if lag.negative else Role.SOFT,
        bold=bool(lag.negative),
    )
    return canvas


def _draw_bound(axes: AxesView, results: Results, low: float, high: float) -> None:
    bounds = [
        objective.bound
        for objective in results.objectives
        if objective.metric == METRIC
        and objective.at_most
        and low < objective.bound < high
    ]
    for bound in bounds:
        axes.vertical_line(bound, Role.SOFT)
        axes.shade(bound, high)


def _draw_quantiles(axes: AxesView, lag: Distribution, low: float, high: float) -> None:
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
        [LABEL_PT / AXES_PT] * (len(found) - 1),
        low=0.03,
        high=0.97,
    )
    for (probability, value), place in zip(found, places, strict=True):
        axes.vertical_line(value, Role.INK, dotted=True, width_pt=0.9)
        for text, height, bold in (
            (percentile(probability), 16, False),
            (duration(value), 4, True),
        ):
            axes.text(
                (place, 1),
                text,
                x_fraction=True,
                y_fraction=True,
                shift_pt=(0, height),
                side="center",
                height="bottom",
                role=Role.INK if bold else Role.SOFT,
                bold=bold,
            )
