"""The executor of a cluster: the workers of a Dask scheduler.

Jobs go through the interface of `concurrent.futures` that Dask's client has. When a
worker dies, the scheduler has its jobs run by another one; of a job that ran twice one
measurement arrives. Workers tell in events how far their jobs are. This module is
imported on both sides: the executor is here, and the jobs are in the workers.
"""

import logging
import platform
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import suppress
from threading import Thread
from typing import Protocol, Self, cast
from uuid import uuid4

import numpy as np

import invitelab
from invitelab.errors import Blame, RunError, UsageError
from invitelab.study.executor import run, unbegun
from invitelab.study.glimpse import Glimpse
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job

try:
    from distributed import Client, KilledWorker, get_worker
    from distributed.client import ClosedClientError
except ImportError:
    raise UsageError(
        "--cluster needs Dask, which is not installed",
        hint="pip install 'invitelab[cluster]'",
    ) from None

CONNECT_S = 4.0
"""How long a scheduler has to answer, in seconds."""

WORKERS_S = 4.0
"""How long it then has to have a worker, in seconds."""

POLL_S = 0.1
"""How long `finished` waits, in seconds, before its caller can check for a signal."""

REPORT_S = 0.5
"""How often a job tells how far it is, and workers are counted, in seconds."""

GRACE_S = 30.0
"""How long jobs may go on, in seconds, once they are asked to end."""

LOST = (CancelledError, OSError, TimeoutError, ClosedClientError)
"""What the client raises without its scheduler."""

_Event = tuple[float, tuple[int, int, bytes]]
"""A time, a job's number, what it has reached, and what it shows, if anything."""

ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?[\w.:\[\]-]+:\d{1,5}", re.ASCII)

LOGGERS = ("distributed", "distributed.client", "tornado.application")


class _Client(Protocol):
    """What is used of `distributed.Client`, a part of which has no types."""

    def run(
        self, function: Callable[..., object], *args: object, on_error: str
    ) -> Mapping[str, object]: ...

    def nthreads(self) -> Mapping[str, int]: ...

    def subscribe_topic(
        self, topic: str, handler: Callable[[_Event], object]
    ) -> object: ...

    def wait_for_workers(self, n_workers: int, timeout: float) -> None: ...

    def get_executor(self, *, pure: bool) -> Executor: ...

    def close(self) -> object: ...


class ClusterExecutor:
    """The workers of the scheduler at an address; see `Executor`."""

    def __init__(self, address: str, *, watched: bool = False) -> None:
        """Raise UsageError for what is no address."""
        if not ADDRESS.fullmatch(address):
            raise UsageError(
                f"--cluster {address!r} is no address of a Dask scheduler",
                hint="--cluster tcp://127.0.0.1:8786",
            )
        self._address = address
        self._watched = watched
        self._run = f"invitelab-{uuid4().hex}"
        self._running: dict[Future[Measurement], int] = {}
        self._jobs: dict[int, Job] = {}
        self._submitted = 0
        self._reached: dict[int, int] = {}
        """By the number of each job that has begun."""
        self._notes: dict[int, bytes] = {}
        self._give_up_s: float | None = None
        self._cancelled: list[tuple[int, Measurement]] = []
        self._size = 0
        self._counted_s = 0.0

    def __enter__(self) -> Self:
        """Connect, and compare the versions of all workers with those here.

        Raises UsageError where nobody answers, nobody works, or versions differ.
        """
        for name in LOGGERS:  # what it logs is told in sentences of our own
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._client = _connected(self._address)
        try:
            _wait_for_a_worker(self._client, self._address)
            self._compare_versions()
            self._client.subscribe_topic(self._run, self._note)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)
        return self

    def __exit__(self, _type: object, error: object, _traceback: object) -> None:
        """Cancel all jobs that are left, and disconnect."""
        with suppress(*LOST):
            if self._running:
                self._tell_to_stop().join(CONNECT_S)
            self._executor.shutdown(wait=False)
        with suppress(*LOST):
            self._client.close()

    @property
    def size(self) -> int:
        """How many jobs run at once: the threads of all workers."""
        return max(1, self._size)

    def submit(self, job: Job) -> int:
        """Have a job run by the next free worker; its number."""
        number = self._submitted
        self._submitted += 1
        self._jobs[number] = job
        future = self._executor.submit(
            on_worker, self._run, number, job, versions(), watched=self._watched
        )
        self._running[future] = number
        return number

    def finished(self) -> list[tuple[int, Measurement]]:
        """The jobs that are done. Raises RunError where one cannot be run."""
        if self._cancelled:
            found, self._cancelled = self._cancelled, []
            return found
        if self._give_up_s is not None and time.monotonic() > self._give_up_s:
            return [self._give_up(future) for future in list(self._running)]
        done = wait(self._running, POLL_S, FIRST_COMPLETED).done
        try:
            self._count_workers()
            return [self._take(future) for future in done]
        except KilledWorker:
            raise RunError(
                "a replication was lost with several workers, one after another",
                hint="memory may have run out: give the workers more, or have fewer",
                blame=Blame.ENVIRONMENT,
            ) from None
        except LOST:
            raise RunError(
                f"the Dask scheduler at {self._address} was lost",
                hint="start it again, and then this run",
                blame=Blame.ENVIRONMENT,
            ) from None

    def stop(self) -> None:
        """Ask all jobs to end early, and cancel those that have not begun."""
        if self._give_up_s is None:
            self._give_up_s = time.monotonic() + GRACE_S
            self._tell_to_stop()
            self._cancelled = [
                self._give_up(future)
                for future, number in list(self._running.items())
                # The first one begins all the same: there is something to report.
                if number not in self._reached and self._jobs[number].number
            ]

    def reached(self) -> int:
        """The sum of what the jobs that run have reported last."""
        return sum(self._reached.get(number, 0) for number in self._jobs)

    def glimpses(self) -> list[Glimpse]:
        """What the jobs that run have shown last."""
        notes = [self._notes.get(number) for number in self._jobs]
        return [Glimpse.unpacked(data) for data in notes if data]

    def _take(self, future: Future[Measurement]) -> tuple[int, Measurement]:
        measurement = future.result()
        number = self._running.pop(future)
        del self._jobs[number]
        return number, measurement

    def _give_up(self, future: Future[Measurement]) -> tuple[int, Measurement]:
        future.cancel()
        number = self._running.pop(future)
        return number, unbegun(self._jobs.pop(number))

    def _note(self, event: _Event) -> None:
        """Note how far a job is; called in a thread of the client."""
        _when, (number, reached_us, note) = event
        self._reached[number] = reached_us
        if note:
            self._notes[number] = note

    def _count_workers(self) -> None:
        """Count the workers again: they come and go."""
        if time.monotonic() - self._counted_s > REPORT_S:
            self._size = sum(self._client.nthreads().values())
            self._counted_s = time.monotonic()

    def _tell_to_stop(self) -> Thread:
        """Tell the workers, in a thread: one of them may not answer for long."""

        def tell() -> None:
            # Without a scheduler there is nobody to tell, and several ways to say so.
            with suppress(*LOST, RuntimeError):
                self._client.run(stop_run, self._run, on_error="ignore")

        thread = Thread(target=tell, daemon=True)
        thread.start()
        return thread

    def _compare_versions(self) -> None:
        """Raise UsageError unless all workers have the versions that are here."""
        here = versions()
        found = self._client.run(versions, on_error="return")
        for worker, there in found.items():
            if not isinstance(there, dict):
                raise UsageError(
                    f"the worker {worker} cannot import invitelab {here['invitelab']}",
                    hint="install it there, for the Python that runs the worker",
                )
            _compare(here, cast("dict[str, str]", there), worker)
        self._size = sum(self._client.nthreads().values())


