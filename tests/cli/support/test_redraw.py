"""`invitelab report`: reports drawn again, alone or side by side."""

import os
import sys
from pathlib import Path

import pytest

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.cli import main
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.conformance.features.gherkin import pickles
from invitelab.errors import ExitCode

assert sys.platform != "win32", "it needs POSIX"


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The records of a short run."""
    file = tmp_path_factory.mktemp("run") / "run.jsonl"
    engine = Engine(InProcessTarget(Reference()), file, plan=NO_PLAN)
    for pickle in pickles("EXPIRY-1"):
        engine.run(pickle)
    engine.finish(selected_all=False)
    return file.read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, lines: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two runs below."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name in ("a", "b"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "run.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("path", ["all/a", "all/a/run.jsonl"])
def test_a_check_is_drawn_again_beside_its_records(
    folder: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    """Named by folder or by file; the records are not changed."""
    before = (folder / "all/a/run.jsonl").read_bytes()
    assert ExitCode.CONFORMANT == main(["report", path])
    assert "report   all/a/report.html\n" == capsys.readouterr().out
    assert {
        "run.jsonl",
        "report.html",
        "report.md",
        "junit.xml",
        "messages.ndjson",
    } == {found.name for found in (folder / "all" / "a").iterdir()}
    assert before == (folder / "all/a/run.jsonl").read_bytes()


def test_several_checks_get_a_report_in_their_common_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It links to each."""
    assert ExitCode.CONFORMANT == main(["report", "all/a", "all/b/run.jsonl"])
    page = folder / "all" / "report.html"
    assert f"report   {page}\n" == capsys.readouterr().out
    text = page.read_text("utf-8")
    assert 'href="./a/report.html"' in text
    assert 'href="./b/report.html"' in text


def test_a_second_run_of_a_folder_has_views_of_its_own(folder: Path) -> None:
    """A test suite of one's own writes run.jsonl, run-2.jsonl and so on."""
    first = folder / "all" / "a" / "run.jsonl"
    (folder / "all" / "a" / "run-2.jsonl").write_bytes(first.read_bytes())
    assert ExitCode.CONFORMANT == main(["report", "all/a"])
    page = folder / "all" / "a" / "report.html"
    page.write_text("of the first", encoding="utf-8")
    assert ExitCode.CONFORMANT == main(["report", "all/a/run-2.jsonl"])
    assert "of the first" == page.read_text("utf-8")
    assert (folder / "all" / "a" / "run-2" / "report.html").is_file()
    both = ["report", "all/a", "all/a/run-2.jsonl", "--output", "both"]
    assert ExitCode.CONFORMANT == main(both)


def test_the_common_report_can_go_elsewhere(folder: Path) -> None:
    """Even that of one check."""
    assert ExitCode.CONFORMANT == main(["report", "all/a", "--output", "x"])
    text = (folder / "x" / "report.html").read_text("utf-8")
    assert 'href="./../all/a/report.html"' in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["all/a", "nope"], "only the runs of invitelab check can be put side by side"),
        (["nope", "--output", "x"], "--output is for several checks side by side"),
        ([], "Missing argument"),
        (["all/a", "all/a/run.jsonl"], "all/a is named twice"),
        (["all/a", "all/b", "all/../all/a"], "all/a is named twice"),
        (["all/a", "--output", "all/a"], "all/a holds a conformance run, whose"),
        (["all/a", "all/b", "--output", "all/b"], "all/b holds a conformance run"),
        (["nope.jsonl"], "nope.jsonl does not exist"),
    ],
)
def test_a_mistake_gives_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    """Nothing is written."""
    assert ExitCode.USAGE == main(["report", *words])
    assert sentence in capsys.readouterr().err
    assert ["all"] == [found.name for found in folder.iterdir()]


@pytest.mark.parametrize("name", ["report.html", "provenance.json"])
def test_a_folder_that_cannot_be_written_has_a_hint_that_works(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """No `--output`, which is refused for most reports."""
    (folder / "all" / "a" / name).mkdir()
    assert ExitCode.USAGE == main(["report", "all/a"])
    sentence, hint = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"invitelab: all/a/{name} is a folder")
    assert hint.startswith("  hint: the report is written next to its data: ")
    assert "--output" not in hint


@pytest.mark.parametrize("words", [["all/a", "all/a/b"], ["all/a/b", "all/a"]])
def test_a_common_folder_that_is_a_run_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Its own report would be overwritten."""
    (folder / "all" / "b").rename(folder / "all" / "a" / "b")
    assert ExitCode.CONFORMANT == main(["report", "all/a"])
    before = (folder / "all" / "a" / "report.html").read_bytes()
    capsys.readouterr()
    assert ExitCode.USAGE == main(["report", *words])
    sentence = f"{folder / 'all' / 'a'} holds a conformance run, whose report would be"
    assert sentence in capsys.readouterr().err
    assert before == (folder / "all" / "a" / "report.html").read_bytes()


@pytest.mark.parametrize(
    "name",
    ["run.jsonl", "results.json", "sweep.json", "comparison.json", "proof.json"],
)
def test_a_pipe_in_a_folder_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """As no regular file, without waiting for it."""
    (folder / "piped").mkdir()
    os.mkfifo(folder / "piped" / name)
    assert ExitCode.USAGE == main(["report", "piped"])
    told = capsys.readouterr().err.splitlines()[0]
    assert f"invitelab: piped/{name} is not a regular file" == told


@pytest.mark.parametrize("command", [["report"], ["diff", "all/a"]])
def test_a_byte_order_mark_is_refused_with_a_hint(
    folder: Path, lines: str, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """An editor may have added it."""
    (folder / "all/b/run.jsonl").write_text(lines, encoding="utf-8-sig")
    assert ExitCode.USAGE == main([*command, "all/b"])
    assert [
        "invitelab: all/b/run.jsonl begins with a byte order mark (BOM)",
        "  hint: save it as UTF-8 without a BOM",
    ] == capsys.readouterr().err.splitlines()
