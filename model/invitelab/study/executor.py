"""An executor: processes that run jobs, on this machine or on a cluster."""

from typing import Protocol, Self

from invitelab.study.glimpse import Glimpse, occasionally
from invitelab.study.interruption import StoppedError
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import Windows


class Executor(Protocol):
    """Runs jobs side by side; leaving the context cancels and ends all that is left.

    A termination signal must not raise inside the context: see `WorkerPool`.
    """

    def __enter__(self) -> Self:
        """Begin. Raises UsageError or RunError where nobody can work."""
        ...

    def __exit__(self, type_: object, error: object, traceback: object, /) -> None:
        """Leave no job and no process behind."""
        ...

    @property
    def size(self) -> int:
        """How many jobs run at once."""
        ...

    def submit(self, job: Job) -> int:
        """Have a job run; the number by which `finished` names it."""
        ...

    def finished(self) -> list[tuple[int, Measurement]]:
        """The jobs that are done, each once; waits a moment for the first one.

        Raises RunError where a job is lost for good, and whatever a job raises.
        """
        ...

    def stop(self) -> None:
        """Ask all jobs to end early; those that have not begun measure nothing."""
        ...

    def reached(self) -> int:
        """The sum of the virtual times that the running jobs have reached."""
        ...

    def glimpses(self) -> list[Glimpse]:
        """What the running jobs have shown last, and maybe some that are done."""
        ...


class Post(Protocol):
    """What a job of an executor is in touch with, in its worker."""

    @property
    def is_stopping(self) -> bool:
        """Whether the job is wanted to end early."""
        ...

    @property
    def takes_notes(self) -> bool:
        """Whether anybody wants to see what the job has measured so far."""
        ...

    def report(self, position: int, /) -> None:
        """Say which virtual time the job has reached; 0 when it is done."""
        ...

    def note(self, data: bytes, /) -> None:
        """Show a packed glimpse of the job."""
        ...


def run(job: Job, post: Post) -> Measurement:
    """Run a job in a worker, as far as the executor wants it."""
    if post.is_stopping and job.number:
        # The first one begins all the same, so that there is something to report.
        return unbegun(job)

    def watch(reached_us: int) -> None:
        post.report(reached_us)
        if post.is_stopping:
            raise StoppedError

    onlooker = occasionally(lambda one: post.note(one.packed()))
    try:
        return replicate(job, watch, onlooker=onlooker if post.takes_notes else None)
    finally:
        post.report(0)


def unbegun(job: Job) -> Measurement:
    """The measurement of a job that has not begun."""
    scenario = job.scenario
    gone = scenario.relay.memory is not None
    return Measurement.blank(job.number, Windows.for_run(scenario.end_us), gone=gone)
