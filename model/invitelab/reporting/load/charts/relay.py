"""The relay: its utilisation, the waits of messages, and its pools."""

from collections.abc import Sequence

from invitelab.formats.results import Pool, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    duration,
    grouped,
    instant,
    plural,
    share,
    short,
    spoken,
)
from invitelab.reporting.load.cause_text import memory_text
from invitelab.reporting.load.charts.base import (
    Chart,
    middles_us,
    runs_above,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.gone_text import DROPPED
from invitelab.reporting.load.percentile_curve import NEVER
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import (
    Scale,
    durations,
    linear,
    log_durations,
    round_down,
)
from invitelab.reporting.load.summary import busiest
from invitelab.reporting.load.tables import Table

NAME = "relay"
TITLE = "The relay"
FULL = 0.98
"""The least utilisation of a relay that is called full."""
WIDE = 30.0
"""The least ratio of the longest to the shortest wait for a logarithmic axis."""
ROW_IN = 0.25


def chart(results: Results) -> Chart:
    """The chart of the relay as a whole and of its pools."""
    description = _description(results)
    picture = None
    if any(window.relay_utilisation for window in results.windows):
        canvas = _draw(results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results.pools),
    )


def _description(results: Results) -> str:
    windows = results.windows
    if not any(window.relay_utilisation for window in windows):
        return "The relay had nothing to do."
    waits = [
        (window.relay_wait_us, window.at_us)
        for window in windows
        if window.relay_wait_us is not None
    ]
    full = runs_above(windows, FULL)
    if full:
        first, last = max(full, key=lambda run: run[1] - run[0])
        until_us = windows[last].at_us + results.window_us
        text = (
            f"The relay was full from {instant(windows[first].at_us)}"
            f" to {instant(until_us)}"
        )
        more = plural(len(full) - 1, "time more, not longer", "times more, none longer")
        text += f" and {more}" if len(full) > 1 else ""
    else:
        top = max(windows, key=lambda window: window.relay_utilisation)
        never = "The relay was never full"
        if DROPPED in results.messages:  # its memory was
            never = "The workers of the relay were never all busy"
        text = (
            f"{never}: at most"
            f" {share(top.relay_utilisation)} busy, at {instant(top.at_us)}"
        )
    if waits and not max(waits)[0]:
        text += ". No message waited"
    elif waits:
        longest_us, at_us = max(waits)
        text += (
            f". In the worst window, at {instant(at_us)}, messages of all pools waited"
            f" {duration(longest_us)} on average"
        )
    memory = memory_text(results)
    return f"{memory} {text}.{_never_served(results)}{_pool_text(results)}".strip()


def _never_served(results: Results) -> str:
    number = sum(pool.never for pool in results.pools)
    if not number:
        return ""
    return (
        f" Of the messages between warm-up and drain, {grouped(number)} never came to a"
        " worker: dropped, or in a queue at the end."
    )


def _pool_text(results: Results) -> str:
    pool = busiest(results)
    if pool is None:
        return ""
    return (
        f" Its busiest pool is that of the {spoken(pool.kind)} messages,"
        f" {share(pool.utilisation.mean)} busy between warm-up and drain."
    )


def _table(pools: Sequence[Pool]) -> Table:
    return Table(
        columns=(
            "pool",
            "servers",
            "handled",
            "shed",
            "busy",
            "mean wait",
            "p99 wait",
            "never served",
            "longest queue",
        ),
        rows=tuple(
            (
                pool.kind,
                grouped(pool.servers),
                grouped(pool.handled),
                grouped(pool.shed),
                share(pool.utilisation.mean),
                "-" if pool.wait_us is None else duration(pool.wait_us.mean),
                _p99_text(pool),
                grouped(pool.never),
                grouped(pool.longest_queue),
            )
            for pool in pools
        ),
        note="Handled, shed and the longest queue are of the whole run; busy, waits and"
        " never served of the time between warm-up and drain. The mean wait is of those"
        " served; p99 counts those never served, too.",
    )


def _p99_text(pool: Pool) -> str:
    if pool.wait_p99_us is not None:
        return duration(pool.wait_p99_us)
    return NEVER if pool.wait_p99_never else "-"


