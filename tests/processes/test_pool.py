"""The worker pool: results of jobs, lost workers, and no process afterwards."""

import contextlib
import multiprocessing
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pool_jobs
import pytest

from invitelab.errors import Blame, RunError
from invitelab.processes import pool as pools
from invitelab.processes.pool import WorkerPool

if TYPE_CHECKING:
    from concurrent.futures import Future

PATIENCE_S = 20.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, and fail where it takes too long."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def test_each_worker_is_prepared_once() -> None:
    """Before its first job, in a process of its own."""
    with WorkerPool(2, work="the test", prepare=pool_jobs.prepare) as pool:
        futures = [pool.submit(pool_jobs.prepared) for _ in range(4)]
        found = [future.result() for future in futures]
    assert all([process] == prepared for process, prepared in found)
    assert os.getpid() not in {process for process, _ in found}
    assert [] == multiprocessing.active_children()


def test_finished_futures_are_told_apart() -> None:
    """What is running is waited for only a moment."""
    with WorkerPool(2, work="the test") as pool:
        quick = pool.submit(os.getcwd)
        endless = pool.submit(pool_jobs.run_until_stopped, 1)
        wait_until(quick.done)
        assert {quick} == pool.finished({quick, endless})
        assert set() == pool.finished({endless})


def test_what_a_job_raises_is_raised_by_its_future() -> None:
    """And the pool goes on."""
    with WorkerPool(1, work="the test") as pool:
        failed = pool.submit(os.stat, "no such file")
        with pytest.raises(FileNotFoundError, match="no such file"):
            failed.result()
        assert pool.submit(os.getpid).result()


def test_a_job_reports_and_ends_early() -> None:
    """The reports of all workers are added up."""
    with WorkerPool(2, work="the test") as pool:
        futures = [pool.submit(pool_jobs.run_until_stopped, n) for n in (30, 12)]
        wait_until(lambda: pool.reached() == 42)
        pool.stop()
        assert ["stopped", "stopped"] == [future.result() for future in futures]
        assert 0 == pool.reached()


def test_leaving_ends_what_runs_and_cancels_what_waits() -> None:
    """Also where the reason is an interrupt."""
    futures: list[Future[str]] = []
    with contextlib.suppress(KeyboardInterrupt), WorkerPool(1, work="the test") as pool:
        futures += [pool.submit(pool_jobs.run_until_stopped, 7) for _ in range(9)]
        wait_until(lambda: pool.reached() == 7)
        raise KeyboardInterrupt
    assert "stopped" == futures[0].result()
    assert futures[-1].cancelled()
    assert [] == multiprocessing.active_children()


def test_a_worker_ignores_the_signals_to_end() -> None:
    """A terminal sends them to its parent as well, which ends it."""
    with WorkerPool(1, work="the test") as pool:
        assert "still here" == pool.submit(pool_jobs.signal_itself).result()


def lose_a_worker(submit_again: bool) -> None:  # noqa: FBT001 - of two cases
    """See the loss in a result, or in a new job."""
    with WorkerPool(2, work="the test") as pool:
        lost = pool.submit(os._exit, 3)
        if submit_again:
            wait_until(lost.done)
            pool.submit(os.getpid)
        lost.result()


@pytest.mark.parametrize("submit_again", [False, True])
def test_a_lost_worker_is_an_error_of_the_environment(*, submit_again: bool) -> None:
    """It says what was not done, and no process is left."""
    with pytest.raises(RunError, match="died before the test was done") as caught:
        lose_a_worker(submit_again)
    assert Blame.ENVIRONMENT is caught.value.blame
    assert "--workers 1" in caught.value.hint
    assert [] == multiprocessing.active_children()


def test_a_worker_that_cannot_be_prepared_is_lost() -> None:
    """Its own traceback is on stderr."""
    pool = WorkerPool(1, work="the test", prepare=pool_jobs.fail_to_prepare)
    with pytest.raises(RunError, match="died before the test was done"):
        run_all(pool, os.getpid)
    assert [] == multiprocessing.active_children()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they are spawned")
