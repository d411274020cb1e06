"""Fixtures that run the command in a process of its own, in a temporary folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "invitelab")
TINY = """\
title = "Hardly anybody"
summary = "Twenty clients for twenty seconds."
duration = "20s"
warm_up = "2s"
drain = "121s"
seed = 3
replications = 2
[population]
clients = 20
versions = { "7.1.4" = 0.8, "6.3.2" = 0.2 }
[arrivals]
kind = "poisson"
rate = "3/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
[network]
latency = { distribution = "constant", value = "40ms" }
[relay]
servers = 1
service = { distribution = "exponential", mean = "10ms" }
[[objectives]]
metric = "expiry_lag"
statistic = "max"
at_most = "1ms"
"""
CHANGES_OUTPUT = {
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_STEP_SUMMARY",
    "NO_COLOR",
    "TTY_COMPATIBLE",
}


def environment() -> dict[str, str]:
    """The environment, without variables that change the output."""
    return {name: v for name, v in os.environ.items() if name not in CHANGES_OUTPUT}


@pytest.fixture(scope="session")
def invitelab() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in a folder and wait for it."""

    def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            cwd=cwd,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def started() -> Callable[..., subprocess.Popen[str]]:
    """Start the command in a folder, with its output in pipes."""

    def start(*words: str, cwd: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *words],
            cwd=cwd,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that a process under test has started."""

    pid: int

    @property
    def is_running(self) -> bool:
        """Whether it has not ended; a zombie has."""
        try:
            text = Path(f"/proc/{self.pid}/stat").read_bytes()
        except OSError:
            return False
        return text.rpartition(b")")[2].split()[0] not in {b"Z", b"X"}


@pytest.fixture
def children() -> Callable[[int], list[Child]]:
    """All descendants of a process."""

    def of(pid: int) -> list[Child]:
        found = Path(f"/proc/{pid}/task").glob("*/children")
        pids = [int(child) for path in found for child in path.read_text().split()]
        return [Child(pid=child) for child in pids] + [
            grandchild for child in pids for grandchild in of(child)
        ]

    return of


@pytest.fixture
def unheard() -> Iterator[list[int]]:
    """Catch every TERM that no handler of the code under test has taken."""
    numbers: list[int] = []
    before = signal.signal(
        signal.SIGTERM, lambda number, _frame: numbers.append(number)
    )
    yield numbers
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def after_signal() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a way to make a function receive TERM before it begins.

    Twice, as an impatient sender does.
    """

    def after(function: Callable[..., Any]) -> Callable[..., Any]:
        def interrupted(*words: object, **options: object) -> object:
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
            return function(*words, **options)

        return interrupted

    return after


@pytest.fixture
def fake() -> Callable[[str], list[str]]:
    """Command line of a target with a given defect."""
    path = Path(__file__).parents[1] / "conformance" / "fakes" / "target.py"

    def command(habit: str) -> list[str]:
        return [sys.executable, str(path), habit]

    return command


@pytest.fixture(scope="session")
def tiny() -> str:
    """Text of a scenario that is quick and meets its objective."""
    return TINY


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """File of the tiny scenario, in the current folder, which is otherwise empty."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path
