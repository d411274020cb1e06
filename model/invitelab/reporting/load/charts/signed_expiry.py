"""Expiry lags of what was measured, where some came before their deadline.

A real timer may end an invitation early. Its lags are drawn on a linear axis around
the deadline, because a logarithmic one has no place for what is negative.
"""

import math
from collections.abc import Sequence

from invitelab.formats.results import Distribution
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    duration,
    grouped,
    percentile,
    plural,
    share,
)
from invitelab.reporting.load.percentile_curve import value_at
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import Scale, linear, step_of
from invitelab.reporting.load.tables import Table

MOST_BARS = 40
LEAST_US = 10.0
"""The narrowest bar: nothing is drawn finer."""

QUANTILES = (0.5, 0.99)

Bar = tuple[float, float, int]
"""From and to, in microseconds from the deadline, and the number of expiries."""


def signed_text(lag: Distribution) -> str:
    """How many came before and after the deadline, and how far, as sentences."""
    early, late = lag.negative, _late(lag)
    exactly = lag.count - early - late
    parts = [f"{grouped(early)} came early, by at most {duration(-_least(lag))}"]
    if exactly:
        parts.append(f"{grouped(exactly)} exactly at the deadline")
    if late:
        parts.append(
            f"{grouped(late)} late, by at most {duration(lag.maximum_us or 0)}"
        )
    text = f"Of {plural(lag.count, 'expiry', 'expiries')}, {', '.join(parts)}."
    half = value_at(lag, 0.5)
    if half is None:
        return text
    if half < 0:
        return f"{text} Half came at least {duration(-half)} before the deadline."
    return f"{text} Half came at most {duration(half)} after the deadline."


def signed_label(lag: Distribution) -> str:
    """The same in a few words, for the picture."""
    early, late = lag.negative / lag.count, _late(lag) / lag.count
    return f"{share(early)} early, {share(late)} late"


def signed_table(lag: Distribution) -> Table:
    """The bars as numbers."""
    return Table(
        columns=("lag", "expiries", "share"),
        rows=tuple(
            (
                f"{duration(low)} to {duration(high)}",
                grouped(number),
                share(number / lag.count),
            )
            for low, high, number in bars(lag)
            if number
        ),
    )


def draw(lag: Distribution, title: str) -> Canvas:
    """The histogram around the deadline."""
    found = bars(lag)
    low, high = found[0][0], found[-1][1]
    canvas = Canvas(height_in=4.1)
    canvas.heading(
        title, f"share of {plural(lag.count, 'expiry', 'expiries')} in each bar"
    )
    axes = canvas.add_axes(bottom_in=0.64, top_in=1.2)
    shares = [number / lag.count for _, _, number in found]
    axes.x_axis(_scale(low, high), "end of the invitation minus its deadline")
    axes.y_axis(linear(max(shares), share))
    axes.bars([(a, b) for a, b, _ in found], shares, Role.EXPIRED)
    axes.vertical_line(0, Role.INK, width_pt=1.2)
    for height_pt, probability in zip((16, 4), QUANTILES, strict=True):
        value = value_at(lag, probability)
        if value is None:
            continue
        axes.vertical_line(value, Role.INK, dotted=True, width_pt=0.9)
        axes.text(
            (value, 1),
            f"{percentile(probability)} {duration(value)}",
            y_fraction=True,
            shift_pt=(0, height_pt),
            side="center",
            height="bottom",
            role=Role.SOFT,
        )
    axes.text(
        (1, 1),
        signed_label(lag),
        x_fraction=True,
        y_fraction=True,
        shift_pt=(0, 38),
        side="right",
        role=Role.SOFT,
    )
    return canvas


def bars(lag: Distribution) -> list[Bar]:
    """At most about MOST_BARS bars of a round width, one of which begins at zero."""
    spans = _spans(lag)
    low, high = spans[0][0], spans[-1][0]
    width = max(step_of(max(high - low, LEAST_US), MOST_BARS), LEAST_US)
    first, last = math.floor(low / width), math.floor(high / width)
    counts = [0] * (last - first + 1)
    for middle, number in spans:
        counts[math.floor(middle / width) - first] += number
    return [
        ((first + place) * width, (first + place + 1) * width, number)
        for place, number in enumerate(counts)
    ]


def _spans(lag: Distribution) -> Sequence[tuple[float, int]]:
    """The middle of each bin and its number, in order."""
    early = [(-(one.lower + one.upper - 1) / 2, one.count) for one in lag.early]
    late = [((one.lower + one.upper - 1) / 2, one.count) for one in lag.bins]
    return [*reversed(early), *late]


def _scale(low: float, high: float) -> Scale:
    """A linear axis that has the deadline on it."""
    low, high = min(low, 0.0), max(high, 0.0)
    step = step_of(high - low, 6)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    marks = tuple(step * number for number in range(first, last + 1))
    labels = tuple(duration(mark) if mark else "deadline" for mark in marks)
    return Scale(low=low, high=high, marks=marks, labels=labels)


def _late(lag: Distribution) -> int:
    return sum(one.count for one in lag.bins if one.lower > 0)


def _least(lag: Distribution) -> int:
    return lag.minimum_us or 0
