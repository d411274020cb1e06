"""A few invitations from beginning to end, to scale, with the end of their lifetime."""

from collections.abc import Sequence

from invitelab.formats.results import Life, Moment, Results
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

NAME = "lives"
TITLE = "A few lives"
MOST = 12
ROW_IN = 0.27
MARKED: tuple[tuple[str, Mark], ...] = (
    ("shown", "|"),
    ("clicked", "o"),
    ("ended", "D"),
)
"""What is marked in a life, and how; timeline.json has every moment."""


def chosen(lives: Sequence[Life]) -> list[Life]:
    """At most a dozen, of as many outcomes as there are, in the order they began."""
    by_outcome: dict[str, list[Life]] = {}
    for life in lives:
        if life.moments:
            by_outcome.setdefault(life.outcome.value, []).append(life)
    found: list[Life] = []
    deepest = max((len(group) for group in by_outcome.values()), default=0)
    for depth in range(deepest):
        found.extend(
            group[depth] for group in by_outcome.values() if depth < len(group)
        )
    return sorted(found[:MOST], key=lambda life: (_begin_us(life), life.number))


def chart(results: Results) -> Chart:
    """The chart of a dozen lives."""
    lives = chosen(results.lives)
    reading = _reading(lives, results)
    picture = None
    if lives:
        canvas = _draw(lives, results)
        picture = canvas.finish(name=NAME, title=TITLE, description=reading)
    return Chart(
        name=NAME, title=TITLE, reading=reading, picture=picture, table=_table(lives)
    )


def _begin_us(life: Life) -> int:
    return min(moment.at_us for moment in life.moments)


def _end_us(life: Life) -> int:
    return max(moment.at_us for moment in life.moments)


def _reading(lives: Sequence[Life], results: Results) -> str:
    if not lives:
        return "No life was sampled."
    longest = max(lives, key=lambda life: _end_us(life) - _begin_us(life))
    lived = duration(_end_us(longest) - _begin_us(longest))
    return (
        f"{plural(len(lives), 'invitation')} of {grouped(len(results.lives))} sampled"
        f" from the first replication; the longest of them, {longest.outcome.value},"
        f" took {lived} from its first to its last moment. An invitation lives for"
        f" {duration(results.lifetime_us)}."
    )


def _table(lives: Sequence[Life]) -> Table:
    return Table(
        columns=("invitation", "from", "to", "sent at", "what happened after"),
        rows=tuple(
            (
                f"{life.number}: {life.outcome.value}",
                short(life.inviter, 40),
                short(life.recipient, 40),
                instant(_begin_us(life)),
                ", ".join(_step(moment, life) for moment in life.moments),
            )
            for life in lives
        ),
        wordy=(0, 1, 2, 4),
    )


def _step(moment: Moment, life: Life) -> str:
    after = duration(moment.at_us - _begin_us(life))
    detail = f" ({short(moment.detail, 30)})" if moment.detail else ""
    return f"{spoken(moment.kind)}{detail} {after}"


def _draw(lives: Sequence[Life], results: Results) -> Canvas:
    canvas = Canvas(height_in=1.75 + ROW_IN * len(lives))
    canvas.heading(
        TITLE, "time since the wish to invite, to scale · │ shown   ● clicked   ◆ ended"
    )
    panel = canvas.panel(bottom_in=0.6, top_in=1.1, left_in=1.55, right_in=1.0)
    longest = max(_end_us(life) - _begin_us(life) for life in lives)
    panel.rows(len(lives))
    end_us = max(longest * 1.02, results.lifetime_us * 1.04)
    panel.x_axis(clock(0, end_us), "since it was sent")
    panel.vertical_grid()
    panel.upright(results.lifetime_us, Role.BAD, width_pt=1.2)
    panel.text(
        (results.lifetime_us, 1),
        duration(results.lifetime_us),
        up=True,
        shift_pt=(0, 4),
        side="center",
        height="bottom",
        role=Role.BAD,
    )
    for row, life in enumerate(lives):
        _draw_life(panel, row, life)
    return canvas


def _draw_life(panel: AxesView, row: int, life: Life) -> None:
    begin_us = _begin_us(life)
    role = OUTCOME_ROLES[life.outcome]
    panel.text(
        (0, row),
        f"{life.outcome.value}  {life.number}",
        across=True,
        shift_pt=(-8, 0),
        side="right",
        role=Role.SOFT,
    )
    panel.strips(row, [(0, _end_us(life) - begin_us)], role, thickness=0.4)
    for kind, mark in MARKED:
        at = [float(m.at_us - begin_us) for m in life.moments if clean(m.kind) == kind]
        if at:
            panel.dots(at, [float(row)] * len(at), Role.INK, mark=mark, size_pt=4.5)
