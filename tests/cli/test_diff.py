"""`invitelab diff`: two stored checks, and exit code 1 where the second is worse."""

from pathlib import Path

import pytest

from invitelab.adapters.target import Target
from invitelab.cli import main
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import ExitCode

Capture = pytest.CaptureFixture[str]

HINT = "name a folder that invitelab check has written, or its run.jsonl"
RUN_HINT = "name a run.jsonl that a check has written, or run the check again"


def store(folder: Path, target: str) -> Path:
    """Run the scenarios of one clause on a target, and store the run."""
    folder.mkdir()
    engine = Engine(Target.parse(target), folder / "run.jsonl", plan=NO_PLAN)
    for pickle in pickles("EXPIRY-2"):
        engine.run(pickle)
    engine.finish(selected_all=False)
    return folder


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run in which everything passes."""
    return store(tmp_path_factory.mktemp("diff") / "good", "reference")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a run in which invitations never expire."""
    target = "py:invitelab.proof.mutants:never_expires"
    return store(tmp_path_factory.mktemp("diff") / "bad", target)


def test_a_new_failure_has_exit_code_1(capsys: Capture, good: Path, bad: Path) -> None:
    """The clause, its scenarios and the other target are printed."""
    assert ExitCode.NON_CONFORMANT == main(["diff", str(good), str(bad)])
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith(f"A  {good}   PARTIAL")
    assert lines[1].startswith(f"B  {bad}   NON-CONFORMANT (EXPIRY-2)")
    assert lines[2].startswith("   target: reference -> py:")
    assert "5 scenarios in both: 0 the same, 5 worse, 0 better, 0 other" == lines[-2]
    assert ("WORSE (EXPIRY-2)", "") == (lines[-1], err)


def test_a_fixed_failure_has_exit_code_0(
    capsys: Capture, good: Path, bad: Path
) -> None:
    """Files may be named instead of folders."""
    files = [str(folder / "run.jsonl") for folder in (bad, good)]
    assert 0 == main(["diff", "-q", *files])
    assert [
        "5 scenarios in both: 0 the same, 0 worse, 5 better, 0 other",
        "NO WORSE (better: EXPIRY-2)",
    ] == capsys.readouterr().out.splitlines()


def test_a_failure_in_both_has_exit_code_0(capsys: Capture, bad: Path) -> None:
    """`check` reports it, not `diff`."""
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
def test_other_files_are_refused(
    capsys: Capture,
    tmp_path: Path,
    good: Path,
    *,
    file: str | None,
    content: str,
    sentence: str,
    hint: str,
) -> None:
    """In one sentence, as the first or the second argument; nothing else is printed."""
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


def test_a_modified_run_is_refused(capsys: Capture, tmp_path: Path, bad: Path) -> None:
    """So that a verdict cannot be edited."""
    text = (bad / "run.jsonl").read_text("utf-8")
    path = tmp_path / "run.jsonl"
    path.write_text(text.replace('"fail"', '"pass"'), encoding="utf-8")
    assert ExitCode.USAGE == main(["diff", str(bad), str(path)])
    assert "run.jsonl is damaged: its digest does not fit" in capsys.readouterr().err
