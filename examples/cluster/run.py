"""A sweep on a cluster of this machine, one of whose workers is killed half-way.

    python examples/cluster/run.py

It starts a scheduler and two workers of Dask on loopback, sweeps a small scenario on
them, kills a worker meanwhile, and compares sweep.json with that of a run without a
cluster. It ends all that it has started, and writes only into a temporary folder.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import psutil

SCENARIO = Path(__file__).with_name("scenario.toml").resolve()
SWEEP = (str(SCENARIO), "--set", "relay.servers=1..3", "--quiet")
SCHEDULER = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
WORKER = ("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
INFORMATION = "scheduler.json"
"""The file in which the scheduler writes its address."""

HALF_WAY_S = 1.0
"""The processor time of a worker that has done about half of its share."""

PATIENCE_S = 120.0

Process = subprocess.Popen[bytes]


def main() -> int:
    """Run it; 0 if the bytes are the same."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as started:
        here = Path(folder)
        with sweeping(here, "alone", "--workers", "1") as sweep:
            finished(sweep)
        print("swept without a cluster")
        started.enter_context(dask(here, SCHEDULER))
        wait_for(lambda: is_written(here / INFORMATION))
        address: str = json.loads((here / INFORMATION).read_text("utf-8"))["address"]
        workers = [started.enter_context(dask(here, WORKER)) for _ in range(2)]
        wait_for(lambda: all(map(is_connected, workers)))
        print(f"started a scheduler at {address} and two workers")
        with sweeping(here, "together", "--cluster", address) as sweep:
            kill_half_way(workers[0], sweep)
            finished(sweep)
        print("swept on the cluster")
        is_same = result(here, "alone") == result(here, "together")
        print(f"sweep.json is {'the same, byte for byte' if is_same else 'ANOTHER'}")
        return 0 if is_same else 1


@contextmanager
def running(here: Path, words: Sequence[str]) -> Generator[Process]:
    """Run a module of Python, with its output in a file; on leaving, end it."""
    with (here / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=here, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def dask(here: Path, words: Sequence[str]) -> AbstractContextManager[Process]:
    """Run a scheduler or a worker."""
    file = ("--scheduler-file", str(here / INFORMATION))
    return running(here, ("dask", *words, *file))


def sweeping(here: Path, name: str, *words: str) -> AbstractContextManager[Process]:
    """Run the sweep, with a report in a folder of that name."""
    words = ("invitelab", "sweep", *SWEEP, *words, "--output", name)
    return running(here, words)


def finished(sweep: Process) -> None:
    """Wait for a sweep; raise RuntimeError where it fails."""
    if sweep.wait(PATIENCE_S):
        raise RuntimeError("the sweep has failed")


def kill_half_way(worker: Process, sweep: Process) -> None:
    """Kill a worker that has done some work; the sweep is not done by then."""
    before_s = used_s(worker)
    wait_for(lambda: used_s(worker) > before_s + HALF_WAY_S)
    if sweep.poll() is not None:
        raise RuntimeError("the sweep was done before a worker could be killed")
    worker.kill()
    print(f"killed the worker with the pid {worker.pid}, half-way")


def used_s(process: Process) -> float:
    """The processor time that a process has used, in seconds."""
    return psutil.Process(process.pid).cpu_times().user


def is_written(file: Path) -> bool:
    """Whether a file of JSON is there as a whole."""
    return file.exists() and file.read_text("utf-8").rstrip().endswith("}")


def is_connected(process: Process) -> bool:
    """Whether a worker is connected to its scheduler."""
    found = psutil.Process(process.pid).net_connections("tcp")
    return any(one.status == psutil.CONN_ESTABLISHED for one in found)


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait; raise TimeoutError where it takes too long."""
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until_s:
            raise TimeoutError("it takes too long")
        time.sleep(0.05)


def result(here: Path, name: str) -> bytes:
    """The result of a sweep."""
    return (here / name / "sweep.json").read_bytes()


if __name__ == "__main__":
    sys.exit(main())
