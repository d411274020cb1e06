"""Grids of two values, and searches for the smallest value, as sentences and names."""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.formats.results import Objective, ObjectiveVerdict
from invitelab.formats.several_results import SearchEnd, Sweep, SweepPoint
from invitelab.reporting.common.formatting import (
    clean,
    file_name,
    listed,
    percentile,
    plural,
    spoken,
)
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.objective_text import statement
from invitelab.reporting.load.summary import headline

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED

MOST_NAMED = 6
"""Points of a grid that a sentence names; of more it says how many they are."""


def point_page(number: int, point: SweepPoint) -> str:
    """The path of a point's own report below that of the sweep."""
    texts = [point.value, point.second] if point.second else [point.value]
    return f"points/{number:03}-{'-'.join(map(file_name, texts))}.html"


def has_point_pages(sweep: Sweep) -> bool:
    """Whether each point has a report of its own: in a grid and in a search."""
    return bool(sweep.second_path or sweep.search)


def axes_of(sweep: Sweep) -> tuple[list[str], list[str]]:
    """The first and the second values of a grid, in their order."""
    return (
        list(dict.fromkeys(point.value for point in sweep.points)),
        list(dict.fromkeys(point.second for point in sweep.points)),
    )


def objective_name(objective: Objective) -> str:
    """An objective in few words: `notify delay p99`."""
    name = spoken(objective.metric)
    if objective.quantile is not None:
        return f"{name} {percentile(objective.quantile)}"
    return f"{name} {objective.statistic}" if objective.statistic else name


def missed_by(point: SweepPoint) -> list[Objective]:
    """The objectives that a point misses."""
    return [one for one in point.results.objectives if one.verdict is MISSED]


def cell_text(point: SweepPoint) -> str:
    """The verdict on a point, with the objectives that it misses or leaves open."""
    results = point.results
    sign = OBJECTIVE_SIGNS[results.verdict] if results.complete else "!"
    of_note = missed_by(point) or [
        one for one in results.objectives if one.verdict is results.verdict
    ]
    if not results.complete or not results.judged or results.verdict is MET:
        return f"{sign} {headline(results).lower()}"
    return f"{sign} {', '.join(objective_name(one) for one in of_note)}"


def swept(sweep: Sweep) -> str:
    """The path of the values that were tried; of a grid `FIRST by SECOND`."""
    return clean(" by ".join(filter(None, (sweep.path, sweep.second_path))))


def grid_text(sweep: Sweep) -> str:
    """How many points of a grid meet their objectives, and which ones are missed."""
    points = sweep.points
    if not any(point.results.objectives for point in points):
        return (
            f"The scenario promises nothing at any of {len(points)} points of"
            f" {swept(sweep)}."
        )
    met = sum(one.results.complete and one.results.verdict is MET for one in points)
    text = f"{met} of {len(points)} points of {swept(sweep)} meet every objective."
    return text + not_met_text(points)


def not_met_text(points: Sequence[SweepPoint]) -> str:
    """Which objectives are missed or undecided, and at which points; may be empty."""
    text = ""
    for title, verdict in (("Missed", MISSED), ("Undecided", UNDECIDED)):
        parts = [
            f"{statement(first)} at {_where(points, place, verdict)}"
            for place, first in enumerate(points[0].results.objectives)
            if any(one.results.objectives[place].verdict is verdict for one in points)
        ]
        text += f" {title}: {'; '.join(parts)}." if parts else ""
    return text


def _where(points: Sequence[SweepPoint], place: int, verdict: ObjectiveVerdict) -> str:
    """The values of the points with a verdict on an objective, or how many they are.

    Of a grid, first values are listed for each second one: `1 and 2 by 40/s`.
    """
    found: dict[str, list[str]] = {}
    for point in points:
        if point.results.objectives[place].verdict is verdict:
            found.setdefault(point.second, []).append(point.value)
    number = sum(map(len, found.values()))
    if number == len(points):
        return f"all {number} points"
    if number > MOST_NAMED:
        return f"{number} points"
    return " and ".join(
        listed(list(map(clean, firsts))) + (f" by {clean(second)}" if second else "")
        for second, firsts in found.items()
    )


def search_text(sweep: Sweep) -> str:
    """What a search found, how many runs it took, and what it rests on."""
    found = sweep.search
    if found is None:
        return ""
    path = clean(sweep.path)
    among = f"{plural(found.values, 'value')} from {found.first} to {found.last}"
    if found.end is SearchEnd.NONE:
        text = f"None of {among} of {path} meets all objectives: {found.last} misses"
        text += f" {_names(sweep, found.last)}."
    elif found.end is SearchEnd.FOUND:
        text = f"{path} = {found.smallest} is the smallest of {among} that meets all"
        text += " objectives"
        if found.missing:
            text += f"; {found.missing} misses {_names(sweep, found.missing)}"
        text += "."
    else:
        text = f"Undecided: of {among} of {path}, {_known(sweep)}. More replications"
        text += " (--replications) would tell more."
    runs = sum(len(point.results.replications) for point in sweep.points)
    return (
        f"{text} {plural(len(sweep.points), 'value was', 'values were')} tried in"
        f" {plural(runs, 'run')}; all verdicts together hold with 95 % confidence. It"
        " is assumed that a larger value is never worse."
    )


def _known(sweep: Sweep) -> str:
    found = sweep.search
    assert found is not None, "asked of a search alone"
    met = f"{found.smallest} meets all objectives" if found.smallest else ""
    missing = f"{found.missing} misses one" if found.missing else ""
    if met and missing:
        return f"{met} and {missing}, and what is between them is not decided"
    if met:
        return f"{met}, and what is below it is not decided"
    return f"{missing}, and none above it is decided" if missing else "none is decided"


def _names(sweep: Sweep, value: str) -> str:
    """The objectives that a value misses."""
    points = [one for one in sweep.points if one.value == value]
    names = [objective_name(one) for point in points for one in missed_by(point)]
    return listed(names) or "one"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of the table of a grid: its words, the report it links to, its class."""

    text: str
    page: str
    verdict: str


def grid_rows(sweep: Sweep) -> list[tuple[str, list[GridCell | None]]]:
    """A row for each second value; None where an interrupted sweep has no point."""
    firsts, seconds = axes_of(sweep)
    cells = {
        (point.value, point.second): GridCell(
            cell_text(point), point_page(number, point), point.results.verdict.value
        )
        for number, point in enumerate(sweep.points)
    }
    return [
        (second, [cells.get((first, second)) for first in firsts]) for second in seconds
    ]
