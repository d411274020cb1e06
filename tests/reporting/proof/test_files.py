"""The folder of a proof: the same bytes for the same proof, and the clock apart."""

import json
from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.proof import Proof, read
from invitelab.reporting.proof.files import write_proof
from invitelab.reporting.proof.markdown import markdown
from invitelab.reporting.proof.matrix import matrix
from invitelab.reporting.proof.overview import overview_file
from invitelab.reporting.proof.page import page


def contents(folder: Path) -> dict[str, str]:
    """Read every file of a folder."""
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_a_proof_is_itself_and_its_views(tmp_path: Path, failed_proof: Proof) -> None:
    """The clock is in one of them alone."""
    stored = write_proof(tmp_path, failed_proof, {"seconds": 1.5})
    assert tmp_path / "report.html" == stored
    found = contents(tmp_path)
    assert json.dumps({"seconds": 1.5}, indent=2) + "\n" == found["provenance.json"]
    assert (markdown(failed_proof), page(failed_proof)) == (
        found["report.md"],
        found["report.html"],
    )
    assert overview_file(matrix(failed_proof)) == found["matrix.svg"]
    views = {"matrix.svg", "report.html", "report.md"}
    assert {"proof.json", "provenance.json", *views} == set(found)


def test_a_proof_is_read_as_it_was_written(tmp_path: Path, failed_proof: Proof) -> None:
    """So that its views can be made again."""
    write_proof(tmp_path, failed_proof, {})
    assert failed_proof == read(tmp_path / "proof.json")


def test_equal_proofs_are_equal_bytes(tmp_path: Path, proven: Proof) -> None:
    """Whenever they are written."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        write_proof(folder, proven, {"seconds": number})
    one, other = (contents(folder) for folder in folders)
    assert one.pop("provenance.json") != other.pop("provenance.json")
    assert one == other


def test_a_folder_that_cannot_be_written_is_the_callers_mistake(
    tmp_path: Path, proven: Proof
) -> None:
    """With a hint."""
    with pytest.raises(UsageError, match=r"proof.json cannot be written"):
        write_proof(tmp_path / "missing", proven, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not JSON, or was cut off"),
        ("{}", "is JSON, but not a proof"),
        ("[]", "is JSON, but not a proof"),
        ('{"format": 2}', "is damaged: harness field required"),
        ('{"format": 1}', "is damaged: harness field required"),
        ('{"format": 99}', "was written by a newer invitelab: its format is 99"),
        ('{"format": 1, "points": []}', "holds a sweep, not a proof"),
    ],
)
def test_what_is_no_proof_is_not_read(tmp_path: Path, text: str, reason: str) -> None:
    """Kind, format and damage are told apart; nor is read what is not there."""
    path = tmp_path / "proof.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=f"proof.json {reason}"):
        read(path)
    with pytest.raises(UsageError, match=r"missing.json does not exist"):
        read(tmp_path / "missing.json")


def test_a_proof_of_another_format_is_not_read(tmp_path: Path, proven: Proof) -> None:
    """However well everything else fits."""
    path = write_proof(tmp_path, proven, {}).with_name("proof.json")
    text = path.read_text("utf-8").replace('"format": 2', '"format": 99')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="was written by a newer invitelab"):
        read(path)


def test_a_proof_that_refers_to_a_missing_entry_is_damaged(
    tmp_path: Path, proven: Proof
) -> None:
    """Every mutant has a clause, and every killer is a scenario."""
    path = tmp_path / "proof.json"
    for change in ({"redundant": (99_999,)}, {"clauses": ()}):
        text = proven.model_copy(update=change).model_dump_json()
        path.write_text(text, encoding="utf-8")
        with pytest.raises(
            UsageError, match="is damaged: it refers to a missing entry"
        ):
            read(path)
