"""The members of a process tree, by a process table in files and by the system's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path, PosixPath
from typing import Self

import pytest

from invitelab.adapters.transports.process import wait_for
from invitelab.processes import tree
from invitelab.processes.psutil_table import PsutilTable
from invitelab.processes.tree import (
    ProcessId,
    ProcessTable,
    ProcessTree,
    ProcTable,
    process_table,
)

assert sys.platform != "win32", "PosixPath is for POSIX"

PATIENCE_S = 20.0
ROOT = 1000
MARK = "INVITELAB_TARGET_1"
TABLES = [
    pytest.param(
        ProcTable(), marks=pytest.mark.skipif(not tree.HAS_PROC, reason="needs /proc")
    ),
    PsutilTable(),
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A process table in files, with the root."""
    add(tmp_path, ROOT, parent=1, session=ROOT)
    return tmp_path


def tree_of(table: Path) -> ProcessTree:
    """The tree of the root in this table."""
    return ProcessTree(ROOT, MARK, ProcTable(table))


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


def pids(processes: set[ProcessId]) -> list[int]:
    """The pids, in order."""
    return sorted(process.pid for process in processes)


def test_other_processes_are_no_members(table: Path) -> None:
    """Neither the root's parent, nor a sibling, nor an older process."""
    members = tree_of(table)
    add(table, 1, parent=0, started=0)
    add(table, 1001, environment=f"{MARK}2=1\0")
    add(table, 1002, parent=ROOT, session=ROOT, started=49)
    assert [ROOT] == pids(members.living())


def test_members_are_found_by_parent_session_and_environment(table: Path) -> None:
    """Any of the three is enough; descendants of members are members."""
    members = tree_of(table)
    add(table, 1001, parent=ROOT)
    add(table, 1002, session=ROOT)
    add(table, 1003, environment=f"A=1\0{MARK}=1\0")
    add(table, 1004, parent=1005)
    add(table, 1005, parent=1003)
    assert [ROOT, 1001, 1002, 1003, 1004, 1005] == pids(members.living())


def test_a_member_that_was_seen_is_remembered(table: Path) -> None:
    """Even when it has lost its parent and left the session."""
    members = tree_of(table)
    add(table, 1001, parent=ROOT, session=1001)
    members.living()
    add(table, ROOT, session=ROOT, state="Z")
    add(table, 1001, session=1001)
    assert [1001] == pids(members.living())


def test_a_pid_that_is_used_again_is_another_process(table: Path) -> None:
    """A process is identified by its pid and its start time."""
    members = tree_of(table)
    add(table, 1001, parent=ROOT)
    members.living()
    add(table, 1001, started=51)
    assert [ROOT] == pids(members.living())


class HandingOn(PosixPath):
    """A process table in which a process is replaced by a child while it is read."""

    def iterdir(self) -> Generator[Self]:
        """List the processes, and replace the newest one."""
        paths = list(super().iterdir())
        yield from paths
        newest = max(int(path.name) for path in paths)
        if newest < ROOT + 5:
            shutil.rmtree(self / str(newest))
            add(self, newest + 1, environment=f"{MARK}=1\0")


def test_a_child_that_replaces_its_parent_during_a_look_is_found(table: Path) -> None:
    """The child is not in the first list of pids; the parent ends before its entry."""
    members = tree_of(HandingOn(table))
    add(table, 1001, environment=f"{MARK}=1\0")
    assert [ROOT, 1005] == pids(members.living())


def test_a_process_that_waits_to_be_reaped_is_not_living(table: Path) -> None:
    """It has ended."""
    members = tree_of(table)
    add(table, ROOT, session=ROOT, state="Z")
    add(table, 1001, parent=ROOT, state="X")
    assert set[ProcessId]() == members.living()


def test_a_younger_parent_is_no_parent(table: Path) -> None:
    """The pid of a parent that has ended may be used again (Windows keeps it)."""
    members = tree_of(table)
    add(table, 1001, parent=1002, started=51)
    add(table, 1002, parent=ROOT, started=52)
    assert [ROOT, 1002] == pids(members.living())


# The tables of the system


@pytest.mark.parametrize("table", TABLES)
def test_a_table_describes_a_process(table: ProcessTable) -> None:
    """Its parent, its session and its environment, while it runs and afterwards."""
    command = [sys.executable, "-c", "print(flush=True); input()"]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, MARK: "1"},
    )
    with child:
        assert child.stdout
        child.stdout.readline()
        entry = table.entry(child.pid)
        assert entry is not None
        assert (os.getpid(), child.pid, True) == (
            entry.parent,
            entry.session,
            entry.is_alive,
        )
        assert child.pid in table.pids()
        assert (True, False) == (
            table.has_variable(child.pid, MARK),
            table.has_variable(child.pid, f"{MARK}2"),
        )
        own = table.entry(os.getpid())
        assert own is not None
        assert own.started <= entry.started
    assert table.entry(child.pid) is None
    assert not table.has_variable(child.pid, MARK)


@pytest.mark.parametrize("table", TABLES)
def test_a_zombie_is_not_alive(table: ProcessTable) -> None:
    """It has ended, and only waits to be reaped."""
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as child:
        assert child.stdin
        child.stdin.close()

        def has_ended() -> bool:
            entry = table.entry(child.pid)
            return entry is None or not entry.is_alive

        assert wait_for(has_ended, PATIENCE_S)


def test_without_proc_the_table_is_that_of_psutil(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on macOS and Windows."""
    monkeypatch.setattr(tree, "HAS_PROC", False)
    assert isinstance(process_table(), PsutilTable)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("child", "another"),
    [
        ("os.fork() or time.sleep(60)", False),
        ("subprocess.Popen(['sleep','60'])", True),
    ],
)
def test_a_child_is_another_program_by_its_command(
    table: ProcessTable, child: str, *, another: bool
) -> None:
    """A fork is the same program, as workers are."""
    program = f"import os, subprocess, time; {child}; print(flush=True); input()"
    root = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, MARK: "1"},
    )
    with root:
        assert root.stdout
        tree = ProcessTree(root.pid, MARK, table)
        root.stdout.readline()
        assert wait_for(lambda: len(tree.living()) == 2, PATIENCE_S)
        found = wait_for(tree.runs_another, PATIENCE_S if another else 0.0)
        tree.kill()
    assert another == found
