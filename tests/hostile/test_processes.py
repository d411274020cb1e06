"""Defects of a process: the right verdict, in time, and no process left."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol
from xml.etree import ElementTree as ET

import pytest

from invitelab.adapters.base import Limits
from invitelab.errors import Blame, ExitCode
from invitelab.formats.run import Run, RunVerdict, Verdict
from invitelab.processes.tree import HAS_PROC

QUICK = Limits(start_s=60.0, call_s=30.0, scenario_s=120.0, grace_s=0.05)
"""Limits that are not to be reached, however busy the machine is."""
HANGS = replace(QUICK, call_s=0.5)
STARTS = replace(QUICK, start_s=0.5)
SLOW = replace(QUICK, scenario_s=1.0)

REPORTS = {"run.jsonl", "report.md", "junit.xml"}
MOST_S = 20.0
"""Far more than any of it takes, and far less than a target could make us wait."""


class Expected(NamedTuple):
    """The expected outcome of a defect."""

    verdict: RunVerdict
    blame: Blame | None
    kind: str | None
    said: str
    """Part of the message of the scenario, or of the reason for the run's verdict."""
    limits: Limits = QUICK


def no_start(said: str, limits: Limits = STARTS) -> Expected:
    """Expect that nothing can be run, at the adapter's cost."""
    return Expected(RunVerdict.INVALID, Blame.ADAPTER, None, said, limits)


def hang(said: str, limits: Limits = HANGS) -> Expected:
    """Expect a hang, at the implementation's cost."""
    blame = Blame.IMPLEMENTATION
    return Expected(RunVerdict.NON_CONFORMANT, blame, "hang", said, limits)


def crash(said: str, limits: Limits = QUICK) -> Expected:
    """Expect a crash, at the implementation's cost."""
    blame = Blame.IMPLEMENTATION
    return Expected(RunVerdict.NON_CONFORMANT, blame, "crash", said, limits)


def malformed(said: str) -> Expected:
    """Expect that what was said is not the protocol's, at the adapter's cost."""
    return Expected(RunVerdict.INVALID, Blame.ADAPTER, "protocol", said)


def nothing() -> Expected:
    """Expect that it does not matter; a part of the suite is never conformant."""
    return Expected(RunVerdict.PARTIAL, None, None, "only a part")


EXPECTED = {
    "leave_a_child": crash("exited with code 7", replace(QUICK, call_s=0.7)),
    "none": nothing(),
    "hang_at_start_deaf": no_start("no answer to initialize within 0.5 s"),
    "exit_at_start": no_start("the target exited with code 3", QUICK),
    "hang": hang("no answer to invitation.cancel within 0.5 s"),
    "hang_deaf": hang("no answer to invitation.cancel within 0.5 s"),
    "drip": hang("no answer to invitation.cancel within 0.5 s"),
    "close_stdin": hang("no answer to client.view within 0.5 s"),
    "be_slow": hang("", SLOW),
    "hog": hang("no answer to invitation.cancel"),
    "leave_in_colour": crash("exited with code 7 instead of answering invitation.ca"),
    "be_killed": crash("was killed by SIGSEGV instead of answering invitation.can"),
    "close_stdout": crash("closed its stdout instead of answering invitation.canc"),
    "flood": malformed("a line that is not JSON"),
    "long_line": malformed("a line longer than 1048576 bytes"),
    "not_utf8": malformed("a line that is not UTF-8 at byte "),
    "half_a_surrogate_pair": malformed("a line with half a surrogate pair"),
    "too_deep": malformed("a line deeper than 32 levels"),
    "not_a_number": malformed("NaN is not a JSON number"),
    "name_twice": malformed("a name occurs twice in an object"),
    "wrong_id": malformed("an answer to request 4711, not to "),
    "last_id": malformed("an answer to request "),
    "notify": malformed("a call or notification: an adapter only answers"),
    "log_afterwards": malformed("an unsolicited line"),
    "rows_of_nothing": malformed("the answer to client.view does not fit the schema"),
    "rows_of_rows": nothing(),
    "fill_stderr": nothing(),
    "leave_many": nothing(),
    "fork_on": nothing(),
}
CODES = {
    RunVerdict.PARTIAL: ExitCode.CONFORMANT,
    RunVerdict.NON_CONFORMANT: ExitCode.NON_CONFORMANT,
    RunVerdict.INVALID: ExitCode.INVALID,
}
DEFECTS = pytest.mark.parametrize("defect", EXPECTED)
pytestmark = pytest.mark.skipif(not HAS_PROC, reason="needs /proc")


class Judged(Protocol):
    """A run that was read back, where its reports are, and what else there is."""

    @property
    def run(self) -> Run:
        """Everything that is known of it."""
        ...

    @property
    def folder(self) -> Path:
        """The reports."""
        ...

    @property
    def took_s(self) -> float:
        """Wall time, the end of the target included."""
        ...

    @property
    def left(self) -> list[str]:
        """The processes that were still there when it was over."""
        ...


@pytest.fixture(scope="module")
def judged(
    judge_defects: Callable[[Mapping[str, Limits]], Mapping[str, Judged]],
) -> Mapping[str, Judged]:
    """Judge them all, once."""
    return judge_defects({defect: entry.limits for defect, entry in EXPECTED.items()})


@DEFECTS
def test_a_defect_gets_its_verdict(judged: Mapping[str, Judged], defect: str) -> None:
    """With kind, blame, exit code and message."""
    run, expected = judged[defect].run, EXPECTED[defect]
    (record,) = run.scenarios
    end = run.footer
    assert end is not None
    assert (expected.verdict, CODES[expected.verdict], expected.blame) == (
        end.verdict,
        end.exit_code,
        record.blame or end.blame,
    )
    assert expected.kind == record.kind
    assert expected.said in (record.message or end.reason or "")


def test_only_a_target_without_a_defect_in_the_scenario_passes(
    judged: Mapping[str, Judged],
) -> None:
    """Neither what cannot be read nor what does not come is held for an answer."""
    harmless = {defect for defect, entry in EXPECTED.items() if entry == nothing()}
    passed = {
        defect
        for defect, entry in judged.items()
        if entry.run.scenarios[0].verdict is Verdict.PASS
    }
    assert harmless == passed


@DEFECTS
def test_no_process_is_left(judged: Mapping[str, Judged], defect: str) -> None:
    """Neither the target nor its children, in whatever session they are."""
    assert [] == judged[defect].left


@pytest.mark.timing
@DEFECTS
def test_a_defect_does_not_delay_the_run(
    judged: Mapping[str, Judged], defect: str
) -> None:
    """However much there is to read and to end."""
    assert judged[defect].took_s < MOST_S


@DEFECTS
def test_a_report_can_be_read(
    judged: Mapping[str, Judged], find_dirt: Callable[[str], list[str]], defect: str
) -> None:
    """Every file of it: no character moves a cursor, and XML is XML."""
    files = {path.name: path for path in judged[defect].folder.iterdir()}
    assert REPORTS <= set(files)
    texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    assert {name: list[str]() for name in files} == {
        name: find_dirt(text) for name, text in texts.items()
    }
    document = ET.fromstring(texts["junit.xml"])  # noqa: S314 - our own document
    assert 1 == len(list(document.iter("testcase")))


def test_last_words_are_kept(judged: Mapping[str, Judged]) -> None:
    """As they were, but for what would not stay on its line."""
    (record,) = judged["leave_in_colour"].run.scenarios
    first = record.stderr.splitlines()[-1]
    assert r"\x1b]0;owned\x07\x1b[2J" in first
    assert "=1+1" in first
