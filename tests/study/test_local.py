"""The executor of this machine: a job that is lost is run again, once."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping

import pytest

from invitelab.errors import RunError
from invitelab.study.local import LocalExecutor
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.world.scenario.file import Loaded

assert sys.platform != "win32", "it kills"

Make = Callable[[Mapping[str, object]], Loaded]

PATIENCE_S = 60.0


@pytest.fixture
def jobs(tiny: Make) -> list[Job]:
    """Two jobs of about half a second."""
    scenario = tiny({"duration": "15min", "engine": "events"}).scenario
    return [Job(scenario=scenario, seed=3, number=number) for number in (0, 1)]


def kill_a_worker(executor: LocalExecutor) -> None:
    """Kill one of them, as the system does when memory has run out."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (executor.reached() and multiprocessing.active_children()):
        assert time.monotonic() < deadline_s
        assert [] == executor.finished()
    victim = multiprocessing.active_children()[0]
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()


def all_of(executor: LocalExecutor, count: int) -> list[tuple[int, Measurement]]:
    """Wait for so many measurements."""
    found: list[tuple[int, Measurement]] = []
    deadline_s = time.monotonic() + PATIENCE_S
    while len(found) < count:
        assert time.monotonic() < deadline_s
        found += executor.finished()
    return found


@pytest.mark.slow
def test_a_lost_job_is_run_again_and_counted_once(jobs: list[Job]) -> None:
    """The results are those of a run without a loss."""
    with LocalExecutor(2) as executor:
        numbers = [executor.submit(job) for job in jobs]
        kill_a_worker(executor)
        found = all_of(executor, len(jobs))
        assert [] == executor.finished()
    assert sorted(numbers) == sorted(number for number, _ in found)
    assert dict(zip(numbers, map(replicate, jobs), strict=True)) == dict(found)
    assert [] == multiprocessing.active_children()


def lose_twice(job: Job) -> None:
    """Kill the worker of a job, and then the one that runs it again."""
    with LocalExecutor(1) as executor:
        executor.submit(job)
        kill_a_worker(executor)
        kill_a_worker(executor)
        all_of(executor, 1)


def test_a_job_that_is_lost_twice_ends_the_run(jobs: list[Job]) -> None:
    """One sentence and a hint, and no process is left."""
    with pytest.raises(RunError, match="died before its replication") as caught:
        lose_twice(jobs[0])
    assert "--workers 1" in caught.value.hint
    assert [] == multiprocessing.active_children()


@pytest.mark.slow
def test_other_jobs_may_be_lost_once_each(jobs: list[Job]) -> None:
    """The limit is of a job, and not of a run."""
    found: list[tuple[int, Measurement]] = []
    with LocalExecutor(1) as executor:
        for job in jobs:
            executor.submit(job)
            kill_a_worker(executor)
            found += all_of(executor, 1)
    assert [0, 1] == [number for number, _ in found]


def test_a_pool_that_stops_does_not_begin_again(jobs: list[Job]) -> None:
    """What was lost ends at once, with as much as the first job needs."""
    with LocalExecutor(2) as executor:
        for job in jobs:
            executor.submit(job)
        kill_a_worker(executor)
        executor.stop()
        found = all_of(executor, len(jobs))
    assert all(one.reached_us < jobs[0].scenario.end_us for _, one in found)
    assert [] == multiprocessing.active_children()
