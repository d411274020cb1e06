"""Outcomes of invitations over time, and the number of pending ones."""

from collections.abc import Sequence
from itertools import accumulate

from invitelab.formats.results import Outcome, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    compact,
    duration,
    figures,
    grouped,
    instant,
    listed,
    plural,
    share,
    short,
)
from invitelab.reporting.common.labels import spread
from invitelab.reporting.load.charts.base import (
    Chart,
    edges_us,
    middles_us,
    shade_times,
    time_scale,
)
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.style import OUTCOME_ROLES
from invitelab.reporting.load.plotting.ticks import linear
from invitelab.reporting.load.source_text import time_axis, virtual_time
from invitelab.reporting.load.summary import sent
from invitelab.reporting.load.tables import Table, thinned

NAME = "outcomes"
TITLE = "Outcomes over time"
ENDED = (
    Outcome.ACCEPTED,
    Outcome.REJECTED,
    Outcome.CANCELLED,
    Outcome.EXPIRED,
    Outcome.REFUSED,
)
EMAIL, EMAIL_ROLE = "email alone", Role.FAINT
"""The layer of attempts that could not be tried directly, and became an email."""
TABLE_ROWS = 60
LONGEST_LABEL = 28
LETTER = 0.0122
"""Width of a letter of a label, as a part of the width of the axes."""
LABEL_GAP = 0.075
"""Smallest distance of two labels, as a part of the height of the axes."""


