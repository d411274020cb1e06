"""The folder of a proof; every file is written whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

from invitelab.formats.proof import Proof
from invitelab.reporting.common.files import (
    PAGE,
    PROVENANCE,
    write_provenance,
    write_whole,
)
from invitelab.reporting.proof.markdown import markdown
from invitelab.reporting.proof.matrix import matrix
from invitelab.reporting.proof.overview import overview_file
from invitelab.reporting.proof.page import page

PROOF = "proof.json"
FILES = (PROOF, PROVENANCE, "report.md", "matrix.svg", PAGE)


def write_proof(folder: Path, proof: Proof, provenance: Mapping[str, object]) -> Path:
    """Write all files of a proof, and give the path of its page.

    Only `provenance.json` holds wall-clock times. Raises UsageError when the folder
    cannot be written.
    """
    write_whole(folder / PROOF, proof.model_dump_json(indent=2) + "\n")
    write_provenance(folder, provenance)
    write_whole(folder / "report.md", markdown(proof))
    write_whole(folder / "matrix.svg", overview_file(matrix(proof)))
    write_whole(folder / PAGE, page(proof))
    return folder / PAGE
