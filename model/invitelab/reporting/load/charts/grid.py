"""A grid of two values: a heat map for each objective, with its bound drawn."""

from collections.abc import Callable, Mapping, Sequence
from math import log10

from invitelab.formats.results import Objective, ObjectiveVerdict
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    clean,
    exact,
    quantity,
    sentence,
    short,
)
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.charts.objectives import ratio
from invitelab.reporting.load.grid_text import (
    axes_of,
    cell_text,
    missed_by,
    objective_name,
)
from invitelab.reporting.load.objective_text import objective_found, statement
from invitelab.reporting.load.percentile_curve import NEVER
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.style import WIDTH_IN
from invitelab.reporting.load.plotting.ticks import Scale
from invitelab.reporting.load.tables import Table

NAME = "grid"
TITLE = "Which points meet their objectives"
LEFT_IN, RIGHT_IN = 1.25, 0.3
ROW_IN = 0.42
LETTER_IN = 0.082
PALEST, STRONGEST = 0.14, 0.55
MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
ROLES = {MET: Role.ACCEPTED, MISSED: Role.REFUSED}

Cells = Mapping[tuple[int, int], SweepPoint]
"""The points by column and row."""


def charts(sweep: Sweep) -> tuple[Chart, ...]:
    """The chart of all objectives together, and one of each."""
    if not sweep.points:
        return ()
    objectives = sweep.points[0].results.objectives
    whole = _chart(
        sweep,
        name=NAME,
        title=TITLE,
        description=_whole(sweep),
        heat=_verdict,
    )
    return (
        whole,
        *(
            _chart(
                sweep,
                name=f"{NAME}-{place + 1}",
                title=statement(one),
                description=_sentence(sweep, place),
                heat=_heat_of(place),
            )
            for place, one in enumerate(objectives)
        ),
    )


Heat = Callable[[SweepPoint], tuple[ObjectiveVerdict, float, str]]
"""The verdict on a point, how far from the bound from 0 to 1, and its words."""


def _verdict(point: SweepPoint) -> tuple[ObjectiveVerdict, float, str]:
    results = point.results
    if not results.complete:
        return ObjectiveVerdict.UNDECIDED, 0.0, "! incomplete"
    missed = missed_by(point)
    text = objective_name(missed[0]) if len(missed) == 1 else f"{len(missed)} missed"
    sign = OBJECTIVE_SIGNS[results.verdict]
    words = f"{sign} {text}" if missed else f"{sign} {results.verdict.value}"
    return results.verdict, min(len(missed) / 3, 1.0), words


def _heat_of(place: int) -> Heat:
    def heat(point: SweepPoint) -> tuple[ObjectiveVerdict, float, str]:
        one = point.results.objectives[place]
        return (
            one.verdict,
            _distance(one),
            f"{OBJECTIVE_SIGNS[one.verdict]} {_found(one)}",
        )

    return heat


def _distance(one: Objective) -> float:
    """How far from the bound it is: 1 at a tenth, ten times or never."""
    if one.endless:
        return 1.0
    if one.estimate is None:
        return 0.0
    times = ratio(one.estimate.mean, one.bound)
    return 1.0 if times in {0.0, float("inf")} else min(abs(log10(times)), 1.0)


def _found(one: Objective) -> str:
    if one.endless:
        return NEVER
    return quantity(one.estimate.mean, one.unit) if one.estimate else "-"


def _whole(sweep: Sweep) -> str:
    verdicts = [_verdict(point)[0] for point in sweep.points]
    text = f"All objectives together: {_counted(verdicts)}."
    line = " The thick line is between the points that meet them and the others."
    return text + (line if 0 < verdicts.count(MET) < len(verdicts) else "")


def _counted(verdicts: Sequence[ObjectiveVerdict]) -> str:
    parts = [
        f"{verdict.value} at {verdicts.count(verdict)}"
        for verdict in ObjectiveVerdict
        if verdict in verdicts
    ]
    return f"of {len(verdicts)} points, {', '.join(parts)}"


