"""Several targets, several rounds and baselines, from the command line to the files."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from invitelab.cli import main
from invitelab.cli.support import run_check
from invitelab.conformance.execution.journals import Receiver
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.run_outcome import (
    Outcome,
    SuitesInterrupted,
    Unfinished,
)
from invitelab.conformance.isolation.subprocess_runner import Tell, run_suites
from invitelab.conformance.known_failures.file import read as read_baseline
from invitelab.errors import ExitCode
from invitelab.formats.run import RunVerdict, parse, read
from invitelab.reporting.conformance.files import write_run

TITLE = "An ID names the recipient"
ONE = ("--scenario", TITLE)
BASE = Path("reports") / "check"
FAKES = """\
import os
from pathlib import Path
from invitelab.adapters.reference.adapter import Reference


class Refusing(Reference):
    def request(self, method, params):
        if method == "invitation.cancel":
            return {"refused": {"reason": "never"}}
        return super().request(method, params)


class Leaving(Reference):
    def request(self, method, params):
        if method == "invitation.send":
            os._exit(7)
        return super().request(method, params)


class Losing(Reference):
    def request(self, method, params):
        answer = super().request(method, params)
        if method == "client.view":
            answer["notifications"] = []
        return answer


def refusing():
    return Refusing()


def leaving():
    return Leaving()


def moody():
    \"\"\"Be right the first time only.\"\"\"
    mark = Path("been-here")
    if mark.exists():
        return Losing()
    mark.touch()
    return Reference()
