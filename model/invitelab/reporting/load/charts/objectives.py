"""The objectives of a scenario: bound, estimate and interval of each.

Times and shares share an axis, as parts and multiples of their bound.
"""

from collections.abc import Sequence

from invitelab.formats.results import Objective, ObjectiveVerdict, Results
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import percent, quantity, short
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.objective_text import (
    interval_text,
    objective_found,
    objective_reason,
    objective_samples,
    objectives_line,
    statement,
)
from invitelab.reporting.load.percentile_curve import NEVER
from invitelab.reporting.load.plotting.axes_view import AxesView
from invitelab.reporting.load.plotting.canvas import Canvas
from invitelab.reporting.load.plotting.ticks import Scale
from invitelab.reporting.load.source_text import no_objectives
from invitelab.reporting.load.tables import Table

NAME = "objectives"
TITLE = "Objectives"
FURTHEST = 16.0
"""Multiples of a bound beyond are drawn as an arrow at the edge."""
CLOSEST = 2.0
"""The axis shows at least half the bound and twice the bound."""
ROW_IN = 0.56
LONGEST = 70
VERDICT_PT = 68
"""From the verdict to the objective: as wide as the longest, `? undecided`."""
MARKS = (
    (1 / 10, "a tenth"),
    (1 / 5, "a fifth"),
    (1 / 2, "half"),
    (1.0, "the bound"),
    (2.0, "twice"),
    (5.0, "5 times"),
    (10.0, "10 times"),
)
ROLES = {
    ObjectiveVerdict.MET: Role.ACCEPTED,
    ObjectiveVerdict.MISSED: Role.REFUSED,
    ObjectiveVerdict.UNDECIDED: Role.SOFT,
    ObjectiveVerdict.NOT_APPLICABLE: Role.SOFT,
}
VERDICT_ROLES = {
    ObjectiveVerdict.MET: Role.GOOD,
    ObjectiveVerdict.MISSED: Role.BAD,
    ObjectiveVerdict.UNDECIDED: Role.INK,
    ObjectiveVerdict.NOT_APPLICABLE: Role.SOFT,
}


def chart(results: Results) -> Chart:
    """The chart of all objectives, in the order of the scenario."""
    description = _description(results)
    picture = None
    if results.judged:
        canvas = _draw(results.judged)
        picture = canvas.finish(name=NAME, title=TITLE, description=description)
    return Chart(
        name=NAME,
        title=TITLE,
        description=description,
        picture=picture,
        table=_table(results),
    )


def _description(results: Results) -> str:
    if not results.objectives:
        return no_objectives(results)
    reasons = [
        f"{short(statement(one), LONGEST)}: {objective_reason(one, results)}."
        for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED)
        for one in results.objectives
        if one.verdict is verdict
    ]
    return " ".join([f"{objectives_line(results)}.", *reasons])


def _table(results: Results) -> Table:
    return Table(
        columns=("objective", "verdict", "bound", "found", "samples", "why"),
        rows=tuple(
            (
                statement(objective),
                f"{OBJECTIVE_SIGNS[objective.verdict]} {objective.verdict.value}",
                quantity(objective.bound, objective.unit),
                objective_found(objective, results),
                objective_samples(objective),
                objective_reason(objective, results),
            )
            for objective in results.objectives
        ),
        text_columns=(0, 1, 5),
    )


def _draw(objectives: Sequence[Objective]) -> Canvas:
    canvas = Canvas(height_in=1.55 + ROW_IN * len(objectives))
    canvas.heading(
        TITLE,
        f"estimate and {_confidence(objectives)} interval, as parts and multiples of"
        " the bound, log scale; the shaded side breaks the promise",
    )
    axes = canvas.add_axes(bottom_in=0.5, top_in=0.9, right_in=1.95)
    reach = _reach(objectives)
    axes.rows(len(objectives))
    axes.x_axis(
        Scale(
            low=1 / reach,
            high=reach,
            marks=tuple(at for at, _ in MARKS if 1 / reach <= at <= reach),
            labels=tuple(label for at, label in MARKS if 1 / reach <= at <= reach),
            logarithmic=True,
        )
    )
    for row, objective in enumerate(objectives):
        _draw_row(axes, row, objective, reach)
    return canvas


