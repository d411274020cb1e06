"""A crew of processes that run replications, each with a desk to say how far it is.

Every worker is a fresh process: a copy of this one would hold half a world, and threads
that it knows nothing of. A worker never hears Ctrl-C, which is its parent's to hear,
and never outlives its parent.
"""

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from ctypes import Array, c_byte, c_longlong
from typing import TYPE_CHECKING, Self

from invitelab.processes.signals import init_worker, signals_blocked
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import Windows

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue


class WorkerPool:
    """So many workers; leaving it stops them and waits until they are gone."""

    def __init__(self, size: int) -> None:
        self.size = size
        context = multiprocessing.get_context("spawn")
        self._board = context.RawArray(c_longlong, size)
        self._stop = context.RawValue(c_byte, 0)
        desks: SimpleQueue[int] = context.SimpleQueue()
        for desk in range(size):
            desks.put(desk)
        self._pool = ProcessPoolExecutor(
            size, context, _set_up, (self._board, self._stop, desks)
        )

    def __enter__(self) -> Self:
        """Nobody is hired before there is work."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let nothing go on and nobody stay."""
        self.stop()
        self._pool.shutdown(cancel_futures=True)

    def submit(self, job: Job) -> Future[Measurement]:
        """Have a job done by whoever is free."""
        with signals_blocked():
            return self._pool.submit(_work, job)

    def stop(self) -> None:
        """What runs ends with its present slice of time; what waits ends at once."""
        self._stop.value = 1

    def reached_us(self) -> int:
        """How far those have come that are at work, added up."""
        return sum(int(self._board[desk]) for desk in range(self.size))


# --- In a worker -----------------------------------------------------------------


class _Desk:
    """A worker's place on the board, and its view of the sign that says stop."""

    def __init__(self, board: "Array[c_longlong]", stop: c_byte, place: int) -> None:
        self._board = board
        self._stop = stop
        self._place = place

    @property
    def is_stopped(self) -> bool:
        """Whether the sign is up."""
        return bool(self._stop.value)

    def watch(self, reached_us: int) -> None:
        """Write down how far it is; raises StoppedError when the sign is up."""
        self._board[self._place] = reached_us
        if self.is_stopped:
            raise StoppedError

    def clear(self) -> None:
        """Nothing is being worked on."""
        self._board[self._place] = 0


_desk: _Desk | None = None
"""A worker's own, set once when it begins."""


def _set_up(
    board: "Array[c_longlong]", stop: c_byte, desks: "SimpleQueue[int]"
) -> None:
    global _desk  # noqa: PLW0603 - an initializer can leave nothing behind elsewhere
    init_worker()
    _desk = _Desk(board, stop, desks.get())


def _work(job: Job) -> Measurement:
    assert _desk is not None, "a worker begins with its desk"
    if _desk.is_stopped and job.number:
        # The first one begins all the same, so that there is something to report.
        return Measurement.blank(job.number, Windows.for_run(job.scenario.end_us))
    try:
        return replicate(job, _desk.watch)
    finally:
        _desk.clear()
