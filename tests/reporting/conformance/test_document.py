"""A check as a document, and as annotations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.reporting.common.github import AnnotationLevel
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.document import check_annotations, checked_target
from invitelab.reporting.conformance.summary import troubled, verdict_line

ERROR, WARNING, NOTICE = AnnotationLevel


def test_every_trouble_is_a_failure_in_the_order_of_the_reports(mixed: Run) -> None:
    """Each with the command that repeats it; the clauses are those of the run."""
    found = checked_target(mixed, Path("reports/x/report.html"))
    records = troubled(mixed)
    assert [one.title for one in records] == [one.title for one in found.failures]
    assert all(one.repeat.startswith("invitelab check ") for one in found.failures)
    assert (mixed.clauses, "reports/x/report.html") == (found.clauses, found.report)
    assert verdict_line(mixed) == found.text


def test_a_run_without_an_end_has_no_verdict(mixed: Run) -> None:
    """Nor an exit code of its own."""
    found = checked_target(mixed.model_copy(update={"footer": None}), None)
    assert (None, None, {}, False) == (
        found.verdict,
        found.exit_code,
        found.totals,
        found.whole,
    )


def test_what_could_not_be_run_has_a_problem(mixed: Run) -> None:
    """With its hint, in the document and in the annotation."""
    header = mixed.header.model_copy(update={"problem": "No.", "hint": "Do."})
    run = mixed.model_copy(update={"header": header})
    found = checked_target(run, None)
    assert found.problem is not None
    assert ("No.", "Do.") == (found.problem.message, found.problem.hint)
    assert "%0Ahint: Do." in str(next(check_annotations(run)))


def test_levels_are_those_of_the_verdicts(mixed: Run, right: Run) -> None:
    """Failures and errors are errors, and whatever else is there a warning."""
    first, *others = check_annotations(mixed)
    words = [record.verdict.value for record in troubled(mixed)]
    assert ERROR is first.level
    assert {
        "fail": ERROR,
        "error": ERROR,
        "deviation": WARNING,
        "inconclusive": WARNING,
    }[words[0]] is others[0].level
    assert [ERROR if word in {"fail", "error"} else WARNING for word in words] == [
        one.level for one in others
    ]
    (only,) = check_annotations(right)
    assert NOTICE is only.level


def test_what_a_clause_blocks_is_an_error_of_that_clause(
    make_run: Callable[..., Run], record: Callable[..., ScenarioRecord]
) -> None:
    """An interpretation that blocks is none, and stays a warning."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "SESSION-1"}
    blocked = record("EXPIRY-6").model_copy(update=fields)
    _, only = check_annotations(make_run([blocked]))
    assert ERROR is only.level
    assert only.title.startswith("SESSION-1, needed by EXPIRY-6: ")
    (failure,) = checked_target(make_run([blocked]), None).failures
    assert "SESSION-1" == failure.blocked_by
    other = blocked.model_copy(update={"blocked_by": "REFUSE-4"})
    assert WARNING is [*check_annotations(make_run([other]))][1].level


def test_a_known_failure_is_a_notice(late: Run) -> None:
    """It does not fail the run, so it marks no line in red."""
    scenarios = tuple(one.model_copy(update={"known": "#12"}) for one in late.scenarios)
    _, *others = check_annotations(late.model_copy(update={"scenarios": scenarios}))
    assert others
    assert {NOTICE} == {one.level for one in others}
    assert all("known: #12" in one.message for one in others)


def test_a_feature_in_the_working_folder_is_marked(
    late: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the line of the scenario; one of invitelab's own has no place elsewhere."""
    monkeypatch.chdir(tmp_path)
    assert {None} == {one.file for one in check_annotations(late)}
    record = troubled(late)[0]
    path = tmp_path / record.feature
    path.parent.mkdir(parents=True)
    path.touch()
    marked = [one for one in check_annotations(late) if one.file is not None]
    assert (record.feature, record.line) == (marked[0].file, marked[0].line)


def test_the_rows_of_an_outline_are_told_apart(
    make_run: Callable[..., Run], record: Callable[..., ScenarioRecord]
) -> None:
    """By their values, as everywhere else."""
    one = record("EXPIRY-2", title="It ends")
    rows = [one.model_copy(update={"example": example}) for example in ("121", "300")]
    _, *others = check_annotations(make_run(rows))
    assert [f"EXPIRY-2: It ends [{row}]" for row in ("121", "300")] == [
        one.title for one in others
    ]


def test_a_stale_entry_is_marked_in_the_baseline(
    right: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At its line, if the file is below the working folder."""
    monkeypatch.chdir(tmp_path)
    assert right.footer is not None
    footer = right.footer.model_copy(update={"stale": ("known.toml:12: It ends",)})
    run = right.model_copy(update={"footer": footer})
    file = tmp_path / "known.toml"
    assert [None, None] == [one.file for one in check_annotations(run, file)]
    file.touch()
    _, stale = check_annotations(run, Path("known.toml"))
    assert ("known.toml", 12) == (stale.file, stale.line)
    assert [None, None] == [one.file for one in check_annotations(run)]


def test_the_first_cause_is_annotated_first(
    make_run: Callable[..., Run], record: Callable[..., ScenarioRecord]
) -> None:
    """Before what is first in the specification: a workflow shows ten, and no more."""
    needs = record("ANSWER-1").model_copy(update={"needed": ("recipient: portable",)})
    simple = record("EXPIRY-2", title="It ends")
    run = make_run([needs, simple, record("PENDING-2", Verdict.INCONCLUSIVE)])
    _, *others = check_annotations(run)
    (first, *_) = causes(run)
    assert "EXPIRY-2" == first.clause
    assert ["EXPIRY-2", "ANSWER-1", "PENDING-2"] == [
        one.title.partition(":")[0] for one in others
    ]
    known = simple.model_copy(update={"known": "#12"})
    _, *others = check_annotations(make_run([needs, known]))
    assert ["ANSWER-1", "EXPIRY-2"] == [one.title.partition(":")[0] for one in others]
