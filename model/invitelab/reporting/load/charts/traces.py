"""Sampled invitations from sending to end, to scale, with the end of the lifetime."""

from collections.abc import Sequence

from invitelab.formats.results import InvitationTrace, Moment, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    clean,
    duration,
    grouped,
    instant,
    plural,
    short,
    spoken,
)
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.plotting.axes_view import AxesView, Mark
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.style import OUTCOME_ROLES
from invitelab.reporting.load.plotting.ticks import clock
from invitelab.reporting.load.tables import Table

NAME = "lives"  # of its files, which scripts and links name
TITLE = "Sampled invitations"
MOST = 12
ROW_IN = 0.27
MARKED: tuple[tuple[str, Mark], ...] = (
    ("shown", "|"),
    ("clicked", "o"),
    ("ended", "D"),
)
"""The moments of a trace that are marked, and how; timeline.json has them all."""


def chosen(traces: Sequence[InvitationTrace]) -> list[InvitationTrace]:
    """At most a dozen traces, of as many outcomes as possible, by their begin."""
    by_outcome: dict[str, list[InvitationTrace]] = {}
    for trace in traces:
        if trace.moments:
            by_outcome.setdefault(trace.outcome.value, []).append(trace)
    found: list[InvitationTrace] = []
    deepest = max((len(group) for group in by_outcome.values()), default=0)
    for depth in range(deepest):
        found.extend(
            group[depth] for group in by_outcome.values() if depth < len(group)
        )
    return sorted(found[:MOST], key=lambda trace: (_begin_us(trace), trace.number))


def chart(results: Results) -> Chart:
    """The chart of a dozen traces."""
    traces = chosen(results.traces)
    description = _description(traces, results)
    picture = None
    if traces:
        canvas = _draw(traces, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(traces),
    )


def _begin_us(trace: InvitationTrace) -> int:
    return min(moment.at_us for moment in trace.moments)


def _end_us(trace: InvitationTrace) -> int:
    return max(moment.at_us for moment in trace.moments)


def _description(traces: Sequence[InvitationTrace], results: Results) -> str:
    if not traces:
        return "No invitation was sampled."
    longest = max(traces, key=lambda trace: _end_us(trace) - _begin_us(trace))
    lived = duration(_end_us(longest) - _begin_us(longest))
    return (
        f"{plural(len(traces), 'invitation')} of {grouped(len(results.traces))} sampled"
        f" from the first replication; the longest of them, {longest.outcome.value},"
        f" took {lived} from its first to its last moment. An invitation expires"
        f" after {duration(results.lifetime_us)}."
    )


def _table(traces: Sequence[InvitationTrace]) -> Table:
    return Table(
        columns=("invitation", "from", "to", "sent at", "what happened after"),
        rows=tuple(
            (
                f"{trace.number}: {trace.outcome.value}",
                short(trace.inviter, 40),
                short(trace.recipient, 40),
                instant(_begin_us(trace)),
                ", ".join(_step(moment, trace) for moment in trace.moments),
            )
            for trace in traces
        ),
        text_columns=(0, 1, 2, 4),
    )


def _step(moment: Moment, trace: InvitationTrace) -> str:
    after = duration(moment.at_us - _begin_us(trace))
    detail = f" ({short(moment.detail, 30)})" if moment.detail else ""
    return f"{spoken(moment.kind)}{detail} {after}"


def _draw(traces: Sequence[InvitationTrace], results: Results) -> Canvas:
    canvas = Canvas(height_in=1.75 + ROW_IN * len(traces))
    canvas.heading(
        TITLE, "time since the sending, to scale · │ shown   ● clicked   ◆ ended"
    )
    axes = canvas.add_axes(bottom_in=0.6, top_in=1.1, left_in=1.55, right_in=1.0)
    longest = max(_end_us(trace) - _begin_us(trace) for trace in traces)
    axes.rows(len(traces))
    end_us = max(longest * 1.02, results.lifetime_us * 1.04)
    axes.x_axis(clock(0, end_us), "since it was sent")
    axes.vertical_grid()
    axes.vertical_line(results.lifetime_us, Role.BAD, width_pt=1.2)
    axes.text(
        (results.lifetime_us, 1),
        duration(results.lifetime_us),
        y_fraction=True,
        shift_pt=(0, 4),
        side="center",
        height="bottom",
        role=Role.BAD,
    )
    for row, trace in enumerate(traces):
        _draw_trace(axes, row, trace)
    return canvas


def _draw_trace(axes: AxesView, row: int, trace: InvitationTrace) -> None:
    begin_us = _begin_us(trace)
    role = OUTCOME_ROLES[trace.outcome]
    axes.text(
        (0, row),
        f"{trace.outcome.value}  {trace.number}",
        x_fraction=True,
        shift_pt=(-8, 0),
        side="right",
        role=Role.SOFT,
    )
    axes.horizontal_bars(row, [(0, _end_us(trace) - begin_us)], role, thickness=0.4)
    for kind, mark in MARKED:
        at = [float(m.at_us - begin_us) for m in trace.moments if clean(m.kind) == kind]
        if at:
            axes.dots(at, [float(row)] * len(at), Role.INK, mark=mark, size_pt=4.5)
