"""Runs the suite in a child process with a pytest of its own.

A target loaded by `py:` may do anything to its interpreter, and a user's pytest
settings must not change a verdict. Only records come back, over a link that a target of
`cmd:` cannot find; see `journals`. If the caller wants a copy of the records, it is
written record by record; no other file is.
"""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from invitelab.adapters.target import Kind, Target
from invitelab.conformance.execution.conclusion import what_does_not_follow
from invitelab.conformance.execution.journals import (
    END,
    EXCHANGES,
    PROGRESS,
    RECORD,
    WALK,
    Copy,
    set_dumpable,
)
from invitelab.conformance.execution.judged import MOST_TARGET, product_record
from invitelab.conformance.features.lint import count
from invitelab.conformance.isolation.child_exit import (
    CONTINUE,
    INTERRUPT,
    KILL_S,
    ended_by_others,
    ending,
    signalled,
    stopping,
)
from invitelab.conformance.isolation.judge_process import make_receiver, start_judge
from invitelab.conformance.isolation.run_options import RunOptions, command
from invitelab.conformance.isolation.run_outcome import (
    Finished,
    Outcome,
    SuitesInterrupted,
    Unfinished,
)
from invitelab.errors import CrashError, HarnessError, InvitelabError
from invitelab.formats import run as records
from invitelab.formats.run import Run
from invitelab.processes.signals import (
    ignore_termination_signals,
    termination_interrupts,
)
from invitelab.resources import suite_digest
from invitelab.safe_text import escaped
from invitelab.world.product import current_product

if TYPE_CHECKING:
    import signal

POLL_S = 0.05
STOP_S = 15
LAST_S = 2.0
"""Time limit for the last records and output of a child that has ended, in seconds."""

MOST_LINES = 200
"""Lines of pytest's output that are kept, to be shown when there is no result."""

MOST_LINE = 1 << 16
"""Length of such a line, in bytes."""

SCENARIO = '{"record":"scenario"'
"""Beginning of the record of a scenario."""


Tell = Callable[[int, int], None]
"""Called with the place of a target, and how many of its scenarios have ended."""


def no_progress(_place: int, _done: int) -> None:
    """Ignore it."""


