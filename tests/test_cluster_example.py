"""The example of a cluster shows what it says, and leaves no process behind."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "cluster"
PATIENCE_S = 600.0


@pytest.mark.slow
def test_a_worker_is_killed_and_the_bytes_are_the_same() -> None:
    """A scheduler, two workers and two sweeps, in processes of their own."""
    result = subprocess.run(
        [sys.executable, FOLDER / "run.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert (0, "") == (result.returncode, result.stderr)
    *_, killed, swept, same = result.stdout.splitlines()
    assert killed.startswith("killed the worker")
    assert "swept on the cluster" == swept
    assert "sweep.json is the same, byte for byte" == same
