"""The sentences of the specification, each as its worst clause."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.formats.run import Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.specification import load, load_sentences
from invitelab.reporting.conformance.sentences import (
    NO_VERDICT,
    NOTHING_JUDGED,
    OTHER_SUITE,
    JudgedSentence,
    Standing,
    count_sentences,
    judged_sentences,
    sentence_list,
    worst_first,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]
Whole = Callable[[Mapping[str, Verdict]], Run]

EXPIRY = 24
"""The sentence of six clauses: five required, and EXPIRY-6."""


@pytest.fixture
def whole(make_run: MakeRun, record: Record) -> Whole:
    """Make a run in which every clause passes but those that are given."""

    def make(verdicts: Mapping[str, Verdict]) -> Run:
        return make_run(
            [record(id_, verdicts.get(id_, Verdict.PASS)) for id_ in load()]
        )

    return make


def sentence(run: Run, number: int) -> JudgedSentence:
    """Judge one sentence."""
    judged = judged_sentences(run)
    assert judged is not None
    return judged[number - 1]


def test_every_sentence_has_its_clauses(whole: Whole) -> None:
    """In the order of the specification."""
    judged = judged_sentences(whole({}))
    assert judged is not None
    assert list(load_sentences()) == [one.sentence for one in judged]
    for one in judged:
        assert one.sentence.clauses == tuple(record.clause for record in one.clauses)


def test_a_sentence_without_clauses_has_no_verdict(whole: Whole) -> None:
    """Whatever the run came to; all others hold."""
    judged = judged_sentences(whole({})) or ()
    for one in judged:
        expected = Verdict.PASS if one.clauses else None
        assert (expected, not one.clauses) == (
            one.verdict,
            one.standing is Standing.EXCLUDED,
        )


@pytest.mark.parametrize(
    ("verdicts", "verdict", "standing"),
    [
        ({"EXPIRY-2": Verdict.FAIL}, Verdict.FAIL, Standing.BROKEN),
        ({"EXPIRY-2": Verdict.ERROR}, Verdict.ERROR, Standing.BROKEN),
        (
            {"EXPIRY-2": Verdict.INCONCLUSIVE, "EXPIRY-3": Verdict.FAIL},
            Verdict.FAIL,
            Standing.BROKEN,
        ),
        (
            {"EXPIRY-2": Verdict.INCONCLUSIVE, "EXPIRY-6": Verdict.DEVIATION},
            Verdict.INCONCLUSIVE,
            Standing.UNDECIDED,
        ),
        (
            {"EXPIRY-2": Verdict.BLOCKED, "EXPIRY-6": Verdict.INCONCLUSIVE},
            Verdict.BLOCKED,
            Standing.UNDECIDED,
        ),
        (
            {"EXPIRY-2": Verdict.INCONCLUSIVE, "EXPIRY-6": Verdict.ERROR},
            Verdict.ERROR,
            Standing.BROKEN,
        ),
        ({"EXPIRY-6": Verdict.DEVIATION}, Verdict.DEVIATION, Standing.HOLDS),
        ({"EXPIRY-6": Verdict.INCONCLUSIVE}, Verdict.INCONCLUSIVE, Standing.UNDECIDED),
        ({"EXPIRY-2": Verdict.BLOCKED}, Verdict.BLOCKED, Standing.UNDECIDED),
        ({"EXPIRY-2": Verdict.NOT_RUN}, Verdict.NOT_RUN, Standing.UNTESTED),
        ({"EXPIRY-2": Verdict.NOT_APPLICABLE}, Verdict.PASS, Standing.HOLDS),
        (
            {f"EXPIRY-{n}": Verdict.NOT_APPLICABLE for n in range(1, 7)},
            Verdict.NOT_APPLICABLE,
            Standing.NOT_APPLICABLE,
        ),
    ],
)
def test_a_sentence_is_judged_by_its_worst_clause(
    whole: Whole,
    verdicts: Mapping[str, Verdict],
    verdict: Verdict,
    standing: Standing,
) -> None:
    """What is required counts first, but for failures of an interpretation."""
    found = sentence(whole(verdicts), EXPIRY)
    assert (verdict, standing) == (found.verdict, found.standing)


def test_an_error_that_does_not_count_breaks_no_sentence(
    make_run: MakeRun, record: Record
) -> None:
    """A setup that failed in an interpretation leaves the run conformant."""
    records = [record(id_, Verdict.PASS) for id_ in load() if id_ != "EXPIRY-6"]
    error = record("EXPIRY-6", Verdict.ERROR).model_copy(update={"kind": "setup"})
    run = make_run([*records, error])
    assert run.footer is not None
    assert RunVerdict.CONFORMANT is run.footer.verdict
    assert Standing.UNDECIDED is sentence(run, EXPIRY).standing


def test_the_decisive_clauses_are_those_of_the_verdict(whole: Whole) -> None:
    """The others are as good or better."""
    run = whole(
        {
            "EXPIRY-2": Verdict.FAIL,
            "EXPIRY-4": Verdict.FAIL,
            "EXPIRY-6": Verdict.DEVIATION,
        }
    )
    assert ("EXPIRY-2", "EXPIRY-4") == sentence(run, EXPIRY).decisive


# What is shown


def test_a_run_of_another_suite_has_no_sentences(whole: Whole) -> None:
    """One that lacks a clause, and one that has another; a sentence says so."""
    run = whole({})
    lacking = run.model_copy(update={"clauses": run.clauses[1:]})
    other = run.clauses[0].model_copy(update={"clause": "EMAIL-99"})
    more = run.model_copy(update={"clauses": (*run.clauses, other)})
    for one in (lacking, more):
        assert judged_sentences(one) is None
        assert (OTHER_SUITE, ()) == (sentence_list(one).note, ())
        assert () == sentence_list(one).sentences


def test_another_suite_with_the_same_clauses_has_sentences(whole: Whole) -> None:
    """Only the texts of its features may differ."""
    run = whole({})
    header = run.header.model_copy(update={"suite": "ba9876543210"})
    shown = sentence_list(run.model_copy(update={"header": header}))
    assert ("", 26) == (shown.note, len(shown.sentences))


def test_where_nothing_was_judged_there_are_no_sentences(
    whole: Whole, make_run: MakeRun
) -> None:
    """Nothing was tried, or the run has no end."""
    cut = whole({}).model_copy(update={"footer": None})
    for run in (make_run([]), whole(dict.fromkeys(load(), Verdict.NOT_RUN)), cut):
        assert (NOTHING_JUDGED, ()) == (
            sentence_list(run).note,
            sentence_list(run).sentences,
        )


def test_sentences_of_an_invalid_run_are_no_verdict(whole: Whole) -> None:
    """It broke off; what was seen until then is shown with that."""
    run = whole({})
    assert run.footer is not None
    footer = run.footer.model_copy(update={"verdict": RunVerdict.INVALID})
    shown = sentence_list(run.model_copy(update={"footer": footer}))
    assert (NO_VERDICT, 26) == (shown.note, len(shown.sentences))


def test_the_worst_sentences_come_first(whole: Whole) -> None:
    """Then the order is that of the page; what holds is left out."""
    run = whole(
        {
            "EMAIL-12": Verdict.DEVIATION,
            "EXPIRY-2": Verdict.FAIL,
            "TILE-1": Verdict.INCONCLUSIVE,
            "DIRECT-1": Verdict.FAIL,
            "DIRECT-4": Verdict.NOT_APPLICABLE,
        }
    )
    found = worst_first(judged_sentences(run) or ())
    assert [14, 24, 26, 7] == [one.sentence.number for one in found]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({}, "21 of 26 sentences hold and 5 demand nothing"),
        (
            {"EMAIL-12": Verdict.DEVIATION},
            (
                "21 of 26 sentences hold (1 with another interpretation) and 5 demand"
                " nothing"
            ),
        ),
        (
            {"EXPIRY-2": Verdict.FAIL},
            "20 of 26 sentences hold, 1 does not and 5 demand nothing",
        ),
        (
            {
                "EXPIRY-2": Verdict.FAIL,
                "DIRECT-4": Verdict.NOT_APPLICABLE,
                "TILE-1": Verdict.NOT_RUN,
                "TILE-2": Verdict.NOT_RUN,
                "EMAIL-5": Verdict.INCONCLUSIVE,
                "EMAIL-6": Verdict.BLOCKED,
            },
            (
                "16 of 26 sentences hold, 1 does not, 2 are undecided, 1 is not tried"
                " in full, 1 does not apply and 5 demand nothing"
            ),
        ),
    ],
)
def test_sentences_are_counted(
    whole: Whole, verdicts: Mapping[str, Verdict], expected: str
) -> None:
    """Every one of them once."""
    assert expected == count_sentences(judged_sentences(whole(verdicts)) or ())
