"""The type of a chart, and helpers of the charts over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from invitelab.formats.results import Results, Window
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.labels import spread
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Picture
from invitelab.reporting.load.plotting.ticks import Scale, clock
from invitelab.reporting.load.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, its description in sentences, and its numbers.

    `picture` is None where there is nothing to draw: `description` then says why, and
    `healthy` whether that is a good sign.
    """

    name: str
    title: str
    description: str
    picture: Picture | None
    table: Table
    healthy: bool = False


def edges_us(results: Results) -> list[float]:
    """The begin of each window, and the end of the last."""
    begins: list[float] = [window.at_us for window in results.windows]
    return [*begins, begins[-1] + results.window_us]


def middles_us(results: Results) -> list[float]:
    """The middle of each window."""
    return [(low + high) / 2 for low, high in pairwise(edges_us(results))]


def counted(results: Results) -> tuple[Window, ...]:
    """The windows that begin between warm-up and drain.

    If there are none, the windows that overlap that time; if there are none, all.
    """
    until = [one for one in results.windows if one.at_us < results.duration_us]
    inside = [one for one in until if one.at_us >= results.warm_up_us]
    partly = [
        one for one in until if one.at_us + results.window_us > results.warm_up_us
    ]
    return tuple(inside or partly) or results.windows


def after_warm_up(results: Results) -> str:
    """` after the warm-up`, to qualify a count; empty for a run without warm-up."""
    return " after the warm-up" if results.warm_up_us else ""


def time_scale(results: Results) -> Scale:
    """The horizontal axis of the charts over time."""
    edges = edges_us(results)
    return clock(edges[0], edges[-1])


def shade_times(axes: AxesView, results: Results, *, named: bool) -> None:
    """Shade warm-up and drain in grey, faults in colour; `named` labels the former."""
    end_us = edges_us(results)[-1]
    if results.warm_up_us:
        axes.shade(0, min(results.warm_up_us, end_us), opacity=0.13)
        if named:
            _name(axes, 0, "warm-up")
    if end_us > results.duration_us:
        axes.shade(results.duration_us, end_us, opacity=0.13)
        if named:
            _name(axes, 1, "drain")
    for fault in results.faults:
        axes.shade(fault.at_us, fault.until_us, Role.REFUSED, opacity=0.14)


def _name(axes: AxesView, place: Literal[0, 1], text: str) -> None:
    """Write at the outer edge of a band, which may be narrower than its name."""
    axes.text(
        (place, 1),
        text,
        x_fraction=True,
        y_fraction=True,
        shift_pt=(-5, -5) if place else (5, -5),
        role=Role.SOFT,
        side="right" if place else "left",
        height="top",
        size_pt=8.5,
        halo=True,
    )


def runs_above(windows: Sequence[Window], limit: float) -> list[tuple[int, int]]:
    """The index ranges `[first, last]` of windows with at least that utilisation."""
    found: list[tuple[int, int]] = []
    for index, window in enumerate(windows):
        if window.relay_utilisation < limit:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def name_lines(
    axes: AxesView, ends: Sequence[tuple[float, str, Role]], gap: float
) -> None:
    """Name lines at the right, each near its end, with a square of its colour.

    An end is its height as a fraction of the axes; `gap` is the least between names.
    """
    named = sorted(ends)
    heights = [height for height, *_ in named]
    places = spread(heights, [gap] * (len(named) - 1), low=0.02, high=0.98)
    for place, (_, name, role) in zip(places, named, strict=True):
        for shift_pt, shown, colour in ((7, "■", role), (20, name, Role.INK)):
            axes.text(
                (1, place),
                shown,
                x_fraction=True,
                y_fraction=True,
                shift_pt=(shift_pt, 0),
                role=colour,
            )
