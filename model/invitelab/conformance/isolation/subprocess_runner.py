"""Runs the suite in a pytest of its own, out of reach of the caller's plugins.

A child process, because a target loaded by `py:` may do anything to its interpreter,
and because a user's pytest settings must not change a verdict. Only records come back,
over a link that a target of `cmd:` cannot find; see `journals`. Nothing is written but
a copy of them, record by record, where the caller wants one.
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

from invitelab.conformance.execution.conclusion import what_does_not_follow
from invitelab.conformance.execution.journals import (
    END,
    PROGRESS,
    RECORD,
    WALK,
    Copy,
    set_dumpable,
)
from invitelab.conformance.execution.recorder import MOST_TARGET
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

if TYPE_CHECKING:
    import signal

POLL_S = 0.05
STOP_S = 15
LAST_S = 2.0
"""How long the last records, or words, of a judge that has ended may take to come."""

MOST_LINES = 200
"""Of what pytest says; its last ones are shown when there is no result."""

MOST_LINE = 1 << 16
"""Bytes of a line of that."""

SCENARIO = '{"record":"scenario"'
"""How the record of a scenario begins."""


Tell = Callable[[int, int], None]
"""Is told a target's place, and how many of its scenarios are done."""


def no_progress(_place: int, _done: int) -> None:
    """Tell nobody."""


def run_suite(
    target: str,
    options: RunOptions | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Finished:
    """Judge one target. `progress` is told how many scenarios are done.

    Raises HarnessError when the child dies without an end to its run, KeyboardInterrupt
    when the user has had enough; the child is gone in every case.
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

    A target that has left no run is an error in its place, and costs no other its run.

    One after the other, but that those in real time, which mostly wait, do so at once.
    `progress` is told a target's place and how many of its scenarios are done. What is
    recorded is also written to `copies`, a file a target, as far as there is room.
    Raises SuitesInterrupted.
    """
    files: Sequence[Path | None] = copies or [None] * len(targets)
    children = [
        _Child(target, options or RunOptions(), copy)
        for target, copy in zip(targets, files, strict=True)
    ]
    with _unseen(), termination_interrupts():
        try:
            _run_all(children, progress)
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
    return [child.outcome() for child in children]


@contextmanager
def _unseen() -> Generator[None]:
    """Keep targets of the same user out of this process, which knows the secrets."""
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
    """The process of one target's run, and what has come back from it."""

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
        self._has_ended_itself = False
        self._stopped_by: signal.Signals | None = None
        self._copy = Copy(copy)

    def start(self) -> None:
        """Begin."""
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
        """Keep the last of what pytest, or a target in its process, has said."""
        with stream:
            while line := stream.readline(MOST_LINE):
                self._said.append(line)

    def _take(self, kind: str, text: str) -> None:
        """What comes over the link."""
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
            case _:
                assert kind == END, kind
                self._has_ended_itself = True

    @property
    def has_begun(self) -> bool:
        """Whether it was started, to the end of that."""
        return self._listener is not None

    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        if self._process is None or self._process.poll() is not None:
            return False
        stopped = stopping(self._process.pid)
        if stopped is not None:
            # Nobody stops a supervisor but to escape it: awake, it ends everything.
            self._stopped_by = stopped
            self._let_go(self._process)
            self._process.send_signal(CONTINUE)
        return True

    @property
    def only_waits(self) -> bool:
        """Whether it is in real time, and only its waits are left."""
        return self._told[1] == 0

    @property
    def done(self) -> int:
        """How many scenarios have ended, so far as is known."""
        return max(self._scenarios, self._told[0])

    def interrupt(self) -> None:
        """Pass an interrupt on: a group of its own has not had it."""
        if self._process is not None and self.running:
            self._process.send_signal(INTERRUPT)

    def wait(self) -> None:
        """Let it end its targets, then insist."""
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
        """End the pipe to the supervisor, which then ends everything."""
        assert process.stdin is not None, "it is a pipe"
        process.stdin.close()

    def outcome(self, *, stopped: bool = False) -> Outcome:
        """What the run has come to; `stopped` says that the user has ended it."""
        assert self._process is not None, "it was started"
        assert self._listener is not None, "it was started"
        self._let_go(self._process)
        self._link.join(LAST_S)
        self._listener.join(LAST_S)
        self._copy.close()
        text = "".join(f"{line}\n" for line in self._lines)
        if not self._link.is_sound:
            return self._disbelieved("somebody else has written to the link", text)
        try:
            run = records.parse(text) if self._lines else None
        except ValueError as error:
            return self._disbelieved(f"it {error}", text)
        if run is None or run.footer is None:
            why = None if stopped else self._died(self._process.returncode)
            return Unfinished(error=why, run=run, text=text)
        wrong = self._wrong(run)
        if wrong is not None:
            return self._disbelieved(wrong, text)
        return Finished(run=run, text=text, walk=self._walk)

    def _disbelieved(self, why: str, text: str) -> Unfinished:
        msg = f"the run of {self._target} cannot be believed: {why}"
        return Unfinished(error=HarnessError(msg), run=None, text=text)

    def _wrong(self, run: Run) -> str | None:
        """What is wrong with a run that has an end; None where nothing is."""
        if run.header.target != escaped(self._target, MOST_TARGET):
            return "it is of another target"
        if run.header.suite != suite_digest():
            return "it is of another suite"
        if run.footer is not None and run.footer.whole:
            if not self._options.selection.whole:
                return "it is of the whole suite, and a part was asked for"
            if len(run.scenarios) < count():
                return f"it has {len(run.scenarios)} of {count()} scenarios"
        return what_does_not_follow(run)

    def _died(self, code: int) -> InvitelabError:
        """Whose fault it is that there is no result: pytest tells of its own."""
        said = [line.decode(errors="replace").rstrip() for line in self._said]
        how = signalled(code, "\n".join(said))
        if self._stopped_by is not None:
            how = f"stopped by {self._stopped_by.name}"
        if how is not None:
            return ended_by_others(self._target, how)
        if self._target.startswith("py:") and not self._has_ended_itself:
            msg = f"{self._target} ended the process that it was loaded into"
            hint = "a target behind cmd: has a process of its own"
            return CrashError(f"{msg} ({ending(code)})", hint=hint)
        msg = f"the run of {self._target} ended without a result ({ending(code)})"
        hint = "\n".join(["pytest said:", *said[-12:]]) if said else ""
        return HarnessError(msg, hint=hint)


def _environment() -> dict[str, str]:
    """The caller's, less what would change pytest or where modules come from."""
    kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
