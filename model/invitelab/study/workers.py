"""Runs the jobs of plans, in this process or in several, with the same results."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invitelab.processes.pool import WorkerPool, this_worker
from invitelab.study.interruption import Interruption, StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.plan import Plan
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import Windows

if TYPE_CHECKING:
    from concurrent.futures import Future

AHEAD = 2
"""Jobs submitted at once for each worker, so that no worker is ever idle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How much virtual time and how many replications are done, of how many."""

    done_us: int
    all_us: int
    replications: int
    planned: int


Progress = Callable[[Reached], None]


def no_progress(_reached: Reached) -> None:
    """Ignore the progress."""


def carry_out(
    plans: Sequence[Plan], workers: int = 1, progress: Progress = no_progress
) -> None:
    """Run all jobs of all plans; after a signal to end the plans are incomplete.

    Raises RunError when a worker is lost, and whatever a job raises.
    """
    with Interruption() as stop:
        tally = _Tally(plans, progress)
        if workers == 1 or tally.planned == 1:
            _one_by_one(plans, stop, tally)
        else:
            _side_by_side(plans, stop, tally, workers)


class _Tally:
    """Adds up the progress of all plans, and passes it on."""

    def __init__(self, plans: Sequence[Plan], progress: Progress) -> None:
        self._plans = plans
        self._progress = progress
        self._done_us = 0

    @property
    def planned(self) -> int:
        """How many replications are planned by now; a plan may add more."""
        return sum(plan.wanted for plan in self._plans)

    def tell(self, running_us: int = 0) -> None:
        """Pass the progress on; unfinished replications have reached `running_us`."""
        whole_us = sum(plan.done * plan.end_us for plan in self._plans)
        # A worker resets its report a moment before its result arrives.
        self._done_us = max(self._done_us, whole_us + running_us)
        self._progress(
            Reached(
                done_us=self._done_us,
                all_us=sum(plan.wanted * plan.end_us for plan in self._plans),
                replications=sum(plan.done for plan in self._plans),
                planned=self.planned,
            )
        )


def _one_by_one(plans: Sequence[Plan], stop: Interruption, tally: _Tally) -> None:
    """Run the jobs in this process."""

    def watch(reached_us: int) -> None:
        stop.check()
        tally.tell(reached_us)

    for plan in plans:
        todo = deque(plan.begin())
        while todo and not stop.asked:
            todo.extend(plan.add(replicate(todo.popleft(), watch)))
    tally.tell()


def _side_by_side(
    plans: Sequence[Plan], stop: Interruption, tally: _Tally, workers: int
) -> None:
    """Run the jobs in worker processes."""
    todo = deque((plan, job) for plan in plans for job in plan.begin())
    running: dict[Future[Measurement], Plan] = {}
    with WorkerPool(min(workers, len(todo)), work="its replication") as pool:
        while running or (todo and not stop.asked):
            while todo and not stop.asked and len(running) < AHEAD * pool.size:
                plan, job = todo.popleft()
                running[pool.submit(_in_worker, job)] = plan
            finished = pool.finished(running)
            if stop.asked:
                pool.stop()
            for future in finished:
                plan = running.pop(future)
                todo.extend((plan, job) for job in plan.add(future.result()))
            tally.tell(pool.reached())


def _in_worker(job: Job) -> Measurement:
    """Run a job in a worker process, as far as the pool wants it."""
    worker = this_worker()
    if worker.is_stopping and job.number:
        # The first one begins all the same, so that there is something to report.
        return Measurement.blank(job.number, Windows.for_run(job.scenario.end_us))

    def watch(reached_us: int) -> None:
        worker.report(reached_us)
        if worker.is_stopping:
            raise StoppedError

    try:
        return replicate(job, watch)
    finally:
        worker.report(0)
