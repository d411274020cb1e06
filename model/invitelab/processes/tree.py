"""The tree of a process: the process itself and its descendants.

A process belongs to the tree if its parent does, if it is in the session that the root
leads, or if its environment has the tree's mark, which survives the double fork of a
daemon. A process that was seen once is remembered after its parent has ended. Not found
is a process that left the session, lost its parent and cleared its environment before
the first look; `invitelab.conformance.isolation.supervisor` ends it with the run.

The processes of the system come from a process table: /proc on Linux, psutil elsewhere
(`psutil_table`). Only members of the tree are signalled: a pid counts only together
with the time at which its process started, as pids are used again.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
ROUNDS = 20
"""How often the list of pids is read at one look, while new ones appear."""


class ProcessId(NamedTuple):
    """One process: a pid is not used again with the same start time."""

    pid: int
    started: float


class Entry(NamedTuple):
    """One process in the process table."""

    parent: int
    session: int
    """The pid of the session's leader; 0 where there are no sessions."""
    started: float
    """The start time, in units of the table."""
    is_alive: bool
    """False for a process that has ended and waits to be reaped."""


class ProcessTable(Protocol):
    """The processes of this system. Its methods do not raise."""

    def pids(self) -> set[int]:
        """The pids of all processes."""
        ...

    def entry(self, pid: int) -> Entry | None:
        """One process; None if it does not exist or cannot be read."""
        ...

    def has_variable(self, pid: int, name: str) -> bool:
        """Whether the process has the variable in its environment."""
        ...

    def command(self, pid: int) -> str:
        """The command line of a process; empty if it cannot be read."""
        ...


class ProcTable:
    """The process table of Linux, below /proc; start times are in clock ticks."""

    def __init__(self, root: Path = PROC) -> None:
        self._root = root

    def pids(self) -> set[int]:
        """The pids of all processes."""
        return {int(path.name) for path in self._root.iterdir() if path.name.isdigit()}

    def entry(self, pid: int) -> Entry | None:
        """Read /proc/PID/stat."""
        try:
            text = (self._root / str(pid) / "stat").read_bytes()
            # The name, in parentheses, may hold anything; the state is the third field.
            fields = text.rpartition(b")")[2].split()
            return Entry(
                parent=int(fields[1]),
                session=int(fields[3]),
                started=int(fields[19]),
                is_alive=fields[0] not in b"ZX",
            )
        except (OSError, IndexError):
            return None

    def has_variable(self, pid: int, name: str) -> bool:
        """Look into /proc/PID/environ."""
        with contextlib.suppress(OSError):
            environment = (self._root / str(pid) / "environ").read_bytes()
            return f"{name}=".encode() in environment
        return False

    def command(self, pid: int) -> str:
        """Read /proc/PID/cmdline."""
        with contextlib.suppress(OSError):
            words = (self._root / str(pid) / "cmdline").read_bytes()
            return words.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
        return ""


def process_table() -> ProcessTable:
    """The process table of this system."""
    if HAS_PROC:
        return ProcTable()
    # Imported late: Linux does not need it.
    from invitelab.processes.psutil_table import PsutilTable  # noqa: PLC0415

    return PsutilTable()


class ProcessTree:
    """A process and its descendants. The root should lead a session of its own.

    The root must not be reaped while this is used, or its pid may be another process's.
    """

    def __init__(self, root: int, mark: str, table: ProcessTable | None = None) -> None:
        """`mark` is a variable that only the root's environment was given."""
        self._mark = mark
        self._table = table or process_table()
        entry = self._table.entry(root)
        self._root = ProcessId(root, entry.started if entry else 0)
        self._command = self._table.command(root)
        self._known = {self._root}
        self._signalled: set[tuple[ProcessId, int]] = set()

    def living(self) -> set[ProcessId]:
        """The members that have not ended."""
        found: dict[int, Entry] = {}
        marked: set[int] = set()
        for new in self._new_entries():
            found |= new
            marked |= {pid for pid in new if self._table.has_variable(pid, self._mark)}
        members = marked | {
            pid
            for pid, entry in found.items()
            if ProcessId(pid, entry.started) in self._known
            or entry.session == self._root.pid
        }
        _add_descendants(members, found)
        living = {ProcessId(pid, found[pid].started) for pid in members}
        self._known |= living
        return living

    def runs_another(self) -> bool:
        """Whether a living member is another program than the root was at first.

        A child with the same command line, as after a fork, is the same program.
        """
        living = self.living() - {self._root}
        commands = {self._table.command(process.pid) for process in living}
        return bool(commands - {"", self._command})

    def terminate(self) -> set[ProcessId]:
        """Ask each living member to end, once (TERM); returns the living.

        On Windows it is CTRL+BREAK, which only reaches the root's process group.
        """
        if sys.platform == "win32":
            living = self.living()
            if (self._root, signal.CTRL_BREAK_EVENT) not in self._signalled:
                self._signalled.add((self._root, signal.CTRL_BREAK_EVENT))
                _send(self._root.pid, signal.CTRL_BREAK_EVENT)
            return living
        else:  # noqa: RET505 - mypy leaves out what is for another platform
            return self._signal(signal.SIGTERM)

    def kill(self) -> set[ProcessId]:
        """Kill each living member; returns those that were living."""
        return self._signal(KILL)

    def kill_descendants(self) -> set[ProcessId]:
        """Kill each living member but the root; returns those that were living."""
        return self._signal(KILL, spare={self._root})

    def kill_group(self) -> None:
        """Kill what is left of the root's process group, in one step."""
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self._root.pid, signal.SIGKILL)

    def _signal(self, number: int, spare: Collection[ProcessId] = ()) -> set[ProcessId]:
        living = self.living().difference(spare)
        for process in living:
            entry = self._table.entry(process.pid)
            is_same = entry is not None and entry.started == process.started
            if is_same and (process, number) not in self._signalled:
                self._signalled.add((process, number))
                _send(process.pid, number)
        return living

    def _new_entries(self) -> Iterator[dict[int, Entry]]:
        """The living processes that started after the root, in batches.

        A process that starts a child and ends while the table is read may be gone
        before its entry is read, and the child is not in the list of pids. So pids that
        are new are read as well, until there are none: then no process was missed.
        """
        read: set[int] = set()
        for _ in range(ROUNDS):
            new = self._table.pids() - read
            if not new:
                return
            read |= new
            entries = {pid: entry for pid in new if (entry := self._table.entry(pid))}
            yield {
                pid: entry
                for pid, entry in entries.items()
                if entry.started >= self._root.started and entry.is_alive
            }


if sys.platform == "win32":
    KILL = signal.SIGTERM  # os.kill then calls TerminateProcess
else:
    KILL = signal.SIGKILL


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _add_descendants(members: set[int], table: Mapping[int, Entry]) -> None:
    """Add the children of members, their children, and so on.

    On Windows a process keeps the pid of a parent that has ended, and the pid may be
    that of a younger process by then.
    """
    new = members
    while new:
        new = {
            pid
            for pid, entry in table.items()
            if entry.parent in new and entry.started >= table[entry.parent].started
        } - members
        members |= new
