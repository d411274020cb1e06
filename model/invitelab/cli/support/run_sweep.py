"""Run of `invitelab sweep`: a line of values, a grid, or a search for the smallest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from invitelab.cli.support.answers import sweep_answer
from invitelab.cli.support.options import ScenarioRequest, Settings
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.overrides import parse_value
from invitelab.cli.support.progress import simulation_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.run_simulation import (
    HARNESS,
    REPORT_FILES,
    arguments,
    default_folder,
    exit_code,
    load,
    prepare_folder,
    size_of,
)
from invitelab.cli.support.writing import report_writing
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import Kind
from invitelab.formats.several_results import SearchEnd, Sweep
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import discard
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import write_sweep_report
from invitelab.reporting.load.terminal import print_sweep
from invitelab.study.search import search
from invitelab.study.sweep import Setting, ascends, sweep
from invitelab.study.workers import Progress, Where

Values = Mapping[str, object]
"""The values of a path by their text."""

SEARCH_CODES = {
    SearchEnd.FOUND: ExitCode.CONFORMANT,
    SearchEnd.NONE: ExitCode.NON_CONFORMANT,
    SearchEnd.UNDECIDED: ExitCode.INCONCLUSIVE,
}


def sweep_scenario(
    request: ScenarioRequest, swept: Mapping[str, Values], settings: Settings
) -> int:
    """Simulate a scenario at each value of a path, or of two; the exit code.

    Raises UsageError for a wrong scenario and a report that cannot be written.
    """
    path, second_path = [*swept, ""][:2]
    points = points_of(request, swept, settings)
    what = plural(len(points), "point" if second_path else "value")
    size = f"{what}, {size_of(points[0].loaded, settings)} each"
    label = f"sweeping {' and '.join(swept)}"

    def run(progress: Progress) -> Sweep:
        return sweep(
            path,
            points,
            second_path=second_path,
            seed=settings.seed,
            replications=settings.replications,
            where=Where(workers=settings.workers, cluster=settings.cluster),
            progress=progress,
        )

    return _run(points[0], label, size, settings, run)


def search_scenario(
    request: ScenarioRequest, path: str, texts: Sequence[str], settings: Settings
) -> int:
    """Find the smallest value of a path that meets all objectives; the exit code.

    Raises UsageError as `sweep_scenario` does, where the values do not ascend, and
    where there is nothing to decide or no way to.
    """
    first, _ = ends_of(request, path, texts, settings)
    label = f"searching {path}"
    size = f"{plural(len(texts), 'value')}, {size_of(first.loaded, settings)} each"

    def run(progress: Progress) -> Sweep:
        return search(
            path,
            texts,
            lambda text: point_of(request, {path: text}, settings),
            seed=settings.seed,
            replications=settings.replications,
            where=Where(workers=settings.workers, cluster=settings.cluster),
            progress=progress,
        )

    return _run(first, label, size, settings, run)


def ends_of(
    request: ScenarioRequest, path: str, texts: Sequence[str], settings: Settings
) -> tuple[Setting, Setting]:
    """The first and the last setting of a search.

    Raises UsageError as `search_scenario` does.
    """
    first = point_of(request, {path: texts[0]}, settings)
    last = point_of(request, {path: texts[-1]}, settings)
    _check_searchable(path, texts, last, settings)
    return first, last


def _check_searchable(
    path: str, texts: Sequence[str], point: Setting, settings: Settings
) -> None:
    scenario = point.loaded.scenario
    if not ascends([parse_value(text) for text in texts]):
        raise UsageError(
            f"the values of --find {path} do not ascend",
            hint="a search takes the smallest first, and of one kind: 1..64 or"
            " 10/s,20/s,40/s",
        )
    if not scenario.objectives:
        raise UsageError(
            "the scenario has no objectives, so there is nothing to find",
            hint="add [[objectives]]: see scenarios/README.md",
        )
    alone = settings.replications or scenario.max_replications or scenario.replications
    if alone == 1:
        raise UsageError(
            "a search needs at least two replications, as one tells no interval",
            hint="--replications 5",
        )


def _run(
    point: Setting,
    label: str,
    size: str,
    settings: Settings,
    run: Callable[[Progress], Sweep],
) -> int:
    folder = settings.output or default_folder("sweep", point.loaded)
    with termination_interrupts():
        prepare_folder(folder, Kind.SWEEP)
        return _run_into(folder, label, size, settings, run)


def _run_into(
    folder: Path,
    label: str,
    size: str,
    settings: Settings,
    run: Callable[[Progress], Sweep],
) -> int:
    started = now()
    with simulation_progress(label, size, quiet=settings.quiet) as report_reached:
        found = run(report_reached)
    facts = provenance(started, HARNESS)
    with report_writing() as attempt:
        stored = attempt(lambda: write_sweep_report(folder, found, facts))
        print_sweep(report_console(), found, stored, quiet=settings.quiet)
    answer(lambda: sweep_answer(found, stored))
    code = exit_code([point.results for point in found.points])
    if code is ExitCode.HARNESS:
        return code
    if code is ExitCode.INTERRUPTED or len(found.points) < found.points_planned:
        click.echo("invitelab: interrupted: the sweep is INCOMPLETE", err=True)
        return ExitCode.INTERRUPTED
    discard(folder, REPORT_FILES)
    # A sweep looks for the value at which objectives begin to fail.
    return SEARCH_CODES[found.search.end] if found.search else ExitCode.CONFORMANT


def points_of(
    request: ScenarioRequest, swept: Mapping[str, Values], settings: Settings
) -> list[Setting]:
    """Every point, loaded, so that a mistake in one is reported before any is run."""
    first, *others = swept.items()
    if not others:
        path, values = first
        return [point_of(request, {path: text}, settings) for text in values]
    ((second_path, seconds),) = others
    path, values = first
    return [
        point_of(request, {path: text, second_path: second}, settings)
        for second in seconds
        for text in values
    ]


def point_of(
    request: ScenarioRequest, texts: Mapping[str, str], settings: Settings
) -> Setting:
    """The setting at these values by path, which has one or two."""
    values = {path: parse_value(text) for path, text in texts.items()}
    point = replace(
        request,
        overrides={**request.overrides, **values},
        given=(*request.given, *(f"{path}={text}" for path, text in texts.items())),
    )
    (text, value), (second_text, second_value) = [
        *zip(texts.values(), values.values(), strict=True),
        ("", None),
    ][:2]
    return Setting(
        text=text,
        value=value,
        loaded=load(point),
        second_text=second_text,
        second_value=second_value,
        arguments=tuple(arguments(point, settings)),
    )
