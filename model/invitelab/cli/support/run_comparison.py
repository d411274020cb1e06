"""Comparison of two stored simulations: read, compare, write, print."""

from pathlib import Path

from invitelab.cli.support.answers import compare_answer
from invitelab.cli.support.output_format import answer
from invitelab.cli.support.provenance import now, provenance
from invitelab.cli.support.redraw import read_results
from invitelab.cli.support.run_simulation import HARNESS, REPORT_FILES, prepare_folder
from invitelab.errors import ExitCode
from invitelab.formats.gates import GateVerdict
from invitelab.formats.reading import Kind
from invitelab.formats.several_results import Comparison
from invitelab.processes.signals import termination_interrupts
from invitelab.reporting.common.files import discard
from invitelab.reporting.conformance.terminal import report_console
from invitelab.reporting.load.files import write_comparison
from invitelab.reporting.load.terminal import print_comparison
from invitelab.study.compare import compare
from invitelab.study.gate_grammar import parse_gates

CODES = {
    GateVerdict.FAILS: ExitCode.NON_CONFORMANT,
    GateVerdict.UNDECIDED: ExitCode.INCONCLUSIVE,
    GateVerdict.HOLDS: ExitCode.CONFORMANT,
}
"""The exit code of several gates is the first of these that one of them has."""


def compare_simulations(
    a: Path,
    b: Path,
    output: Path | None,
    *,
    gates: tuple[str, ...] = (),
    quiet: bool = False,
) -> int:
    """Print how two stored simulations differ; the exit code, 0 without gates.

    The comparison is stored only where `output` is given. Raises UsageError for a gate
    that is none, and where a simulation cannot be read or `output` cannot be written.
    """
    started = now()
    asked = parse_gates(gates)
    with termination_interrupts():
        if output is not None:
            prepare_folder(output, Kind.COMPARISON)
        found = _named(compare(read_results(a), read_results(b), asked), a, b)
        stored = None
        if output is not None:
            facts = provenance(started, HARNESS)
            stored = write_comparison(output, found, facts)
            discard(output, REPORT_FILES)
        print_comparison(report_console(), found, stored, quiet=quiet)
    answer(lambda: compare_answer(found, stored))
    verdicts = {gate.verdict for gate in found.gates}
    codes = (code for verdict, code in CODES.items() if verdict in verdicts)
    return next(codes, ExitCode.CONFORMANT)


def _named(comparison: Comparison, a: Path, b: Path) -> Comparison:
    """With folder names where two runs of one scenario have folders of their own."""
    names = [_folder(path).name for path in (a, b)]
    if comparison.a != comparison.b or names[0] == names[1]:
        return comparison
    return comparison.model_copy(update={"a": names[0], "b": names[1]})


def _folder(path: Path) -> Path:
    resolved = path.resolve()
    return resolved if resolved.is_dir() else resolved.parent
