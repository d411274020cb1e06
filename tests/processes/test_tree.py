"""Doubts about who descends from whom, with a process table of our own."""

import shutil
from collections.abc import Generator
from pathlib import Path, PosixPath
from typing import Self

import pytest

from invitelab.processes import tree
from invitelab.processes.tree import Family, Relative

FIRST = 1000
MARK = "INVITELAB_TARGET_1"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a process table with the first process, and no way to signal anybody."""
    monkeypatch.setattr(tree, "PROC", tmp_path)
    monkeypatch.setattr(tree, "HAS_PROC", True)
    add(tmp_path, FIRST, parent=1, session=FIRST)
    return tmp_path


def add(
    table: Path,
    pid: int,
    *,
    parent: int = 1,
    session: int = 1,
    started: int = 50,
    state: str = "S",
    environment: str = "",
) -> None:
    """Add a process, or change it."""
    folder = table / str(pid)
    folder.mkdir(exist_ok=True)
    fields = [state, parent, session, session, *[0] * 15, started, 0]
    text = f"{pid} (a ) b) {' '.join(map(str, fields))}\n"
    (folder / "stat").write_text(text, encoding="ascii")
    (folder / "environ").write_text(environment, encoding="ascii")


def pids(relatives: set[Relative]) -> list[int]:
    """Name them in order."""
    return sorted(relative.pid for relative in relatives)


def test_a_stranger_is_not_in_the_family(table: Path) -> None:
    """Neither its parent nor a neighbour is; nor is who was there before."""
    start = Family(FIRST, MARK)
    add(table, 1, parent=0, started=0)
    add(table, 1001, environment=f"{MARK}2=1\0")
    add(table, 1002, parent=FIRST, session=FIRST, started=49)
    assert [FIRST] == pids(start.living())


def test_relatives_are_found_by_parent_session_and_environment(table: Path) -> None:
    """Any of the three is enough, and their children belong to them."""
    start = Family(FIRST, MARK)
    add(table, 1001, parent=FIRST)
    add(table, 1002, session=FIRST)
    add(table, 1003, environment=f"A=1\0{MARK}=1\0")
    add(table, 1004, parent=1005)
    add(table, 1005, parent=1003)
    assert [FIRST, 1001, 1002, 1003, 1004, 1005] == pids(start.living())


def test_who_was_seen_once_is_remembered(table: Path) -> None:
    """An orphan that left no sign behind still belongs to the family."""
    start = Family(FIRST, MARK)
    add(table, 1001, parent=FIRST, session=1001)
    start.living()
    add(table, FIRST, session=FIRST, state="Z")
    add(table, 1001, session=1001)
    assert [1001] == pids(start.living())


def test_a_pid_that_is_used_again_is_another_process(table: Path) -> None:
    """It was remembered with the time it started at."""
    start = Family(FIRST, MARK)
    add(table, 1001, parent=FIRST)
    start.living()
    add(table, 1001, started=51)
    assert [FIRST] == pids(start.living())


class HandingOn(PosixPath):
    """A process table in which a process hands on to a child while it is read."""

    def iterdir(self) -> Generator[Self]:
        """List who is there; at once, the newest of them is somebody else."""
        paths = list(super().iterdir())
        yield from paths
        newest = max(int(path.name) for path in paths)
        if newest < FIRST + 5:
            shutil.rmtree(self / str(newest))
            add(self, newest + 1, environment=f"{MARK}=1\0")


def test_who_hands_on_while_we_read_is_found(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child was not there when the list was made, the parent not afterwards."""
    start = Family(FIRST, MARK)
    add(table, 1001, environment=f"{MARK}=1\0")
    monkeypatch.setattr(tree, "PROC", HandingOn(table))
    assert [FIRST, 1005] == pids(start.living())


def test_who_waits_to_be_reaped_does_not_live(table: Path) -> None:
    """There is nothing left to end."""
    start = Family(FIRST, MARK)
    add(table, FIRST, session=FIRST, state="Z")
    add(table, 1001, parent=FIRST, state="X")
    assert set[Relative]() == start.living()
