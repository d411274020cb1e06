"""A proof on a terminal: the figures, the survivors, the findings, the verdict."""

from pathlib import Path

from rich.console import Console

from invitelab.formats.proof import MutantStatus, Proof
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.terminal import line
from invitelab.reporting.proof.summary import lines, reason, survivors, verdict

MOST_FINDINGS = 40


def print_proof(
    console: Console, proof: Proof, *, stored: Path | None, quiet: bool = False
) -> None:
    """Print the proof, the verdict last; `quiet`: only the findings and the verdict."""
    proof = safe_document(proof)
    if not quiet:
        line(console, f"suite   {proof.suite} ({proof.harness})")
        line(console, "\n" if stored is None else f"report  {stored}\n")
        for text in lines(proof):
            line(console, text)
        _print_survivors(console, proof)
    for finding in proof.findings[:MOST_FINDINGS]:
        line(console, f"finding {finding}", "bold red")
    more = len(proof.findings) - MOST_FINDINGS
    if more > 0:
        line(console, f"... and {more} more: report.md lists all", "bold red")
    style = "bold red" if proof.findings else "bold green"
    count = plural(len(proof.findings), "finding") if proof.findings else ""
    line(console, verdict(proof) + (f" ({count})" if count else ""), style)


def _print_survivors(console: Console, proof: Proof) -> None:
    for mutant in survivors(proof):
        style = "yellow" if mutant.status is MutantStatus.WAIVED else "red"
        name = f"{mutant.name} ({mutant.clause})"
        text = f"{mutant.status.value}: {reason(mutant)}"
        line(console, f"alive   {name} {text}", style)
