"""The executor of a cluster, with a scheduler and workers of Dask on loopback."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self, cast

import pytest
from distributed import KilledWorker

from invitelab.adapters.transports.process import wait_for
from invitelab.errors import Blame, RunError, UsageError
from invitelab.study import cluster
from invitelab.study.cluster import ClusterExecutor, on_worker, versions
from invitelab.study.replication import Job
from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, sweep
from invitelab.study.workers import Reached, Where
from invitelab.world.scenario.file import Loaded

if TYPE_CHECKING:
    from invitelab.study.glimpse import Glimpse

Make = Callable[[Mapping[str, object]], Loaded]
Start = Callable[..., subprocess.Popen[bytes]]

PATIENCE_S = 90.0
OPEN: Mapping[str, object] = {
    "max_replications": 3,
    "objectives": [{"metric": "accepted", "at_least": 0.4}],
}
LONG: Mapping[str, object] = {"duration": "9h", "engine": "events"}

OTHER_VERSION = """\
import invitelab
invitelab.__version__ = "0.0.9"
"""
NO_INVITELAB = """\
import sys
sys.modules["invitelab"] = None
"""


# Without a cluster


@pytest.mark.parametrize("address", ["", "nonsense", "ftp://127.0.0.1:1", "a b:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Before anything is tried."""
    with pytest.raises(UsageError, match="no address of a Dask scheduler") as caught:
        ClusterExecutor(address)
    assert "tcp://" in caught.value.hint


