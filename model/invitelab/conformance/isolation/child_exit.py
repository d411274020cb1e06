"""Why the process of a run ended without a result, and what is to blame."""

import os
import signal
import sys

from invitelab.errors import Blame, RunError
from invitelab.processes.signals import name_of

PYTEST_INTERRUPTED = 2
"""As in pytest.ExitCode, which takes time to import."""

KILL_S = 5.0
"""Seconds that the system may take to remove what was killed."""

if sys.platform == "win32":
    OWN_FAULTS = frozenset({signal.SIGSEGV, signal.SIGFPE, signal.SIGILL})
    INTERRUPT = signal.CTRL_BREAK_EVENT
    CONTINUE = signal.CTRL_BREAK_EVENT  # nothing stops a process there

    def stopped_by(_code: int) -> signal.Signals | None:
        """None: no signal stops a process on Windows."""
        return None

else:
    from invitelab.conformance.isolation.supervisor import stopped_by

    OWN_FAULTS = frozenset(
        {
            *(signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL),
            *(signal.SIGABRT, signal.SIGSYS, signal.SIGTRAP),
        }
    )
    """Signals that a process gets for what it did itself; the others are sent to it."""
    INTERRUPT = signal.SIGINT
    CONTINUE = signal.SIGCONT


if sys.platform == "linux":

    def stopping(pid: int) -> signal.Signals | None:
        """The signal that has stopped a child of this process; None while it runs."""
        try:
            found = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return None
        return None if found is None else signal.Signals(found.si_status)

else:

    def stopping(pid: int) -> signal.Signals | None:  # noqa: ARG001 - the same elsewhere
        """None: only Linux tells of it without reaping the child."""
        return None


def ending(code: int) -> str:
    """Name the exit code, or the signal, that a process ended with."""
    return name_of(-code) if code < 0 else f"exit code {code}"


def signalled(code: int, said: str) -> str | None:
    """The effect of a signal sent to the run's process; None if there was none.

    `code` is its exit code, negative for a signal; `said` is its output.
    """
    stopped = stopped_by(code)
    if stopped is not None:
        return f"stopped by {stopped.name}"
    if code == PYTEST_INTERRUPTED and "KeyboardInterrupt" in said:
        return "interrupted by SIGINT"
    if code < 0 and -code not in OWN_FAULTS:
        return f"killed by {name_of(-code)}"
    return None


def ended_by_others(target: str, how: str) -> RunError:
    """The error for a process that was ended by a signal from outside invitelab."""
    others = "the target or another process"
    if "SIGKILL" in how:
        others = f"{others}, or the system when memory ran out"
    msg = (
        f"the process that runs {target} was {how}, sent by {others}, not by invitelab"
    )
    hint = "a target may send signals only to processes that it has started"
    return RunError(msg, hint=hint, blame=Blame.ENVIRONMENT)