"""

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a module of targets."""
    (tmp_path / "acme.py").write_text(FAKES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def verdict_in(folder: Path) -> RunVerdict | None:
    """Verdict of a stored run; None without a footer."""
    footer = read(folder / "run.jsonl").footer
    return footer.verdict if footer else None


# Several targets


@pytest.mark.slow
def test_the_worst_of_several_targets_is_the_exit_code(capsys: Said) -> None:
    """Each has a folder of its own, and all have a common report."""
    words = ["check", "reference", "cmd:./missing", "py:acme:refusing", *ONE]
    assert ExitCode.INVALID == main(words)
    folders = sorted(path.parent for path in BASE.glob("*/latest/run.jsonl"))
    verdicts = {verdict_in(folder) for folder in folders}
    # What refuses to cancel fails where something was cancelled before.
    expected = {RunVerdict.PARTIAL, RunVerdict.INVALID, RunVerdict.NON_CONFORMANT}
    assert (expected, 3) == (verdicts, len(folders))
    assert list(BASE.rglob("report.html"))
    out = capsys.readouterr().out
    assert all(f"[{place}] " in out for place in (1, 2, 3))


@pytest.mark.slow
def test_a_target_without_a_run_does_not_stop_the_others(capsys: Said) -> None:
    """It is named at the end."""
    code = main(["check", "py:acme:leaving", "reference", *ONE, "--output", "out"])
    told = capsys.readouterr()
    assert ExitCode.NON_CONFORMANT == code
    assert "py:acme:leaving ended the process" in told.err
    assert RunVerdict.PARTIAL is verdict_in(Path("out") / "reference-partial")
    assert "1 pass" in told.out
    (cut_off,) = Path("out").glob("py-acme-leaving*/report.md")
    assert "INCOMPLETE" in cut_off.read_text("utf-8")


# Several rounds


@pytest.mark.slow
def test_rounds_that_differ_are_reported(capsys: Said) -> None:
    """With the scenarios that differ; the worst round is stored."""
    words = ["check", "py:acme:moody", *ONE, "--repeat", "2", "--output", "out"]
    assert ExitCode.NON_CONFORMANT == main(words)
    out = capsys.readouterr().out
    assert "py:acme:moody" in out
    assert "2 runs, not alike" in out
    assert f"{TITLE}: pass, fail" in out
    assert RunVerdict.NON_CONFORMANT is verdict_in(Path("out"))


@pytest.mark.slow
def test_rounds_that_end_alike_are_reported(capsys: Said) -> None:
    """With their number."""
    words = ["check", "reference", *ONE, "--repeat", "2", "--quiet"]
    assert ExitCode.CONFORMANT == main(words)
    assert "2 runs, all alike" in capsys.readouterr().out


# Baselines


@pytest.mark.slow
def test_a_written_baseline_can_be_used(capsys: Said) -> None:
    """It is read at once, with a warning; the next run and its JUnit file are green."""
    target = ["check", "py:acme:refusing", "--quiet", "--output", "out"]
    target += ["--depth", "quick", "--walks", "0"]
    assert ExitCode.NON_CONFORMANT == main([*target, "--write-baseline", "known.toml"])
    assert ExitCode.CONFORMANT == main([*target, "--baseline", "known.toml"])
    told = capsys.readouterr()
    assert "name no issue, in lines" in told.err
    assert "all of them known" in told.out
    document = ET.parse(Path("out") / "junit.xml")  # noqa: S314 - our own document
    assert not list(document.iter("failure"))
    assert not list(document.iter("error"))


@pytest.mark.slow
def test_a_draft_of_a_selection_keeps_the_other_entries(capsys: Said) -> None:
    """New entries have the given issue; nothing is run where entries would be lost."""
    path = Path("known.toml")
    path.write_text(KNOWN, encoding="utf-8")
    title = "The inviter cancels a pending invitation"
    words = ["check", "py:acme:refusing", "--scenario", title, "--quiet"]
    words += ["--write-baseline", str(path)]
    assert ExitCode.USAGE == main(words)
    assert "--baseline known.toml keeps them" in capsys.readouterr().err
    words += ["--issue", "acme/app#7", "--baseline", str(path)]
    assert ExitCode.NON_CONFORMANT == main(words)
    entries = read_baseline(path).entries
    assert {(TITLE, "#12"), (title, "acme/app#7")} == {
        (entry.scenario, entry.issue) for entry in entries
    }
    assert (
        "known.toml covers only the scenarios that were run: 1"
        in capsys.readouterr().err
    )


KNOWN = f"""\
[[known]]
scenario = "{TITLE}"
clause = "DIRECT-5"
issue = "#12"
"""


@pytest.mark.parametrize(
    "words",
    [
        ["cmd:./missing"],
        ["reference", *ONE],
        ["reference", "-x"],
        ["reference", "py:acme:refusing"],
    ],
)
def test_a_partial_run_overwrites_no_baseline(capsys: Said, words: list[str]) -> None:
    """The issues in it would be lost."""
    path = Path("known.toml")
    path.write_text(KNOWN, encoding="utf-8")
    code = main(["check", *words, "--quiet", "--write-baseline", str(path)])
    assert ExitCode.CONFORMANT != code
    assert KNOWN == path.read_text(encoding="utf-8")
    assert "#12" == read_baseline(path).entries[0].issue
    assert capsys.readouterr().err


# Before anything is started


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["reference", "reference"], "reference is named twice"),
        (["reference", "cmd:true", "--baseline", "x"], "a baseline belongs to one"),
        (["reference", "--clock", "system"], "--clock system needs a Python object"),
        (["py:acme:moody", "--clock", "jump"], "--clock jump needs a process"),
        (["reference", "cmd:true", "--clock", "jump"], "needs a process"),
        (["reference", "-k", "and and"], "-k 'and and' cannot be read"),
        (["reference", "--tags", "@NONE-1"], "there is no such tag"),
        (["reference", "--baseline", "missing.toml"], "missing.toml"),
        (["reference", "--output", "acme.py"], "acme.py"),
        (["reference", "--write-baseline", "acme.py/known.toml"], "acme.py"),
        (["reference", "--issue", "#12"], "--issue is for the entries that"),
        (
            ["reference", "--write-baseline", "x", "--issue", "12"],
            "--issue has to name",
        ),
    ],
)
def test_an_invalid_command_line_is_refused(
    capsys: Said, words: list[str], sentence: str
) -> None:
    """In one sentence; no run is stored."""
    assert ExitCode.USAGE == main(["check", *words])
    assert sentence in capsys.readouterr().err
    assert not list(Path().rglob("run.jsonl"))


# Interrupts


def interrupted_round(
    monkeypatch: pytest.MonkeyPatch, before: int, *, keep: slice = slice(None)
) -> None:
    """Interrupt the round after so many: each target then has a run without an end."""
    rounds: list[list[Outcome]] = []

    def run(
        targets: Sequence[str],
        options: RunOptions,
        progress: Tell,
        copies: Sequence[Path],
    ) -> list[Outcome]:
        if len(rounds) < before:
            rounds.append(run_suites(targets, options, progress, copies))
            return rounds[-1]
        raise SuitesInterrupted(dict(enumerate(map(cut_off, rounds[-1][keep]))))

    monkeypatch.setattr(run_check, "run_suites", run)


def cut_off(outcome: Outcome) -> Unfinished:
    """Take the end of a run away."""
    text = outcome.text[: outcome.text.rindex('{"record":"footer"')]
    return Unfinished(error=None, run=parse(text), text=text)