def _draw(results: Results) -> Canvas:
    pools_in = ROW_IN * len(results.pools) + 0.75 if results.pools else 0.0
    canvas = Canvas(height_in=4.8 + pools_in)
    canvas.heading(TITLE, "mean of each window · virtual time")
    above = canvas.add_axes(bottom_in=2.55 + pools_in, top_in=1.12)
    below = canvas.add_axes(bottom_in=0.45 + pools_in, top_in=2.8)
    _draw_utilisation(above, results)
    _draw_waits(below, results)
    if results.pools:
        rows = canvas.add_axes(
            bottom_in=0.4,
            top_in=canvas.height_in - pools_in + 0.4,
            left_in=1.35,
            right_in=1.75,
        )
        _draw_pools(rows, results.pools)
    return canvas


def _draw_utilisation(axes: AxesView, results: Results) -> None:
    middles = middles_us(results)
    values = [window.relay_utilisation for window in results.windows]
    axes.x_axis(time_scale(results), shown=False)
    top = max(values)
    if top > 0.5:  # noqa: PLR2004 - a relay half full is measured against full
        quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
        labels = ("0", "25 %", "50 %", "75 %", "full")
        axes.y_axis(Scale(low=0, high=1.3, marks=quarters, labels=labels))
        axes.horizontal_line(1, Role.SOFT)
    else:
        axes.y_axis(linear(top * 1.15, share, marks=4))
    axes.caption("workers of the busiest pool busy")
    shade_times(axes, results, named=True)
    axes.band(middles, [0.0] * len(values), values, Role.ACCEPTED, opacity=0.14)
    axes.line(middles, values, Role.ACCEPTED)


def _draw_waits(axes: AxesView, results: Results) -> None:
    values = [window.relay_wait_us for window in results.windows]
    known = [value for value in values if value is not None]
    axes.x_axis(time_scale(results))
    axes.caption("mean wait of those that came in a window and were served")
    shade_times(axes, results, named=False)
    if not known or not max(known):
        axes.y_axis(durations(0))
        axes.text(
            (0.5, 0.5),
            "nothing waited",
            x_fraction=True,
            y_fraction=True,
            side="center",
            role=Role.SOFT,
        )
        return
    axes.y_axis(wait_scale(known))
    least = wait_scale(known).low
    axes.line(
        middles_us(results),
        [None if value is None else max(value, least) for value in values],
        Role.ACCEPTED,
    )


def wait_scale(values_us: Sequence[float], *, marks: int = 4) -> Scale:
    """An axis of time from zero, or a logarithmic one for values that are far apart."""
    positive = sorted(value for value in values_us if value > 0)
    if not positive:
        return durations(0, marks=marks)
    # One in twenty may be lower: an idle moment is no reason for six decades.
    low, high = max(positive[len(positive) // 20], positive[-1] / 1e6), positive[-1]
    if high / low < WIDE:
        return durations(high * 1.1, marks=marks)
    return log_durations(round_down(low), high * 1.4, marks=marks)


def _draw_pools(axes: AxesView, pools: Sequence[Pool]) -> None:
    axes.rows(len(pools))
    top = max(0.01, *(pool.utilisation.mean * 1.1 for pool in pools))
    scale = linear(min(top, 1.0), share)
    axes.x_axis(scale)
    axes.vertical_grid()
    axes.caption("workers of each pool busy, between warm-up and drain")
    for row, pool in enumerate(pools):
        mean = pool.utilisation.mean
        axes.horizontal_bars(row, [(0, mean)], Role.ACCEPTED, thickness=0.62)
        axes.text(
            (0, row),
            short(spoken(pool.kind), 14),
            shift_pt=(-6, 0),
            side="right",
            role=Role.SOFT,
        )
        text = f"{share(mean)}{_interval(pool)}"
        axes.text((mean, row), text, shift_pt=(5, 0), halo=True)


def _interval(pool: Pool) -> str:
    low, high = pool.utilisation.low, pool.utilisation.high
    if low is None or high is None or low == high:
        return ""
    return f" ({share(low)} to {share(high)})"