def test_a_scheduler_that_does_not_answer_is_told(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within seconds, and with what to do."""
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    began_s = time.monotonic()
    with pytest.raises(UsageError, match="no Dask scheduler answers at") as caught:
        simulate(tiny({}), where=Where(cluster="tcp://127.0.0.1:1"))
    assert "dask scheduler" in caught.value.hint
    assert time.monotonic() - began_s < PATIENCE_S / 2


@pytest.mark.slow
def test_without_the_extra_it_says_what_to_install() -> None:
    """In one sentence, and a hint."""
    code = """\
        import sys
        sys.modules["distributed"] = None
        from invitelab.__main__ import main
        sys.argv[1:] = ["simulate", "support_desk", "--cluster", "127.0.0.1:1", "-q"]
        sys.exit(main())
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    expected = "invitelab: --cluster needs Dask, which is not installed\n"
    assert (2, "") == (result.returncode, result.stdout)
    assert f"{expected}  hint: pip install 'invitelab[cluster]'\n" == result.stderr


class FakeClient:
    """A client of a cluster with one worker, where every job fails with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.is_open = True

    def run(self, function: Callable[..., object], *_: object, on_error: str) -> object:
        """Ask the worker, which is this process."""
        assert on_error in {"return", "ignore"}
        return {"tcp://127.0.0.1:9": function() if function is versions else None}

    def nthreads(self) -> Mapping[str, int]:
        """Give the threads of the worker."""
        return {"tcp://127.0.0.1:9": 1}

    def subscribe_topic(self, topic: str, _handler: object) -> None:
        """Tell nothing."""
        assert topic.startswith("invitelab-")

    def wait_for_workers(self, n_workers: int, timeout: float) -> None:
        """Have one at once."""
        assert (1, True) == (n_workers, timeout > 0)

    def get_executor(self, *, pure: bool) -> Self:
        """Run jobs itself."""
        assert not pure
        return self

    def submit(self, *_: object, **_named: object) -> Future[Any]:
        """Fail."""
        failed: Future[Any] = Future()
        failed.set_exception(self.error)
        return failed

    def shutdown(self, *, wait: bool) -> None:
        """Leave the jobs."""
        assert not wait

    def close(self) -> None:
        """Note it."""
        self.is_open = False


def test_a_job_that_several_workers_die_of_ends_the_run(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when none of them has the memory; nothing is run for ever."""
    worker = cast("Any", SimpleNamespace(address="tcp://127.0.0.1:9"))
    client = FakeClient(KilledWorker("job", worker, 3))

    def connect(_address: str, *, timeout: float, set_as_default: bool) -> FakeClient:
        assert (True, False) == (timeout > 0, set_as_default)
        return client

    monkeypatch.setattr(cluster, "Client", connect)
    with pytest.raises(RunError, match="was lost with several workers") as caught:
        simulate(tiny({}), where=Where(cluster="127.0.0.1:1"))
    assert "memory" in caught.value.hint
    assert Blame.ENVIRONMENT is caught.value.blame
    assert not client.is_open


class WorkingClient(FakeClient):
    """A client whose one worker is a thread of this process, and tells its events.

    A job that has shown a glimpse goes on when `seen` is set.
    """

    def __init__(self) -> None:
        super().__init__(AssertionError("no job fails"))
        self.seen = threading.Event()
        self.address = "tcp://127.0.0.1:9"
        self._pools: list[ThreadPoolExecutor] = []
        self._handlers: dict[str, Callable[[object], None]] = {}

    def subscribe_topic(self, topic: str, _handler: object) -> None:
        """Keep who is to be told."""
        self._handlers[topic] = cast("Callable[[object], None]", _handler)

    def get_executor(self, *, pure: bool) -> Self:
        """Have a thread for the jobs of a run."""
        self._pools.append(ThreadPoolExecutor(1))
        return super().get_executor(pure=pure)

    def log_event(self, topic: str, event: tuple[int, int, bytes]) -> None:
        """Tell an event of the worker."""
        self._handlers[topic]((0.0, event))
        if event[-1]:
            assert self.seen.wait(PATIENCE_S)

    def submit(self, *words: object, **named: object) -> Future[Any]:
        """Run a job."""
        function = cast("Callable[..., object]", words[0])
        return self._pools[-1].submit(function, *words[1:], **named)

    def shutdown(self, *, wait: bool) -> None:
        """Leave nothing behind."""
        super().shutdown(wait=wait)
        self._pools[-1].shutdown()


def test_a_worker_of_a_cluster_shows_how_far_its_job_is(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs, as a process of this machine does; nobody else is told."""
    client = WorkingClient()

    def connected(*_words: object, **_options: object) -> WorkingClient:
        return client

    monkeypatch.setattr(cluster, "Client", connected)
    monkeypatch.setattr(cluster, "get_worker", lambda: client)
    running: list[Glimpse] = []

    def look(reached: Reached) -> None:
        running.extend(reached.panorama.running.values())
        if running:
            client.seen.set()

    loaded, where = tiny({"engine": "events"}), Where(cluster="127.0.0.1:1")
    found = simulate(loaded, where=where, progress=look, watched=True)
    assert simulate(loaded) == found
    assert {0, 1} >= {one.number for one in running}
    assert running
    assert running[0].reached_us < loaded.scenario.end_us
    running.clear()
    assert found == simulate(loaded, where=where, progress=look)
    assert [] == running


def test_a_worker_that_joins_with_another_version_runs_nothing(
    tiny: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It compares the versions itself: those there at the start are compared here."""
    worker = SimpleNamespace(address="tcp://127.0.0.1:9")
    monkeypatch.setattr(cluster, "get_worker", lambda: worker)

    def run(_job: Job, _post: object) -> None:
        pytest.fail("it has run")

    monkeypatch.setattr(cluster, "run", run)
    job = Job(scenario=tiny({}).scenario, seed=7, number=0)
    expected = {**versions(), "NumPy": "0.0.9"}
    said = r"the worker tcp://127\.0\.0\.1:9 has NumPy .* here it is NumPy 0\.0\.9"
    with pytest.raises(UsageError, match=said):
        on_worker("a run", 0, job, expected)


# With one


@pytest.fixture
def start(tmp_path: Path) -> Generator[Start]:
    """Give a function that starts a scheduler or a worker; all are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def run(role: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", role, "--no-dashboard", *words]
        command += ["--scheduler-file", str(tmp_path / "scheduler.json")]
        with (tmp_path / f"{len(started)}.log").open("wb") as log:
            one = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)
        started.append(one)
        return one

    yield run
    for one in reversed(started):
        one.kill()
        one.wait()


@pytest.fixture
def scheduler(start: Start) -> subprocess.Popen[bytes]:
    """Give a scheduler on loopback."""
    return start("scheduler", "--host", "127.0.0.1", "--port", "0")


@pytest.fixture
def where(scheduler: subprocess.Popen[bytes], tmp_path: Path) -> Where:
    """Give the address of the scheduler."""
    assert scheduler.poll() is None
    file = tmp_path / "scheduler.json"

    def is_written() -> bool:
        return file.exists() and file.read_text("utf-8").rstrip().endswith("}")

    assert wait_for(is_written, PATIENCE_S)
    return Where(cluster=json.loads(file.read_text("utf-8"))["address"])


def start_worker(start: Start, *words: str) -> subprocess.Popen[bytes]:
    """Start a worker with one thread."""
    return start("worker", "--nthreads", "1", "--no-nanny", *words)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """A busy machine may take long to start a worker."""
    monkeypatch.setattr(cluster, "CONNECT_S", PATIENCE_S / 6)
    monkeypatch.setattr(cluster, "WORKERS_S", PATIENCE_S)


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
def test_a_cluster_gives_the_same_results(
    tiny: Make, start: Start, where: Where
) -> None:
    """Byte for byte, with one worker and with two, and progress comes to the end."""
    settings = [
        Setting(text=str(n), value=n, loaded=tiny({**OPEN, "relay.servers": n}))
        for n in (1, 2)
    ]
    alone = sweep("relay.servers", settings).model_dump_json()
    for _ in range(2):
        start_worker(start)
        seen: list[Reached] = []
        found = sweep("relay.servers", settings, where=where, progress=seen.append)
        assert alone == found.model_dump_json()
        assert seen[-1].all_us == seen[-1].done_us
        assert seen[-1].replications == seen[-1].planned


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
def test_a_lost_worker_is_replaced_and_its_job_counted_once(
    tiny: Make, start: Start, where: Where
) -> None:
    """The scheduler gives its job to another one."""
    loaded = tiny({"duration": "20min", "engine": "events"})
    victim = start_worker(start)
    seen: list[Reached] = []

    def kill(reached: Reached) -> None:
        seen.append(reached)
        if reached.done_us and victim.poll() is None:
            start_worker(start)
            victim.kill()
            victim.wait()

    found = simulate(loaded, where=where, progress=kill)
    assert simulate(loaded) == found
    assert 2 == seen[-1].replications == len(found.replications)


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
def test_a_signal_ends_the_jobs_of_a_cluster(
    tiny: Make, start: Start, where: Where
) -> None:
    """What they have measured until then is left, and the workers are free again."""
    start_worker(start)

    def interrupt(reached: Reached) -> None:
        if reached.done_us:
            signal.raise_signal(signal.SIGINT)

    found = simulate(tiny({**LONG, "replications": 3}), where=where, progress=interrupt)
    assert not found.complete
    assert found.cut_off
    assert simulate(tiny({})) == simulate(tiny({}), where=where)


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize(
    ("preload", "expected"),
    [
        (OTHER_VERSION, r"has invitelab 0\.0\.9, and here it is invitelab \d"),
        (NO_INVITELAB, r"cannot import invitelab \d"),
    ],
    ids=["another", "none"],
)
def test_another_version_is_refused_before_anything_runs(
    *,
    tiny: Make,
    start: Start,
    where: Where,
    tmp_path: Path,
    preload: str,
    expected: str,
) -> None:
    """It names the worker; results could differ."""
    file = tmp_path / "preload.py"
    file.write_text(preload, encoding="utf-8")
    start_worker(start, "--preload", str(file))
    seen: list[Reached] = []
    with pytest.raises(UsageError, match=f"the worker tcp:.* {expected}") as caught:
        simulate(tiny({}), where=where, progress=seen.append)
    assert "install" in caught.value.hint
    assert [] == seen


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told(tiny: Make, where: Where) -> None:
    """With the command that starts one."""
    with pytest.raises(UsageError, match="has no workers") as caught:
        simulate(tiny({}), where=where)
    assert f"dask worker {where.cluster}" in caught.value.hint


@pytest.mark.slow
@pytest.mark.usefixtures("_patient")
def test_a_lost_scheduler_ends_the_run(
    tiny: Make, start: Start, scheduler: subprocess.Popen[bytes], where: Where
) -> None:
    """In one sentence that blames the environment."""
    start_worker(start)

    def kill(reached: Reached) -> None:
        if reached.done_us:
            os.kill(scheduler.pid, signal.SIGTERM)
            scheduler.wait()

    with pytest.raises(RunError, match="was lost") as caught:
        simulate(tiny(LONG), where=where, progress=kill)
    assert Blame.ENVIRONMENT is caught.value.blame
