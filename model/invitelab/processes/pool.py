"""A pool of worker processes: started by the first jobs, never left behind.

A worker is no fork of its parent, which would copy memory and threads in an unknown
state. On Linux it is a fork of a *fork server*, a process with one thread that has
imported what the workers need, so that none of them imports it again. Elsewhere it is
spawned. A worker ignores the signals to end, which its parent handles, and it
ends when its parent ends; so does the server.
"""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ctypes import Array, c_byte, c_longlong
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar
from weakref import WeakSet

from invitelab.errors import Blame, RunError
from invitelab.processes.notes import Notes
from invitelab.processes.signals import init_worker, signals_blocked

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.queues import SimpleQueue

POLL_S = 0.1
"""How long `finished` waits, in seconds, before its caller can check for a signal."""

END_POLL_S = 0.01
"""How often the end of a pool looks at its workers, in seconds."""

GRACE_S = 30.0
"""How long all other workers may go on, in seconds, once one of them is lost."""

METHOD = "forkserver" if sys.platform == "linux" else "spawn"

ONE_THREAD = "OPENBLAS_NUM_THREADS"
"""Without it NumPy starts a thread for each processor, in every worker; none is used,
and a server with threads could not be forked safely."""

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


def _no_preparation() -> None:
    """The default: a worker needs nothing before its first job."""


class WorkerPool:
    """`size` worker processes; leaving the context ends them and waits for that.

    `imports` are modules that jobs need; a server that runs already does not import
    them. `prepare` is called once in each worker, before its first job. `work` names
    what is left undone when a worker is lost ("the proof"). A termination signal must
    not raise inside the context, where it could leave a lock taken: enter
    `termination_noted` first, and check it between two calls of `finished`. A note of a
    worker has at most `note_bytes`.
    """

    def __init__(
        self,
        size: int,
        *,
        work: str,
        prepare: Callable[[], object] = _no_preparation,
        imports: Sequence[str] = (),
        note_bytes: int = 0,
    ) -> None:
        self.size = size
        self._work = work
        context = multiprocessing.get_context(METHOD)
        if imports:
            context.set_forkserver_preload(list(imports))
        self._positions = context.RawArray(c_longlong, size)
        self._pids = context.RawArray(c_longlong, size)
        self._jobs = context.RawArray(c_longlong, size)
        self._busy = context.RawArray(c_byte, size)
        self._stop = context.RawValue(c_byte, 0)
        slots: SimpleQueue[int] = context.SimpleQueue()
        for slot in range(size):
            slots.put(slot)
        self._not_ours = set(multiprocessing.active_children())
        self._started: set[BaseProcess] = set()
        self._futures: WeakSet[Future[Any]] = WeakSet()
        self._is_shut_down = threading.Event()
        self._watch = threading.Thread(
            target=self._end_all_once_one_is_lost, daemon=True
        )
        self._notes = Notes.blank(context, size, note_bytes)
        shared = _Shared(
            self._positions, self._jobs, self._busy, self._stop, self._notes
        )
        self._executor = ProcessPoolExecutor(
            size,
            context,
            _begin,
            (prepare, shared, self._pids, slots),
        )

    def __enter__(self) -> Self:
        """The pool; no process is started yet."""
        return self

    def __exit__(self, _type: object, error: object, _traceback: object) -> None:
        """Cancel the waiting jobs, end the workers, and wait until they are gone.

        Raises RunError in place of BrokenProcessPool, which any use of the pool raises
        once a worker is lost.
        """
        self._shut_down()
        if isinstance(error, BrokenProcessPool):
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
        if self._watch.ident is None:
            self._watch.start()
        with signals_blocked(), _one_thread():  # this may start a worker
            future = self._executor.submit(_run, function, *args, **kwargs)
        self._futures.add(future)
        self._started |= self._running()
        return future

    def finished(self, futures: Collection[Future[Result]]) -> set[Future[Result]]:
        """Those of the futures that are done; waits up to POLL_S for the first one.

        Raises BrokenProcessPool when a worker is lost. The executor notices a
        worker that was started while it waited only with the next result.
        """
        done = wait(futures, POLL_S, FIRST_COMPLETED).done
        if not done and self._has_lost_one():
            raise BrokenProcessPool
        return done

    def stop(self) -> None:
        """Ask all jobs to end early; it is up to each to look at `is_stopping`."""
        self._stop.value = 1

    def reached(self) -> int:
        """The sum of what the workers have reported last."""
        return sum(int(self._positions[slot]) for slot in range(self.size))

    def notes(self) -> list[bytes]:
        """The last note of each worker that has made one, if it is whole."""
        found = (self._notes.read(slot) for slot in range(self.size))
        return [note for note in found if note is not None]

    def abandon(self) -> set[int]:
        """End all workers after one was lost; the numbers of the jobs that it ran.

        Those are what `Worker.begin` was called with. None is known where a worker is
        lost before that.
        """
        gone = {one.pid for one in self._started if one.exitcode}
        lost = {
            int(self._jobs[slot]) - 1
            for slot in range(self.size)
            if self._pids[slot] in gone and self._jobs[slot]
        }
        self._shut_down()
        return lost

    def _shut_down(self) -> None:
        """Cancel the waiting jobs, let the running ones end, and end all workers."""
        for future in list(self._futures):  # first, or they begin when others end
            future.cancel()
        self.stop()
        # Not the executor as a context: leaving that runs the waiting jobs first.
        self._executor.shutdown(cancel_futures=True)
        self._is_shut_down.set()
        if self._watch.is_alive():
            self._watch.join()

    def _end_all_once_one_is_lost(self) -> None:
        """End the others when a worker is lost, at whatever time, in a thread.

        The executor holds its lock while it waits for the end of the others, which
        ignore the signal that it sends them. Without this `submit` and `shutdown` would
        wait for ever.
        """
        while not self._is_shut_down.wait(POLL_S):
            if self._has_lost_one():
                self._end_survivors()
                return

    def _end_survivors(self) -> None:
        """Let running jobs end; a worker without one may wait for what never comes."""
        deadline_s = time.monotonic() + GRACE_S
        while self._is_busy() and time.monotonic() < deadline_s:
            time.sleep(END_POLL_S)
        for worker in self._running():
            worker.kill()
            worker.join()

    def _is_busy(self) -> bool:
        """Whether any worker runs a job."""
        alive = {worker.pid for worker in self._running()}
        return any(
            busy and pid in alive
            for pid, busy in zip(self._pids, self._busy, strict=True)
        )

    def _has_lost_one(self) -> bool:
        """Whether a worker has died; the executor itself ends one with the code 0."""
        running = self._running()
        return any(one.exitcode != 0 for one in set(self._started) - running)

    def _running(self) -> "set[BaseProcess]":
        """The workers that are running; the pool ends none of them before its end."""
        return set(multiprocessing.active_children()) - self._not_ours