def chart(results: Results) -> Chart:
    """The chart of outcomes, the offered rate and the pending invitations."""
    description = _description(results)
    picture = None
    if _has_data(results):
        canvas = _draw(results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _has_data(results: Results) -> bool:
    return any(
        window.offered or window.pending or any(window.ended.values())
        for window in results.windows
    )


def _description(results: Results) -> str:
    if not _has_data(results):
        return "There is nothing to draw: nobody was invited."
    busiest = max(results.windows, key=lambda window: window.offered)
    fullest = max(results.windows, key=lambda window: window.pending)
    text = (
        f"The busiest window, from {instant(busiest.at_us)} on,"
        f" had {figures(busiest.offered)} attempts a second; "
    )
    text += (
        f"in the fullest, from {instant(fullest.at_us)} on,"
        f" {figures(fullest.pending)} were pending on average."
        if fullest.pending
        else "nothing was ever pending."
    )
    text += _held_back(results)
    total = sent(results)
    if not total:
        return f"{text} No direct invitation was counted.{_without_outcome(results)}"
    ranked = sorted(results.outcomes.items(), key=lambda pair: -pair[1])
    parts = [f"{share(n / total)} {kind.value}" for kind, n in ranked if n]
    return (
        f"{text} Of {grouped(total)} tried directly{_together(results)},"
        f" {listed(parts)}."
        f"{_without_outcome(results)}"
    )


def _held_back(results: Results) -> str:
    """The sentence that explains attempts after the end of the duration."""
    late = [w for w in results.windows if w.at_us >= results.duration_us]
    if not any(window.offered for window in late):
        return ""
    return (
        " Attempts in the drain were held back by devices that slept: each is counted"
        " when its device woke."
    )


def _together(results: Results) -> str:
    """A hint that these are not the mean shares in the table of outcomes."""
    return " in all replications together" if len(results.replications) > 1 else ""


def _without_outcome(results: Results) -> str:
    """The sentence on attempts in the dashed line that have no outcome."""
    others = results.attempts - sent(results)
    if others <= 0:
        return ""
    return (
        f" {grouped(others)} of {plural(results.attempts, 'attempt')} could not"
        " be tried directly, only by email: they are in the dashed line, and have no"
        f" outcome{_in_grey(results)}."
    )


def _in_grey(results: Results) -> str:
    drawn = any(emails_alone(results))
    return "; those that became one are the grey layer" if drawn else ""


def _table(results: Results) -> Table:
    emails = emails_alone(results)
    rows = [
        (
            instant(window.at_us),
            figures(window.offered),
            *(figures(window.ended.get(kind, 0.0)) for kind in ENDED),
            *([figures(email)] if any(emails) else []),
            figures(window.pending),
        )
        for window, email in zip(results.windows, emails, strict=True)
    ]
    kept = thinned(rows, TABLE_ROWS)
    left_out = len(rows) > len(kept)
    return Table(
        columns=(
            "begins at",
            "attempts /s",
            *(f"{k.value} /s" for k in ENDED),
            *([f"{EMAIL} /s"] if any(emails) else []),
            "pending",
        ),
        rows=kept,
        note=f"{len(kept)} of {len(rows)} windows of {duration(results.window_us)};"
        " metrics.csv has all."
        if left_out
        else "",
    )


def _draw(results: Results) -> Canvas:
    # The names of faults are between the two axes.
    gap_in = 0.35 if results.faults else 0.0
    canvas = Canvas(height_in=5.2 + gap_in)
    canvas.heading(
        TITLE,
        f"invitations per second by outcome · {virtual_time(results)}windows of"
        f" {duration(results.window_us)}",
    )
    above = canvas.add_axes(bottom_in=2.15 + gap_in, top_in=1.0, right_in=1.75)
    below = canvas.add_axes(bottom_in=0.6, top_in=3.5 + gap_in, right_in=1.75)
    _draw_outcomes(above, results)
    _draw_pending(below, results)
    return canvas


def _draw_outcomes(axes: AxesView, results: Results) -> None:
    edges = edges_us(results)
    offered = [window.offered for window in results.windows]
    layers = [
        [window.ended.get(kind, 0.0) for window in results.windows] for kind in ENDED
    ]
    emails = emails_alone(results)
    stack = [*layers, emails] if any(emails) else layers
    tops: list[list[float]] = [
        [sum(parts) for parts in zip(*stack[: n + 1], strict=True)]
        for n in range(len(stack))
    ]
    bottoms: list[list[float]] = [[0.0] * len(offered), *tops]
    scale = linear(max(*offered, *tops[-1]) * 1.12)
    axes.x_axis(time_scale(results), shown=False)
    axes.y_axis(scale)
    shade_times(axes, results, named=True)
    for kind, low, high in zip(ENDED, bottoms, tops, strict=False):
        axes.band(edges, low, high, OUTCOME_ROLES[kind], stepped=True)
    if len(stack) > len(ENDED):
        axes.band(edges, tops[-2], tops[-1], EMAIL_ROLE, opacity=0.5, stepped=True)
    axes.steps(edges, offered, Role.INK, dashed=True)
    _label_shares(axes, results, stack)
    _label_offered(axes, results, offered)
    label_faults(axes, results, above=False)


def emails_alone(results: Results) -> list[float]:
    """Emails a second of attempts that could not be tried directly, by window."""
    flow = results.flow
    return [0.0] * len(results.windows) if flow is None else [*flow.emails_alone]


def _label_shares(
    axes: AxesView, results: Results, layers: Sequence[Sequence[float]]
) -> None:
    """Write names and shares at the right, in the order of the layers.

    Shares are of what was tried directly, so an email alone has none.
    """
    means = [sum(layer) / len(layer) for layer in layers]
    total = sum(results.outcomes.values())
    whole = sum(means) or 1.0
    tops = [value / whole * 0.8 for value in accumulate(means)]
    middles = [top - mean / whole * 0.4 for top, mean in zip(tops, means, strict=True)]
    labels = [(kind.value, OUTCOME_ROLES[kind]) for kind in ENDED]
    if len(layers) > len(ENDED):
        labels.append((EMAIL, EMAIL_ROLE))
    if results.outcomes.get(Outcome.PENDING, 0):  # without it they are not the whole
        labels.append((Outcome.PENDING.value, OUTCOME_ROLES[Outcome.PENDING]))
        middles.append(0.9)
    gaps = [LABEL_GAP] * (len(labels) - 1)
    places = spread(middles, gaps, low=0.03, high=0.97)
    for (name, role), place in zip(labels, places, strict=True):
        number = 0 if name == EMAIL else results.outcomes.get(Outcome(name), 0)
        part = number / total if total else 0.0
        at = (1.0, place)
        axes.text(
            at,
            "■",
            x_fraction=True,
            y_fraction=True,
            shift_pt=(10, 0.5),
            size_pt=13,
            role=role,
        )
        axes.text(at, name, x_fraction=True, y_fraction=True, shift_pt=(25, 0))
        axes.text(
            at,
            "" if name == EMAIL else share(part),
            x_fraction=True,
            y_fraction=True,
            shift_pt=(118, 0),
            side="right",
            role=Role.SOFT,
        )


def _label_offered(axes: AxesView, results: Results, offered: Sequence[float]) -> None:
    """Name the dashed line above its highest step."""
    peak = max(range(len(offered)), key=offered.__getitem__)
    at_us = results.windows[peak].at_us
    left = at_us < edges_us(results)[-1] / 2
    axes.text(
        (at_us, offered[peak]),
        "attempts, emails too" if results.source != "import" else "attempts",
        shift_pt=(2, 6),
        side="left" if left else "right",
        height="bottom",
        halo=True,
    )


def label_faults(axes: AxesView, results: Results, *, above: bool) -> None:
    """Write the names of faults above or below the axes, where there is room."""
    end_us = edges_us(results)[-1]
    free = [-1.0, -1.0]
    for fault in sorted(results.faults, key=lambda one: one.at_us):
        text = short(fault.label, LONGEST_LABEL)
        half = len(text) * LETTER / 2
        place = (fault.at_us + fault.until_us) / 2 / end_us
        place = min(max(place, half), 1 - half)
        row = 0 if place - half > free[0] else 1
        if place - half <= free[row]:
            continue
        free[row] = place + half
        away_pt = 5 + 11 * row
        axes.text(
            (place, 1 if above else 0),
            text,
            x_fraction=True,
            y_fraction=True,
            shift_pt=(0, away_pt if above else -away_pt),
            side="center",
            height="bottom" if above else "top",
            role=Role.BAD,
            size_pt=8.5,
        )


def _draw_pending(axes: AxesView, results: Results) -> None:
    middles = middles_us(results)
    values = [window.pending for window in results.windows]
    scale = linear(max(values) * 1.2, marks=3)
    axes.x_axis(time_scale(results), time_axis(results))
    axes.y_axis(scale)
    axes.caption("pending invitations, mean of each window")
    shade_times(axes, results, named=False)
    axes.band(middles, [0.0] * len(values), values, Role.PENDING, opacity=0.14)
    axes.line(middles, values, Role.PENDING)
    peak = max(range(len(values)), key=values.__getitem__)
    axes.dots([middles[peak]], [values[peak]], Role.PENDING, size_pt=4)
    left = peak < len(values) * 0.7
    axes.text(
        (middles[peak], values[peak]),
        compact(round(values[peak])),
        shift_pt=(6 if left else -6, 3),
        side="left" if left else "right",
        height="bottom",
        halo=True,
    )
