"""A run's folder: every file whole or not at all, and a sentence where it cannot be."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from invitelab.formats.run import Run
from invitelab.reporting.common.files import (
    discard,
    set_aside,
)
from invitelab.reporting.conformance.files import (
    RUN_FILES,
    write_again,
    write_comparison,
    write_run,
)
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page
from invitelab.resources import suite_digest


@pytest.fixture(autouse=True)
def _no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no summary for the workflow that runs these tests."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture
def ours(mixed: Run) -> Run:
    """Give a run of this suite, of which nothing was run."""
    header = mixed.header.model_copy(update={"suite": suite_digest()})
    return mixed.model_copy(update={"header": header, "scenarios": ()})


def contents(folder: Path) -> dict[str, str]:
    """Read every file of a folder."""
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


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
    """It is whole, below another name; files of others stay."""
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
    """With the folder in which it waited, unless it holds a file of others."""
    write_run(tmp_path, ours, "the lines\n", {})
    set_aside(tmp_path, RUN_FILES)
    (tmp_path / "superseded" / "mine").touch()
    discard(tmp_path, RUN_FILES)
    assert ["mine"] == [path.name for path in (tmp_path / "superseded").iterdir()]
    (tmp_path / "superseded" / "mine").unlink()
    discard(tmp_path, RUN_FILES)
    assert [] == list(tmp_path.iterdir())
