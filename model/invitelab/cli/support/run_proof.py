"""Run of `invitelab prove`: prove the suite, write the report, print, exit code."""

from pathlib import Path

from invitelab.cli.support.answers import prove_answer
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.progress import count_progress
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.writing import report_writing
from invitelab.errors import ExitCode
from invitelab.formats.reading import Kind
from invitelab.processes.signals import termination_interrupts
from invitelab.proof import prove
from invitelab.reporting.common.files import discard, prepare, refuse_others, set_aside
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.proof.files import FILES, write_proof
from invitelab.reporting.proof.terminal import print_proof

DEFAULT_FOLDER = Path("reports") / "proof"
LABEL = "proving the suite"


def prove_suite(
    workers: int, output: Path | None, *, seeds: int = 1, quiet: bool = False
) -> int:
    """Prove the suite with `workers` processes; the exit code, 1 with any finding.

    The conforming variants are tried with so many seeds. Raises UsageError where the
    report cannot be written.
    """
    folder = output or DEFAULT_FOLDER
    prepare(folder, FILES)
    refuse_others(folder, Kind.PROOF)
    with termination_interrupts():
        set_aside(folder, FILES)
        return _prove(workers, folder, seeds=seeds, quiet=quiet)


def _prove(workers: int, folder: Path, *, seeds: int, quiet: bool) -> int:
    started = now()
    total = len(prove.jobs(seeds))
    line = f"{LABEL}: {plural(total, 'run')} of it"
    with count_progress([LABEL], total, lines=[line], quiet=quiet) as report_done:
        proof = prove.prove(
            workers, lambda done, _all: report_done(0, done), seeds=seeds
        )
    facts = provenance(started, proof.harness)
    with report_writing() as attempt:
        stored = attempt(lambda: write_proof(folder, proof, facts))
        print_proof(report_console(), proof, stored=stored, quiet=quiet)
    discard(folder, FILES)
    answer(lambda: prove_answer(proof, stored))
    return ExitCode.NON_CONFORMANT if proof.findings else ExitCode.CONFORMANT
