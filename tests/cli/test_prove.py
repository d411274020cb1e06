"""`invitelab prove`, from the command line to the files, the verdict and exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from invitelab.adapters.transports.process import wait_for
from invitelab.cli import main
from invitelab.cli.support import run_proof
from invitelab.errors import ExitCode
from invitelab.formats.proof import Proof, read
from invitelab.proof import prove as proving
from invitelab.proof.null_implementations import try_null_implementation
from invitelab.reporting.proof.files import write_proof

assert sys.platform != "win32", "it needs POSIX"

PATIENCE_S = 60.0
WORKERS = 2
"""Beside them there is a process of Python's own."""

VIEWS = {"matrix.svg", "report.html", "report.md"}
FILES = {"proof.json", "provenance.json", *VIEWS}


def find(monkeypatch: pytest.MonkeyPatch, proof: Proof) -> list[int]:
    """Replace the proof by a given one; the number of workers of each call."""
    asked: list[int] = []

    def prove(workers: int, tell: proving.Tell, *, seeds: int) -> Proof:
        asked.extend((workers, *([seeds] if seeds > 1 else [])))
        tell(3, 7)
        return proof

    monkeypatch.setattr(proving, "prove", prove)
    return asked


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


def test_a_proof_is_stored_and_ends_with_its_verdict(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code is 0; one line on stderr says what takes so long."""
    find(monkeypatch, proven)
    assert ExitCode.CONFORMANT == main(["prove"])
    folder = Path("reports") / "proof"
    assert FILES == {path.name for path in folder.iterdir()}
    assert proven == read(folder / "proof.json")
    out, err = capsys.readouterr()
    assert "PROVEN" == out.splitlines()[-1]
    assert "report  reports/proof/report.html" in out.splitlines()
    assert f"proving the suite: {len(proving.jobs())} runs of it\n" == err


def test_each_finding_makes_the_exit_code(
    unproven: tuple[Proof, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The finding is printed, and the proof stored."""
    proof, says = unproven
    find(monkeypatch, proof)
    assert ExitCode.NON_CONFORMANT == main(["prove"])
    lines = capsys.readouterr().out.splitlines()
    assert [f"finding {says}", "NOT PROVEN (1 finding)"] == lines[-2:]
    assert proof == read(Path("reports/proof/proof.json"))


def test_quiet_prints_one_word(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And nothing on stderr."""
    find(monkeypatch, proven)
    assert 0 == main(["prove", "-q"])
    assert ("PROVEN\n", "") == capsys.readouterr()


def test_on_a_terminal_there_is_a_bar(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the number of runs that are done."""
    find(monkeypatch, proven)
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "150"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    main(["prove", "--output", "there"])
    err = capsys.readouterr().err
    assert "proving the suite" in err
    assert f"3/{len(proving.jobs())}" in err


def test_workers_and_folder_can_be_chosen(
    proven: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wall-clock facts are in a file of their own."""
    asked = find(monkeypatch, proven)
    assert 0 == main(["prove", "--workers", "3", "--output", "there/it/is"])
    assert [3] == asked
    facts = json.loads(Path("there/it/is/provenance.json").read_text("utf-8"))
    assert proven.harness == facts["harness"]
    assert facts["seconds"] >= 0


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "x"], ["thing"]])
def test_a_mistake_gives_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is run."""
    assert ExitCode.USAGE == main(["prove", *words])
    assert capsys.readouterr().err.startswith("invitelab: ")


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(
    proven: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run takes a minute."""
    asked = find(monkeypatch, proven)
    Path("file").touch()
    assert ExitCode.USAGE == main(["prove", "--output", "file/below"])
    assert [] == asked


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_folder_with_the_name_of_a_file_is_refused_before_the_run(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """The proof would be lost."""
    asked = find(monkeypatch, proven)
    Path("out", name).mkdir(parents=True)
    assert ExitCode.USAGE == main(["prove", "--output", "out"])
    says = f"out/{name} is a folder, and has the name of a file to be written"
    assert f"invitelab: {says}" == capsys.readouterr().err.splitlines()[0]
    assert [] == asked


@pytest.mark.parametrize("path", ["out", "out/proof.json"])
def test_a_proof_is_drawn_again(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    path: str,
) -> None:
    """Every view is the same; the facts about the run are kept."""
    find(monkeypatch, proven)
    main(["prove", "-q", "--output", "out"])
    before = {file.name: file.read_bytes() for file in Path("out").iterdir()}
    for name in VIEWS:
        Path("out", name).unlink()
    capsys.readouterr()
    assert ExitCode.CONFORMANT == main(["report", path])
    assert "report   out/report.html\n" == capsys.readouterr().out
    assert before == {file.name: file.read_bytes() for file in Path("out").iterdir()}


def test_another_document_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """In one sentence."""
    Path("proof.json").write_text("{}", encoding="utf-8")
    assert ExitCode.USAGE == main(["report", "proof.json"])
    (first, hint) = capsys.readouterr().err.splitlines()
    assert "invitelab: proof.json is JSON, but not a proof" == first
    assert hint.startswith("  hint: ")


def test_a_proof_that_contradicts_itself_is_refused(
    capsys: pytest.CaptureFixture[str], proven: Proof
) -> None:
    """Findings have to follow from the mutants."""
    changed = proven.model_copy(update={"findings": ("all is lost",)})
    Path("proof.json").write_text(changed.model_dump_json(), encoding="utf-8")
    assert ExitCode.USAGE == main(["report", "proof.json"])
    assert "proof.json contradicts itself" in capsys.readouterr().err


def test_the_conforming_variants_can_be_tried_with_more_seeds(
    proven: Proof, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each seed is a run more of each of them."""
    asked = find(monkeypatch, proven)
    assert 0 == main(["prove", "--workers", "3", "--panel-seeds", "5"])
    assert [3, 5] == asked
    runs = len(proving.jobs()) + len(proving.variant_jobs(range(1, 5)))
    assert f"proving the suite: {runs} runs of it\n" == capsys.readouterr().err


def test_the_verdict_follows_from_what_was_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One null implementation alone: 79 clauses lack mutants, two parts are missing."""

    def jobs(_seeds: int) -> list[proving.Job]:
        return [(try_null_implementation, "null")]

    monkeypatch.setattr(proving, "jobs", jobs)
    assert ExitCode.NON_CONFORMANT == main(["prove", "--workers", "1"])
    out = capsys.readouterr().out.splitlines()
    assert "null implementations 1: all rejected" in out
    assert "NOT PROVEN (81 findings)" == out[-1]


def test_a_signal_while_the_report_is_written_costs_nothing(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    after_signal: Callable[[Callable[..., Any]], Callable[..., Any]],
    unheard: list[int],
) -> None:
    """The report is whole, and the exit code is that of an interrupt."""
    find(monkeypatch, proven)
    write = after_signal(write_proof)
    monkeypatch.setattr(run_proof, "write_proof", write)
    assert ExitCode.INTERRUPTED == main(["prove", "--output", "out"])
    assert [] == unheard
    assert FILES == {path.name for path in Path("out").iterdir()}


@pytest.mark.parametrize("name", ["report.html", "matrix.svg"])
def test_a_report_that_cannot_be_redrawn_has_a_hint_that_works(
    proven: Proof,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """No `--output`, which is refused for this report."""
    Path("out", name).mkdir(parents=True)
    Path("out/proof.json").write_text(proven.model_dump_json(), encoding="utf-8")
    assert ExitCode.USAGE == main(["report", "out"])
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"invitelab: out/{name} is a folder")
    assert hint.startswith("  hint: the report is written next to its data: ")
    assert "--output" not in hint


def test_an_interrupt_ends_the_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No report is written."""

    def prove(_workers: int, _tell: proving.Tell, *, seeds: int) -> Proof:
        assert 1 == seeds
        raise KeyboardInterrupt

    monkeypatch.setattr(proving, "prove", prove)
    assert ExitCode.INTERRUPTED == main(["prove"])
    assert "invitelab: interrupted\n" in capsys.readouterr().err
    assert [] == list(Path("reports/proof").iterdir())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, ExitCode.INTERRUPTED),
        (signal.SIGTERM, ExitCode.INTERRUPTED),
        (signal.SIGHUP, ExitCode.INTERRUPTED),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_a_signal_ends_the_proof_without_the_remaining_runs(
    started: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    children: Callable[[int], Sequence[Any]],
    number: signal.Signals,
    code: int,
) -> None:
    """Current runs are ended, no other is begun, and no process is left."""
    with started("prove", "--workers", "2", cwd=tmp_path) as process:
        assert process.stderr is not None
        assert "proving the suite" in process.stderr.readline()
        assert wait_for(lambda: len(children(process.pid)) > WORKERS, PATIENCE_S)
        workers = children(process.pid)
        process.send_signal(number)
        process.send_signal(number)  # whoever is impatient
        _, err = process.communicate(timeout=PATIENCE_S)
    assert code == process.returncode
    if code > 0:
        assert "invitelab: interrupted" == err.strip()
    assert wait_for(lambda: not any(one.is_running for one in workers), PATIENCE_S)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_killed_worker_gives_one_sentence(
    started: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    children: Callable[[int], Sequence[Any]],
) -> None:
    """The environment is to blame, not invitelab."""
    with started("prove", "--workers", "2", cwd=tmp_path) as process:
        assert process.stderr is not None
        assert "proving the suite" in process.stderr.readline()
        assert wait_for(lambda: len(children(process.pid)) > WORKERS, PATIENCE_S)
        os.kill(children(process.pid)[-1].pid, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE_S)
    assert ExitCode.INVALID == process.returncode
    first, hint = err.splitlines()
    assert "invitelab: a worker process died before the proof was done" == first
    assert "  hint: memory may have run out: try --workers 1" == hint
