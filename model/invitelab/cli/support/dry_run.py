"""`simulate --dry-run`: what would be run, and about how much work that is."""

import click

from invitelab.adapters.target import Target
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import HARNESS, Answer, answer
from invitelab.cli.support.run_simulation import default_folder, load
from invitelab.cli.support.run_target import TargetRequest
from invitelab.errors import ExitCode
from invitelab.formats.command_output import Planned, PlanOutput
from invitelab.reporting.common.formatting import duration, grouped, plural
from invitelab.reporting.common.github import Annotation, AnnotationLevel
from invitelab.reporting.common.markdown import plain
from invitelab.study.effort import EVENTS_S, attempts, seconds, workers_for
from invitelab.study.offered_load import OVERLOADED, offered_load
from invitelab.study.plan import plan
from invitelab.study.replication import Job, why_events
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.file import Loaded

OVERLOAD = "the relay is overloaded, so that messages are repeated"


def dry_run(
    request: ScenarioRequest, settings: Settings, wanted: TargetRequest | None
) -> int:
    """Print what a simulation would run; the exit code, 0.

    Raises UsageError for whatever would be wrong with the scenario or the options.
    """
    target = None if wanted is None else wanted.check(settings)
    loaded = load(request)
    jobs = plan(loaded, seed=settings.seed, replications=settings.replications).begin()
    found = _planned(loaded, jobs, settings, target)
    lines = [f"{found.title}: valid, and nothing was run", *_lines(found)]
    for line in lines:
        click.echo(line)
    answer(lambda: _answer(found, lines))
    return ExitCode.CONFORMANT


def _planned(
    loaded: Loaded, jobs: list[Job], settings: Settings, target: Target | None
) -> Planned:
    scenario = jobs[0].scenario
    each = attempts(scenario, len(jobs[0].trace))
    folder = settings.output or default_folder("load", loaded)
    if target is not None:
        folder = settings.output or folder.with_name(f"{folder.name}-{target.slug}")
        jobs = jobs[:1]
    load = None if target is not None else offered_load(scenario, len(jobs[0].trace))
    # A run whose cohorts are asked for does not go over to events.
    overloaded = load is not None and load >= OVERLOADED
    overloaded &= scenario.engine is Engine.AUTO
    reason = why_events(scenario, jobs[0].product) or (OVERLOAD if overloaded else "")
    engine = "events" if reason else "cohorts"
    work_s = len(jobs) * each * EVENTS_S if reason else sum(map(seconds, jobs))
    return Planned(
        name=loaded.name,
        title=scenario.title,
        target=None if target is None else target.text,
        clients=scenario.population.clients,
        room=scenario.population.room,
        duration_us=scenario.duration,
        warm_up_us=scenario.warm_up,
        end_us=scenario.end_us,
        seed=scenario.seed,
        replications=len(jobs),
        max_replications=scenario.max_replications,
        attempts=each,
        objectives=len(scenario.objectives),
        engine=None if target is not None else engine,
        engine_because=str(reason) if reason and target is None else "",
        workers=_workers(jobs, settings) if target is None else None,
        cpu_s=work_s if target is None else None,
        relay_load=load,
        report=folder.as_posix(),
    )


def _workers(jobs: list[Job], settings: Settings) -> int | None:
    """The number of processes; None on a cluster, which has its own."""
    if settings.cluster is not None:
        return None
    return settings.workers or workers_for(jobs)


def _lines(found: Planned) -> list[str]:
    whole = found.attempts * found.replications
    room = "" if found.room is None else f", in rooms of {grouped(found.room)}"
    runs = plural(found.replications, "replication")
    if found.max_replications is not None:
        runs += f", and up to {found.max_replications} until all is decided"
    words = {
        "people": f"{grouped(found.clients)} clients{room}",
        "attempts": f"{grouped(round(found.attempts))} expected in a replication,"
        f" {grouped(round(whole))} in all",
        "time": f"{duration(found.duration_us)}, {duration(found.warm_up_us)} of it"
        f" warm-up; the world ends at {duration(found.end_us)}",
        "runs": f"{runs}, seed {found.seed}",
        "objectives": str(found.objectives),
    }
    if found.target is not None:
        words["target"] = f"{found.target}: as long as its clock takes"
    else:
        because = f": {found.engine_because}" if found.engine_because else ""
        words["engine"] = f"{found.engine}{because}"
        words["workers"] = (
            "those of the cluster"
            if found.workers is None
            else plural(found.workers, "process", "processes")
        )
        words["CPU time"] = _cpu_time(found)
    words["report"] = found.report
    return [f"{name:<13}{told}" for name, told in words.items()]


def _cpu_time(found: Planned) -> str:
    """The estimate; where messages are repeated, that it is only a part."""
    about = f"about {_effort(found.cpu_s or 0.0)}"
    load = found.relay_load
    if load is None or load < OVERLOADED:
        return about
    return (
        f"more than {about}: the relay is overloaded, as {load:.1f} times the messages"
        " that it can forward are offered, and nobody knows how many are repeated"
    )


def _effort(cpu_s: float) -> str:
    """Seconds in words, without a precision that an estimate does not have."""
    if cpu_s < 1:
        return "a second or less"
    return duration(round(cpu_s) * 1_000_000)


def _answer(found: Planned, lines: list[str]) -> Answer:
    first, *rest = lines
    return Answer(
        document=lambda code: PlanOutput(harness=HARNESS, exit_code=code, plan=found),
        markdown=lambda: "\n".join(
            [f"# {plain(first)}", "", *(f"- {plain(line)}" for line in rest), ""]
        ),
        annotations=lambda: [
            Annotation(
                level=AnnotationLevel.NOTICE,
                title=f"invitelab simulate {found.name} --dry-run",
                message="\n".join(lines),
            )
        ],
    )