@contextmanager
def _one_thread() -> Generator[None]:
    """Start a process in which NumPy has one thread, unless the user wants more."""
    if ONE_THREAD in os.environ:
        yield
        return
    os.environ[ONE_THREAD] = "1"
    try:
        yield
    finally:
        del os.environ[ONE_THREAD]


# --- In a worker -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shared:
    """Memory that a pool shares with its workers; a place for each worker."""

    positions: "Array[c_longlong]"
    jobs: "Array[c_longlong]"
    busy: "Array[c_byte]"
    stop: c_byte
    notes: Notes


class Worker:
    """What a job can tell its pool, and ask it."""

    def __init__(self, shared: _Shared, slot: int) -> None:
        self._shared = shared
        self._slot = slot

    @property
    def is_stopping(self) -> bool:
        """Whether the pool wants its jobs to end early."""
        return bool(self._shared.stop.value)

    def begin(self, number: int) -> None:
        """Note the number of the job, for its parent to know what is lost with it."""
        self._shared.jobs[self._slot] = number + 1

    def end(self) -> None:
        """Note that the job is done."""
        self._shared.jobs[self._slot] = 0

    def report(self, position: int) -> None:
        """Say how far the job is, in a unit of the job's own; 0 when it is done."""
        self._shared.positions[self._slot] = position

    @property
    def takes_notes(self) -> bool:
        """Whether the pool has room for notes."""
        return self._shared.notes.most > 0

    def note(self, data: bytes) -> None:
        """Leave a note for the pool, in place of the last one."""
        self._shared.notes.write(self._slot, data)

    @contextmanager
    def busy(self) -> Generator[None]:
        """Note that a job runs, for the end of the pool to wait for it."""
        self._shared.busy[self._slot] = 1
        try:
            yield
        finally:
            self._shared.busy[self._slot] = 0


_worker: Worker | None = None
"""The worker that this process is; None in the parent."""


def this_worker() -> Worker:
    """The worker that the calling job runs in."""
    assert _worker is not None, "only a job of a pool runs in a worker"
    return _worker


def must_stop() -> bool:
    """Whether this is a worker whose pool wants its jobs to end early."""
    return _worker is not None and _worker.is_stopping


def _run(
    function: Callable[Arguments, Result],
    /,
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """Run a job in this worker."""
    with this_worker().busy():
        return function(*args, **kwargs)


def _begin(
    prepare: Callable[[], object],
    shared: _Shared,
    pids: "Array[c_longlong]",
    slots: "SimpleQueue[int]",
) -> None:
    global _worker  # noqa: PLW0603 - an initializer can leave nothing behind elsewhere
    init_worker()
    slot = slots.get()
    pids[slot] = os.getpid()
    _worker = Worker(shared, slot)
    prepare()
