"""The executor of this machine: a pool of worker processes.

A pool has to be ended when one of its workers is lost. The jobs that are not done are
then run by a new pool; so a lost job is counted once, and a second loss of the same job
ends the run. Which job a worker ran is known from the worker; where it is not, each of
them may be to blame.
"""

from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self

from invitelab.processes.pool import WorkerPool, this_worker
from invitelab.study.executor import run
from invitelab.study.glimpse import MOST_BYTES, Glimpse
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job

if TYPE_CHECKING:
    from concurrent.futures import Future


class LocalExecutor:
    """Up to `size` worker processes; see `Executor`.

    Jobs show glimpses only where they are `watched`.
    """

    def __init__(self, size: int, *, watched: bool = False) -> None:
        self.size = size
        self._note_bytes = MOST_BYTES if watched else 0
        self._pool = _pool(size, self._note_bytes)
        self._jobs: dict[int, Job] = {}
        self._running: dict[Future[Measurement], int] = {}
        self._submitted = 0
        self._lost: set[int] = set()
        self._is_stopping = False

    def __enter__(self) -> Self:
        """The executor; no process is started yet."""
        return self

    def __exit__(self, type_: object, error: object, traceback: object) -> None:
        """End all workers, and wait until they are gone.

        Raises RunError in place of BrokenProcessPool, after a second loss.
        """
        self._pool.__exit__(type_, error, traceback)

    def submit(self, job: Job) -> int:
        """Have a job run by the next free worker; its number.

        Raises BrokenProcessPool when a job is lost for the second time.
        """
        number = self._submitted
        self._submitted += 1
        self._jobs[number] = job
        try:
            self._start(number)
        except BrokenProcessPool:
            self._begin_again()
        return number

    def finished(self) -> list[tuple[int, Measurement]]:
        """The jobs that are done.

        Raises BrokenProcessPool when a job is lost for the second time.
        """
        found: list[tuple[int, Measurement]] = []
        try:
            for future in self._pool.finished(self._running):
                measurement = future.result()
                number = self._running.pop(future)
                del self._jobs[number]
                found.append((number, measurement))
        except BrokenProcessPool:
            self._begin_again()
        return found

    def stop(self) -> None:
        """Ask all jobs to end early."""
        self._is_stopping = True
        self._pool.stop()

    def reached(self) -> int:
        """The sum of what the workers have reported last."""
        return self._pool.reached()

    def glimpses(self) -> list[Glimpse]:
        """What the workers have shown last."""
        return [Glimpse.unpacked(data) for data in self._pool.notes()]

    def _start(self, number: int) -> None:
        future = self._pool.submit(in_worker, number, self._jobs[number])
        self._running[future] = number

    def _begin_again(self) -> None:
        """Have a new pool run all jobs that are not done.

        A measurement that a worker has sent meanwhile is not waited for: its job is
        run again, with the same result.
        """
        lost = self._pool.abandon() & self._jobs.keys() or set(self._jobs)
        if lost & self._lost:
            raise BrokenProcessPool
        self._lost |= lost
        self._pool = _pool(self.size, self._note_bytes)
        if self._is_stopping:
            self._pool.stop()
        self._running.clear()
        try:
            for number in self._jobs:
                self._start(number)
        except BrokenProcessPool:
            self._begin_again()  # at most once for each job


def _pool(size: int, note_bytes: int) -> WorkerPool:
    return WorkerPool(
        size, work="its replication", imports=[__name__], note_bytes=note_bytes
    )


def in_worker(number: int, job: Job) -> Measurement:
    """Run a job in a worker process."""
    worker = this_worker()
    worker.begin(number)
    measurement = run(job, worker)
    worker.end()
    return measurement
