"""`invitelab prove`, from the command line to the files, the last line and the code."""

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
    """Make this what is found; the workers of each time are kept."""
    asked: list[int] = []

    def prove(workers: int, tell: proving.Tell) -> Proof:
        asked.append(workers)
        tell(3, 7)
        return proof

    monkeypatch.setattr(proving, "prove", prove)
    return asked


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing behind, and let no terminal change what is said."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


def test_a_proof_is_stored_and_ends_with_its_verdict(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 0; one line tells what takes so long."""
    find(monkeypatch, proven)
    assert ExitCode.CONFORMANT == main(["prove"])
    folder = Path("reports") / "proof"
    assert FILES == {path.name for path in folder.iterdir()}
    assert proven == read(folder / "proof.json")
    out, err = capsys.readouterr()
    assert "PROVEN" == out.splitlines()[-1]
    assert "report  reports/proof/report.html" in out.splitlines()
    assert f"proving the suite: {len(proving.jobs())} runs of it\n" == err


def test_each_wrong_thing_makes_the_exit_code(
    unproven: tuple[Proof, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With its sentence, and the proof stored all the same."""
    proof, says = unproven
    find(monkeypatch, proof)
    assert ExitCode.NON_CONFORMANT == main(["prove"])
    lines = capsys.readouterr().out.splitlines()
    assert [f"finding {says}", "NOT PROVEN (1 finding)"] == lines[-2:]
    assert proof == read(Path("reports/proof/proof.json"))


def test_quiet_is_one_word(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And no line before it."""
    find(monkeypatch, proven)
    assert 0 == main(["prove", "-q"])
    assert ("PROVEN\n", "") == capsys.readouterr()


def test_on_a_terminal_there_is_a_bar(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With how much is done, of how much."""
    find(monkeypatch, proven)
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "150"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    main(["prove", "--output", "there"])
    err = capsys.readouterr().err
    assert "proving the suite" in err
    assert f"3/{len(proving.jobs())}" in err


def test_workers_and_folder_are_chosen(
    proven: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock's facts lie beside the proof."""
    asked = find(monkeypatch, proven)
    assert 0 == main(["prove", "--workers", "3", "--output", "there/it/is"])
    assert [3] == asked
    facts = json.loads(Path("there/it/is/provenance.json").read_text("utf-8"))
    assert proven.harness == facts["harness"]
    assert facts["seconds"] >= 0


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "x"], ["thing"]])
def test_a_mistake_costs_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything runs."""
    assert ExitCode.USAGE == main(["prove", *words])
    assert capsys.readouterr().err.startswith("invitelab: ")


def test_a_folder_that_cannot_be_is_told_before_anything_runs(
    proven: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits a minute for that."""
    asked = find(monkeypatch, proven)
    Path("file").touch()
    assert ExitCode.USAGE == main(["prove", "--output", "file/below"])
    assert [] == asked


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_folder_in_the_way_of_a_file_is_too(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """It would cost the proof."""
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
    """Every view, out of what was stored; the facts of the run stay its own."""
    find(monkeypatch, proven)
    main(["prove", "-q", "--output", "out"])
    before = {file.name: file.read_bytes() for file in Path("out").iterdir()}
    for name in VIEWS:
        Path("out", name).unlink()
    capsys.readouterr()
    assert ExitCode.CONFORMANT == main(["report", path])
    assert "report   out/report.html\n" == capsys.readouterr().out
    assert before == {file.name: file.read_bytes() for file in Path("out").iterdir()}


def test_what_is_no_proof_is_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence says so."""
    Path("proof.json").write_text("{}", encoding="utf-8")
    assert ExitCode.USAGE == main(["report", "proof.json"])
    (first, hint) = capsys.readouterr().err.splitlines()
    assert "invitelab: proof.json is JSON, but not a proof" == first
    assert hint.startswith("  hint: ")


def test_a_proof_that_contradicts_itself_is_not_drawn(
    capsys: pytest.CaptureFixture[str], proven: Proof
) -> None:
    """What is wrong with a suite has to follow from its mutants."""
    changed = proven.model_copy(update={"findings": ("all is lost",)})
    Path("proof.json").write_text(changed.model_dump_json(), encoding="utf-8")
    assert ExitCode.USAGE == main(["report", "proof.json"])
    assert "proof.json contradicts itself" in capsys.readouterr().err


def test_what_was_tried_is_what_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a process: a null implementation, no mutants of 71 clauses, two parts less."""
    monkeypatch.setattr(proving, "jobs", lambda: [(try_null_implementation, "null")])
    assert ExitCode.NON_CONFORMANT == main(["prove", "--workers", "1"])
    out = capsys.readouterr().out.splitlines()
    assert "null implementations 1: all rejected" in out
    assert "NOT PROVEN (73 findings)" == out[-1]


def test_a_signal_while_the_report_is_written_costs_nothing(
    proven: Proof,
    monkeypatch: pytest.MonkeyPatch,
    after_hang_up: Callable[[Callable[..., Any]], Callable[..., Any]],
    unheard: list[int],
) -> None:
    """The report is whole, and the exit code is that of an interrupt."""
    find(monkeypatch, proven)
    write = after_hang_up(write_proof)
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


def test_whoever_interrupts_is_obeyed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No report is written."""

    def prove(_workers: int, _tell: proving.Tell) -> Proof:
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
def test_whoever_ends_it_does_not_wait_for_the_rest(
    started: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    children: Callable[[int], Sequence[Any]],
    number: signal.Signals,
    code: int,
) -> None:
    """What is being tried ends, the two hundred others are not begun, nobody stays."""
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
def test_a_worker_that_is_lost_costs_one_sentence(
    started: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    children: Callable[[int], Sequence[Any]],
) -> None:
    """It is the machine's doing, and no bug of ours."""
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