def test_a_worker_begins_with_its_imports() -> None:
    """In a process of its own, whose fork server does not run yet."""
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(IMPORTS)],
        env={**os.environ, "PYTHONPATH": str(Path(pool_jobs.__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ("True 1\n", "") == (result.stdout, result.stderr)


IMPORTS = """\
    import os
    import pool_jobs
    from invitelab.processes.pool import ONE_THREAD, WorkerPool

    with WorkerPool(1, work="the test", imports=["decimal"]) as pool:
        print(
            pool.submit(pool_jobs.has_imported, "decimal").result(),
            pool.submit(os.getenv, ONE_THREAD).result(),
        )
    assert ONE_THREAD not in os.environ
"""


def test_the_job_of_a_lost_worker_is_known() -> None:
    """By the number that the worker has noted; what others run is not lost with it."""
    with WorkerPool(2, work="the test") as pool:
        pool.submit(pool_jobs.run_numbered, 5)
        wait_until(lambda: pool.reached() == 5)
        lost = pool.submit(pool_jobs.die_numbered, 7)
        with pytest.raises(BrokenProcessPool):
            wait_until(lambda: any(one.result() for one in pool.finished({lost})))
        assert {7} == pool.abandon()
    assert [] == multiprocessing.active_children()


def test_a_worker_without_a_job_is_not_waited_for() -> None:
    """From Python 3.12 on the executor does not tell it that another one was lost."""
    began_s = time.monotonic()
    with WorkerPool(2, work="the test") as pool:
        wait_until(pool.submit(os.getpid).done)
        wait_until(pool.submit(pool_jobs.die_numbered, 7).done)
        assert {7} == pool.abandon()
    assert time.monotonic() - began_s < pools.GRACE_S


@pytest.mark.parametrize("attempt", range(3))
def test_a_worker_that_is_lost_at_the_end_holds_nothing_up(attempt: int) -> None:
    """Another error, or none, is on its way, and nobody has noticed the loss."""
    began_s = time.monotonic()
    with contextlib.suppress(KeyboardInterrupt), WorkerPool(2, work="the test") as pool:
        pool.submit(pool_jobs.run_until_stopped, 1 + attempt)
        wait_until(lambda: pool.reached() == 1 + attempt)
        pool.submit(pool_jobs.die_numbered, 7)
        raise KeyboardInterrupt
    assert time.monotonic() - began_s < pools.GRACE_S
    assert [] == multiprocessing.active_children()


def test_a_job_can_be_handed_in_after_a_loss() -> None:
    """It ends, one way or another, although another worker has no job."""
    began_s = time.monotonic()
    with contextlib.suppress(RunError), WorkerPool(2, work="the test") as pool:
        pool.submit(pool_jobs.run_until_stopped, 1)
        wait_until(lambda: pool.reached() == 1)
        lost = pool.submit(pool_jobs.die_numbered, 7)
        with contextlib.suppress(BrokenProcessPool):
            wait_until(lambda: bool(pool.finished({lost})))
        pool.stop()
        pool.submit(os.getpid).result()
    assert time.monotonic() - began_s < pools.GRACE_S


def run_all(pool: WorkerPool, *jobs: Callable[[], object]) -> None:
    """Run jobs in the pool until all are done."""
    with pool:
        waiting = {pool.submit(job) for job in jobs}
        while waiting:
            for future in pool.finished(waiting):
                future.result()
                waiting.remove(future)


def test_the_others_have_a_moment_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then they are killed, and no process of another owner is.

    The executor alone would notice the loss at the end of the sleep, now and then.
    """
    monkeypatch.setattr(pools, "GRACE_S", 0.2)
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=time.sleep, args=(PATIENCE_S,))
    other.start()
    began_s = time.monotonic()
    sleeping = partial(time.sleep, PATIENCE_S)
    with pytest.raises(RunError, match="died"):
        run_all(WorkerPool(2, work="the test"), sleeping, partial(os._exit, 3))
    assert time.monotonic() - began_s < PATIENCE_S
    assert [other] == multiprocessing.active_children()
    other.kill()
    other.join()
