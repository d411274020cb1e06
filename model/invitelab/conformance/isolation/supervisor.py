"""Runs a command, and ends its whole process tree, even if the parent is killed.

    python -I -S supervisor.py STDIN COMMAND...

`subprocess_runner` starts it, and holds the only other end of the pipe that is its
stdin: when that pipe ends, the parent has ended. STDIN is the descriptor that becomes
the command's standard input. On Linux it is the subreaper of all that the command
starts (prctl(2)): a daemon that forks twice, clears its environment and opens a session
of its own becomes a child of this process, and is killed and reaped with the rest.

The command leads a process group of its own, and is the parent that a target sees.
Signals that a target sends to its parent, or to that process group, do not reach this
process, which then reports by which signal the command was killed or stopped.

The script imports the standard library only, to start fast.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

assert sys.platform != "win32", "it needs the signals and process groups of POSIX"

import resource  # noqa: E402 - not to be found on Windows

PROC = Path("/proc")

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

KILL_S = 5.0
"""Time limit for the system to remove killed processes, in seconds."""

PAUSE_S = 0.005

STOPPED = 128
"""Exit code, less the signal's number, for a command that was stopped."""

STOPS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


def supervised(command: Sequence[str], *, stdin: int) -> list[str]:
    """Give the command line that runs a command under a supervisor.

    The supervisor inherits the descriptor `stdin`, and only the command keeps it.

    Its exit code is the command's; a signal that kills the command kills it as well,
    and one that stops the command ends it: see `stopped_by`.
    """
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(stdin), *command]


def stopped_by(code: int) -> signal.Signals | None:
    """Give the signal that stopped a command, by its supervisor's exit code."""
    return next((number for number in STOPS if code == STOPPED + number), None)


def main(stdin: int, command: Sequence[str]) -> None:
    """Run the command, end its process tree, and exit as the command did."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    _prctl(PR_SET_DUMPABLE, 0)  # targets of the same user must not inspect it
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    child = _start(stdin, command)
    os.close(stdin)
    status = _watch(child, reading)
    for number in PASSED_ON:
        signal.signal(number, signal.SIG_IGN)
    _end_all(child)
    _leave(status)


def _start(stdin: int, command: Sequence[str]) -> int:
    """Start it in a process group of its own; from then on pass signals on to it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:  # else it was killed before the line above
            os.dup2(stdin, 0)
            os.close(stdin)
            for number in PASSED_ON:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.execv(command[0], [*command])  # noqa: S606 - a list, and no shell
        os._exit(1)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in PASSED_ON:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def _watch(child: int, woken: int) -> int | None:
    """Wait until the child ends or stops; its status, or None if our parent ended."""
    while True:
        status = _reap(child)
        if status is not None:
            return status
        ready, _, _ = select.select([0, woken], [], [])
        # The parent writes nothing to the pipe: readable means ended.
        if 0 in ready and not os.read(0, 1 << 10):
            return None
        if woken in ready:
            os.read(woken, 1 << 10)


def _reap(child: int) -> int | None:
    """Reap ended processes; the status of the command, if it ended or stopped."""
    found = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            if pid == 0:
                break
            if pid == child:
                found = status
    return found


def _end_all(child: int) -> None:
    """Kill and reap all descendants, until there are none or KILL_S is over."""
    end = time.monotonic() + KILL_S
    while (living := descendants()) and time.monotonic() < end:
        for pid in living:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(PAUSE_S)
        _reap(child)


def descendants() -> set[int]:
    """The ids of all descendants of this process."""
    parents = _parents()
    found: set[int] = set()
    new = {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return found


def _parents() -> dict[int, int]:
    """The parent of each process, by id."""
    if not (PROC / "self" / "stat").exists():
        return _parents_by_ps()
    found: dict[int, int] = {}
    for path in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in parentheses, may hold anything; the parent is two fields on.
            fields = path.read_bytes().rpartition(b")")[2].split()
            found[int(path.parent.name)] = int(fields[1])
    return found


def _parents_by_ps() -> dict[int, int]:
    """The same by `ps` of POSIX, where there is no /proc."""
    import subprocess  # noqa: PLC0415 - slow, and not used on Linux

    command = ["/bin/ps", "-A", "-o", "pid=", "-o", "ppid="]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ps:
        table, _ = ps.communicate()
    rows = [line.split() for line in table.splitlines()]
    return {int(pid): int(parent) for pid, parent in rows if int(pid) != ps.pid}


def _leave(status: int | None) -> None:
    """Exit with the code or the signal of the command."""
    if status is None:
        os._exit(1)  # the parent has ended
    if os.WIFSTOPPED(status):
        os._exit(STOPPED + os.WSTOPSIG(status))
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(OSError):  # KILL has no handler to be put back
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1)


def _prctl(option: int, value: int) -> None:
    """Call prctl(2) on Linux; do nothing elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
