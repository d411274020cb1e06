"""Who hears that it is to end: the process that was started, and never its workers.

A worker that took a signal for itself would die in the middle of a job; its parent
hears the same one, and ends it.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from invitelab.errors import ExitCode

if sys.platform == "win32":
    TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK)
else:
    TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""From the keyboard, from a machine that wants to be rid of us, and when the terminal
closes; on Windows CTRL+C, CTRL+BREAK and a closed console."""


def name_of(number: int) -> str:
    """Give the name of a signal, such as SIGKILL; `signal 40` has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def termination_interrupts() -> AbstractContextManager[None]:
    """TERM and HUP end the work as Ctrl-C does, so that what was started is stopped."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        ignore_termination_signals()  # a terminal that closes says so twice
        raise KeyboardInterrupt

    return _handled_by(interrupt)


@contextmanager
def termination_noted() -> Generator[Callable[[], bool]]:
    """Give a way to ask whether a signal to end has come; nothing is interrupted.

    For work with locks of its own: an exception between taking a lock and using it
    leaves it taken, and a pool of processes then waits for ever.
    """
    # No Event: the next signal would wait for its lock, which this one holds.
    came: list[int] = []
    with _handled_by(lambda number, _frame: came.append(number)):
        yield lambda: bool(came)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Generator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _heard()}
    try:
        for number in before:
            signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _heard() -> list[signal.Signals]:
    """Those that count: nohup, or a shell that runs us behind, has us ignore some."""
    return [one for one in TO_END if signal.getsignal(one) is not signal.SIG_IGN]


def ignore_termination_signals() -> None:
    """Whoever is impatient has to wait until everything has been stopped."""
    if threading.current_thread() is threading.main_thread():
        for number in TO_END:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def signals_blocked() -> Generator[None]:
    """Whoever is born in here does not hear the signals that are for its parent.

    It would hear them before it can decide not to. For the parent they wait.
    """
    if sys.platform == "win32":
        yield
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, TO_END)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def init_worker() -> None:
    """In a worker, first of all: do not hear what its parent hears, nor outlive it."""
    for number in _heard():
        # Not SIG_IGN, nor blocked: whoever a worker starts has to hear them again.
        signal.signal(number, _hear_nothing)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TO_END)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _hear_nothing(_number: int, _frame: FrameType | None) -> None:
    """What its parent hears too."""


def _follow_parent() -> None:
    """A parent that was killed tells nobody, and its workers would wait forever."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    parent.join()
    os._exit(ExitCode.INTERRUPTED)
