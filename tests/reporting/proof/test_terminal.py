"""A proof on a terminal: figures, survivors, findings, and the verdict last."""

import io
from pathlib import Path

from rich.console import Console

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.summary import lines
from invitelab.reporting.proof.terminal import MOST_FINDINGS, print_proof


def printed(proof: Proof, *, quiet: bool = False) -> list[str]:
    """Give the lines."""
    stream = io.StringIO()
    console = Console(file=stream, width=80)
    print_proof(console, proof, stored=Path("there/report.html"), quiet=quiet)
    return stream.getvalue().splitlines()


def test_a_proof_ends_with_its_verdict(proven: Proof) -> None:
    """After every figure and the waived mutants."""
    shown = printed(proven)
    assert "report  there/report.html" == shown[1]
    assert [
        *lines(proven),
        "alive   waived-mutant (PLATFORM-1) waived: not observable",
        "PROVEN",
    ] == shown[3:]


def test_the_findings_stand_before_the_verdict(failed_proof: Proof) -> None:
    """Every finding, after the survivors."""
    shown = printed(failed_proof)
    count = len(failed_proof.findings)
    shown_findings = [f"finding {finding}" for finding in failed_proof.findings]
    assert [*shown_findings, f"NOT PROVEN ({count} findings)"] == shown[-count - 1 :]
    assert shown[-count - 2].startswith("alive   waived-mutant")


def test_one_finding_is_counted_in_the_singular(unproven: tuple[Proof, str]) -> None:
    """Whatever it is about."""
    proof, says = unproven
    assert [f"finding {says}", "NOT PROVEN (1 finding)"] == printed(proof)[-2:]


def test_quiet_leaves_the_findings_and_the_verdict(
    proven: Proof, failed_proof: Proof
) -> None:
    """One word if there are none."""
    assert ["PROVEN"] == printed(proven, quiet=True)
    assert len(failed_proof.findings) + 1 == len(printed(failed_proof, quiet=True))


def test_many_findings_do_not_fill_the_screen(failed_proof: Proof) -> None:
    """How many are left out is said."""
    many = tuple(f"number {n}" for n in range(MOST_FINDINGS + 2))
    shown = printed(failed_proof.model_copy(update={"findings": many}), quiet=True)
    assert "... and 2 more: report.md lists all" == shown[-2]
    assert MOST_FINDINGS + 2 == len(shown)


def test_words_are_no_markup(failed_proof: Proof) -> None:
    """They are printed as they are; control characters were escaped in the records."""
    proof = failed_proof.model_copy(update={"findings": ("[bold]x",)})
    assert "finding [bold]x" == printed(proof, quiet=True)[0]
