"""Run of `invitelab import`: read, measure, write, print, exit code."""

from dataclasses import dataclass
from pathlib import Path

from invitelab.cli.support.options import ScenarioRequest
from invitelab.cli.support.overrides import parse_overrides
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.run_simulation import (
    HARNESS,
    REPORT_FILES,
    REPORTS,
    exit_code,
    load,
    prepare_folder,
)
from invitelab.cli.support.writing import report_writing
from invitelab.errors import UsageError
from invitelab.formats.reading import Kind
from invitelab.formats.results import Results
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import discard
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import write_load_report
from invitelab.reporting.load.terminal import print_load
from invitelab.resources import named_from_here
from invitelab.study.events_table import parse_instant, read_events
from invitelab.study.imported import Import, imported
from invitelab.study.plan import digest
from invitelab.world.scenario.file import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A table and what is said of it; None where nothing is said."""

    events: Path
    scenario: str | None = None
    given: tuple[str, ...] = ()
    """The overrides of the scenario, as they were written."""
    time: str = "ms"
    begin: str | None = None
    name: str | None = None


def import_events(request: ImportRequest, output: Path | None, *, quiet: bool) -> int:
    """Import a table, write its report and print its verdict; the exit code.

    Raises UsageError for a wrong table, before anything is written.
    """
    started = now()
    loaded = _scenario(request)
    begin_us = _begin(request)
    with termination_interrupts():
        results = _imported(request, loaded, begin_us)
        folder = output or REPORTS / "import" / (request.events.stem or "events")
        prepare_folder(folder, Kind.RESULTS)
        facts = provenance(started, HARNESS)
        with report_writing() as attempt:
            stored = attempt(lambda: write_load_report(folder, results, facts))
            print_load(report_console(), results, stored, quiet=quiet)
        discard(folder, REPORT_FILES)
    return exit_code([results])


def _scenario(request: ImportRequest) -> Loaded | None:
    if request.scenario is None:
        if request.given:
            raise UsageError(
                "--set changes a scenario, and none is named", hint="use --scenario"
            )
        return None
    return load(
        ScenarioRequest(
            scenario=request.scenario,
            overrides=parse_overrides(request.given),
            given=request.given,
        )
    )


def _begin(request: ImportRequest) -> int | None:
    if request.begin is None:
        return None
    try:
        return parse_instant(request.begin, request.time)
    except ValueError as error:
        hint = "--time says in which unit it is"
        raise UsageError(f"--begin {error}", hint=hint) from None


def _imported(
    request: ImportRequest, loaded: Loaded | None, begin_us: int | None
) -> Results:
    return imported(
        Import(
            events=read_events(request.events, time=request.time),
            file=request.events.name,
            measured=request.name or "",
            scenario=loaded.scenario if loaded else None,
            name=loaded.name if loaded else request.events.stem,
            digest=digest(loaded.scenario, ()) if loaded else "",
            arguments=_arguments(request),
            begin_us=begin_us,
        )
    )


def _arguments(request: ImportRequest) -> tuple[str, ...]:
    """Arguments that reproduce the results; see `named_from_here`."""
    words = [named_from_here(str(request.events))]
    if request.scenario is not None:
        words += ["--scenario", named_from_here(request.scenario)]
    for override in request.given:
        words += ["--set", override]
    if request.time != "ms":
        words += ["--time", request.time]
    if request.begin is not None:
        words += ["--begin", request.begin]
    if request.name is not None:
        words += ["--name", request.name]
    return tuple(words)
