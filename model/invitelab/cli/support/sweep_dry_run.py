"""`sweep --dry-run`: which points would be run, and about how much work that is."""

from collections.abc import Callable, Mapping, Sequence

import click

from invitelab.cli.support.dry_run import (
    cpu_text,
    labelled,
    memory_text,
    plan_answer,
    planned_for,
    workers_of,
    workers_text,
)
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import HARNESS, answer
from invitelab.cli.support.run_simulation import default_folder
from invitelab.cli.support.run_sweep import Values, ends_of, point_of, points_of
from invitelab.errors import ExitCode
from invitelab.formats.command_output import (
    Planned,
    PlannedPoint,
    SweepPlanned,
    SweepPlanOutput,
)
from invitelab.reporting.common.formatting import clean, duration, grouped, plural
from invitelab.study.estimate import estimate
from invitelab.study.offered_load import OVERLOADED
from invitelab.study.plan import plan
from invitelab.study.search import most_tests
from invitelab.study.sweep import Setting

MOST_NAMED = 6
"""Values that are listed; of more, the first and the last one."""


def dry_run_sweep(
    request: ScenarioRequest, swept: Mapping[str, Values], settings: Settings
) -> int:
    """Print what a sweep would run; the exit code, 0.

    Raises UsageError for whatever would be wrong with a point or the options.
    """
    points = points_of(request, swept, settings)
    path, second_path = [*swept, ""][:2]
    told = "; ".join(f"{path}: {_values(list(swept[path]))}" for path in swept)
    found = _planned(points, path, settings, most=len(points), values=len(points))
    found = found.model_copy(update={"second_path": second_path or None})
    return _tell(found, told)


def dry_run_search(
    request: ScenarioRequest, path: str, texts: Sequence[str], settings: Settings
) -> int:
    """Print how many values a search would try at most; the exit code, 0.

    Raises UsageError as a search does. The estimate is of the values that it tries if
    the end that takes longer is near what it looks for.
    """
    first, last = ends_of(request, path, texts, settings)
    longer = max((0, len(texts) - 1), key=lambda at: _cpu_s((first, last)[at > 0]))
    between = [
        point_of(request, {path: texts[place]}, settings)
        for place in halvings(len(texts), longer)
    ]
    most = min(most_tests(len(texts)), len(texts))
    found = _planned(
        (first, *between, last),
        path,
        settings,
        most=most,
        values=len(texts),
        search=True,
    )
    return _tell(found, f"{path}: {_values(texts)}")


def _cpu_s(point: Setting) -> float:
    """What one replication takes."""
    (job, *_) = plan(point.loaded, seed=None, replications=1).begin()
    return estimate(job).cpu_s


def halvings(values: int, end: int) -> list[int]:
    """The places that a bisection tries on its way to one end, in ascending order."""
    low, high, found = 0, values - 1, list[int]()
    while high - low > 1:
        middle = (low + high) // 2
        found.append(middle)
        low, high = (low, middle) if end == 0 else (middle, high)
    return sorted(found)


def _values(texts: Sequence[str]) -> str:
    if len(texts) <= MOST_NAMED:
        return clean(", ".join(texts))
    return clean(f"{texts[0]} to {texts[-1]}")


def _planned(
    points: Sequence[Setting],
    path: str,
    settings: Settings,
    *,
    most: int,
    values: int,
    search: bool = False,
) -> SweepPlanned:
    folder = settings.output or default_folder("sweep", points[0].loaded)
    plans = [planned_for(one.loaded, settings, folder) for one in points]
    jobs = [
        job
        for one in points
        for job in plan(
            one.loaded, seed=settings.seed, replications=settings.replications
        ).begin()
    ]
    cpu_s = sum(one.cpu_s or 0.0 for one in plans)
    return SweepPlanned(
        path=clean(path),
        second_path=None,
        search=search,
        values=values,
        most_points=most,
        runs=most * plans[0].replications,
        workers=workers_of(jobs, settings),
        # Where values are undecided, a search tries as many again.
        cpu_s=cpu_s * most / len(plans),
        memory_bytes=max(one.memory_bytes or 0.0 for one in plans),
        report=folder.as_posix(),
        points=tuple(
            PlannedPoint(
                value=clean(one.text), second=clean(one.second_text) or None, plan=made
            )
            for one, made in zip(points, plans, strict=True)
        ),
    )


