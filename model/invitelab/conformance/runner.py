"""Runs the suite in a pytest of its own, out of reach of the caller's plugins.

A child process, because a target loaded by `py:` may do anything to its interpreter,
and because a user's pytest settings must not change a verdict. The run file is the
only thing that comes back.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from invitelab.errors import HarnessError
from invitelab.records import Run, read

INI = Path(__file__).with_name("pytest.ini")
POLL_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to run; empty means everything."""

    clauses: Sequence[str] = ()
    scenarios: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The run as it was read back, and the bytes it was read from."""

    run: Run
    text: str


def run_suite(
    target: str,
    selection: Selection,
    progress: Callable[[int], None] = lambda _: None,
) -> Finished:
    """Judge one target. `progress` is told how many scenarios are done.

    Raises HarnessError when the child dies without an end to its run, KeyboardInterrupt
    when the user has had enough; the child is gone in every case.
    """
    with tempfile.TemporaryDirectory(prefix="invitelab-") as folder:
        run_file = Path(folder) / "run.jsonl"
        output = Path(folder) / "output"
        with output.open("wb") as stream:
            child = subprocess.Popen(
                _command(target, selection, run_file),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=_environment(),
                process_group=0,
            )
            try:
                _wait(child, run_file, progress)
            except BaseException:
                _stop(child)
                raise
        if not run_file.exists():
            raise _died(child, output)
        run = read(run_file)
        if run.footer is None:
            raise _died(child, output)
        return Finished(run=run, text=run_file.read_text(encoding="utf-8"))


def _command(target: str, selection: Selection, run_file: Path) -> list[str]:
    chosen = [f"--clause={clause}" for clause in selection.clauses]
    chosen += [f"--scenario={title}" for title in selection.scenarios]
    return [
        *(sys.executable, "-m", "pytest", "-c", str(INI)),
        *("-p", "pytest_bdd.plugin", "-p", "invitelab.conformance.plugin"),
        *("--pyargs", "invitelab.conformance", "--quiet", "--assert=plain"),
        *(f"--target={target}", f"--run-file={run_file}", *chosen),
    ]


def _environment() -> dict[str, str]:
    """The caller's, less what would change pytest or where modules come from."""
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _wait(
    child: subprocess.Popen[bytes], run_file: Path, progress: Callable[[int], None]
) -> None:
    """Watch the run file grow until the child has ended."""
    while child.poll() is None:
        if run_file.exists():
            progress(run_file.read_bytes().count(b'{"record":"scenario"'))
        time.sleep(POLL_S)


STOP_S = 10


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Pass the interrupt on (a group of its own has not had it), then insist."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _died(child: subprocess.Popen[bytes], output: Path) -> HarnessError:
    tail = output.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    msg = f"the run ended without a result (pytest's exit code {child.returncode})"
    return HarnessError(msg, hint="\n".join(["pytest said:", *tail]))
