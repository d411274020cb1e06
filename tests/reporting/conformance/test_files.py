"""A run's folder: every file whole or not at all, and a sentence where it cannot be."""

import errno
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from invitelab.errors import ExitCode, UsageError
from invitelab.formats.reading import FILES, Kind
from invitelab.formats.run import Run
from invitelab.reporting.conformance.files import (
    RUN_FILES,
    cannot_write,
    discard,
    prepare,
    refuse_others,
    set_aside,
    write_again,
    write_comparison,
    write_run,
    write_whole,
)
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page
from invitelab.resources import suite_digest


@pytest.fixture(autouse=True)
def _no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no summary for whoever runs these tests."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture
def ours(mixed: Run) -> Run:
    """Give a run of this suite, of which nothing was run."""
    header = mixed.header.model_copy(update={"suite": suite_digest()})
    return mixed.model_copy(update={"header": header, "scenarios": ()})


def contents(folder: Path) -> dict[str, str]:
    """Read every file of a folder."""
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_a_folder_is_made(tmp_path: Path) -> None:
    """With those above it, and left as it is where it exists."""
    prepare(tmp_path / "a" / "b")
    (tmp_path / "a" / "b" / "mine").touch()
    prepare(tmp_path / "a" / "b")
    assert ["mine"] == [path.name for path in (tmp_path / "a" / "b").iterdir()]


@pytest.mark.parametrize("below", ["", "/below"])
def test_a_folder_that_cannot_be_is_a_mistake_of_the_callers(
    tmp_path: Path, below: str
) -> None:
    """Found before the run, with a hint."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file.* cannot be written: ") as caught:
        prepare(Path(f"{tmp_path / 'file'}{below}"))
    assert (ExitCode.USAGE, "choose another folder with --output") == (
        caught.value.code,
        caught.value.hint,
    )


def test_a_run_is_itself_and_its_views(tmp_path: Path, ours: Run) -> None:
    """The run as it was, four views of it, and what differs from run to run."""
    stored = write_run(tmp_path, ours, "the lines\n", {"seconds": 1.5})
    assert tmp_path / "report.html" == stored
    assert {
        "run.jsonl": "the lines\n",
        "report.html": page([ours]),
        "report.md": markdown(ours),
        "junit.xml": junit(ours),
        "messages.ndjson": messages(ours),
        "provenance.json": json.dumps({"seconds": 1.5}, indent=2) + "\n",
    } == contents(tmp_path)


def test_a_run_is_drawn_again_beside_its_records(tmp_path: Path, ours: Run) -> None:
    """The same views; the records and the facts stay as they are."""
    write_run(tmp_path, ours, "the lines\n", {})
    before = contents(tmp_path)
    for name in ("report.html", "report.md", "junit.xml", "messages.ndjson"):
        (tmp_path / name).unlink()
    assert tmp_path / "report.html" == write_again(tmp_path, ours)
    assert before == contents(tmp_path)


def test_views_say_when_a_run_began(tmp_path: Path, ours: Run) -> None:
    """As provenance.json does, also when they are drawn again."""
    facts = {"started": "2026-11-29T04:42:29.123+00:00"}
    began = datetime.fromisoformat(facts["started"])
    write_run(tmp_path, ours, "the lines\n", facts)
    before = contents(tmp_path)
    assert junit(ours, began) == before["junit.xml"]
    assert messages(ours, began) == before["messages.ndjson"]
    write_again(tmp_path, ours, facts)
    assert before == contents(tmp_path)


@pytest.mark.parametrize("started", [None, 7, "yesterday", "9999-12-31T23:59:59-14:00"])
def test_an_instant_that_is_none_is_left_out(
    tmp_path: Path, ours: Run, started: object
) -> None:
    """Whoever has written it."""
    write_run(tmp_path, ours, "the lines\n", {"started": started})
    assert junit(ours) == contents(tmp_path)["junit.xml"]


def test_a_run_of_another_suite_leaves_no_messages(
    tmp_path: Path, ours: Run, mixed: Run
) -> None:
    """Not those of an earlier run either."""
    write_run(tmp_path, ours, "the lines\n", {})
    write_run(tmp_path, mixed, "the lines\n", {})
    assert not (tmp_path / "messages.ndjson").exists()
    assert (tmp_path / "report.html").exists()


def test_runs_side_by_side_are_three_files(tmp_path: Path, mixed: Run) -> None:
    """The page leads to the runs' own reports, wherever those are."""
    folders = [tmp_path / "all" / "a", tmp_path / "b c"]
    stored = write_comparison(tmp_path / "all", [mixed, mixed], folders)
    assert tmp_path / "all" / "report.html" == stored
    assert {
        "report.html": page([mixed, mixed], ["a", "../b c"]),
        "report.md": comparison_markdown([mixed, mixed]),
        "junit.xml": comparison_junit([mixed, mixed]),
    } == contents(tmp_path / "all")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Whoever has the old one open reads it to its end."""
    path = tmp_path / "file"
    write_whole(path, "old\n")
    with path.open(encoding="utf-8") as stream:
        write_whole(path, "new\n")
        assert "old\n" == stream.read()
    assert "new\n" == path.read_text("utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_others_may_read_a_file(tmp_path: Path) -> None:
    """A report is no secret."""
    write_whole(tmp_path / "file", "")
    assert 0o644 == (tmp_path / "file").stat().st_mode & 0o777


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """Here because a folder has its name."""
    (tmp_path / "file").mkdir()
    with pytest.raises(UsageError, match=r"file cannot be written: "):
        write_whole(tmp_path / "file", "new\n")
    assert (tmp_path / "file").is_dir()


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    """Nobody would ever remove it."""
    (tmp_path / "file").mkdir()
    with pytest.raises(UsageError):
        write_whole(tmp_path / "file", "new\n")
    assert ["file"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("begun", ["", "# Before\n"])
def test_a_summary_is_added_where_github_wants_one(
    tmp_path: Path, mixed: Run, monkeypatch: pytest.MonkeyPatch, begun: str
) -> None:
    """Behind those of other steps."""
    summary = tmp_path / "summary"
    summary.write_text(begun, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    write_run(tmp_path, mixed, "", {})
    assert begun + markdown(mixed) == summary.read_text("utf-8")


def test_a_summary_that_cannot_be_written_does_not_hide_the_verdict(
    tmp_path: Path, mixed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra: everything else is stored."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary"))
    stored = write_run(tmp_path, mixed, "the lines\n", {})
    assert page([mixed]) == stored.read_text("utf-8")


# Reports of earlier


def test_an_earlier_report_is_set_aside_and_nothing_else(
    tmp_path: Path, ours: Run
) -> None:
    """It is whole, below another name; what is somebody else's stays."""
    write_run(tmp_path, ours, "the lines\n", {})
    before = contents(tmp_path)
    (tmp_path / "mine").touch()
    set_aside(tmp_path, RUN_FILES)
    assert before == contents(tmp_path / "superseded")
    assert {"mine", "superseded"} == {path.name for path in tmp_path.iterdir()}