def _tell(found: SweepPlanned, swept: str) -> int:
    first = found.points[0].plan
    title = f"{clean(first.title)}: valid, and nothing was run"
    lines = [title, *labelled(_words(found, swept))]
    for line in lines:
        click.echo(line)
    answer(
        lambda: plan_answer(
            lambda code: SweepPlanOutput(harness=HARNESS, exit_code=code, plan=found),
            lines,
            f"sweep {first.name}",
        )
    )
    return ExitCode.CONFORMANT


def _words(found: SweepPlanned, swept: str) -> dict[str, str]:
    plans = [one.plan for one in found.points]
    at_most = "at most " if found.search else ""
    return {
        "swept": swept,
        "points": f"{at_most}{_points(found)}",
        "people": f"{_either(plans, lambda one: grouped(one.clients))} clients",
        "attempts": f"{_either(plans, _attempts)} expected in a replication",
        "time": _either(plans, _time),
        "runs": f"{at_most}{_runs(found)}",
        "objectives": _either(plans, lambda one: str(one.objectives)),
        "engine": _engines(plans, search=found.search),
        "workers": workers_text(found.workers),
        "CPU time": at_most + cpu_text(found.cpu_s, _overload(found)),
        "memory": memory_text(found.memory_bytes),
        "report": found.report,
    }


def _points(found: SweepPlanned) -> str:
    if found.search:
        return f"{found.most_points} of {plural(found.values, 'value')}"
    return grouped(found.most_points)


def _runs(found: SweepPlanned) -> str:
    one = found.points[0].plan
    text = f"{grouped(found.runs)}, {plural(one.replications, 'replication')} of each"
    if one.max_replications is not None:
        text += f" and up to {one.max_replications} until all is decided"
    return f"{text}, seed {one.seed}"


def _attempts(one: Planned) -> str:
    return grouped(round(one.attempts))


def _time(one: Planned) -> str:
    return (
        f"{duration(one.duration_us)}, {duration(one.warm_up_us)} of it warm-up; the"
        f" world ends at {duration(one.end_us)}"
    )


def _either(plans: Sequence[Planned], tell: Callable[[Planned], str]) -> str:
    """What all have in common, or the text of the first one and of the last one."""
    texts = list(dict.fromkeys(map(tell, plans)))
    return texts[0] if len(texts) == 1 else f"{texts[0]} to {texts[-1]}"


def _engines(plans: Sequence[Planned], *, search: bool) -> str:
    """Each engine, with the reason for it, and at how many points of a sweep."""
    counts: dict[str, int] = {}
    for one in plans:
        because = f": {one.engine_because}" if one.engine_because else ""
        name = f"{one.engine}{because}"
        counts[name] = counts.get(name, 0) + 1
    if len(counts) == 1 or search:
        return ", or ".join(sorted(counts))  # the one with a reason last
    return "; ".join(
        f"at {plural(number, 'point')} {name}" for name, number in counts.items()
    )


def _overload(found: SweepPlanned) -> str:
    """At how many points the relay is overloaded; empty where it is at none."""
    loads = [one.plan.relay_load or 0.0 for one in found.points]
    over = [load for load in loads if load >= OVERLOADED]
    if not over:
        return ""
    where = f"{len(over)} of {plural(len(loads), 'point')}"
    if found.search:
        where = "some values" if len(over) < len(loads) else "all values"
    return f"the relay is overloaded at {where}, up to {max(over):.1f} times"
