"""Proofs of earlier: their reports drawn again."""

from pathlib import Path

import click

from invitelab.cli.support.provenance import now, provenance, told_facts
from invitelab.errors import ExitCode, UsageError
from invitelab.formats.proof import read
from invitelab.proof.findings import findings
from invitelab.reporting.proof.files import PROOF, write_proof
from invitelab.safe_text import printable


def is_proof(path: Path) -> bool:
    """Whether a path is a proof of `invitelab prove`, or the folder of one."""
    return path.name == PROOF or (path / PROOF).exists()


def draw_proof_again(path: Path) -> int:
    """Write the report of an earlier proof anew, beside it."""
    folder = path if path.is_dir() else path.parent
    started = now()
    proof = read(folder / PROOF)
    found = tuple(findings(proof))
    if len(proof.findings) != len(found):
        name = printable(str(folder / PROOF))
        msg = f"{name} contradicts itself: its findings do not follow from its trials"
        raise UsageError(msg, hint="run invitelab prove again")
    proof = proof.model_copy(update={"findings": found})  # format 1: other sentences
    facts = told_facts(folder) or provenance(started, proof.harness)
    click.echo(f"report   {write_proof(folder, proof, facts)}")
    return ExitCode.CONFORMANT