def _connected(address: str) -> _Client:
    """A client. Raises UsageError where no scheduler answers."""
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except OSError:
        raise UsageError(
            f"no Dask scheduler answers at {address}",
            hint="start one with `dask scheduler`: it prints its address",
        ) from None
    return cast("_Client", client)


def _wait_for_a_worker(client: _Client, address: str) -> None:
    """Raise UsageError where there is none in time."""
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError:
        raise UsageError(
            f"the Dask scheduler at {address} has no workers",
            hint=f"start some with `dask worker {address} --nthreads 1`",
        ) from None


def _compare(here: Mapping[str, str], there: Mapping[str, str], worker: str) -> None:
    """Raise UsageError where a version differs: the results might, too."""
    for name, version in here.items():
        if there.get(name) != version:
            raise UsageError(
                f"the worker {worker} has {name} {there.get(name)}, "
                f"and here it is {name} {version}",
                hint=f"install {name} {version} there: results could differ",
            )


def versions() -> dict[str, str]:
    """The versions that results may depend on, by the names of the programs."""
    major, minor, _ = platform.python_version_tuple()
    return {
        "invitelab": invitelab.__version__,
        "Python": f"{major}.{minor}",
        "NumPy": np.__version__,
    }


# --- In a worker -----------------------------------------------------------------

_stopped: set[str] = set()
"""The runs whose jobs are to end early."""


def stop_run(name: str) -> None:
    """Have the jobs of a run end early in this process."""
    _stopped.add(name)


class WorkerPost:
    """What a job is in touch with: its run, by events; see `Post`."""

    def __init__(self, name: str, number: int, *, watched: bool) -> None:
        self._name = name
        self._number = number
        self._position = 0
        self.takes_notes = watched
        self._worker = get_worker()
        self._next_s = 0.0

    @property
    def is_stopping(self) -> bool:
        """Whether the run wants its jobs to end early."""
        return self._name in _stopped

    def report(self, position: int) -> None:
        """Say how far the job is, at most every REPORT_S."""
        now_s = time.monotonic()
        self._position = position
        if now_s >= self._next_s:
            self._next_s = now_s + REPORT_S
            self._log(b"")

    def note(self, data: bytes) -> None:
        """Show a glimpse; whoever looks does so seldom."""
        self._log(data)

    def _log(self, data: bytes) -> None:
        self._worker.log_event(self._name, (self._number, self._position, data))


def on_worker(
    name: str, number: int, job: Job, expected: dict[str, str], *, watched: bool = False
) -> Measurement:
    """Run a job in a worker, which may have come after the versions were compared."""
    _compare(expected, versions(), get_worker().address)
    post = WorkerPost(name, number, watched=watched)
    post.report(0)  # it has begun
    return run(job, post)
