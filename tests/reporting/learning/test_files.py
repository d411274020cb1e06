"""The folder of a machine, and the machine drawn again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.cli import main
from invitelab.errors import UsageError
from invitelab.formats.machine import Machine
from invitelab.reporting.learning.files import MACHINE_FILES, write_machine


def test_all_files_of_a_machine_are_written(tmp_path: Path, broken: Machine) -> None:
    """And no other."""
    page = write_machine(tmp_path, broken, {"begun": "today"})
    assert tmp_path / "machine.html" == page
    assert sorted(MACHINE_FILES) == sorted(one.name for one in tmp_path.iterdir())


def test_report_draws_a_machine_again(
    tmp_path: Path, broken: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """From its document alone: the same bytes, and its own facts."""
    write_machine(tmp_path, broken, {"harness": "x", "started": "today"})
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    for name in set(MACHINE_FILES) - {"machine.json", "provenance.json"}:
        (tmp_path / name).unlink()
    assert 0 == main(["report", str(tmp_path)])
    assert f"report   {tmp_path}/machine.html\n" == capsys.readouterr().out
    assert before == {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    (tmp_path / "machine.svg").unlink()
    assert 0 == main(["report", str(tmp_path / "machine.json")])
    assert (tmp_path / "machine.svg").exists()


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda text: text[:-20], "is not JSON, or was cut off"),
    "newer": (
        lambda text: text.replace('"format": 1', '"format": 2'),
        "was written by a newer invitelab: its format is 2",
    ),
    "no format": (
        lambda text: text.replace('"format": 1', '"format": 0'),
        "is damaged: its format is not a format number",
    ),
    "dangling": (
        lambda text: text.replace('"next": 3', '"next": 9'),
        "a transition names a missing state or input",
    ),
    "kind": (
        lambda _: '{"format": 2, "mutants": [], "clauses": []}',
        "holds a proof, not a learned machine",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", ["report", "diff"])
def test_a_document_that_cannot_be_read_is_told_in_one_sentence(
    tmp_path: Path,
    broken: Machine,
    capsys: pytest.CaptureFixture[str],
    command: str,
    damage: str,
) -> None:
    """By `report` and `diff` alike, with a hint."""
    change, sentence = DAMAGES[damage]
    path = tmp_path / "machine.json"
    path.write_text(change(broken.model_dump_json(indent=1)), encoding="utf-8")
    names = [str(path)] * (2 if command == "diff" else 1)
    assert 2 == main([command, *names])
    error = capsys.readouterr().err
    assert sentence in error
    assert 2 == len(error.splitlines())
    assert "  hint: " in error


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, broken: Machine
) -> None:
    """In one sentence."""
    with pytest.raises(UsageError, match="cannot be written"):
        write_machine(tmp_path / "missing", broken, {})
