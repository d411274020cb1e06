"""Runs the jobs of plans, in this process or by an executor, with the same results."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from invitelab.study.effort import workers_for
from invitelab.study.executor import Executor
from invitelab.study.glimpse import Glimpse, Panorama, glimpse_of, occasionally
from invitelab.study.interruption import Interruption
from invitelab.study.local import LocalExecutor
from invitelab.study.measurement import Measurement
from invitelab.study.plan import Plan
from invitelab.study.replication import Job, replicate

AHEAD = 2
"""Jobs submitted at once for each worker, so that no worker is ever idle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How much virtual time and how many replications are done, of how many.

    `panorama` is empty where nobody wanted it.
    """

    done_us: int
    all_us: int
    replications: int
    planned: int
    panorama: Panorama = field(default_factory=Panorama)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What runs the jobs: worker processes (None: as many as pay), or a cluster.

    `cluster` is the address of a Dask scheduler, whose workers then run all jobs.
    """

    workers: int | None = None
    cluster: str | None = None


HERE = Where(workers=1)
"""This process."""

Progress = Callable[[Reached], None]


def no_progress(_reached: Reached) -> None:
    """Ignore the progress."""


def carry_out(
    plans: Sequence[Plan],
    where: Where = HERE,
    progress: Progress = no_progress,
    *,
    watched: bool = False,
) -> None:
    """Run all jobs of all plans; after a signal to end the plans are incomplete.

    Where it is `watched`, the progress has glimpses of the replications of one plan.
    Raises UsageError where there is no such cluster, RunError when a job is lost for
    good, and whatever a job raises.
    """
    with Interruption() as stop:
        tally = _Tally(plans, progress, watched=watched)
        todo = deque((plan, job) for plan in plans for job in plan.begin())
        executor = _executor(where, [job for _, job in todo], watched=watched)
        if executor is None:
            _one_by_one(todo, stop, tally)
        else:
            _side_by_side(todo, stop, tally, executor)


def _executor(where: Where, jobs: Sequence[Job], *, watched: bool) -> Executor | None:
    """The executor for these jobs; None where this process runs them."""
    if where.cluster is not None:
        # Imported late: it is in an extra.
        from invitelab.study.cluster import ClusterExecutor  # noqa: PLC0415

        return ClusterExecutor(where.cluster, watched=watched)
    wanted = workers_for(jobs) if where.workers is None else where.workers
    size = min(wanted, len(jobs))
    return LocalExecutor(size, watched=watched) if size > 1 else None


class _Tally:
    """Adds up the progress of all plans, and passes it on."""

    def __init__(
        self, plans: Sequence[Plan], progress: Progress, *, watched: bool
    ) -> None:
        self._plans = plans
        self._progress = progress
        self._done_us = 0
        self.watched = watched
        self._panorama = Panorama()

    @property
    def planned(self) -> int:
        """How many replications are planned by now; a plan may add more."""
        return sum(plan.wanted for plan in self._plans)

    def add(self, plan: Plan, measurement: Measurement) -> list[Job]:
        """Add the measurement of a job to its plan; the jobs that follow from it."""
        if self.watched and measurement.reached_us >= plan.end_us:
            self._panorama.complete(glimpse_of(measurement, plan.end_us))
        return plan.add(measurement)

    def show(self, one: Glimpse) -> None:
        """Keep a glimpse of a job that runs."""
        self._panorama.show(one)

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
                panorama=self._panorama,
            )
        )


_Todo = deque[tuple[Plan, Job]]


def _one_by_one(todo: _Todo, stop: Interruption, tally: _Tally) -> None:
    """Run the jobs in this process: those that follow from others before the rest."""

    def watch(reached_us: int) -> None:
        stop.check()
        tally.tell(reached_us)

    onlooker = occasionally(tally.show) if tally.watched else None
    while todo and not stop.asked:
        plan, job = todo.popleft()
        more = tally.add(plan, replicate(job, watch, onlooker=onlooker))
        todo.extendleft((plan, one) for one in reversed(more))
    tally.tell()


def _side_by_side(
    todo: _Todo, stop: Interruption, tally: _Tally, executor: Executor
) -> None:
    """Run the jobs by an executor."""
    running: dict[int, Plan] = {}
    with executor:
        while running or (todo and not stop.asked):
            while todo and not stop.asked and len(running) < AHEAD * executor.size:
                plan, job = todo.popleft()
                running[executor.submit(job)] = plan
            if stop.asked:
                executor.stop()
            for number, measurement in executor.finished():
                plan = running.pop(number)
                todo.extend((plan, more) for more in tally.add(plan, measurement))
            for glimpse in executor.glimpses() if tally.watched else ():
                tally.show(glimpse)
            tally.tell(executor.reached())