def _sentence(sweep: Sweep, place: int) -> str:
    verdicts = [point.results.objectives[place].verdict for point in sweep.points]
    one = sweep.points[0].results.objectives[place]
    text = f"{sentence(_counted(verdicts))}. The bound is {exact(one.bound, one.unit)}"
    if not 0 < verdicts.count(MET) < len(verdicts):
        return f"{text}."
    return (
        f"{text}: the thick line is between the points that meet it and those that do"
        " not."
    )


def _chart(
    sweep: Sweep, *, name: str, title: str, description: str, heat: Heat
) -> Chart:
    firsts, seconds = axes_of(sweep)
    # The second value rises from the bottom, as on any vertical axis.
    cells = {
        (firsts.index(p.value), len(seconds) - 1 - seconds.index(p.second)): p
        for p in sweep.points
    }
    canvas = Canvas(height_in=1.75 + ROW_IN * len(seconds))
    canvas.heading(title, "blue meets, orange misses, the stronger the further from it")
    axes = canvas.add_axes(
        bottom_in=0.7, top_in=1.05, left_in=LEFT_IN, right_in=RIGHT_IN
    )
    _draw(axes, sweep, cells, heat)
    return Chart(
        name=name,
        title=title,
        description=description,
        picture=canvas.finish(name=name, title=title, description=description),
        table=_table(sweep, name),
    )


def _table(sweep: Sweep, name: str) -> Table:
    place = None if name == NAME else int(name.removeprefix(f"{NAME}-")) - 1
    return Table(
        columns=(clean(sweep.path), clean(sweep.second_path), "verdict"),
        rows=tuple(
            (clean(point.value), clean(point.second), _words(point, place))
            for point in sweep.points
        ),
        text_columns=(0, 1, 2),
    )


def _words(point: SweepPoint, place: int | None) -> str:
    if place is None:
        return cell_text(point)
    one = point.results.objectives[place]
    sign = OBJECTIVE_SIGNS[one.verdict]
    return f"{sign} {one.verdict.value}: {objective_found(one, point.results)}"


# Drawing


def _draw(axes: AxesView, sweep: Sweep, cells: Cells, heat: Heat) -> None:
    firsts, seconds = axes_of(sweep)
    columns, rows = len(firsts), len(seconds)
    width_in = (WIDTH_IN - LEFT_IN - RIGHT_IN) / columns
    letters = max(int(width_in / LETTER_IN) - 1, 1)
    axes.rows(rows)
    axes.x_axis(_scale(firsts, letters), short(sweep.path, 60))
    axes.caption(short(sweep.second_path, 60))
    for row, text in enumerate(reversed(seconds)):
        axes.text(
            (0, row),
            short(text, 14),
            x_fraction=True,
            shift_pt=(-6, 0),
            side="right",
            role=Role.SOFT,
        )
    for (column, row), point in cells.items():
        verdict, distance, words = heat(point)
        axes.horizontal_bars(
            row,
            [(column + 0.02, column + 0.98)],
            ROLES.get(verdict, Role.EXPIRED),
            thickness=0.96,
            opacity=PALEST + (STRONGEST - PALEST) * distance,
        )
        text = words if len(words) <= letters else words[:1]
        axes.text((column + 0.5, row), text, side="center")
    _draw_bound(axes, {at: heat(point)[0] is MET for at, point in cells.items()})


def _scale(texts: Sequence[str], letters: int) -> Scale:
    return Scale(
        low=0,
        high=len(texts),
        marks=tuple(place + 0.5 for place in range(len(texts))),
        labels=tuple(short(text, max(letters, 3)) for text in texts),
    )


def _draw_bound(axes: AxesView, met: Mapping[tuple[int, int], bool]) -> None:
    """A line between neighbours of which one alone meets the bound."""
    for (column, row), here in met.items():
        if met.get((column + 1, row), here) is not here:
            axes.line([column + 1] * 2, [row - 0.5, row + 0.5], Role.INK, width_pt=2.6)
        if met.get((column, row + 1), here) is not here:
            axes.line([column, column + 1], [row + 0.5] * 2, Role.INK, width_pt=2.6)
