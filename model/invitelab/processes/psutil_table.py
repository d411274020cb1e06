"""The process table of the systems that psutil supports, such as macOS and Windows."""

import os
import sys

import psutil

from invitelab.processes.tree import Entry

ENDED = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})


class PsutilTable:
    """A ProcessTable by psutil; start times are in seconds since the epoch."""

    def pids(self) -> set[int]:
        """The pids of all processes."""
        return set(psutil.pids())

    def entry(self, pid: int) -> Entry | None:
        """One process; None if it does not exist or cannot be read."""
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                return Entry(
                    parent=process.ppid(),
                    session=_session(pid),
                    started=process.create_time(),
                    is_alive=process.status() not in ENDED,
                )
        except (psutil.Error, OSError):
            return None

    def has_variable(self, pid: int, name: str) -> bool:
        """Whether the process has the variable; False where it cannot be read."""
        try:
            return name in psutil.Process(pid).environ()
        except (psutil.Error, OSError):
            return False

    def command(self, pid: int) -> str:
        """The command line of a process; empty where it cannot be read."""
        try:
            return " ".join(psutil.Process(pid).cmdline())
        except (psutil.Error, OSError):
            return ""


def _session(pid: int) -> int:
    """The pid of the session's leader; 0 on Windows. Raises OSError."""
    if sys.platform == "win32":
        return 0
    else:  # noqa: RET505 - mypy leaves out what is for another platform
        return os.getsid(pid)
