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
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from invitelab.errors import CrashError, HarnessError, InvitelabError
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
        with output.open("wb") as stream, _termination_interrupts():
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
        run = read(run_file) if run_file.exists() else None
        if run is None or run.footer is None:
            raise _died(target, child.returncode, output)
        return Finished(run=run, text=run_file.read_text(encoding="utf-8"))


@contextmanager
def _termination_interrupts() -> Generator[None]:
    """TERM ends a run as Ctrl-C does: the child is stopped, and its target with it."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _command(target: str, selection: Selection, run_file: Path) -> list[str]:
    chosen = [f"--clause={clause}" for clause in selection.clauses]
    chosen += [f"--scenario={title}" for title in selection.scenarios]
    return [
        # -P: a calendar.py in the current folder is the user's, and not the library's.
        *(sys.executable, "-P", "-m", "pytest", "-c", str(INI)),
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


def _died(target: str, code: int, output: Path) -> InvitelabError:
    """Whose fault it is that there is no result: pytest tells of its own troubles."""
    text = output.read_text(encoding="utf-8", errors="replace")
    if target.startswith("py:") and "ERROR" not in text:
        msg = f"the target ended the process that it was loaded into (exit code {code})"
        hint = "a target behind cmd: has a process of its own"
        return CrashError(msg, hint=hint)
    msg = f"the run ended without a result (pytest's exit code {code})"
    return HarnessError(msg, hint="\n".join(["pytest said:", *text.splitlines()[-12:]]))
