"""Running scenarios: read, run, write, print, and the exit code."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

import invitelab
from invitelab.cli.support.options import Settings, Wanted
from invitelab.cli.support.progress import progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import told_afterwards
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import Kind
from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.reporting.common.files import discard, prepare, refuse_others, set_aside
from invitelab.reporting.common.formatting import duration, plural
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import (
    LOAD_FILES,
    PICTURES,
    write_load_report,
    write_sweep_report,
)
from invitelab.reporting.load.terminal import print_load, print_sweep
from invitelab.resources import find_scenario
from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, sweep
from invitelab.world.scenario import file
from invitelab.world.scenario.file import Loaded

REPORTS = Path("reports")
LEAST_FREE_BYTES = 100_000_000
REPORT_FILES = (*LOAD_FILES, *PICTURES)
HARNESS = f"invitelab {invitelab.__version__}"

CODES = {
    ObjectiveVerdict.MET: ExitCode.CONFORMANT,
    ObjectiveVerdict.MISSED: ExitCode.NON_CONFORMANT,
    ObjectiveVerdict.UNDECIDED: ExitCode.INCONCLUSIVE,
}


def simulate_scenario(wanted: Wanted, settings: Settings) -> int:
    """Run one scenario, write its report, print what came of it; the exit code."""
    loaded = load(wanted)
    folder = settings.output or default_folder("load", loaded)
    prepare_folder(folder, Kind.RESULTS)
    started = now()
    with progress(
        f"simulating {loaded.name}", _size(loaded, settings), quiet=settings.quiet
    ) as tell:
        results = simulate(
            loaded,
            seed=settings.seed,
            replications=settings.replications,
            workers=settings.workers,
            progress=tell,
            arguments=arguments(wanted, settings),
        )
    facts = provenance(started, HARNESS)
    with told_afterwards() as attempt:
        stored = attempt(lambda: write_load_report(folder, results, facts))
        print_load(report_console(), results, stored, quiet=settings.quiet)
    if results.complete:
        discard(folder, REPORT_FILES)
    return exit_code([results])


def sweep_scenario(
    wanted: Wanted, path: str, values: Mapping[str, object], settings: Settings
) -> int:
    """Run a scenario at several values of one path, as `simulate_scenario` does."""
    points = _points(wanted, path, values)
    first = points[0].loaded
    folder = settings.output or default_folder("sweep", first)
    prepare_folder(folder, Kind.SWEEP)
    started = now()
    size = f"{plural(len(points), 'value')}, {_size(first, settings)} each"
    with progress(f"sweeping {path}", size, quiet=settings.quiet) as tell:
        found = sweep(
            path,
            points,
            seed=settings.seed,
            replications=settings.replications,
            workers=settings.workers,
            progress=tell,
        )
    facts = provenance(started, HARNESS)
    with told_afterwards() as attempt:
        stored = attempt(lambda: write_sweep_report(folder, found, facts))
        print_sweep(report_console(), found, stored, quiet=settings.quiet)
    code = exit_code([point.results for point in found.points])
    if code is ExitCode.HARNESS:
        return code
    if code is ExitCode.INTERRUPTED or len(found.points) < len(points):
        click.echo("invitelab: interrupted: the sweep is INCOMPLETE", err=True)
        return ExitCode.INTERRUPTED
    discard(folder, REPORT_FILES)
    # Where objectives begin to fail is what a sweep looks for.
    return ExitCode.CONFORMANT


def _points(wanted: Wanted, path: str, values: Mapping[str, object]) -> list[Setting]:
    """Every point, so that a mistake in one is told before anything runs."""
    points: list[Setting] = []
    for text, value in values.items():
        changed = Wanted(
            scenario=wanted.scenario, changes={**wanted.changes, path: value}
        )
        points.append(Setting(text=text, value=value, loaded=load(changed)))
    return points


def arguments(wanted: Wanted, settings: Settings) -> list[str]:
    """What makes the same results again, without an absolute path of this machine."""
    path = Path(wanted.scenario)
    words = [path.name if path.is_absolute() else wanted.scenario]
    for change in wanted.given:
        words += ["--set", change]
    if settings.replications is not None:
        words += ["--replications", str(settings.replications)]
    if settings.seed is not None:
        words += ["--seed", str(settings.seed)]
    return words


def load(wanted: Wanted) -> Loaded:
    """The scenario that is meant, with its changes; UsageError tells every mistake."""
    return file.load(find_scenario(wanted.scenario), wanted.changes)


def default_folder(kind: str, loaded: Loaded) -> Path:
    """Where a report goes that nobody has sent elsewhere."""
    # A file can be called `...toml`.
    return REPORTS / kind / (loaded.name.strip(".") or "scenario")


def prepare_folder(folder: Path, kind: Kind) -> None:
    """Make the folder before anything runs; UsageError where a report cannot go.

    An earlier report in it is set aside.
    """
    prepare(folder, LOAD_FILES)
    refuse_others(folder, kind)
    prepare(folder / "charts")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise UsageError(
            f"{folder} has {free / 1e6:.0f} MB of free space left",
            hint=f"a report takes up to {LEAST_FREE_BYTES / 1e6:.0f} MB: make room, or "
            "choose another folder with --output",
        )
    set_aside(folder, REPORT_FILES)


def exit_code(found: Sequence[Results]) -> ExitCode:
    """Our own bugs come first, then an interruption, then the worst verdict."""
    if any(_complain(results) for results in found):
        return ExitCode.HARNESS
    if not all(results.complete for results in found):
        return ExitCode.INTERRUPTED
    verdicts = {results.verdict for results in found}
    for verdict in (ObjectiveVerdict.MISSED, ObjectiveVerdict.UNDECIDED):
        if verdict in verdicts:
            return CODES[verdict]
    return ExitCode.CONFORMANT


def _complain(results: Results) -> bool:
    """Say aloud what is wrong with the world itself; whether there is anything."""
    broken = [one.invariant for one in results.checked.violations]
    if broken:
        names = ", ".join(dict.fromkeys(broken))
        _aloud(f"{plural(len(broken), 'violation')} of the protocol ({names})")
    for one in results.detached:
        _aloud(f"the instrument {one.instrument} broke: {one.error}")
    return bool(broken or results.detached)


def _aloud(sentence: str) -> None:
    click.echo(f"invitelab: this is our bug: {sentence}", err=True)
    click.echo("  hint: the figures cannot be trusted; please report it", err=True)


def _size(loaded: Loaded, settings: Settings) -> str:
    """`5 replications of 13 min`."""
    scenario = loaded.scenario
    count = settings.replications or scenario.replications
    return f"{plural(count, 'replication')} of {duration(scenario.end_us)}"
