"""Sweeps: the figures of the points, the knee, and the sentences about both."""

from collections.abc import Sequence

from invitelab.formats.results import Estimate, ObjectiveVerdict
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.common.formatting import clean, plural, share
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
    points = sweep.points
    if not points:
        return "There is nothing to draw: the sweep has no points."
    if sweep.second_path:
        return grid_text(sweep)
    if sweep.search is not None:
        return search_text(sweep)
    path = clean(sweep.path)
    text = f"{_met(points)} of {len(points)} values of {path} meet every objective."
    text += _first_met_text(points) + not_met_text(points)
    if not any(point.results.objectives for point in points):
        text = (
            f"The scenario promises nothing at any of {len(points)} values of {path}."
        )
    at = knee(points)
    if any(delay(point) is None for point in points):
        return (
            f"{text} The p99 of the notify delay is not a time at each of them, so no"
            " bend can be told."
        )
    if at is None:
        return text
    found = delay(points[at])
    value = clean(points[at].value)
    return (
        f"{text} The knee is at {value}: beyond it the p99 of the notify delay is more"
        f" than twice the best; there it is {estimate_text(found, 'us')}, and the"
        f" busiest relay pool is {share(utilisation(points[at]).mean)} busy."
    )


def _first_met_text(points: Sequence[SweepPoint]) -> str:
    """The first value from which all do, where it is not the very first."""
    met = [_met([point]) for point in points]
    if not met or met[0] or not met[-1] or sorted(met) != met:
        return ""
    return f" All do from {clean(points[met.index(1)].value)} on."


def _met(points: Sequence[SweepPoint]) -> int:
    """How many points are complete and meet every objective."""
    return sum(
        point.results.complete and point.results.verdict is ObjectiveVerdict.MET
        for point in points
    )


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
