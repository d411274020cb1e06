"""A pool of worker processes: started by the first jobs, never left behind.

Each worker is spawned, as a fork would copy the parent's memory and threads in an
unknown state. A worker ignores the signals to end, which its parent handles, and it
ends when its parent ends.
"""

import multiprocessing
import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from ctypes import Array, c_byte, c_longlong
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

from invitelab.errors import Blame, RunError
from invitelab.processes.signals import init_worker, signals_blocked

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.queues import SimpleQueue

POLL_S = 0.1
"""How long `finished` waits, in seconds, before its caller can check for a signal."""

GRACE_S = 30.0
"""How long all other workers may go on, in seconds, once one of them is lost."""

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


def _no_preparation() -> None:
    """The default: a worker needs nothing before its first job."""


class WorkerPool:
    """`size` worker processes; leaving the context ends them and waits for that.

    `prepare` is called once in each worker, before its first job. `work` names what is
    left undone when a worker is lost ("the proof"). A termination signal must not raise
    inside the context, where it could leave a lock taken: enter `termination_noted`
    first, and check it between two calls of `finished`.
    """

    def __init__(
        self,
        size: int,
        *,
        work: str,
        prepare: Callable[[], object] = _no_preparation,
    ) -> None:
        self.size = size
        self._work = work
        context = multiprocessing.get_context("spawn")
        self._positions = context.RawArray(c_longlong, size)
        self._stop = context.RawValue(c_byte, 0)
        slots: SimpleQueue[int] = context.SimpleQueue()
        for slot in range(size):
            slots.put(slot)
        self._not_ours = set(multiprocessing.active_children())
        self._started: set[BaseProcess] = set()
        self._executor = ProcessPoolExecutor(
            size, context, _begin, (prepare, self._positions, self._stop, slots)
        )

    def __enter__(self) -> Self:
        """The pool; no process is started yet."""
        return self

    def __exit__(self, _type: object, error: object, _traceback: object) -> None:
        """Cancel the waiting jobs, end the workers, and wait until they are gone.

        Raises RunError in place of BrokenProcessPool, which any use of the pool raises
        once a worker is lost.
        """
        self.stop()
        lost = isinstance(error, BrokenProcessPool)
        if lost:
            self._end_survivors()
        # Not the executor as a context: leaving that runs the waiting jobs first.
        self._executor.shutdown(cancel_futures=True)
        if lost:
            msg = f"a worker process died before {self._work} was done"
            hint = "memory may have run out: try --workers 1"
            raise RunError(msg, hint=hint, blame=Blame.ENVIRONMENT) from None

    def submit(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Run a picklable function in the next free worker."""
        with signals_blocked():  # this may start a worker
            future = self._executor.submit(function, *args, **kwargs)
        self._started |= self._running()
        return future

    def finished(self, futures: Collection[Future[Result]]) -> set[Future[Result]]:
        """Those of the futures that are done; waits up to POLL_S for the first one.

        Raises BrokenProcessPool when a worker is lost. The executor notices a
        worker that was started while it waited only with the next result.
        """
        done = wait(futures, POLL_S, FIRST_COMPLETED).done
        if not done and self._started - self._running():
            raise BrokenProcessPool
        return done

    def stop(self) -> None:
        """Ask all jobs to end early; it is up to each to look at `is_stopping`."""
        self._stop.value = 1

    def reached(self) -> int:
        """The sum of what the workers have reported last."""
        return sum(int(self._positions[slot]) for slot in range(self.size))

    def _end_survivors(self) -> None:
        """Let running jobs end; kill a worker that waits for a lock of the lost one."""
        deadline_s = time.monotonic() + GRACE_S
        for worker in self._running():
            worker.join(max(0.0, deadline_s - time.monotonic()))
            worker.kill()

    def _running(self) -> "set[BaseProcess]":
        """The workers that are running; the pool ends none of them before its end."""
        return set(multiprocessing.active_children()) - self._not_ours


# --- In a worker -----------------------------------------------------------------


class Worker:
    """What a job can tell its pool, and ask it."""

    def __init__(self, positions: "Array[c_longlong]", stop: c_byte, slot: int) -> None:
        self._positions = positions
        self._stop = stop
        self._slot = slot

    @property
    def is_stopping(self) -> bool:
        """Whether the pool wants its jobs to end early."""
        return bool(self._stop.value)

    def report(self, position: int) -> None:
        """Say how far the job is, in a unit of the job's own; 0 when it is done."""
        self._positions[self._slot] = position


_worker: Worker | None = None
"""The worker that this process is; None in the parent."""


def this_worker() -> Worker:
    """The worker that the calling job runs in."""
    assert _worker is not None, "only a job of a pool runs in a worker"
    return _worker


def must_stop() -> bool:
    """Whether this is a worker whose pool wants its jobs to end early."""
    return _worker is not None and _worker.is_stopping


def _begin(
    prepare: Callable[[], object],
    positions: "Array[c_longlong]",
    stop: c_byte,
    slots: "SimpleQueue[int]",
) -> None:
    global _worker  # noqa: PLW0603 - an initializer can leave nothing behind elsewhere
    init_worker()
    _worker = Worker(positions, stop, slots.get())
    prepare()