@pytest.mark.slow
def test_an_interrupt_keeps_the_rounds_before(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst of them is stored, and all are compared."""
    interrupted_round(monkeypatch, before=2)
    words = ["check", "py:acme:moody", *ONE, "--repeat", "4", "--output", "out"]
    assert ExitCode.INTERRUPTED == main(words)
    out, err = capsys.readouterr()
    assert "2 runs, not alike" in out
    assert "NON-CONFORMANT" in out
    assert "INCOMPLETE (the run has no end)" in out
    assert err.endswith("invitelab: interrupted\n")
    assert RunVerdict.NON_CONFORMANT is verdict_in(Path("out"))
    assert "INCOMPLETE" not in Path("out/report.md").read_text("utf-8")


@pytest.mark.slow
def test_an_interrupt_keeps_the_rounds_of_targets_that_had_not_begun(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interrupted round came to the first of two; an earlier error is reported."""
    interrupted_round(monkeypatch, before=1, keep=slice(0, 1))
    words = ["check", "reference", "py:acme:leaving", *ONE, "--repeat", "2"]
    assert ExitCode.INTERRUPTED == main([*words, "--output", "out"])
    out, err = capsys.readouterr()
    assert "1 run, and none to compare it with" in out
    assert "invitelab: py:acme:leaving ended the process" in err
    assert RunVerdict.PARTIAL is verdict_in(Path("out") / "reference-partial")
    (cut,) = Path("out").glob("py-acme-leaving*/report.md")
    assert "INCOMPLETE" in cut.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["joining", "writing"])
def test_a_signal_after_the_run_costs_no_report(
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
    after_signal: Callable[[Callable[..., Any]], Callable[..., Any]],
    unheard: list[int],
    place: str,
) -> None:
    """The exit code is that of an interrupt, not the raw number of the signal."""
    if place == "joining":
        monkeypatch.setattr(Receiver, "join", after_signal(Receiver.join))
    else:
        monkeypatch.setattr(run_check, "write_run", after_signal(write_run))
    words = ["check", "reference", *ONE, "--output", "out"]
    assert ExitCode.INTERRUPTED == main(words)
    assert [] == unheard
    out, err = capsys.readouterr()
    assert "report  out/report.html" in out
    assert err.endswith("invitelab: interrupted\n")
    assert RunVerdict.PARTIAL is verdict_in(Path("out"))
    assert Path("out/report.html").is_file()


# Where it is stored


@pytest.mark.parametrize("name", ["run.jsonl", "walk.feature", "report.html"])
def test_a_folder_with_the_name_of_a_file_is_refused_before_the_run(
    folder: Path, capsys: Said, name: str
) -> None:
    """The verdict could not be stored."""
    (folder / "out" / name).mkdir(parents=True)
    assert ExitCode.USAGE == main(["check", "reference", *ONE, "--output", "out"])
    out, err = capsys.readouterr()
    says = f"out/{name} is a folder, and has the name of a file to be written"
    assert ("", f"invitelab: {says}") == (out, err.splitlines()[0])


@pytest.mark.parametrize("place", ["acme.py/known.toml", "/proc/known.toml"])
def test_a_draft_that_cannot_be_written_is_refused_before_the_run(
    capsys: Said, place: str
) -> None:
    """With the option that names it."""
    if not Path(place).parent.exists():
        pytest.skip("there is no /proc")
    assert ExitCode.USAGE == main(["check", "reference", "--write-baseline", place])
    assert not list(Path().rglob("run.jsonl"))
    told, hint = capsys.readouterr().err.splitlines()
    assert f"invitelab: {Path(place).parent} cannot be written: " in told
    assert "No such file" not in told
    assert "  hint: name another file with --write-baseline" == hint


def test_a_report_that_cannot_be_written_does_not_stop_the_others(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All interrupted runs are printed, and then the first error."""
    assert ExitCode.CONFORMANT == main(["check", "reference", *ONE, "--output", "a"])
    whole = Path("a/run.jsonl").read_text("utf-8")
    text = whole[: whole.rindex('{"record":"footer"')]
    begun = Unfinished(error=None, run=parse(text), text=text)

    def interrupted(*_words: object) -> list[Outcome]:
        Path("out/reference-partial/run.jsonl").mkdir()
        raise SuitesInterrupted({0: begun, 1: begun})

    capsys.readouterr()
    monkeypatch.setattr(run_check, "run_suites", interrupted)
    words = ["check", "reference", "py:acme:moody", *ONE, "--output", "out", "-q"]
    assert ExitCode.USAGE == main(words)
    out, err = capsys.readouterr()
    assert 2 == out.count("INCOMPLETE: the run has no end")
    assert "out/reference-partial/run.jsonl cannot be written" in err
    (second,) = Path("out").glob("py-acme-moody*/report.md")
    assert "INCOMPLETE" in second.read_text("utf-8")
