"""`invitelab check`, from the command line to the printed verdict and exit code."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from left_behind import left_behind

from invitelab.adapters.transports.process import wait_for
from invitelab.conformance.features.lint import count
from invitelab.errors import ExitCode
from invitelab.formats.run import RunVerdict, read

Command = Callable[..., subprocess.CompletedProcess[str]]

PATIENCE_S = 60.0
ALL = "required 45/45 - interpretations 34/34 - 0 not applicable - 0 untested of 79"
FILES = {
    "exchanges.jsonl",
    "junit.xml",
    "messages.ndjson",
    "provenance.json",
    "report.html",
    "report.md",
    "run.jsonl",
}
CONFORMANT = "CONFORMANT, clock virtual (proven), seed 0"

PARTIAL = "PARTIAL (only a part of the suite was selected)"


@dataclass(frozen=True, slots=True)
class Checked:
    """The folder and the output of a check of the reference."""

    folder: Path
    result: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def reference(invitelab: Command, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """One check of the reference, shared by the tests of this module."""
    folder = tmp_path_factory.mktemp("reference")
    return Checked(folder, invitelab("check", "reference", cwd=folder))


# The reference


def test_the_reference_is_conformant(reference: Checked) -> None:
    """The verdict is printed last, after the clauses and the totals."""
    lines = reference.result.stdout.splitlines()
    assert 0 == reference.result.returncode
    scenarios = f"{count()} scenarios: {count()} pass"
    stored, walks, tried, *end = lines[-6:]
    assert "report  reports/check/reference/latest/report.html" == stored
    assert walks.startswith("walks   50 with seed 0: ")
    assert walks.endswith("; nothing was found")
    assert tried.startswith("tried   values ")
    assert [scenarios, ALL, CONFORMANT] == end
    assert "target  reference (invitelab reference 0.1.0)" == lines[0]
    assert lines[1].startswith("suite   invitelab 0.1.0, suite ")
    assert lines[1].endswith(", clock virtual (proven), depth standard, seed 0")
    assert "79 clauses hold" in lines
    expected = "checking reference, and 50 random walks\n"
    assert expected == reference.result.stderr


def test_piped_output_is_plain(reference: Checked) -> None:
    """There are neither colours nor a progress bar."""
    assert reference.result.stdout.replace("\n", "").isprintable()


def test_a_run_is_stored(reference: Checked) -> None:
    """As records, as reports for humans and machines, and with its provenance."""
    folder = reference.folder / "reports" / "check" / "reference" / "latest"
    assert FILES == {path.name for path in folder.iterdir()}
    footer = read(folder / "run.jsonl").footer
    assert footer is not None
    assert RunVerdict.CONFORMANT is footer.verdict
    assert (folder / "report.md").read_text("utf-8").startswith("# CONFORMANT\n")
    document = ET.parse(folder / "junit.xml")  # noqa: S314 - our own document
    assert "testsuites" == document.getroot().tag
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert "invitelab check reference" == provenance["command"]


@pytest.mark.slow
def test_a_partial_run_is_stored_beside_the_whole_one(
    invitelab: Command, reference: Checked
) -> None:
    """It is not CONFORMANT, and overwrites nothing."""
    store = reference.folder / "reports" / "check" / "reference"
    whole = (store / "latest").resolve() / "run.jsonl"
    before = whole.read_bytes()
    result = invitelab(
        "check", "reference", "--clause", "expiry-6", cwd=reference.folder
    )
    assert ExitCode.CONFORMANT == result.returncode
    assert [
        "report  reports/check/reference/latest/report.html",
        "4 scenarios: 4 pass",
        "required 0/45 - interpretations 1/34 - 0 not applicable - 78 untested of 79",
        f"{PARTIAL}, clock virtual (proven), seed 0",
    ] == result.stdout.splitlines()[-4:]
    assert before == whole.read_bytes()


# Failures


@pytest.mark.slow
def test_a_failure_is_reported_and_can_be_repeated(
    invitelab: Command, tmp_path: Path
) -> None:
    """The last line of its transcript is the command that repeats it."""
    target = "py:invitelab.proof.mutants:alias_missing"
    title = "The notification tells the inviter's alias"
    words = ("check", target, "--scenario", title)
    result = invitelab(*words, cwd=tmp_path)
    assert ExitCode.NON_CONFORMANT == result.returncode
    lines = result.stdout.splitlines()
    assert "NON-CONFORMANT (NOTIFY-4), clock virtual (proven), seed 0" == lines[-1]
    (repro,) = (line for line in lines if line.startswith("  repro"))
    assert ["repro", "invitelab", *words, "--seed", "0"] == shlex.split(repro)
    assert any(
        "expected the alias " in line and "@ad, found none" in line for line in lines
    )


# Targets that do not come up


@pytest.mark.slow
def test_a_command_behind_two_dashes_is_the_target(
    invitelab: Command, fake: Callable[[str], list[str]], tmp_path: Path
) -> None:
    """This one exits at once; --quiet prints why first, its stderr, and the totals."""
    result = invitelab("check", "-q", "--", *fake("exit"), cwd=tmp_path)
    exited = "the target exited with code 1 instead of answering initialize"
    assert ExitCode.INVALID == result.returncode
    assert [
        f"INVALID: the target did not start: {exited}",
        "stderr  acme: no licence",
        "walks   none: the target cannot be used",
        f"{count()} scenarios: {count()} not-run",
        "required 0/45 - interpretations 0/34 - 0 not applicable - 79 untested of 79",
        f"INVALID: the target did not start: {exited}, blame: adapter",
    ] == result.stdout.splitlines()
    assert "Traceback" not in result.stderr
    assert [] == left_behind(tmp_path)


@pytest.mark.slow
def test_a_missing_command_is_named(invitelab: Command, tmp_path: Path) -> None:
    """With a blame and a hint."""
    words = ("check", "cmd:./acme --stdio", "--clause=EXPIRY-6")
    result = invitelab(*words, cwd=tmp_path)
    assert ExitCode.INVALID == result.returncode
    lines = result.stdout.splitlines()
    expected = "INVALID (./acme: command not found), blame: environment"
    assert expected == lines[-1]
    assert f"hint    the path starts at {tmp_path}" == lines[-4]
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.slow
def test_a_target_that_never_answers_is_killed(
    invitelab: Command, fake: Callable[[str], list[str]], tmp_path: Path
) -> None:
    """After ten seconds."""
    result = invitelab("check", "-q", "--", *fake("hang"), cwd=tmp_path)
    assert ExitCode.INVALID == result.returncode
    sentence = "the target did not start: no answer to initialize within 10 s"
    expected = f"INVALID: {sentence}, blame: adapter"
    assert expected == result.stdout.splitlines()[-1]
    assert [] == left_behind(tmp_path)


# Nothing to do


@pytest.mark.slow
def test_a_selection_of_nothing_is_invalid(invitelab: Command, tmp_path: Path) -> None:
    """No scenario has both this clause and this title."""
    result = invitelab(
        *("check", "reference", "--clause=EXPIRY-1"),
        *("--scenario", "Control goes one way only"),
        cwd=tmp_path,
    )
    assert ExitCode.INVALID == result.returncode
    assert "INVALID (nothing was selected)" == result.stdout.splitlines()[-1]


@pytest.mark.parametrize("taken", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_refused_before_the_run(
    invitelab: Command, fake: Callable[[str], list[str]], tmp_path: Path, taken: str
) -> None:
    """The target is not started."""
    (tmp_path / "file").touch()
    words = ("check", "--output", taken, "--", *fake("exit"))
    result = invitelab(*words, cwd=tmp_path)
    assert (ExitCode.USAGE, "") == (result.returncode, result.stdout)
    first, hint = result.stderr.splitlines()
    assert first.startswith("invitelab: ")
    assert taken in first
    assert hint.startswith("  hint: ")
    assert not (tmp_path / "pids").exists()


# Interrupts


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_an_interrupt_ends_everything(
    started: Callable[..., subprocess.Popen[str]],
    fake: Callable[[str], list[str]],
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    """Ctrl-C while the target hangs, or TERM from a cancelled CI job.

    The report says INCOMPLETE, the exit code is 130, and no process is left; the
    report of an earlier run is set aside.
    """
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("report.html", "run.jsonl", "mine.txt"):
        (folder / name).write_text("CONFORMANT\n", encoding="utf-8")
    command = fake("invitation.modify:hang")
    words = ("check", "--clause=PENDING-6", "--output=out", "--", *command)
    with started(*words, cwd=tmp_path) as process:
        assert wait_for((tmp_path / "hanging").exists, PATIENCE_S)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert ExitCode.INTERRUPTED == process.returncode
    assert "INCOMPLETE (the run has no end)" == out.splitlines()[-1]
    checking = f"checking cmd:{shlex.join(command)}"
    assert [checking, "", "invitelab: interrupted"] == err.splitlines()
    assert [] == left_behind(tmp_path)
    assert read(folder / "run.jsonl").footer is None
    assert "INCOMPLETE" in (folder / "report.html").read_text("utf-8")
    assert "INCOMPLETE" in (folder / "report.md").read_text("utf-8").splitlines()[0]
    assert 'type="incomplete"' in (folder / "junit.xml").read_text("utf-8")
    waiting = {path.name for path in (folder / "superseded").iterdir()}
    assert {"report.html", "run.jsonl"} == waiting
    assert "CONFORMANT\n" == (folder / "mine.txt").read_text("utf-8")


# Full disks


LIMITED = 'ulimit -f 0; exec "$0" -m invitelab "$@"'
"""Not a byte can be written to any file, as where all disks are full."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="it has no limits of that kind")
def test_a_verdict_needs_no_disk_space(tmp_path: Path) -> None:
    """It is printed first, then the file that cannot be written; the exit code is 2."""
    words = ["check", "reference", "--clause=EXPIRY-6", "--output=out"]
    result = subprocess.run(
        ["/bin/sh", "-c", LIMITED, sys.executable, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = result.stdout.splitlines()[-1]
    assert verdict.startswith("PARTIAL (only a part of the suite was selected)")
    told = result.stderr.splitlines()[1]
    assert "invitelab: out/run.jsonl cannot be written: File too large" == told
    assert ExitCode.USAGE == result.returncode
    assert "report  " not in result.stdout


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A mounted disk of 64 kilobytes, where mounting is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("nothing can be mounted here")
    yield place
    umount = ["umount", "--lazy", str(place)]
    subprocess.run(umount, check=True)


def test_a_full_disk_is_named_after_the_verdict(
    invitelab: Command, tmp_path: Path, tiny_disk: Path
) -> None:
    """The exit code is 2."""
    words = ("--clause=EXPIRY-2", f"--output={tiny_disk / 'out'}")
    result = invitelab("check", "reference", *words, cwd=tmp_path)
    assert result.stdout.splitlines()[-1].startswith("PARTIAL (only a part")
    *_, told, hint = result.stderr.splitlines()
    assert told.endswith("cannot be written: No space left on device")
    assert hint.startswith(f"  hint: the disk at {tiny_disk} is full")
    assert ExitCode.USAGE == result.returncode


# Pipes


@pytest.mark.slow
def test_a_closed_pipe_does_not_change_the_exit_code(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """As with `| head -1`: exit 1 would say that the reference is not conformant."""
    with started("check", "reference", "--clause=EXPIRY-6", cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "checking reference\n" == process.stderr.read()
    assert ExitCode.CONFORMANT == process.returncode


def test_the_interpreter_is_that_of_the_caller(reference: Checked) -> None:
    """The suite runs under the same Python."""
    folder = reference.folder / "reports" / "check" / "reference" / "latest"
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert sys.version.split()[0] == provenance["python"]
