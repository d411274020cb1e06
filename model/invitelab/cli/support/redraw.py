"""Reports of stored documents drawn again: of checks, simulations, proofs, machines."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from invitelab.cli.support.provenance import now, provenance, stored_facts
from invitelab.cli.support.run_simulation import HARNESS
from invitelab.conformance.execution.conclusion import read_run
from invitelab.errors import ExitCode, UsageError
from invitelab.formats import machine as machines
from invitelab.formats import proof as proofs
from invitelab.formats.reading import (
    FILES,
    Kind,
    document_at,
    kind_at,
    read_document,
)
from invitelab.formats.results import RESULTS_FORMAT, Results
from invitelab.formats.several_results import Comparison, Sweep
from invitelab.processes.signals import termination_interrupts
from invitelab.proof.findings import findings
from invitelab.reporting.common.files import prepare, refuse_others
from invitelab.reporting.conformance.files import (
    RUN_FILES,
    write_again,
    write_comparison,
)
from invitelab.reporting.learning.files import MACHINE_FILES, write_machine
from invitelab.reporting.load.files import (
    LOAD_FILES,
    write_load_report,
    write_sweep_report,
)
from invitelab.reporting.load.files import write_comparison as write_load_comparison
from invitelab.reporting.proof.files import FILES as PROOF_FILES
from invitelab.reporting.proof.files import write_proof
from invitelab.safe_text import printable

A_SIMULATION = "name a folder that invitelab simulate has written, or its results.json"
_A_REPORT = (
    "name a folder that invitelab check, simulate, sweep, compare, prove or learn has"
    " written"
)
_NEXT_TO_IT = (
    "the report is written next to its data: make that folder writable and free some "
    "space, or run invitelab report on a copy of it"
)


def redraw(path: Path) -> int:
    """Write the report of a stored document again, next to it; the exit code.

    `path` is the document or its folder; the facts about the run stay those of the run.
    Raises UsageError where there is no readable document, or no report can be written.
    """
    if path.is_file() and kind_at(path) is None:
        path = path.parent
    kind = kind_at(path)
    if kind is None and path.is_dir():
        name = printable(str(path))
        msg = f"{name} holds no run, simulation, sweep, comparison, proof or machine"
        raise UsageError(msg, hint=_A_REPORT)
    with termination_interrupts():
        page = _REDRAW.get(kind or Kind.RESULTS, _redraw_simulation)(path)
    click.echo(f"report   {page}")
    return ExitCode.CONFORMANT


def redraw_side_by_side(paths: Sequence[Path], output: Path | None) -> int:
    """Write the common report of several checks; the exit code.

    It goes to `output`, by default to the folder that contains them all. Raises
    UsageError where a run is named twice or cannot be read, and where the report would
    overwrite that of a run or cannot be written.
    """
    files = [document_at(path, Kind.RUN, hint=_A_REPORT) for path in paths]
    folders = [_folder_of_views(file) for file in files]
    parents = [file.parent.absolute() for file in files]
    base = output or Path(os.path.commonpath(parents))
    _check_distinct(paths, files)
    refuse_others(base, None)
    with termination_interrupts():
        page = write_comparison(base, [read_run(file) for file in files], folders)
    click.echo(f"report   {page}")
    return ExitCode.CONFORMANT


def _check_distinct(paths: Sequence[Path], files: Sequence[Path]) -> None:
    """Raise UsageError where a run is named twice."""
    resolved = [file.resolve() for file in files]
    for path, file in zip(paths, resolved, strict=True):
        if resolved.count(file) > 1:
            msg = f"{printable(str(path))} is named twice"
            raise UsageError(msg, hint="name each run once")


# --- One kind each ---------------------------------------------------------------


def _redraw_check(path: Path) -> Path:
    file = document_at(path, Kind.RUN, hint=_A_REPORT)
    run, folder = read_run(file), _folder_of_views(file)
    return _written(
        folder, RUN_FILES, lambda: write_again(folder, run, stored_facts(file.parent))
    )


def _folder_of_views(file: Path) -> Path:
    """Folder of a run's views: its own, or one below if another run has that one."""
    is_second = file.name != FILES[Kind.RUN] and kind_at(file.parent) is Kind.RUN
    return file.parent / file.stem if is_second else file.parent


def _redraw_proof(path: Path) -> Path:
    file = document_at(path, Kind.PROOF, hint=_A_REPORT)
    proof = proofs.read(file)
    found = tuple(findings(proof))
    if len(proof.findings) != len(found):
        name = printable(str(file))
        msg = f"{name} contradicts itself: its findings do not follow from its trials"
        raise UsageError(msg, hint="run invitelab prove again")
    proof = proof.model_copy(update={"findings": found})  # format 1: other sentences
    folder = file.parent
    facts = _facts(folder, proof.harness)
    return _written(folder, PROOF_FILES, lambda: write_proof(folder, proof, facts))


def _redraw_machine(path: Path) -> Path:
    file = document_at(path, Kind.MACHINE, hint=_A_REPORT)
    machine = machines.read(file)
    folder = file.parent
    facts = _facts(folder, machine.harness)
    return _written(
        folder, MACHINE_FILES, lambda: write_machine(folder, machine, facts)
    )


def _redraw_sweep(path: Path) -> Path:
    file = document_at(path, Kind.SWEEP, hint=_A_REPORT)
    sweep = read_document(file, Sweep, Kind.SWEEP, known=RESULTS_FORMAT, hint=_A_REPORT)
    folder = file.parent
    facts = _facts(folder, HARNESS)
    return _written(
        folder, LOAD_FILES, lambda: write_sweep_report(folder, sweep, facts)
    )


def _redraw_comparison(path: Path) -> Path:
    file = document_at(path, Kind.COMPARISON, hint=_A_REPORT)
    found = read_document(
        file, Comparison, Kind.COMPARISON, known=RESULTS_FORMAT, hint=_A_REPORT
    )
    folder = file.parent
    facts = _facts(folder, HARNESS)
    return _written(
        folder, LOAD_FILES, lambda: write_load_comparison(folder, found, facts)
    )


def _redraw_simulation(path: Path) -> Path:
    results = read_results(path, hint=_A_REPORT)
    folder = path if path.is_dir() else path.parent
    facts = _facts(folder, HARNESS)
    return _written(
        folder, LOAD_FILES, lambda: write_load_report(folder, results, facts)
    )


_REDRAW: Mapping[Kind, Callable[[Path], Path]] = {
    Kind.RUN: _redraw_check,
    Kind.PROOF: _redraw_proof,
    Kind.MACHINE: _redraw_machine,
    Kind.SWEEP: _redraw_sweep,
    Kind.COMPARISON: _redraw_comparison,
}


def read_results(path: Path, *, hint: str = A_SIMULATION) -> Results:
    """The results in a file or a folder of `invitelab simulate`. Raises UsageError."""
    file = document_at(path, Kind.RESULTS, hint=hint)
    return read_document(file, Results, Kind.RESULTS, known=RESULTS_FORMAT, hint=hint)


def _facts(folder: Path, harness: str) -> Mapping[str, object]:
    """Facts about the run of a stored document; new ones where they are lost."""
    return stored_facts(folder) or provenance(now(), harness)


def _written(folder: Path, names: Sequence[str], write: Callable[[], Path]) -> Path:
    """Write a report; a UsageError hints at its folder, for there is no other."""
    try:
        prepare(folder, names)
        return write()
    except UsageError as error:
        raise UsageError(str(error), hint=_NEXT_TO_IT) from error
