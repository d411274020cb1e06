"""A proof on a terminal: the figures, the survivors, what is wrong, the verdict."""

from pathlib import Path

from rich.console import Console

from invitelab.formats.proof import MutantStatus, Proof
from invitelab.reporting.common.formatting import plural
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.terminal import line
from invitelab.reporting.proof.summary import lines, survivors, verdict, why

MOST_COMPLAINTS = 40


def print_proof(
    console: Console, proof: Proof, *, stored: Path | None, quiet: bool = False
) -> None:
    """Everything, the verdict last; `quiet` leaves what is wrong and the verdict."""
    proof = safe_document(proof)
    if not quiet:
        line(console, f"suite   {proof.suite} ({proof.harness})")
        line(console, "\n" if stored is None else f"report  {stored}\n")
        for text in lines(proof):
            line(console, text)
        _print_survivors(console, proof)
    for complaint in proof.complaints[:MOST_COMPLAINTS]:
        line(console, f"wrong   {complaint}", "bold red")
    more = len(proof.complaints) - MOST_COMPLAINTS
    if more > 0:
        line(console, f"... and {more} more: report.md has them all", "bold red")
    style = "bold red" if proof.complaints else "bold green"
    why_not = plural(len(proof.complaints), "complaint") if proof.complaints else ""
    line(console, verdict(proof) + (f" ({why_not})" if why_not else ""), style)


def _print_survivors(console: Console, proof: Proof) -> None:
    for mutant in survivors(proof):
        style = "yellow" if mutant.fate is MutantStatus.EXCUSED else "red"
        told = f"{mutant.name} ({mutant.clause}) {mutant.fate.value}: {why(mutant)}"
        line(console, f"alive   {told}", style)
