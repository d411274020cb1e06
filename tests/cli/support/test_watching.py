"""`--watch`: which changes are seen, and that a burst of them is one."""

import os
import time
from pathlib import Path

import click
import pytest

from invitelab.adapters.target import Target
from invitelab.cli.support import watching as module
from invitelab.cli.support.run_check import Checks
from invitelab.cli.support.watching import (
    first_change,
    times,
    wait_for_change,
    watching,
)
from invitelab.errors import CannotStartError, ExitCode

CHECKS = Checks(targets=[Target.parse("reference")])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a folder with a file."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("1", encoding="utf-8")
    return tmp_path / "src"


def test_a_new_a_changed_and_a_lost_file_are_changes(source: Path) -> None:
    """The same content with another time is one, too: it may be a build."""
    before = times([source], [])
    assert first_change(before, times([source], [])) is None
    (source / "new.py").write_text("", encoding="utf-8")
    assert str(source / "new.py") == first_change(before, times([source], []))
    (source / "new.py").unlink()
    os.utime(source / "main.py", ns=(1, 1))
    assert str(source / "main.py") == first_change(before, times([source], []))
    (source / "main.py").unlink()
    assert str(source / "main.py") == first_change(before, times([source], []))


def test_a_single_file_can_be_watched(source: Path) -> None:
    """As an adapter that is one."""
    assert [str(source / "main.py")] == list(times([source / "main.py"], []))


@pytest.mark.parametrize("name", ["__pycache__/a.txt", ".git/a", "b.pyc", "c.py~"])
def test_what_nobody_edits_is_ignored(source: Path, name: str) -> None:
    """An import, a commit, or an editor at work."""
    (source / name).parent.mkdir(exist_ok=True)
    (source / name).write_text("", encoding="utf-8")
    assert [str(source / "main.py")] == list(times([source], []))


def test_the_reports_of_the_check_are_ignored(source: Path) -> None:
    """Or each run would begin the next one."""
    reports = source / "reports" / "check"
    reports.mkdir(parents=True)
    (reports / "run.jsonl").write_text("", encoding="utf-8")
    assert [str(source / "main.py")] == list(times([source], [reports.absolute()]))


def test_a_burst_of_changes_is_one(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits until nothing changes any more; the first file by name is told."""
    before = times([source], [])
    left = ["3.o", "2.o", "1.o"]

    def build(_seconds: float) -> None:
        """Write one file while the watch sleeps."""
        if left:
            (source / left.pop()).write_text("", encoding="utf-8")

    monkeypatch.setattr(time, "sleep", build)
    assert wait_for_change([source], [], before).endswith("1.o")
    assert [] == left


def test_a_check_is_run_again_after_each_change_until_ctrl_c(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error ends no watch; the exit code is that of the last run."""
    monkeypatch.setattr(module, "POLL_S", 0.01)
    monkeypatch.setattr(module, "QUIET_S", 0.01)
    runs: list[int] = []

    def once() -> int:
        runs.append(len(runs))
        if len(runs) == 1:  # it is edited while it is checked
            (source / "main.py").write_text("mended", encoding="utf-8")
            raise CannotStartError("there is no adapter", hint="build it")
        monkeypatch.setattr(module, "wait_for_change", interrupted)
        return ExitCode.INCONCLUSIVE

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    assert ExitCode.INCONCLUSIVE == watching([source], CHECKS, once)
    assert [0, 1] == runs
    told = capsys.readouterr().err
    assert "invitelab: there is no adapter\n  hint: build it\n" in told
    assert "main.py has changed" in told


def test_an_interrupted_check_ends_the_watch(source: Path) -> None:
    """Ctrl-C in a run is an interrupt as always."""

    def once() -> int:
        raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, click.Abort)):
        watching([source], CHECKS, once)
