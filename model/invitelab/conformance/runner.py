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
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from invitelab.adapters.clocks.base import ClockKind
from invitelab.conformance.engine import progress_file, walk_file
from invitelab.conformance.selection import Selection
from invitelab.errors import CrashError, HarnessError, InvitelabError
from invitelab.records import Run, read
from invitelab.signals import be_deaf, termination_interrupts

INI = Path(__file__).with_name("pytest.ini")
POLL_S = 0.05
STOP_S = 15
SCENARIO = b'{"record":"scenario"'
"""How the record of a scenario begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run, on whichever target, and how; nothing said means everything."""

    selection: Selection = field(default_factory=Selection)
    clock: ClockKind | None = None
    """How time is driven; None: as the target declares."""
    baseline: Path | None = None
    """A file of known failures."""
    stop_early: bool = False
    """End at the first failure."""
    walks: int = 0
    """How many random walks follow."""
    seed: int = 0
    """Where they begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The run as it was read back, and the bytes it was read from."""

    run: Run
    text: str
    walk: str | None = None
    """The feature that random walks have found."""


Outcome = Finished | InvitelabError
"""A run, or why there is none."""

Tell = Callable[[int, int], None]
"""Is told a target's place, and how many of its scenarios are done."""


def in_silence(_place: int, _done: int) -> None:
    """Tell nobody."""


def run_suite(
    target: str,
    order: Order | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Finished:
    """Judge one target. `progress` is told how many scenarios are done.

    Raises HarnessError when the child dies without an end to its run, KeyboardInterrupt
    when the user has had enough; the child is gone in every case.
    """
    (outcome,) = run_suites([target], order, lambda _, done: progress(done))
    if not isinstance(outcome, Finished):
        raise outcome
    return outcome


def run_suites(
    targets: Sequence[str],
    order: Order | None = None,
    progress: Tell = in_silence,
) -> list[Outcome]:
    """Judge several targets, in this order; see `run_suite`.

    A target that has left no run is an error in its place, and costs no other its run.

    One after the other, but that those in real time, which mostly wait, do so at once.
    `progress` is told a target's place and how many of its scenarios are done.
    """
    with tempfile.TemporaryDirectory(prefix="invitelab-") as folder:
        children = [
            _Child(target, order or Order(), Path(folder) / str(place))
            for place, target in enumerate(targets)
        ]
        with termination_interrupts():
            try:
                _run_all(children, progress)
            except BaseException:
                be_deaf()
                for child in children:
                    child.interrupt()
                for child in children:
                    child.wait()
                raise
        return [child.outcome() for child in children]


def _run_all(children: Sequence["_Child"], progress: Tell) -> None:
    waiting = list(children)
    while waiting or any(child.running for child in children):
        busy = any(child.running and not child.only_waits for child in children)
        if waiting and not busy:
            waiting.pop(0).start()
        for place, child in enumerate(children):
            if child.running:
                progress(place, child.done)
        time.sleep(POLL_S)


class _Child:
    """The process of one target's run, and its files."""

    def __init__(self, target: str, order: Order, folder: Path) -> None:
        folder.mkdir()
        self._target = target
        self._order = order
        self._run_file = folder / "run.jsonl"
        self._output = folder / "output"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        with self._output.open("wb") as stream:
            self._process = subprocess.Popen(
                _command(self._target, self._order, self._run_file),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=_environment(),
                process_group=0,
            )

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def only_waits(self) -> bool:
        """Whether it is in real time, and only its waits are left."""
        return self._progress()[1] == 0

    @property
    def done(self) -> int:
        """How many scenarios have ended, so far as is known."""
        recorded = 0
        if self._run_file.exists():
            recorded = self._run_file.read_bytes().count(SCENARIO)
        return max(recorded, self._progress()[0])

    def _progress(self) -> tuple[int, int]:
        """What a run in real time has left word of; see Engine."""
        with suppress(OSError, ValueError):
            words = progress_file(self._run_file).read_text("ascii")
            if words.endswith("\n"):  # not half written
                done, busy = words.split()
                return int(done), int(busy)
        return 0, 1

    def interrupt(self) -> None:
        """Pass an interrupt on: a group of its own has not had it."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGINT)

    def wait(self) -> None:
        """Let it end its targets, then insist."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def outcome(self) -> "Outcome":
        """Read what the run has left."""
        assert self._process is not None, "it was started"
        run = read(self._run_file) if self._run_file.exists() else None
        if run is None or run.footer is None:
            return _died(self._target, self._process.returncode, self._output)
        found = walk_file(self._run_file)
        return Finished(
            run=run,
            text=self._run_file.read_text(encoding="utf-8"),
            walk=found.read_text(encoding="utf-8") if found.exists() else None,
        )


def _command(target: str, order: Order, run_file: Path) -> list[str]:
    options = order.selection.options()
    if order.clock is not None:
        options.append(f"--clock={order.clock.value}")
    if order.baseline is not None:
        options.append(f"--baseline={order.baseline}")
    if order.stop_early:
        options.append("-x")
    if order.walks:
        options += [f"--walks={order.walks}", f"--walk-seed={order.seed}"]
    return [
        # -P: a calendar.py in the current folder is the user's, and not the library's.
        *(sys.executable, "-P", "-m", "pytest", "-c", str(INI)),
        *("-p", "pytest_bdd.plugin", "-p", "invitelab.conformance.plugin"),
        *("--pyargs", "invitelab.conformance", "--quiet", "--assert=plain"),
        *(f"--target={target}", f"--run-file={run_file}", *options),
    ]


def _environment() -> dict[str, str]:
    """The caller's, less what would change pytest or where modules come from."""
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _died(target: str, code: int, output: Path) -> InvitelabError:
    """Whose fault it is that there is no result: pytest tells of its own troubles."""
    text = output.read_text(encoding="utf-8", errors="replace")
    if target.startswith("py:") and "ERROR" not in text:
        msg = f"{target} ended the process that it was loaded into (exit code {code})"
        hint = "a target behind cmd: has a process of its own"
        return CrashError(msg, hint=hint)
    msg = f"the run of {target} ended without a result (pytest's exit code {code})"
    return HarnessError(msg, hint="\n".join(["pytest said:", *text.splitlines()[-12:]]))