def test_what_an_unfinished_run_has_left_replaces_no_whole_report(
    tmp_path: Path, ours: Run
) -> None:
    """However often a run is broken off."""
    write_run(tmp_path, ours, "the lines\n", {})
    before = contents(tmp_path)
    set_aside(tmp_path, RUN_FILES)
    write_run(tmp_path, ours.model_copy(update={"footer": None}), "the\n", {})
    set_aside(tmp_path, RUN_FILES)
    assert before == contents(tmp_path / "superseded")
    assert ["superseded"] == [path.name for path in tmp_path.iterdir()]


def test_a_report_that_is_replaced_is_removed(tmp_path: Path, ours: Run) -> None:
    """With the folder in which it waited, unless somebody else has put something in."""
    write_run(tmp_path, ours, "the lines\n", {})
    set_aside(tmp_path, RUN_FILES)
    (tmp_path / "superseded" / "mine").touch()
    discard(tmp_path, RUN_FILES)
    assert ["mine"] == [path.name for path in (tmp_path / "superseded").iterdir()]
    (tmp_path / "superseded" / "mine").unlink()
    discard(tmp_path, RUN_FILES)
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", list(Kind))
def test_a_report_of_another_kind_is_not_replaced(tmp_path: Path, kind: Kind) -> None:
    """One of its own kind is."""
    (tmp_path / FILES[kind]).touch()
    refuse_others(tmp_path, kind)
    for other in (None, *Kind):
        if other is not kind:
            with pytest.raises(UsageError, match=f"holds {kind}, whose report would"):
                refuse_others(tmp_path, other)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_full_is_named(tmp_path: Path, number: int) -> None:
    """By the place at which it is mounted, wherever below it the file was to be."""
    error = OSError(number, os.strerror(number))
    told = cannot_write(tmp_path / "a" / "b", error)
    mounted = next(one for one in tmp_path.resolve().parents if os.path.ismount(one))
    assert f"b cannot be written: {os.strerror(number)}" in str(told)
    assert told.hint.startswith(f"the disk at {mounted} is full: make room there")
