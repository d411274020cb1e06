"""Who descends from a process, by /proc.

A process belongs to the family if its parent does, if it is in the session that the
first one leads, or if its environment has the family's mark, which survives the double
fork of a daemon. Who was seen once is remembered when its parent is gone. Escapes: who
left the session, lost its parent and cleared its environment before the first look; in
a run of `check` it ends with the run: see `invitelab.conformance.isolation.supervisor`.

Nothing else is ever signalled: a pid counts only with the time its process started at.
Without /proc the family is the process group of the first one, as a whole, and nobody
but the first one is waited for.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
ROUNDS = 20
"""How often the list of processes is read at one look, while there is somebody new."""


class Relative(NamedTuple):
    """One process, named for ever: pids are used again, but not in the same tick."""

    pid: int
    started: int


class _Entry(NamedTuple):
    """What the process table says of one process, as far as it matters."""

    state: bytes
    parent: int
    session: int
    started: int


class Family:
    """A process that leads a session, and its descendants.

    The first one must not be reaped while this is used, or its pid is anyone's.
    """

    def __init__(self, first: int, mark: str) -> None:
        """Take the first process; `mark` is a variable of its environment alone."""
        self._mark = mark.encode() + b"="
        entry = _entry(first)
        self._leader = Relative(first, entry.started if entry else 0)
        self._known = {self._leader}
        self._told: set[tuple[Relative, int]] = set()

    def living(self) -> set[Relative]:
        """Look who is there now, without those who ended and wait to be reaped."""
        if not HAS_PROC:
            return set()
        found: dict[int, _Entry] = {}
        marked: set[int] = set()
        for table in _tables(self._leader.started):
            found |= table
            marked |= {pid for pid in table if self._is_marked(pid)}
        relatives = marked | {
            pid
            for pid, entry in found.items()
            if Relative(pid, entry.started) in self._known
            or entry.session == self._leader.pid
        }
        _add_descendants(relatives, found)
        living = {Relative(pid, found[pid].started) for pid in relatives}
        self._known |= living
        return living

    def signal(self, number: int) -> set[Relative]:
        """Send a signal to each of the living, once; returns the living."""
        if not HAS_PROC and (self._leader, number) not in self._told:
            self._told.add((self._leader, number))
            self.signal_group(number)
        living = self.living()
        for relative in living:
            if (relative, number) not in self._told:
                self._told.add((relative, number))
                _send(relative, number)
        return living

    def signal_group(self, number: int) -> None:
        """Send a signal to all that is left of the first one's group, in one step."""
        with contextlib.suppress(OSError):
            os.killpg(self._leader.pid, number)

    def _is_marked(self, pid: int) -> bool:
        """Whether it got its environment from the first one."""
        with contextlib.suppress(OSError):
            return self._mark in (PROC / str(pid) / "environ").read_bytes()
        return False


def _add_descendants(found: set[int], table: Mapping[int, _Entry]) -> None:
    """Add children, their children, and so on."""
    new = found
    while new:
        new = {pid for pid, entry in table.items() if entry.parent in new} - found
        found |= new


def _tables(since: int) -> Iterator[dict[int, _Entry]]:
    """Read the process table: who runs, and started when the family did or later.

    One who hands on to a child and ends while we read is gone before we come to him,
    and the child is not in a list that is older. So who is new is read as well, until
    there is nobody new: nobody can have been missed then.
    """
    read: set[int] = set()
    for _ in range(ROUNDS):
        new = {int(path.name) for path in PROC.iterdir() if path.name.isdigit()} - read
        if not new:
            return
        read |= new
        entries = {pid: entry for pid in new if (entry := _entry(pid))}
        yield {
            pid: entry
            for pid, entry in entries.items()
            if entry.started >= since and entry.state not in b"ZX"
        }


def _entry(pid: int) -> _Entry | None:
    """Read /proc/<pid>/stat; None if there is no such process."""
    try:
        text = (PROC / str(pid) / "stat").read_bytes()
        # The name, in parentheses, may hold anything; the state is the third field.
        fields = text.rpartition(b")")[2].split()
        return _Entry(fields[0], int(fields[1]), int(fields[3]), int(fields[19]))
    except (OSError, IndexError):
        return None


def _send(relative: Relative, number: int) -> None:
    """Signal a process if it still is the one that was seen."""
    entry = _entry(relative.pid)
    if entry and entry.started == relative.started:
        with contextlib.suppress(OSError):
            os.kill(relative.pid, number)
