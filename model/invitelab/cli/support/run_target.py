"""Run of `invitelab simulate --target`: load, play, write, print, exit code."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from invitelab.adapters.target import Target
from invitelab.cli.support.answers import simulate_answer
from invitelab.cli.support.live import Live, live_page
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.progress import simulation_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.run_simulation import (
    HARNESS,
    REPORT_FILES,
    REPORTS,
    arguments,
    exit_code,
    load,
    prepare_folder,
)
from invitelab.cli.support.writing import report_writing
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import Kind
from invitelab.formats.results import Results
from invitelab.formats.run import Level
from invitelab.formats.specification import load as load_clauses
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import discard
from invitelab.reporting.common.formatting import duration
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import write_load_report
from invitelab.reporting.load.terminal import print_load
from invitelab.resources import find_scenario
from invitelab.study.glimpse import Panorama, occasionally
from invitelab.study.interruption import Interruption
from invitelab.study.workers import Reached
from invitelab.target_load.run import Asked, simulate_on_target
from invitelab.world.load.load_world import Watch
from invitelab.world.scenario.file import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRequest:
    """The target of a simulation, and how it is reached."""

    text: str
    connections: int = 1
    thorough: bool = False
    engine: str | None = None

    def check(self, settings: Settings) -> Target:
        """The target. Raises UsageError for what does not go together with one."""
        for option, given in (
            ("--engine", self.engine),
            ("--workers", settings.workers),
            ("--cluster", settings.cluster),
        ):
            if given is not None:
                raise UsageError(
                    f"{option} is about simulations, and --target is no simulation",
                    hint="leave one of them out",
                )
        if settings.replications not in {None, 1}:
            raise UsageError(
                f"a target plays a scenario once, not {settings.replications} times",
                hint="run it again with another --seed",
            )
        return Target.parse(self.text)


def simulate_target(
    request: ScenarioRequest, wanted: TargetRequest, settings: Settings
) -> int:
    """Play a scenario at a target, write its report and print it; the exit code.

    Raises UsageError for a wrong scenario, for a target that cannot play it, and for a
    report that cannot be written, and RunError for a target that cannot be used.
    """
    target = wanted.check(settings)
    loaded = load(request)
    folder = settings.output or REPORTS / "load" / f"{loaded.name}-{target.slug}"
    words = [*arguments(request, settings), "--target", target.spec]
    if wanted.connections > 1:
        words += ["--connections", str(wanted.connections)]
    if wanted.thorough:
        words.append("--thorough")
    asked = Asked(
        seed=settings.seed,
        connections=wanted.connections,
        thorough=wanted.thorough,
        arguments=tuple(words),
    )
    required = frozenset(
        id_ for id_, one in load_clauses().items() if one.level is Level.REQUIRED
    )
    with termination_interrupts():
        prepare_folder(folder, Kind.RESULTS)
        started = now()
        size = f"{duration(loaded.scenario.end_us)}, by {target.text}"
        with live_page(loaded, size, wanted=settings.live, has_relay=False) as live:
            panorama = Panorama()
            with _progress(loaded, settings, live, panorama) as watch:
                results = simulate_on_target(
                    loaded,
                    target,
                    asked,
                    required,
                    watch,
                    onlooker=occasionally(panorama.show) if settings.live else None,
                )
            facts = provenance(started, HARNESS)
            with report_writing() as attempt:
                stored = attempt(lambda: write_load_report(folder, results, facts))
                print_load(report_console(), results, stored, quiet=settings.quiet)
            live.end(stored, complete=results.complete)
        if results.complete:
            discard(folder, REPORT_FILES)
    source = find_scenario(request.scenario)
    answer(lambda: simulate_answer(results, stored, loaded, source))
    return _exit_code(results)


@contextmanager
def _progress(
    loaded: Loaded, settings: Settings, live: Live, panorama: Panorama
) -> Generator[Watch]:
    """Progress of the run; the watch raises StoppedError after a signal to end it."""
    end_us = loaded.scenario.end_us
    label = f"playing {loaded.name}"
    with (
        Interruption() as stop,
        simulation_progress(label, duration(end_us), quiet=settings.quiet) as tell,
    ):

        def watch(reached_us: int) -> None:
            stop.check()
            reached = Reached(
                done_us=reached_us,
                all_us=end_us,
                replications=0,
                planned=1,
                panorama=panorama,
            )
            tell(reached)
            live.reached(reached)

        yield watch


def _exit_code(results: Results) -> ExitCode:
    """Exit code: a target that was lost first, then clauses, then objectives."""
    run = results.target
    if run is not None and run.problem is not None:
        click.echo(f"invitelab: the run is INVALID: {run.problem}", err=True)
        return ExitCode.INVALID
    if run is None or not results.complete:
        return exit_code([results])
    if not run.usable:
        lost = f"{run.lost} of {run.invitations} invitations were lost with the target"
        click.echo(f"invitelab: the run is INVALID: {lost}", err=True)
        return ExitCode.INVALID
    if run.broken or run.unexplained or run.failed:
        return ExitCode.NON_CONFORMANT
    return exit_code([results])
