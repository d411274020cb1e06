"""The verdict on a sweep, and its key figures, at the top of its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invitelab.formats.results import ObjectiveVerdict
from invitelab.formats.several_results import SearchEnd, Sweep, SweepPoint
from invitelab.reporting.common.formatting import clean, grouped, share, short
from invitelab.reporting.common.signs import OBJECTIVE_SIGNS
from invitelab.reporting.load.grid_text import axes_of, swept
from invitelab.reporting.load.percentile_curve import quantile_text
from invitelab.reporting.load.sweep_summary import (
    METRIC,
    QUANTILE,
    is_met,
    knee,
    turn,
    utilisation,
    verdict_text,
)

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED
NO_OBJECTIVES = "\N{EN DASH}"
LONGEST = 24
"""Characters of a value in a heading."""
MOST_SECONDS = 6
"""Second values of a grid that have a figure each."""

Card = tuple[str, str]
"""A figure and its caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepVerdict:
    """The verdict box: the class of its looks, its heading, and its sentences.

    The class is empty where the verdict is neither good nor bad.
    """

    looks: str
    heading: str
    text: str


def sweep_verdict(sweep: Sweep) -> SweepVerdict | None:
    """The verdict on all points together; None where there are none."""
    if not sweep.points:
        return None
    verdict, words = _heading(sweep)
    sign = NO_OBJECTIVES if verdict is None else OBJECTIVE_SIGNS[verdict]
    return SweepVerdict(
        looks="" if verdict is None else verdict.value,
        heading=f"{sign} {words}",
        text=verdict_text(sweep),
    )


def _heading(sweep: Sweep) -> tuple[ObjectiveVerdict | None, str]:
    """The verdict, None where it is neither good nor bad, and its words."""
    points = sweep.points
    if not any(point.results.judged for point in points):
        return None, "NO OBJECTIVES"
    if sweep.search is not None:
        value = short(sweep.search.smallest, LONGEST)
        return {
            SearchEnd.FOUND: (MET, f"FOUND: {value}"),
            SearchEnd.NONE: (MISSED, "NONE FOUND"),
            SearchEnd.UNDECIDED: (UNDECIDED, "UNDECIDED"),
        }[sweep.search.end]
    met = sum(map(is_met, points))
    if met == len(points):
        return MET, "MET"
    if not met:
        missed = all(point.results.verdict is MISSED for point in points)
        return (MISSED, "MISSED") if missed else (UNDECIDED, "UNDECIDED")
    match None if sweep.second_path else turn(points):
        case ("from", point):
            return MET, f"MET FROM {short(point.value, LONGEST)} ON"
        case (_, point):
            return MET, f"MET UP TO {short(point.value, LONGEST)}"
        case None:
            return None, f"MET AT {met} OF {len(points)}"


def sweep_cards(sweep: Sweep) -> list[Card]:
    """The key figures; none where nothing is promised."""
    if not any(point.results.judged for point in sweep.points):
        return []
    if sweep.search is not None:
        return list(_search_cards(sweep))
    return list(_grid_cards(sweep) if sweep.second_path else _line_cards(sweep))


def _search_cards(sweep: Sweep) -> Iterator[Card]:
    found, path = sweep.search, clean(sweep.path)
    assert found is not None, "asked of a search alone"
    smallest = short(found.smallest, LONGEST)
    if found.end is SearchEnd.FOUND:
        yield smallest, f"smallest value of {path} that meets every objective"
    elif smallest:
        yield smallest, f"value of {path} that meets every objective"
    if found.missing:
        yield (
            short(found.missing, LONGEST),
            f"largest value of {path} known to miss one",
        )
    for point in sweep.points:
        if found.smallest and point.value == found.smallest:
            yield from _cards_at(point)
    tried = len(sweep.points)
    yield f"{tried} of {grouped(found.values)}", f"values of {path} tried"
    runs = sum(len(point.results.replications) for point in sweep.points)
    yield grouped(runs), "run in all" if runs == 1 else "runs in all"


def _line_cards(sweep: Sweep) -> Iterator[Card]:
    points, path = sweep.points, clean(sweep.path)
    best = _best(points)
    if best is not None:
        which, point = best
        value = short(point.value, LONGEST)
        yield value, f"{which} value of {path} that meets every objective"
        yield from _cards_at(point)
    met = sum(map(is_met, points))
    yield f"{met} of {len(points)}", f"values of {path} meet every objective"
    at = knee(points)
    if at is not None:
        yield (
            short(points[at].value, LONGEST),
            "knee: beyond it the notify delay p99 is more than twice the best",
        )


def _best(points: Sequence[SweepPoint]) -> tuple[str, SweepPoint] | None:
    """The value at which the verdict turns; where all are met, the first one tried."""
    match turn(points):
        case ("from", point):
            return "smallest", point
        case (_, point):
            return "largest", point
        case None if all(map(is_met, points)):
            return "first", points[0]
        case None:
            return None


def _cards_at(point: SweepPoint) -> Iterator[Card]:
    """What was measured at the value that is enough."""
    value = short(point.value, LONGEST)
    notify = point.results.distribution(METRIC)
    if notify is not None and (notify.curve or notify.never):
        yield quantile_text(notify, QUANTILE), f"notify delay p99 at {value}"
    if point.results.pools:
        load = share(utilisation(point).mean)
        yield load, f"busiest relay pool busy at {value}"


def _grid_cards(sweep: Sweep) -> Iterator[Card]:
    points, seconds = sweep.points, axes_of(sweep)[1]
    met = sum(map(is_met, points))
    yield f"{met} of {len(points)}", f"points of {swept(sweep)} meet every objective"
    for second in seconds if len(seconds) <= MOST_SECONDS else ():
        row = [point for point in points if point.second == second]
        best = _best(row)
        if best is not None:
            which, point = best
            value = short(point.value, LONGEST)
            yield (
                value,
                f"{which} {clean(sweep.path)} that is enough at {clean(second)}",
            )
        elif not any(map(is_met, row)):
            yield "none", f"of {clean(sweep.path)} is enough at {clean(second)}"
