"""The sentences as the page shows them, of one run and of several."""

from collections.abc import Callable, Sequence

import pytest

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.formats.specification import load
from invitelab.reporting.conformance.failures import run_failures
from invitelab.reporting.conformance.sentence_rows import (
    SentenceRow,
    SentenceTable,
    sentence_table,
)
from invitelab.reporting.conformance.sentences import OTHER_SUITE

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]


@pytest.fixture
def broken(make_run: MakeRun, record: Record) -> Run:
    """Give a run in which one clause fails, and all others pass."""
    return make_run(
        [
            record(id_, Verdict.FAIL if id_ == "EXPIRY-2" else Verdict.PASS)
            for id_ in load()
        ]
    )


@pytest.fixture
def right_run(make_run: MakeRun, record: Record) -> Run:
    """Give a run in which all pass."""
    return make_run([record(id_, Verdict.PASS) for id_ in load()])


def table(runs: Sequence[Run]) -> SentenceTable:
    """Make the table of a page with these runs."""
    failures = [
        run_failures(run, number=number, label=f"run {number}")
        for number, run in enumerate(runs, start=1)
    ]
    return sentence_table(runs, failures)


def row(runs: Sequence[Run], number: int) -> SentenceRow:
    """Give the row of one sentence."""
    return table(runs).rows[number - 1]


def test_a_sentence_leads_to_its_clauses_and_to_what_went_wrong(broken: Run) -> None:
    """Of the clause that failed; the others lead nowhere."""
    expiry = row([broken], 24)
    assert ("fail", "EXPIRY-2") == (expiry.style, expiry.decisive)
    assert [f"EXPIRY-{n}" for n in range(1, 7)] == [
        one.clause for one in expiry.clauses
    ]
    assert ["", "run-1-failure-1", "", "", "", ""] == [
        one.cells[0].link for one in expiry.clauses
    ]
    assert ["✓", "✗", "✓"] == [one.cells[0].sign for one in expiry.clauses[:3]]


def test_a_sentence_in_order_needs_no_decisive_clause(right_run: Run) -> None:
    """All of them hold."""
    assert ("pass", "") == (row([right_run], 24).style, row([right_run], 24).decisive)


def test_a_sentence_that_was_not_tried_needs_no_decisive_clause(
    make_run: MakeRun, record: Record
) -> None:
    """All were left out."""
    run = make_run([record("EXPIRY-2", Verdict.PASS)], selected_all=False)
    assert ("not-run", "") == (row([run], 24).style, row([run], 24).decisive)


def test_a_sentence_without_clauses_says_why(right_run: Run) -> None:
    """It has no sign and no verdict."""
    first = row([right_run], 1)
    assert ("the title", ()) == (first.excluded, first.clauses)
    assert ("", "none") == (first.cells[0].sign, first.cells[0].style)


def test_several_runs_have_a_cell_each(right_run: Run, broken: Run) -> None:
    """A run without sentences has an empty one, and a note."""
    cut = broken.model_copy(update={"clauses": broken.clauses[1:]})
    found = row([right_run, broken, cut], 24)
    swapped = row([broken, right_run], 24)
    assert ("", "") == (swapped.style, swapped.decisive)
    assert ["pass", "fail", "none"] == [cell.style for cell in found.cells]
    links = [cell.link for cell in found.clauses[1].cells]
    assert ["", "run-2-failure-1", ""] == links
    notes = table([right_run, broken, cut]).notes
    assert ["", "", OTHER_SUITE] == [note.note for note in notes]
    assert ["run 1", "run 2", "run 3"] == [note.label for note in notes]
    assert ["21 of 26", "20 of 26", ""] == [note.counts[:8] for note in notes]


def test_without_any_sentences_there_are_no_rows(broken: Run) -> None:
    """The note alone is shown."""
    cut = broken.model_copy(update={"clauses": broken.clauses[1:]})
    found = table([cut])
    assert () == found.rows
    assert [OTHER_SUITE] == [note.note for note in found.notes]
