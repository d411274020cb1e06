"""Sweeps: the figures of the points, the knee, and the sentences about both."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from invitelab.formats.results import Estimate, ObjectiveVerdict
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.common.formatting import clean, plural, sentence, share
from invitelab.reporting.load.grid_text import grid_text, not_met_text, search_text
from invitelab.reporting.load.objective_text import estimate_text
from invitelab.reporting.load.percentile_curve import NEVER, estimate_at, never_at
from invitelab.reporting.load.summary import busiest

METRIC = "notify_delay"
QUANTILE = 0.99
BEND = 2.0
"""Multiples of the best delay from which a point is beyond the knee."""


def delay(point: SweepPoint) -> Estimate | None:
    """The p99 of the notify delay in microseconds; None with too few samples."""
    found = point.results.distribution(METRIC)
    return estimate_at(found, QUANTILE) if found else None


def delay_text(point: SweepPoint) -> str:
    """The same as text, with its interval: a time, `never` or `not measured`."""
    notify = point.results.distribution(METRIC)
    if notify is not None and never_at(notify, QUANTILE):
        return NEVER
    return estimate_text(delay(point), "us")


def utilisation(point: SweepPoint) -> Estimate:
    """The utilisation of the busiest pool of the relay, 0 to 1."""
    pool = busiest(point.results)
    return pool.utilisation if pool else Estimate(mean=0.0)


def knee(points: Sequence[SweepPoint]) -> int | None:
    """The last point whose delay is near the best one, before it rises for good.

    From whichever end the delay grows. None where it stays near the best everywhere,
    or leaves and comes back: then there is no one place where it bends.
    """
    delays = [found.mean if (found := delay(point)) else None for point in points]
    known = [value for value in delays if value is not None]
    if len(known) < len(delays) or len(known) < 3:  # noqa: PLR2004 - a bend has three
        return None
    calm = [value <= BEND * min(known) for value in known]
    inside = sum(calm)
    if inside == len(calm):
        return None
    if all(calm[:inside]):
        return inside - 1
    return len(calm) - inside if all(calm[-inside:]) else None


def sweep_text(sweep: Sweep) -> str:
    """How many points meet their objectives, and where the knee is."""
    return " ".join(filter(None, (verdict_text(sweep), bend_text(sweep))))


def verdict_text(sweep: Sweep) -> str:
    """How many points meet their objectives, from which one on, and what is missed."""
    points = sweep.points
    if not points:
        return "There is nothing to draw: the sweep has no points."
    if sweep.second_path:
        return grid_text(sweep)
    if sweep.search is not None:
        return search_text(sweep)
    path = clean(sweep.path)
    if not any(point.results.objectives for point in points):
        return (
            f"The scenario promises nothing at any of {len(points)} values of {path}."
        )
    met = sum(map(is_met, points))
    text = f"{met} of {len(points)} values of {path} meet every objective."
    return text + _turn_text(points) + not_met_text(points)


def bend_text(sweep: Sweep) -> str:
    """Where the delay bends, or why nobody can tell; may be empty."""
    points = sweep.points
    if not points or sweep.second_path or sweep.search is not None:
        return ""
    if any(delay(point) is None for point in points):
        return (
            "The p99 of the notify delay is not a time at each of them, so no bend can"
            " be told."
        )
    at = knee(points)
    if at is None:
        return ""
    found = delay(points[at])
    value = clean(points[at].value)
    return (
        f"The knee is at {value}: beyond it the p99 of the notify delay is more than"
        f" twice the best; there it is {estimate_text(found, 'us')}, and the busiest"
        f" relay pool is {share(utilisation(points[at]).mean)} busy."
    )


def curve_text(sweep: Sweep) -> str:
    """What the curves of delay and load show from the first point to the last."""
    points = sweep.points
    if not points:
        return verdict_text(sweep)
    first, last = points[0], points[-1]
    ends = clean(f"at {first.value}")
    is_, delays, loads = "is", delay_text(first), share(utilisation(first).mean)
    if len(points) > 1:
        ends = clean(f"from {first.value} to {last.value}")
        is_, delays = "goes", f"from {delays} to {delay_text(last)}"
        loads = f"from {loads} to {share(utilisation(last).mean)}"
    text = (
        f"{sentence(ends)}, the p99 of the notify delay {is_} {delays}, and the load"
        f" of the busiest relay pool {loads}."
    )
    return " ".join(filter(None, (text, bend_text(sweep))))


def turn(points: Sequence[SweepPoint]) -> tuple[str, SweepPoint] | None:
    """Where the values begin to meet every objective, or cease to.

    `from` with the first of them if those before it alone do not, `up to` with the
    last if those after it alone do not. None where all do or none, where they change
    more often, and where the values are no numbers that ascend.
    """
    numbers = [point.number for point in points if point.number is not None]
    if len(numbers) < len(points) or any(a >= b for a, b in pairwise(numbers)):
        return None
    runs = [(met, list(group)) for met, group in groupby(points, is_met)]
    if len(runs) != 2:  # noqa: PLR2004 - it turns once
        return None
    (first_met, before), (_, after) = runs
    return ("up to", before[-1]) if first_met else ("from", after[0])


def _turn_text(points: Sequence[SweepPoint]) -> str:
    match turn(points):
        case ("from", point):
            return f" All do from {clean(point.value)} on."
        case (_, point):
            return f" All do up to {clean(point.value)}."
        case None:
            return ""


def is_met(point: SweepPoint) -> bool:
    """Whether a point is complete and meets every objective."""
    return point.results.complete and point.results.verdict is ObjectiveVerdict.MET


def sweep_title(sweep: Sweep) -> str:
    """The title of the scenario, and how many points are complete if not all are."""
    complete = sum(point.results.complete for point in sweep.points)
    title = clean(sweep.title)
    if complete == sweep.points_planned:
        return title
    return f"{title} (INCOMPLETE: {complete} of {sweep.points_planned} points)"


def sweep_line(sweep: Sweep) -> str:
    """The number of points, and their seeds."""
    points = plural(len(sweep.points), "point")
    seeds = sorted({point.results.seed for point in sweep.points})
    of = ", ".join(map(str, seeds))
    return (
        f"{points}, {'seed' if len(seeds) == 1 else 'seeds'} {of}" if seeds else points
    )
