"""Proving the suite: try, write, print, and the exit code."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import told_afterwards
from invitelab.errors import ExitCode
from invitelab.formats.reading import Kind
from invitelab.proof import prove
from invitelab.reporting.common.files import discard, prepare, refuse_others, set_aside
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.proof.files import FILES, write_proof
from invitelab.reporting.proof.terminal import print_proof

DEFAULT_FOLDER = Path("reports") / "proof"


def prove_suite(workers: int, output: Path | None, *, quiet: bool = False) -> int:
    """Try everything, store and print what came of it; 1 if anything is wrong."""
    folder = output or DEFAULT_FOLDER
    prepare(folder, FILES)
    refuse_others(folder, Kind.PROOF)
    set_aside(folder, FILES)
    started = now()
    with _progress(len(prove.jobs()), quiet=quiet) as tell:
        proof = prove.prove(workers, tell)
    facts = provenance(started, proof.harness)
    with told_afterwards() as attempt:
        stored = attempt(lambda: write_proof(folder, proof, facts))
        print_proof(report_console(), proof, stored=stored, quiet=quiet)
    discard(folder, FILES)
    return ExitCode.NON_CONFORMANT if proof.findings else ExitCode.CONFORMANT


@contextmanager
def _progress(total: int, *, quiet: bool) -> Generator[prove.Tell]:
    """A bar on a terminal, one line elsewhere, silence when quiet."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal:
        if not quiet:
            console.print(f"proving the suite: {plural(total, 'run')} of it")
        yield lambda _done, _all: None
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task("proving the suite", total=total)
        yield lambda done, _all: bar.update(task, completed=done)
