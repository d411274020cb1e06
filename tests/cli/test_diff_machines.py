"""`invitelab diff` of two learned machines: what tells them apart, the exit code."""

from pathlib import Path

import pytest
from learned_machines import MODIFY, SEND, machine_of

from invitelab.cli import main
from invitelab.formats.machine import Machine, written

A_MACHINE = machine_of(
    [[(1, "ok", ()), (0, "nothing", ())], [(1, "refused", ()), (1, "ok", ())]],
    names=("before", "pending"),
    inputs=(SEND, MODIFY),
)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Write a machine, one that refuses a change, and a run."""
    transitions = (
        *A_MACHINE.transitions[:3],
        A_MACHINE.transitions[3].model_copy(update={"answer": "refused"}),
    )
    other = A_MACHINE.model_copy(update={"transitions": transitions})
    stored: dict[str, Machine] = {"a": A_MACHINE, "same": A_MACHINE, "other": other}
    for name, machine in stored.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "machine.json").write_text(written(machine), "utf-8")
    arguments = ["--clause", "EXPIRY-1", "--quiet", "--output", str(tmp_path / "run")]
    main(["check", "reference", *arguments])
    return {name: tmp_path / name for name in (*stored, "run")}


def test_a_difference_is_told_and_is_exit_code_1(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """By folder or by document."""
    for path in (folders["other"], folders["other"] / "machine.json"):
        assert 1 == main(["diff", str(folders["a"]), str(path)])
        lines = capsys.readouterr().out.splitlines()
        assert "x  new: modify is refused" in lines
        assert "DIFFERENT after 2 inputs: new: modify is refused" == lines[-1]


def test_machines_that_behave_alike_are_exit_code_0(
    folders: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Quietly, one line."""
    capsys.readouterr()
    assert 0 == main(["diff", "-q", str(folders["a"]), str(folders["same"])])
    assert "THE SAME over 2 inputs\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a"], "is a learned machine, and nothing else is named"),
        (["a", "run"], "holds a conformance run, not a learned machine"),
        (["run", "a"], "holds a conformance run, not a learned machine"),
        (["a", "missing"], "does not exist"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(
    folders: dict[str, Path],
    capsys: pytest.CaptureFixture[str],
    names: list[str],
    sentence: str,
) -> None:
    """With a hint, and exit code 2."""
    capsys.readouterr()
    paths = [str(folders["a"].parent / name) for name in names]
    assert 2 == main(["diff", *paths])
    error = capsys.readouterr().err
    assert sentence in error
    assert "  hint: " in error
