"""The command in a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "invitelab")
CHANGES_OUTPUT = {
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_STEP_SUMMARY",
    "NO_COLOR",
    "TTY_COMPATIBLE",
}


def environment() -> dict[str, str]:
    """Give what is set, without what changes the output."""
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
    """Start the command in a folder, its output in pipes."""

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


@pytest.fixture
def fake() -> Callable[[str], list[str]]:
    """Give the command line of a target with a bad habit."""
    path = Path(__file__).parents[1] / "conformance" / "fakes" / "target.py"

    def command(habit: str) -> list[str]:
        return [sys.executable, str(path), habit]

    return command
