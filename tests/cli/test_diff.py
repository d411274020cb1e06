"""`invitelab diff`: two runs that were stored, and an exit code for what got worse."""

from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.cli import main
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import ExitCode

Capture = pytest.CaptureFixture[str]

HINT = "name a folder that invitelab check has written, or its run.jsonl"
RUN_HINT = "name a run.jsonl that a check has written, or run the check again"


def store(folder: Path, target: str) -> Path:
    """Judge a target by one clause, and keep the run as a check does."""
    folder.mkdir()
    engine = Engine(Target.parse(target), folder / "run.jsonl")
    for pickle in pickles("EXPIRY-2"):
        engine.run(pickle)
    engine.finish(selected_all=False)
    return folder


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run in which everything passes."""
    return store(tmp_path_factory.mktemp("diff") / "good", "reference")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run in which invitations never end."""
    target = "py:invitelab.proof.mutants:never_expires"
    return store(tmp_path_factory.mktemp("diff") / "bad", target)


def test_what_got_worse_has_its_exit_code(
    capsys: Capture, good: Path, bad: Path
) -> None:
    """With the scenarios and the clause, and a line for the other target."""
    assert ExitCode.NON_CONFORMANT == main(["diff", str(good), str(bad)])
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith(f"A  {good}   PARTIAL")
    assert lines[1].startswith(f"B  {bad}   NON-CONFORMANT (EXPIRY-2)")
    assert lines[2].startswith("   target: reference -> py:")
    assert "4 scenarios in both: 0 the same, 4 worse, 0 better, 0 other" == lines[-2]
    assert ("WORSE (EXPIRY-2)", "") == (lines[-1], err)


def test_what_got_better_is_no_worse(capsys: Capture, good: Path, bad: Path) -> None:
    """The files may be named instead of the folders."""
    files = [str(folder / "run.jsonl") for folder in (bad, good)]
    assert 0 == main(["diff", "-q", *files])
    assert [
        "4 scenarios in both: 0 the same, 0 worse, 4 better, 0 other",
        "NO WORSE (better: EXPIRY-2)",
    ] == capsys.readouterr().out.splitlines()


def test_a_failure_that_stays_is_no_worse(capsys: Capture, bad: Path) -> None:
    """It is what a check is for."""
    assert 0 == main(["diff", str(bad), str(bad)])
    assert "NO WORSE" == capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("file", "content", "sentence", "hint"),
    [
        (None, "", "{} does not exist", RUN_HINT),
        ("other.txt", "", "{} holds no run.jsonl", HINT),
        (
            "results.json",
            "",
            "{} holds the results of a simulation, not a conformance run",
            "invitelab compare compares two simulations",
        ),
        ("sweep.json", "", "{} holds a sweep, not a conformance run", HINT),
        ("proof.json", "", "{} holds a proof, not a conformance run", HINT),
        (
            "run.jsonl",
            "hello\n",
            "{}/run.jsonl is not a conformance run",
            RUN_HINT,
        ),
        (
            "run.jsonl",
            "",
            "{}/run.jsonl is not a conformance run",
            RUN_HINT,
        ),
    ],
)
def test_what_is_no_run_is_refused(
    capsys: Capture,
    tmp_path: Path,
    good: Path,
    *,
    file: str | None,
    content: str,
    sentence: str,
    hint: str,
) -> None:
    """In one sentence, whichever of the two it is; nothing else is printed."""
    folder = tmp_path / "x"
    if file is not None:
        folder.mkdir()
        (folder / file).write_text(content, encoding="utf-8")
    for words in ([str(folder), str(good)], [str(good), str(folder)]):
        assert ExitCode.USAGE == main(["diff", *words])
        out, err = capsys.readouterr()
        first, second = err.splitlines()
        assert first.startswith(f"invitelab: {sentence.format(folder)}")
        assert (f"  hint: {hint}", "") == (second, out)


def test_a_run_that_was_changed_is_refused(
    capsys: Capture, tmp_path: Path, bad: Path
) -> None:
    """A verdict cannot be improved afterwards."""
    text = (bad / "run.jsonl").read_text("utf-8")
    path = tmp_path / "run.jsonl"
    path.write_text(text.replace('"fail"', '"pass"'), encoding="utf-8")
    assert ExitCode.USAGE == main(["diff", str(bad), str(path)])
    assert "run.jsonl is damaged: its digest does not fit" in capsys.readouterr().err
