"""`proof.json`: both formats are read, and another one is not."""

from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.formats.proof import FORMAT, MutantStatus, Proof, read

SAMPLES = Path(__file__).parent / "samples"
"""The same proof as a document of each format, cut down to a few entries."""


@pytest.fixture
def old() -> Proof:
    """Read the sample of format 1."""
    return read(SAMPLES / "proof-format-1.json")


def test_a_document_of_format_1_is_read_as_one_of_format_2(old: Proof) -> None:
    """With the same content under the new keys."""
    assert read(SAMPLES / "proof-format-2.json") == old
    assert FORMAT == old.format


def test_the_values_of_format_1_have_their_new_names(old: Proof) -> None:
    """Statuses, and the kind of a conforming variant."""
    assert [
        MutantStatus.KILLED,
        MutantStatus.KILLED_BY_OTHER,
        MutantStatus.WAIVED,
        MutantStatus.BROKEN,
        MutantStatus.SURVIVED,
    ] == [mutant.status for mutant in old.mutants]
    assert ["unusual", "interpretation"] == [
        one.kind for one in old.conforming_variants
    ]


def test_what_was_read_is_written_in_format_2(old: Proof, tmp_path: Path) -> None:
    """Byte by byte as the sample of that format."""
    written = old.model_dump_json(indent=2) + "\n"
    assert (SAMPLES / "proof-format-2.json").read_text(encoding="utf-8") == written
    path = tmp_path / "proof.json"
    path.write_text(written, encoding="utf-8")
    assert old == read(path)


def test_the_old_keys_need_the_old_number(tmp_path: Path) -> None:
    """In format 2 they are damage."""
    text = (SAMPLES / "proof-format-1.json").read_text(encoding="utf-8")
    path = tmp_path / "proof.json"
    path.write_text(text.replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(UsageError, match=r"is damaged: mutants.0.defect field"):
        read(path)


@pytest.mark.parametrize("number", ["0", "3", "true", "1.5", '"1"'])
def test_another_format_is_not_read(number: str, tmp_path: Path) -> None:
    """However well everything else fits."""
    text = (SAMPLES / "proof-format-1.json").read_text(encoding="utf-8")
    path = tmp_path / "proof.json"
    path.write_text(text.replace('"format": 1', f'"format": {number}'), "utf-8")
    with pytest.raises(UsageError, match=r"proof.json (is damaged|was written by)"):
        read(path)
