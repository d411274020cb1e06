"""What every chart has in common, and what those along time share."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from invitelab.formats.results import Results, Window
from invitelab.reporting.common.colours import Role
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Picture
from invitelab.reporting.load.plotting.ticks import Scale, clock
from invitelab.reporting.load.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, what it says in words, and its numbers.

    `picture` is absent where there is nothing to draw: `reading` then says why, and
    `healthy` whether that is how it should be.
    """

    name: str
    title: str
    reading: str
    picture: Picture | None
    table: Table
    healthy: bool = False


def edges_us(results: Results) -> list[float]:
    """The beginnings of all windows, and the end of the last."""
    begins: list[float] = [window.at_us for window in results.windows]
    return [*begins, begins[-1] + results.window_us]


def middles_us(results: Results) -> list[float]:
    """The middle of each window."""
    return [(low + high) / 2 for low, high in pairwise(edges_us(results))]


def counted(results: Results) -> tuple[Window, ...]:
    """The windows that begin between warm-up and drain.

    Where none does, those that reach into that time; all where there is none.
    """
    until = [one for one in results.windows if one.at_us < results.duration_us]
    inside = [one for one in until if one.at_us >= results.warm_up_us]
    partly = [
        one for one in until if one.at_us + results.window_us > results.warm_up_us
    ]
    return tuple(inside or partly) or results.windows


def after_warm_up(results: Results) -> str:
    """` after the warm-up`, of which no count tells; nothing where there is none."""
    return " after the warm-up" if results.warm_up_us else ""


def time_scale(results: Results) -> Scale:
    """The horizontal axis of everything along time."""
    edges = edges_us(results)
    return clock(edges[0], edges[-1])


def shade_times(panel: AxesView, results: Results, *, words: bool) -> None:
    """Warm-up and drain in grey and faults in colour, with their names if asked for."""
    end_us = edges_us(results)[-1]
    if results.warm_up_us:
        panel.shade(0, min(results.warm_up_us, end_us), opacity=0.13)
        if words:
            _name(panel, 0, "warm-up")
    if end_us > results.duration_us:
        panel.shade(results.duration_us, end_us, opacity=0.13)
        if words:
            _name(panel, 1, "drain")
    for fault in results.faults:
        panel.shade(fault.at_us, fault.until_us, Role.REFUSED, opacity=0.14)


def _name(panel: AxesView, place: Literal[0, 1], words: str) -> None:
    """At the outer edge of its band, for a band may be narrower than its name."""
    panel.text(
        (place, 1),
        words,
        across=True,
        up=True,
        shift_pt=(-5, -5) if place else (5, -5),
        role=Role.SOFT,
        side="right" if place else "left",
        height="top",
        size_pt=8.5,
        halo=True,
    )


def runs_above(windows: Sequence[Window], limit: float) -> list[tuple[int, int]]:
    """Stretches `[first, last]` of windows whose relay was at least so busy."""
    found: list[tuple[int, int]] = []
    for index, window in enumerate(windows):
        if window.relay_utilisation < limit:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
