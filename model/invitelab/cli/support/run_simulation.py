"""Run of `invitelab simulate`: load, run, write, print, exit code."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import click

import invitelab
from invitelab.cli.support.answers import simulate_answer
from invitelab.cli.support.live import live_page
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.progress import simulation_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import report_writing
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import Kind
from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import discard, prepare, refuse_others, set_aside
from invitelab.reporting.common.formatting import duration, plural
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import (
    LOAD_FILES,
    PICTURES,
    write_load_report,
)
from invitelab.reporting.load.terminal import print_load
from invitelab.resources import find_scenario, named_from_here
from invitelab.study.run import simulate
from invitelab.study.workers import Reached, Where
from invitelab.world.product import current_product
from invitelab.world.scenario import file
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.scaling import scaled

REPORTS = Path("reports")
LEAST_FREE_BYTES = 100_000_000
"""Free space that a report may need."""

REPORT_FILES = (*LOAD_FILES, *PICTURES)
HARNESS = f"invitelab {invitelab.__version__}"

CODES = {
    ObjectiveVerdict.MET: ExitCode.CONFORMANT,
    ObjectiveVerdict.MISSED: ExitCode.NON_CONFORMANT,
    ObjectiveVerdict.UNDECIDED: ExitCode.INCONCLUSIVE,
}


def simulate_scenario(request: ScenarioRequest, settings: Settings) -> int:
    """Simulate a scenario, write its report and print its verdict; the exit code.

    Raises UsageError for a wrong scenario and a report that cannot be written.
    """
    loaded = load(request)
    folder = settings.output or default_folder("load", loaded)
    with termination_interrupts():
        prepare_folder(folder, Kind.RESULTS)
        results, stored = _simulate(
            loaded, folder, arguments(request, settings), settings
        )
    source = find_scenario(request.scenario)
    answer(lambda: simulate_answer(results, stored, loaded, source))
    return exit_code([results])


def _simulate(
    loaded: Loaded, folder: Path, arguments: Sequence[str], settings: Settings
) -> tuple[Results, Path | None]:
    started = now()
    label, size = f"simulating {loaded.name}", size_of(loaded, settings)
    with live_page(loaded, size, wanted=settings.live) as live:
        with simulation_progress(label, size, quiet=settings.quiet) as tell:

            def reached(so_far: Reached) -> None:
                tell(so_far)
                live.reached(so_far)

            results = simulate(
                loaded,
                seed=settings.seed,
                replications=settings.replications,
                where=Where(workers=settings.workers, cluster=settings.cluster),
                progress=reached,
                arguments=arguments,
                watched=live.is_wanted,
            )
        facts = provenance(started, HARNESS)
        with report_writing() as attempt:
            stored = attempt(lambda: write_load_report(folder, results, facts))
            print_load(report_console(), results, stored, quiet=settings.quiet)
        live.end(stored, complete=results.complete)
    if results.complete:
        discard(folder, REPORT_FILES)
    return results, stored


def arguments(request: ScenarioRequest, settings: Settings) -> list[str]:
    """Arguments that reproduce the results; see `named_from_here`."""
    words = [named_from_here(request.scenario)]
    if current_product().file:
        words += ["--profile", current_product().file]
    for override in request.given:
        words += ["--set", override]
    if request.scale != 1:
        words += ["--scale", str(request.scale)]
    if settings.replications is not None:
        words += ["--replications", str(settings.replications)]
    if settings.seed is not None:
        words += ["--seed", str(settings.seed)]
    return words


def load(request: ScenarioRequest) -> Loaded:
    """The scenario with its overrides. Raises UsageError that lists every mistake."""
    loaded = file.load(find_scenario(request.scenario), request.overrides)
    return scaled(loaded, request.scale)


def default_folder(kind: str, loaded: Loaded) -> Path:
    """Folder of a report without --output; `kind` is `load` or `sweep`."""
    # The name of a file `...toml` consists of dots.
    return REPORTS / kind / (loaded.name.strip(".") or "scenario")


def prepare_folder(folder: Path, kind: Kind) -> None:
    """Make the folder of a report, and set aside an earlier report in it.

    Raises UsageError where it cannot be written, holds a report of another kind, or is
    short of space.
    """
    prepare(folder, LOAD_FILES)
    refuse_others(folder, kind)
    prepare(folder / "charts")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise UsageError(
            f"{folder} has {free / 1e6:.0f} MB of free space left",
            hint=f"a report takes up to {LEAST_FREE_BYTES / 1e6:.0f} MB: free some "
            "space, or choose another folder with --output",
        )
    set_aside(folder, REPORT_FILES)


def exit_code(found: Sequence[Results]) -> ExitCode:
    """Exit code of simulations: our bugs first, then interruption, then verdicts."""
    if any(_report_bugs(results) for results in found):
        return ExitCode.HARNESS
    if not all(results.complete for results in found):
        return ExitCode.INTERRUPTED
    verdicts = {results.verdict for results in found}
    for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED):
        if verdict in verdicts:
            return CODES[verdict]
    return ExitCode.CONFORMANT


def _report_bugs(results: Results) -> bool:
    """Print broken invariants and instruments; whether there are any."""
    broken = [one.invariant for one in results.checked.violations]
    if broken:
        names = ", ".join(dict.fromkeys(broken))
        _print_bug(f"{plural(len(broken), 'violation')} of the protocol ({names})")
    for one in results.detached:
        _print_bug(f"the instrument {one.instrument} broke: {one.error}")
    return bool(broken or results.detached)


def _print_bug(sentence: str) -> None:
    click.echo(f"invitelab: this is our bug: {sentence}", err=True)
    click.echo("  hint: the figures cannot be trusted; please report it", err=True)


def size_of(loaded: Loaded, settings: Settings) -> str:
    """`5 replications of 13 min`."""
    scenario = loaded.scenario
    count = settings.replications or scenario.replications
    return f"{plural(count, 'replication')} of {duration(scenario.end_us)}"