def run_suite(
    target: str,
    options: RunOptions | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Finished:
    """Judge one target. `progress` is called with the number of ended scenarios.

    Raises HarnessError when the child ends without finishing the run, and
    KeyboardInterrupt when the user interrupts; the child has ended in each case.
    """
    (outcome,) = run_suites([target], options, lambda _, done: progress(done))
    if isinstance(outcome, Unfinished):
        assert outcome.error is not None, "an interrupt is raised"
        raise outcome.error
    return outcome


def run_suites(
    targets: Sequence[str],
    options: RunOptions | None = None,
    progress: Tell = no_progress,
    copies: Sequence[Path] = (),
) -> list[Outcome]:
    """Judge several targets, in this order; see `run_suite`.

    The outcome of a target without a result holds its error; others are not affected.
    Targets run one after the other, except that runs in real time wait concurrently.
    `progress` is called with a target's place and the number of its ended scenarios.
    Records are also written to `copies`, one file a target, until the disk is full.
    Raises SuitesInterrupted when the user interrupts.
    """
    files: Sequence[Path | None] = copies or [None] * len(targets)
    children = [
        _Child(target, options or RunOptions(), copy)
        for target, copy in zip(targets, files, strict=True)
    ]
    with _unseen(), termination_interrupts():
        try:
            _run_all(children, progress)
            return [child.outcome() for child in children]
        except BaseException as error:
            ignore_termination_signals()
            for child in children:
                child.interrupt()
            for child in children:
                child.wait()
            if not isinstance(error, KeyboardInterrupt):
                raise
            begun = {at: child for at, child in enumerate(children) if child.has_begun}
            raise SuitesInterrupted(
                {at: child.outcome(stopped=True) for at, child in begun.items()}
            ) from error


@contextmanager
def _unseen() -> Generator[None]:
    """Keep targets of the same user from inspecting this process and its secrets."""
    before = set_dumpable(0)
    try:
        yield
    finally:
        set_dumpable(before)


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
    """The child process of one target's run, and the records received from it."""

    def __init__(self, target: str, options: RunOptions, copy: Path | None) -> None:
        self._target = target
        self._options = options
        self._link = make_receiver(self._take)
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[bytes] = deque(maxlen=MOST_LINES)
        self._listener: threading.Thread | None = None
        self._lines: list[str] = []
        self._scenarios = 0
        self._told = (0, 1)
        self._walk: str | None = None
        self._exchanges: list[str] = []
        self._has_ended_itself = False
        self._stopped_by: signal.Signals | None = None
        self._copy = Copy(copy)

    def start(self) -> None:
        """Start the child."""
        self._copy.begin()
        arguments = command(self._target, self._options)
        self._process = process = start_judge(arguments, self._link, _environment())
        assert process.stdout is not None, "it is a pipe"
        listen = threading.Thread(
            target=self._listen, args=[process.stdout], daemon=True
        )
        listen.start()
        self._listener = listen

    def _listen(self, stream: IO[bytes]) -> None:
        """Keep the last lines of output, by pytest or a target in its process."""
        with stream:
            while line := stream.readline(MOST_LINE):
                self._said.append(line)

    def _take(self, kind: str, text: str) -> None:
        """Take a line of the link; called in its thread."""
        match kind:
            case _ if kind == RECORD:
                self._lines.append(text)
                self._scenarios += text.startswith(SCENARIO)
                self._copy.append(text)
            case _ if kind == PROGRESS:
                done, busy = text.split()
                self._told = int(done), int(busy)
            case _ if kind == WALK:
                self._walk = text
            case _ if kind == EXCHANGES:
                self._exchanges.append(text)
            case _:
                assert kind == END, kind
                self._has_ended_itself = True

    @property
    def has_begun(self) -> bool:
        """Whether the start is complete."""
        return self._listener is not None

    @property
    def running(self) -> bool:
        """Whether the child was started and has not ended."""
        if self._process is None or self._process.poll() is not None:
            return False
        stopped = stopping(self._process.pid)
        if stopped is not None:
            # A stopped supervisor supervises nothing: end everything.
            self._stopped_by = stopped
            self._let_go(self._process)
            self._process.send_signal(CONTINUE)
        return True

    @property
    def only_waits(self) -> bool:
        """Whether the run is in real time, and only waits are left."""
        return self._told[1] == 0

    @property
    def done(self) -> int:
        """Number of scenarios that are known to have ended."""
        return max(self._scenarios, self._told[0])

    def interrupt(self) -> None:
        """Send SIGINT, which a process group of its own has not received."""
        if self._process is not None and self.running:
            self._process.send_signal(INTERRUPT)

    def wait(self) -> None:
        """Wait for the child to end its targets; kill it after STOP_S."""
        if self._process is None:
            return
        if self._listener is None and self._process.stdout is not None:
            self._process.stdout.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=STOP_S)
        self._let_go(self._process)
        try:
            self._process.wait(timeout=2 * KILL_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _let_go(self, process: subprocess.Popen[bytes]) -> None:
        """Close the pipe to the supervisor, which then ends everything."""
        assert process.stdin is not None, "it is a pipe"
        process.stdin.close()

    def outcome(self, *, stopped: bool = False) -> Outcome:
        """The outcome of the run; `stopped` says that the user has ended it."""
        assert self._process is not None, "it was started"
        assert self._listener is not None, "it was started"
        self._let_go(self._process)
        self._link.join(LAST_S)
        self._listener.join(LAST_S)
        self._copy.close()
        text = "".join(f"{line}\n" for line in self._lines)
        if not self._link.is_sound:
            return self._rejected("another process has written to the link", text)
        try:
            run = records.parse(text) if self._lines else None
        except ValueError as error:
            return self._rejected(f"it {error}", text)
        if run is None or run.footer is None:
            why = None if stopped else self._died(self._process.returncode)
            calls = "".join(self._exchanges)
            return Unfinished(error=why, run=run, text=text, exchanges=calls)
        wrong = self._wrong(run)
        if wrong is not None:
            return self._rejected(wrong, text)
        calls = "".join(self._exchanges)
        return Finished(run=run, text=text, walk=self._walk, exchanges=calls)

    def _rejected(self, why: str, text: str) -> Unfinished:
        msg = f"the run of {self._target} cannot be believed: {why}"
        return Unfinished(error=HarnessError(msg), run=None, text=text)

    def _wrong(self, run: Run) -> str | None:
        """The first inconsistency of a run that has an end; None if there is none."""
        if run.header.target != escaped(Target.parse(self._target).text, MOST_TARGET):
            return "it is of another target"
        if run.header.suite != suite_digest():
            return "it is of another suite (was invitelab changed during the run?)"
        if run.header.profile != product_record(current_product()):
            return "it is by another product"
        if run.footer is not None and run.footer.whole:
            if not self._options.selection.whole:
                return "it is of the whole suite, and a part was asked for"
            if len(run.scenarios) < count():
                return f"it has {len(run.scenarios)} of {count()} scenarios"
        return what_does_not_follow(run)

    def _died(self, code: int) -> InvitelabError:
        """The error of a run without a result, from its exit code and output."""
        said = [line.decode(errors="replace").rstrip() for line in self._said]
        how = signalled(code, "\n".join(said))
        if self._stopped_by is not None:
            how = f"stopped by {self._stopped_by.name}"
        if how is not None:
            return ended_by_others(self._target, how)
        is_python = Target.parse(self._target).kind is Kind.PYTHON
        if is_python and not self._has_ended_itself:
            msg = f"{self._target} ended the process that it was loaded into"
            hint = "a target behind cmd: has a process of its own"
            return CrashError(f"{msg} ({ending(code)})", hint=hint)
        msg = f"the run of {self._target} ended without a result ({ending(code)})"
        hint = "\n".join(["pytest said:", *said[-12:]]) if said else ""
        return HarnessError(msg, hint=hint)


def _environment() -> dict[str, str]:
    """The caller's environment, without the variables that change pytest."""
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
