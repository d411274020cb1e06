"""Runs of earlier: read back, drawn again, and compared."""

from collections.abc import Mapping
from pathlib import Path

import click
from pydantic.json_schema import GenerateJsonSchema

from invitelab.cli.support.provenance import now, provenance, told_facts
from invitelab.cli.support.run_simulation import HARNESS, REPORT_FILES, prepare_folder
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import (
    FILES,
    MOST_BYTES,
    Kind,
    check_readable,
    read_document,
)
from invitelab.formats.results import RESULTS_FORMAT, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.reporting.common.files import discard
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import (
    write_comparison,
    write_load_report,
    write_sweep_report,
)
from invitelab.reporting.load.terminal import print_comparison
from invitelab.safe_text import printable
from invitelab.study.compare import compare

RESULTS, SWEEP = "results.json", "sweep.json"

_HINT = "name a folder that invitelab simulate has written, or its results.json"


def schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a results.json as it is written."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **Results.model_json_schema(mode="serialization"),
    }


def compare_stored(a: Path, b: Path, output: Path | None, *, quiet: bool) -> int:
    """Compare two earlier runs; written down only where `output` is given."""
    started = now()
    if output is not None:
        prepare_folder(output, Kind.COMPARISON)
    found = _told_apart(compare(read_results(a), read_results(b)), a, b)
    stored = None
    if output is not None:
        facts = provenance(started, HARNESS)
        stored = write_comparison(output, found, facts)
        discard(output, REPORT_FILES)
    print_comparison(report_console(), found, stored, quiet=quiet)
    return ExitCode.CONFORMANT


def draw_again(folder: Path) -> int:
    """Write the report of an earlier run or sweep anew, beside what it is drawn from.

    The facts about the run stay those of the run.
    """
    if folder.is_file():
        folder = folder.parent
    started = now()
    make = _sweep_report if (folder / SWEEP).exists() else _load_report
    facts = told_facts(folder) or provenance(started, HARNESS)
    click.echo(f"report   {make(folder, facts)}")
    return ExitCode.CONFORMANT


def _sweep_report(folder: Path, facts: Mapping[str, object]) -> Path:
    found = read_document(
        folder / SWEEP, Sweep, Kind.SWEEP, known=RESULTS_FORMAT, hint=_HINT
    )
    return write_sweep_report(folder, found, facts)


def _load_report(folder: Path, facts: Mapping[str, object]) -> Path:
    return write_load_report(folder, read_results(folder), facts)


def _told_apart(found: Comparison, a: Path, b: Path) -> Comparison:
    """Two runs of one scenario go by the names of their folders."""
    names = [_folder(path).name for path in (a, b)]
    if found.a != found.b or names[0] == names[1]:
        return found
    return found.model_copy(update={"a": names[0], "b": names[1]})


def _folder(path: Path) -> Path:
    whole = path.resolve()
    return whole if whole.is_dir() else whole.parent


# --- Reading ---------------------------------------------------------------------


def read_results(path: Path) -> Results:
    """The results in a folder or a file; UsageError in one sentence where none are."""
    if path.is_dir():
        path = _results_of(path)
    return read_document(path, Results, Kind.RESULTS, known=RESULTS_FORMAT, hint=_HINT)


def _results_of(folder: Path) -> Path:
    """The results.json of a folder, or why it has none."""
    if (folder / RESULTS).exists():
        return folder / RESULTS
    for kind, name in FILES.items():
        if (folder / name).exists():
            check_readable(folder / name, most_bytes=MOST_BYTES, hint=_HINT)
            raise UsageError(
                f"{printable(str(folder))} holds {kind}, not a simulation", hint=_HINT
            )
    raise UsageError(f"{printable(str(folder))} holds no {RESULTS}", hint=_HINT)
