"""Carrying plans out: in this process or in several, with the same results."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from invitelab.errors import Blame, RunError
from invitelab.study.interruption import Interruption
from invitelab.study.measurement import Measurement
from invitelab.study.plan import Plan
from invitelab.study.processes import WorkerPool
from invitelab.study.replication import replicate

LOOK_S = 0.1
"""How often the progress of other processes is looked at."""

AHEAD = 2
"""Jobs that are handed out for each worker, so that none of them ever waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How much virtual time and how many replications are done, of how many."""

    done_us: int
    all_us: int
    replications: int
    planned: int


Progress = Callable[[Reached], None]


def no_progress(_reached: Reached) -> None:
    """Progress that nobody looks at."""


def carry_out(
    plans: Sequence[Plan], workers: int = 1, progress: Progress = no_progress
) -> None:
    """Run all jobs of all plans; a signal to end leaves them as far as they came.

    Raises RunError when a worker is lost, and whatever a job raises.
    """
    with Interruption() as stop:
        tally = _Tally(plans, progress)
        if workers == 1 or tally.planned == 1:
            _one_by_one(plans, stop, tally)
        else:
            _side_by_side(plans, stop, tally, workers)


class _Tally:
    """Adds up how far all plans are."""

    def __init__(self, plans: Sequence[Plan], progress: Progress) -> None:
        self._plans = plans
        self._progress = progress
        self._done_us = 0

    @property
    def planned(self) -> int:
        """How many replications there are to be, as far as is known by now."""
        return sum(plan.wanted for plan in self._plans)

    def tell(self, running_us: int = 0) -> None:
        """Tell it, with what the unfinished replications have reached."""
        whole_us = sum(plan.done * plan.end_us for plan in self._plans)
        # A worker may have cleared its desk before its result is here.
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
    """In this process."""

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
    """In several processes."""
    todo = deque((plan, job) for plan in plans for job in plan.begin())
    running: dict[Future[Measurement], Plan] = {}
    with WorkerPool(min(workers, len(todo))) as crew:
        while running or (todo and not stop.asked):
            while todo and not stop.asked and len(running) < AHEAD * crew.size:
                plan, job = todo.popleft()
                running[crew.submit(job)] = plan
            finished, _ = wait(running, LOOK_S, FIRST_COMPLETED)
            if stop.asked:
                crew.stop()
            for future in finished:
                plan = running.pop(future)
                todo.extend((plan, job) for job in plan.add(_result(future)))
            tally.tell(crew.reached_us())


def _result(future: Future[Measurement]) -> Measurement:
    try:
        return future.result()
    except BrokenProcessPool:
        msg = "a worker process died before its replication was done"
        hint = "memory may have run out: try --workers 1"
        raise RunError(msg, hint=hint, blame=Blame.ENVIRONMENT) from None
