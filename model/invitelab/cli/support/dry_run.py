"""`simulate --dry-run`: what would be run, and about how much work that is."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from invitelab.adapters.target import Target
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import HARNESS, Answer, answer
from invitelab.cli.support.run_simulation import default_folder, load
from invitelab.cli.support.run_target import TargetRequest
from invitelab.errors import ExitCode
from invitelab.formats.command_output import Output, Planned, PlanOutput
from invitelab.reporting.common.formatting import duration, grouped, plural
from invitelab.reporting.common.github import Annotation, AnnotationLevel
from invitelab.reporting.common.markdown import plain
from invitelab.study.effort import attempts, workers_for
from invitelab.study.estimate import estimate
from invitelab.study.offered_load import OVERLOADED
from invitelab.study.plan import plan
from invitelab.study.replication import Job
from invitelab.world.scenario.file import Loaded

MINUTES_FROM_S = 600
"""Longer estimates are told in whole minutes."""


def dry_run(
    request: ScenarioRequest, settings: Settings, wanted: TargetRequest | None
) -> int:
    """Print what a simulation would run; the exit code, 0.

    Raises UsageError for whatever would be wrong with the scenario or the options.
    """
    target = None if wanted is None else wanted.check(settings)
    loaded = load(request)
    folder = settings.output or default_folder("load", loaded)
    if target is not None and settings.output is None:
        folder = folder.with_name(f"{folder.name}-{target.slug}")
    found = planned_for(loaded, settings, folder, target)
    lines = [f"{found.title}: valid, and nothing was run", *_lines(found)]
    for line in lines:
        click.echo(line)
    answer(
        lambda: plan_answer(
            lambda code: _document(found, code), lines, f"simulate {found.name}"
        )
    )
    return ExitCode.CONFORMANT


def planned_for(
    loaded: Loaded, settings: Settings, folder: Path, target: Target | None = None
) -> Planned:
    """What would be run of a scenario; a small sample is run for the estimate.

    Raises UsageError where its trace cannot be read.
    """
    jobs = plan(loaded, seed=settings.seed, replications=settings.replications).begin()
    scenario = jobs[0].scenario
    if target is not None:
        jobs = jobs[:1]
    found = Planned(
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
        attempts=attempts(scenario, len(jobs[0].trace)),
        objectives=len(scenario.objectives),
        engine=None,
        engine_because="",
        workers=None,
        cpu_s=None,
        report=folder.as_posix(),
    )
    return found if target is not None else _estimated(found, jobs, settings)


def _estimated(found: Planned, jobs: list[Job], settings: Settings) -> Planned:
    """The same with the estimate of its work."""
    work = estimate(jobs[0])
    return found.model_copy(
        update={
            "engine": "events" if work.because else "cohorts",
            "engine_because": work.because,
            "workers": workers_of(jobs, settings),
            "cpu_s": len(jobs) * work.cpu_s,
            "relay_load": work.load,
            "memory_bytes": work.memory_bytes,
        }
    )


def workers_of(jobs: list[Job], settings: Settings) -> int | None:
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
        words["workers"] = workers_text(found.workers)
        words["CPU time"] = cpu_text(found.cpu_s or 0.0, _overload(found))
        words["memory"] = memory_text(found.memory_bytes or 0.0)
    words["report"] = found.report
    return labelled(words)


def labelled(words: Mapping[str, str]) -> list[str]:
    """A line for each label and its text."""
    return [f"{name:<13}{told}" for name, told in words.items()]


def _overload(found: Planned) -> str:
    """Why messages may be repeated; empty where they are not."""
    load = found.relay_load
    if found.engine_because.startswith("relay.memory"):
        return "while the memory of the relay is full it drops messages"
    if load is None or load < OVERLOADED:
        return ""
    return (
        f"the relay is overloaded, as {load:.1f} times the messages that it can forward"
        " are offered"
    )


def workers_text(workers: int | None) -> str:
    """The number of processes; None is that of a cluster."""
    if workers is None:
        return "those of the cluster"
    return plural(workers, "process", "processes")


def cpu_text(cpu_s: float, overload: str) -> str:
    """The estimate in seconds; under an overload, that it may be far too low."""
    about = f"about {_effort(cpu_s)}"
    if not overload:
        return about
    return (
        f"{about}, or several times as long: {overload}, and nobody knows how many are"
        " repeated"
    )


def memory_text(memory_bytes: float) -> str:
    """The estimate for each process, with two digits."""
    megabytes = memory_bytes / 1e6
    digits = max(0, len(str(int(megabytes))) - 2)
    return f"about {grouped(int(round(megabytes, -digits)))} MB in each process"


def _effort(cpu_s: float) -> str:
    """Seconds in words, without a precision that an estimate does not have."""
    if cpu_s < 1:
        return "a second or less"
    step_s = 60 if cpu_s > MINUTES_FROM_S else 1
    return duration(round(cpu_s / step_s) * step_s * 1_000_000)


def _document(found: Planned, code: ExitCode) -> PlanOutput:
    return PlanOutput(harness=HARNESS, exit_code=code, plan=found)


def plan_answer(
    document: Callable[[ExitCode], Output], lines: Sequence[str], command: str
) -> Answer:
    """The lines of a plan in every form of `--format`."""
    first, *rest = lines
    return Answer(
        document=document,
        markdown=lambda: "\n".join(
            [f"# {plain(first)}", "", *(f"- {plain(line)}" for line in rest), ""]
        ),
        annotations=lambda: [
            Annotation(
                level=AnnotationLevel.NOTICE,
                title=f"invitelab {command} --dry-run",
                message="\n".join(lines),
            )
        ],
    )