def _confidence(objectives: Sequence[Objective]) -> str:
    """The confidence of the intervals, which is the same for all of a scenario."""
    return percent(min(objective.confidence for objective in objectives))


def ratio(value: float, bound: float) -> float:
    """A value as a multiple of its bound; for a bound of zero, 1 or infinity."""
    if bound > 0:
        return max(value / bound, 0.0)
    return 1.0 if value <= 0 else float("inf")


def _reach(objectives: Sequence[Objective]) -> float:
    """The factor from the bound to either end of the axis."""
    ratios = [
        ratio(value, objective.bound)
        for objective in objectives
        if (found := objective.estimate) is not None
        for value in (found.mean, found.low, found.high)
        if value is not None
    ]
    factors = [max(one, 1 / one) for one in ratios if one > 0]
    return min(max([CLOSEST, *factors]) * 1.15, FURTHEST)


def _draw_row(axes: AxesView, row: int, objective: Objective, reach: float) -> None:
    bad = (1.0, reach) if objective.at_most else (1 / reach, 1.0)
    good = (1 / reach, 1.0) if objective.at_most else (1.0, reach)
    axes.horizontal_bars(row + 0.16, [bad], Role.REFUSED, opacity=0.16, thickness=0.36)
    axes.horizontal_bars(row + 0.16, [good], Role.GRID, thickness=0.36, opacity=0.6)
    # Not through the words between the rows.
    axes.line([1, 1], [row - 0.06, row + 0.38], Role.INK, width_pt=1.2)
    # The verdict comes first: on a narrow screen it has to be seen without scrolling.
    verdict = f"{OBJECTIVE_SIGNS[objective.verdict]} {objective.verdict.value}"
    role = VERDICT_ROLES[objective.verdict]
    axes.text((0, row - 0.24), verdict, x_fraction=True, role=role, bold=True)
    axes.text(
        (0, row - 0.24),
        short(statement(objective), LONGEST),
        x_fraction=True,
        shift_pt=(VERDICT_PT, 0),
        halo=True,
        size_pt=9.5,
    )
    found = objective.estimate
    text = NEVER if objective.endless else "not measured"
    if found is not None:
        text = quantity(found.mean, objective.unit)
    axes.text((1, row + 0.06), text, x_fraction=True, shift_pt=(12, 0))
    if objective.endless:
        role = ROLES[objective.verdict]
        axes.dots([reach], [row + 0.16], role, mark=">")
    if found is None:
        return
    axes.text(
        (1, row + 0.32),
        interval_text(found, objective.unit).strip(),
        x_fraction=True,
        shift_pt=(12, 0),
        role=Role.SOFT,
        size_pt=8.5,
    )
    _draw_estimate(axes, row + 0.16, objective, reach)


def _draw_estimate(
    axes: AxesView, height: float, objective: Objective, reach: float
) -> None:
    found = objective.estimate
    if found is None:
        return
    role = ROLES[objective.verdict]
    if found.low is not None and found.high is not None:
        low, high = (
            min(max(ratio(value, objective.bound), 1 / reach), reach)
            for value in (found.low, found.high)
        )
        axes.line([low, high], [height, height], role, width_pt=2.4, over=4)
    at = ratio(found.mean, objective.bound)
    hollow = objective.verdict is ObjectiveVerdict.UNDECIDED
    if at < 1 / reach:
        axes.dots([1 / reach], [height], role, mark="<", hollow=hollow)
    elif at > reach:
        axes.dots([reach], [height], role, mark=">", hollow=hollow)
    else:
        axes.dots([at], [height], role, hollow=hollow, size_pt=7)
