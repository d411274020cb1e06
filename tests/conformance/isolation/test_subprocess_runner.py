"""The child process of a run changes no verdict and survives no run."""

import os
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from invitelab.adapters.base import Limits
from invitelab.adapters.driver import Driver
from invitelab.adapters.target import Target
from invitelab.adapters.transports.inprocess import within
from invitelab.adapters.transports.process import wait_for
from invitelab.conformance.execution.journals import LinkJournal, Receiver
from invitelab.conformance.features.selection import Selection
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.run_outcome import Finished, SuitesInterrupted
from invitelab.conformance.isolation.subprocess_runner import run_suite, run_suites
from invitelab.errors import (
    Blame,
    CannotStartError,
    CrashError,
    ExitCode,
    HarnessError,
)
from invitelab.formats.run import RunVerdict, Verdict

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PATIENCE_S = 60.0
ONE = RunOptions(selection=Selection(scenarios=["An ID names the recipient"]))


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a module with an adapter into the current folder; gives its target."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def write(habit: str) -> str:
        lines = textwrap.indent(textwrap.dedent(habit), " " * 8)
        text = f"""\
import os, sys, time, warnings
from invitelab.adapters.reference.adapter import Reference

class Acme(Reference):
    def request(self, method, params):
{lines}
        return super().request(method, params)

def create():
    return Acme()
"""
        name = f"acme_{abs(hash(habit))}"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return f"py:{name}:create"

    return write


def only(finished: Finished) -> Verdict:
    """Give the verdict of the one scenario."""
    (record,) = finished.run.scenarios
    return record.verdict


def test_harmless_habits_are_harmless(module: Callable[[str], str]) -> None:
    """They would not show behind `cmd:` either; progress is reported meanwhile."""
    habits = """\
        print("looking", file=sys.stdout)
        os.write(1, b"here")
        open(os.devnull)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    """
    reported: list[int] = []
    finished = run_suite(module(habits), ONE, reported.append)
    assert Verdict.PASS is only(finished)
    assert finished.run.footer is not None
    assert RunVerdict.PARTIAL is finished.run.footer.verdict
    assert sorted(reported) == reported
    assert {0, 1} >= set(reported)


def test_the_callers_pytest_does_not_count(
    module: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of the environment and the current folder are ignored."""
    target = module("pass")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    Path("pytest.ini").write_text("[pytest]\naddopts = --no-such\n", encoding="utf-8")
    Path("conftest.py").write_text("raise RuntimeError\n", encoding="utf-8")
    assert Verdict.PASS is only(run_suite(target, ONE))


@pytest.mark.slow
def test_the_callers_modules_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adapter in a process may be called calendar.py or invitelab.py."""
    monkeypatch.chdir(tmp_path)
    Path("calendar.py").write_text("raise RuntimeError\n", encoding="utf-8")
    assert Verdict.PASS is only(run_suite("reference", ONE))


def test_a_target_that_ends_the_process_is_to_blame(
    module: Callable[[str], str],
) -> None:
    """A py: target runs in the child: ending it is a crash of the implementation."""
    with pytest.raises(CrashError) as raised:
        run_suite(module("if 'send' in method: os._exit(3)"), ONE)
    assert Blame.IMPLEMENTATION is raised.value.blame
    assert "(exit code 3)" in str(raised.value)


def test_a_module_that_never_ends_importing_is_given_up(
    module: Callable[[str], str],
) -> None:
    """The time limit for the start applies to it as well."""
    target = module("pass")
    Path(f"{target.split(':')[1]}.py").write_text(
        "while True:\n    pass\n", encoding="utf-8"
    )
    driver = Driver(Target.parse(target), Limits(start_s=0.2))
    with pytest.raises(CannotStartError, match=r"took over 0\.2 s"):
        within(5.0, driver.start)


def test_a_judge_not_started_by_a_check_says_so() -> None:
    """Its standard input is the link of a check, and nothing else."""
    result = subprocess.run(
        [sys.executable, "-m", "invitelab.conformance.isolation.child"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    expected = "this process is for invitelab check alone\n"
    assert (ExitCode.USAGE, expected) == (result.returncode, result.stderr)


def test_a_line_that_the_judge_has_not_sealed_ends_the_trust() -> None:
    """No later line is accepted."""
    reported: list[tuple[str, str]] = []
    receiver = Receiver(lambda kind, text: reported.append((kind, text)))
    with ExitStack() as stack:
        ends: list[LinkJournal] = []
        sockets: list[socket.socket] = []

        def judge(link: int) -> None:
            end = stack.enter_context(socket.socket(fileno=os.dup(link)))
            sockets.append(end)
            threading.Thread(target=lambda: ends.append(LinkJournal(end))).start()

        receiver.start(judge)
        assert wait_for(lambda: bool(ends), PATIENCE_S)
        ends[0].record("first")
        with socket.socket(fileno=os.dup(sockets[0].fileno())) as forged:
            forged.sendall(b"0" * 64 + b' ["record", "forged"]\n')
        assert wait_for(lambda: not receiver.is_sound, PATIENCE_S)
    receiver.join(PATIENCE_S)
    assert [("record", "first")] == reported


class Link(socket.socket):
    """The judge's end, on which one line may not get through."""

    interrupts = False
    """Whether Ctrl-C comes before the next line."""
    cuts = False
    """Whether the next line lacks its end."""

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Send it, or what there is time for."""
        if self.interrupts:
            raise KeyboardInterrupt
        super().sendall(memoryview(data)[: -1 if self.cuts else None], flags)


def received(judge: Callable[[LinkJournal, Link], None]) -> tuple[bool, list[str]]:
    """Let a function write to a link; whether it is sound, and its records."""
    reported: list[str] = []
    ends: list[Link] = []
    receiver = Receiver(lambda _kind, text: reported.append(text))
    receiver.start(lambda link: ends.append(Link(fileno=os.dup(link))))
    with ends[0] as end:
        judge(LinkJournal(end), end)
    receiver.join(PATIENCE_S)
    return receiver.is_sound, reported


def test_a_judge_that_is_killed_while_it_writes_has_forged_nothing() -> None:
    """A line that is cut short is ignored."""

    def killed(journal: LinkJournal, link: Link) -> None:
        journal.record("first")
        link.cuts = True
        journal.record("second")

    assert (True, ["first"]) == received(killed)


def test_a_judge_that_is_interrupted_while_it_writes_has_forged_nothing() -> None:
    """No line follows the one that was cut short."""

    def interrupted(journal: LinkJournal, link: Link) -> None:
        journal.record("first")
        link.interrupts = True
        with pytest.raises(KeyboardInterrupt):
            journal.record("second")
        link.interrupts = False
        journal.end()

    assert (True, ["first"]) == received(interrupted)


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_judge_that_dies_at_once_costs_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sitecustomize.py may end it before it has read the secret."""
    custom = "import os, sys\nif sys.flags.safe_path: os._exit(3)\n"
    (tmp_path / "sitecustomize.py").write_text(custom, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(
        HarnessError, match=r"without a result \(exit code 3\)"
    ) as caught:
        run_suite("reference", ONE)
    assert "" == caught.value.hint


def test_an_interrupt_at_the_very_start_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run has not begun: no process is left, and there is no outcome."""
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if started:  # the one that reads the link is the first
            raise KeyboardInterrupt
        started.append(thread)
        begin(thread)

    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(SuitesInterrupted) as caught:
        run_suites(["reference"], ONE)
    assert {} == caught.value.outcomes
