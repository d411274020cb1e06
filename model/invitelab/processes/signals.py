"""Termination signals: handled by the process that was started, ignored by its workers.

A terminal sends a signal to the parent and to its workers. A worker that acted on it
would die in the middle of a job; the parent ends its workers instead.
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
"""The signals to end: of the keyboard, of the system, and of a terminal that closes; on
Windows CTRL+C, CTRL+BREAK and a closed console."""


def name_of(number: int) -> str:
    """The name of a signal, such as SIGKILL; `signal 40` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def termination_interrupts() -> AbstractContextManager[None]:
    """Raise KeyboardInterrupt at TERM and HUP too, so that clean-up code runs."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        ignore_termination_signals()  # a terminal that closes sends HUP twice
        raise KeyboardInterrupt

    return _handled_by(interrupt)


@contextmanager
def termination_noted() -> Generator[Callable[[], bool]]:
    """Yield a function that tells whether a signal to end has come; raise nothing.

    For code that holds locks: an exception right after a lock is taken leaves it taken,
    and a pool of processes then waits forever.
    """
    # No threading.Event: a second signal would wait for the lock that the first holds.
    came: list[int] = []
    with _handled_by(lambda number, _frame: came.append(number)):
        yield lambda: bool(came)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Generator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _handled_signals()}
    try:
        for number in before:
            signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _handled_signals() -> list[signal.Signals]:
    """The signals to handle, without those that nohup or a shell has set to ignored."""
    return [one for one in TO_END if signal.getsignal(one) is not signal.SIG_IGN]


def ignore_termination_signals() -> None:
    """Ignore further termination signals, while everything is being stopped."""
    if threading.current_thread() is threading.main_thread():
        for number in TO_END:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def signals_blocked() -> Generator[None]:
    """Block the termination signals, also in processes that are started meanwhile.

    A new process would otherwise receive them before it can ignore them. In this
    process they are delivered afterwards.
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
    """Prepare a worker process: ignore termination signals, and end with the parent."""
    for number in _handled_signals():
        # Neither SIG_IGN nor blocked, which the processes of a worker would inherit.
        signal.signal(number, _ignore)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TO_END)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The handler of a worker, which its parent ends."""


def _follow_parent() -> None:
    """End this worker when its parent is gone, even if the parent was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    parent.join()
    os._exit(ExitCode.INTERRUPTED)
