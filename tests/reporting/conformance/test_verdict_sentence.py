"""The verdict as a sentence: what is broken, nearest to the cause, and what else."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from invitelab.errors import Blame
from invitelab.formats.run import (
    Footer,
    Run,
    RunVerdict,
    ScenarioRecord,
    StaleEntry,
    Verdict,
)
from invitelab.formats.specification import load
from invitelab.reporting.conformance.cause_text import MOST_NAMED
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]
Whole = Callable[..., Run]

AFTER = "an accept after the two minutes still starts a session (EXPIRY-2)"


@pytest.fixture
def whole(make_run: MakeRun, record: Record) -> Whole:
    """Make a run in which every clause passes but those that are given."""

    def make(
        verdicts: Mapping[str, Verdict] | None = None,
        others: Sequence[ScenarioRecord] = (),
    ) -> Run:
        verdicts = verdicts or {}
        records = [record(id_, verdicts.get(id_, Verdict.PASS)) for id_ in load()]
        return make_run([*records, *others])

    return make


def failing(*ids: str) -> dict[str, Verdict]:
    """Give a failure to each of these clauses."""
    return dict.fromkeys(ids, Verdict.FAIL)


def with_footer(run: Run, **fields: object) -> Run:
    """Change the end of a run."""
    assert run.footer is not None
    footer: Footer = run.footer.model_copy(update=fields)
    return run.model_copy(update={"footer": footer})


# Without a failure


def test_a_run_in_order_needs_no_more_than_its_verdict(whole: Whole) -> None:
    """There is nothing to add."""
    assert "CONFORMANT" == verdict_sentence(whole())


def test_reservations_are_named(whole: Whole) -> None:
    """What was declined, where the implementation deviates, and a stale baseline."""
    run = whole({"EMAIL-12": Verdict.DEVIATION})
    header = run.header.model_copy(update={"declined": {"tiles": "no", "popup": "no"}})
    run = run.model_copy(update={"header": header})
    assert "CONFORMANT (declined: popup, tiles; deviates in EMAIL-12)" == (
        verdict_sentence(run)
    )
    stale = StaleEntry(scenario="x", clause="TILE-1", sentence="it passes")
    assert verdict_sentence(with_footer(run, stale_entries=(stale,))) == (
        "CONFORMANT (declined: popup, tiles; deviates in EMAIL-12; stale baseline:"
        " TILE-1)"
    )


def test_many_clauses_are_counted(whole: Whole) -> None:
    """After the first of them."""
    ids = [id_ for id_ in load() if id_.startswith("REFUSE")] + ["EMAIL-9"]
    run = whole(dict.fromkeys(ids, Verdict.DEVIATION))
    assert len(ids) > MOST_NAMED
    assert verdict_sentence(run) == (
        "CONFORMANT (deviates in EMAIL-9, REFUSE-1, REFUSE-2, REFUSE-3, REFUSE-4, and"
        " 2 more)"
    )


def test_what_was_not_decided_is_named(whole: Whole) -> None:
    """Only what is required."""
    run = whole({"EXPIRY-1": Verdict.INCONCLUSIVE, "EXPIRY-6": Verdict.INCONCLUSIVE})
    assert "INCONCLUSIVE: 1 required clause was not decided (EXPIRY-1)" == (
        verdict_sentence(run)
    )
    run = whole({"EXPIRY-1": Verdict.INCONCLUSIVE, "TILE-1": Verdict.INCONCLUSIVE})
    assert "INCONCLUSIVE: 2 required clauses were not decided (TILE-1, EXPIRY-1)" == (
        verdict_sentence(run)
    )


def test_a_block_that_is_no_failure_is_named_as_a_cause(
    make_run: MakeRun, record: Record
) -> None:
    """As when an interpretation keeps a required clause from being tried."""
    records = [record(id_, Verdict.PASS) for id_ in load() if id_ != "TILE-1"]
    blocked = record("TILE-1", Verdict.BLOCKED).model_copy(
        update={"blocked_by": "REFUSE-4"}
    )
    assert verdict_sentence(make_run([*records, blocked])) == (
        "INCONCLUSIVE: 1 required clause was not decided (TILE-1); 1 clause could not"
        " be tried because of REFUSE-4"
    )


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASS], "PARTIAL: the clause that was selected holds (TILE-1)"),
        (
            [Verdict.NOT_APPLICABLE],
            "PARTIAL: the clause that was selected does not apply (TILE-1)",
        ),
        ([Verdict.PASS] * 3, "PARTIAL: the 3 clauses that were selected hold"),
        (
            [Verdict.INCONCLUSIVE],
            "INCONCLUSIVE: the clause that was selected is undecided (TILE-1)",
        ),
        (
            [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.NOT_RUN],
            (
                "INCONCLUSIVE: of the 4 clauses that were selected 1 holds, 1 is"
                " undecided and 2 were not reached; not decided: TILE-2, TILE-3, TILE-4"
            ),
        ),
    ],
)
def test_a_part_speaks_of_its_own_clauses(
    make_run: MakeRun, record: Record, verdicts: Sequence[Verdict], expected: str
) -> None:
    """Nothing is said of the others."""
    records = [
        record(f"TILE-{number}", verdict)
        for number, verdict in enumerate(verdicts, start=1)
    ]
    run = make_run(records, selected_all=False)
    assert expected == verdict_sentence(run)


def test_an_invalid_run_says_why(make_run: MakeRun) -> None:
    """And one without an end is incomplete."""
    run = make_run([])
    assert "INVALID: nothing was selected" == verdict_sentence(run)
    cut = run.model_copy(update={"footer": None})
    assert "INCOMPLETE: the run has no end" == verdict_sentence(cut)


# Failures


def test_a_failure_says_what_is_broken(whole: Whole) -> None:
    """In the words of its clause."""
    assert f"NON-CONFORMANT: {AFTER}" == verdict_sentence(whole(failing("EXPIRY-2")))


def test_others_are_counted(whole: Whole) -> None:
    """One, or several; a deviation is none of them."""
    run = whole({**failing("EXPIRY-2", "EXPIRY-3"), "EXPIRY-6": Verdict.DEVIATION})
    assert f"NON-CONFORMANT: {AFTER}, and 1 more clause fails with it" == (
        verdict_sentence(run)
    )
    run = whole(failing("EXPIRY-2", "EXPIRY-3", "EXPIRY-4"))
    assert f"NON-CONFORMANT: {AFTER}, and 2 more clauses fail with it" == (
        verdict_sentence(run)
    )


def test_the_specification_has_the_order(whole: Whole) -> None:
    """TILE-1 comes before EXPIRY-2 in the table, and after it on the page."""
    assert AFTER in verdict_sentence(whole(failing("TILE-1", "EXPIRY-2")))
    assert AFTER not in verdict_sentence(whole(failing("EXPIRY-2", "DIRECT-1")))


def test_what_fails_now_and_then_comes_after_what_mostly_fails(
    whole: Whole, record: Record
) -> None:
    """It is rather a symptom of the other."""
    others = [record("DIRECT-1", Verdict.PASS, title=f"Title {n}") for n in range(2)]
    run = whole(failing("EXPIRY-2", "DIRECT-1"), others)
    assert verdict_sentence(run).startswith(f"NON-CONFORMANT: {AFTER}, and 1 more")


def blocked(record: ScenarioRecord, by: str) -> ScenarioRecord:
    """Let a scenario be blocked by a clause."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": by, "message": "refused"}
    return record.model_copy(update=fields)


def test_a_cause_comes_first(make_run: MakeRun, record: Record) -> None:
    """It kept clauses from being tried, and these are counted."""
    held = [record(id_, Verdict.PASS) for id_ in load() if not id_.startswith("SESS")]
    stopped = [
        blocked(record(id_), "PENDING-1") for id_ in load() if id_.startswith("SESS")
    ]
    words = "changing a pending invitation does not always work (PENDING-1)"
    assert verdict_sentence(make_run([*held, *stopped])) == (
        f"NON-CONFORMANT: {words}; 11 clauses could not be tried because of it"
    )
    run = make_run([*held, *stopped, record("DIRECT-1")])
    assert verdict_sentence(run) == (
        f"NON-CONFORMANT: {words}, and 1 more clause is broken; 11 clauses could not"
        " be tried because of PENDING-1"
    )


def test_a_clause_that_blocks_one_scenario_is_no_cause(
    whole: Whole, record: Record
) -> None:
    """The clause that was blocked could be tried in another scenario."""
    run = whole(failing("EXPIRY-2"), [blocked(record("SESSION-1"), "DIRECT-5")])
    assert f"NON-CONFORMANT: {AFTER}, and 1 more clause is broken" == (
        verdict_sentence(run)
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("crash", "the implementation crashes where PENDING-2 is tried"),
        ("hang", "the implementation does not answer where PENDING-2 is tried"),
        ("setup", "what PENDING-2 builds on does not hold"),
        ("fault", "a call fails with an error where PENDING-2 is tried"),
    ],
)
def test_an_error_says_nothing_about_the_clause(
    make_run: MakeRun, record: Record, kind: str, expected: str
) -> None:
    """Nothing was seen of what it demands."""
    error = record("PENDING-2", Verdict.ERROR).model_copy(update={"kind": kind})
    assert f"NON-CONFORMANT: {expected}" == verdict_sentence(make_run([error]))
    run = make_run([error, record("PENDING-2")])
    assert verdict_sentence(run).endswith("does not work (PENDING-2)")


def test_a_missing_operation_counts_in_an_interpretation(
    make_run: MakeRun, record: Record
) -> None:
    """It was declared."""
    missing = record("EMAIL-9").model_copy(update={"kind": "missing-method"})
    assert "NON-CONFORMANT: an operation is missing that EMAIL-9 needs" == (
        verdict_sentence(make_run([missing]))
    )


def test_a_clause_of_another_suite_has_no_words(
    make_run: MakeRun, record: Record
) -> None:
    """It is named all the same."""
    run = make_run([record()])
    other = run.scenarios[0].model_copy(update={"clauses": ("LOST-1",)})
    assert "NON-CONFORMANT: LOST-1 does not hold" == (
        verdict_sentence(run.model_copy(update={"scenarios": (other,)}))
    )


def test_a_verdict_without_a_failure_gives_its_own_reason(whole: Whole) -> None:
    """As a file does that was put together by hand."""
    run = with_footer(whole(), verdict=RunVerdict.NON_CONFORMANT, reason="so they say")
    assert "NON-CONFORMANT: so they say" == verdict_sentence(run)


def test_a_clause_that_holds_elsewhere_is_not_always_broken(
    make_run: MakeRun, record: Record
) -> None:
    """The sentence claims no more than was seen."""
    failed = record("PENDING-1", title="b")
    passed = record("PENDING-1", Verdict.PASS, title="a")
    words = "changing a pending invitation does not{} work (PENDING-1)"
    assert f"NON-CONFORMANT: {words.format('')}" == verdict_sentence(make_run([failed]))
    assert f"NON-CONFORMANT: {words.format(' always')}" == (
        verdict_sentence(make_run([passed, failed]))
    )


# Known failures


def known(record: ScenarioRecord) -> ScenarioRecord:
    """Mark a failure as known."""
    return record.model_copy(update={"known": "https://example.org/1"})


def test_known_failures_are_told_apart(whole: Whole, record: Record) -> None:
    """Alone, with others, and beside a new one, which is named first."""
    old = [known(record("DIRECT-1", title="a")), known(record("DIRECT-4", title="b"))]
    who = "between clients of version 7 or later"
    words = f"a direct invitation {who} does not always work"
    assert f"NON-CONFORMANT: {words} (DIRECT-1), which is known" == (
        verdict_sentence(whole(others=old[:1]))
    )
    assert verdict_sentence(whole(others=old)) == (
        f"NON-CONFORMANT: {words} (DIRECT-1), and 1 more clause is broken, all of"
        " them known"
    )
    run = whole(failing("EXPIRY-2", "EXPIRY-3"), old)
    assert verdict_sentence(run) == (
        f"NON-CONFORMANT: {AFTER}, and 1 more clause is broken; 2 more clauses are"
        " known to be broken"
    )


def test_beside_known_failures_alone_what_is_open_is_named(
    whole: Whole, record: Record
) -> None:
    """The exit code comes from it."""
    old = [known(record("DIRECT-1", title="a"))]
    run = with_footer(whole({"EXPIRY-1": Verdict.INCONCLUSIVE}, old), whole=True)
    assert verdict_sentence(run).endswith("which is known; open: EXPIRY-1")


# Values


def test_values_that_all_failures_need_are_named(whole: Whole, record: Record) -> None:
    """Those that only some need are not."""
    zero, far = "recipient's ID: leading zero", "inviter's version: 12.0.1"
    rest = "be named by ID (DIRECT-5), and 1 more clause fails with it"
    words = f"a recipient cannot {rest}"

    def told(*needed: tuple[str, ...]) -> str:
        records = [
            record(id_).model_copy(update={"needed": some})
            for id_, some in zip(("DIRECT-5", "DIRECT-6"), needed, strict=True)
        ]
        return verdict_sentence(whole(others=records))

    assert f"NON-CONFORMANT: with {zero}, {words}" == told((far, zero), (zero,))
    assert f"NON-CONFORMANT: with {far} and {zero}, {words}" == (
        told((far, zero), (far, zero))
    )
    many = tuple(f"factor {number}: a" for number in range(6))
    assert f"NON-CONFORMANT: with 6 values together, {words}" == told(many, many)
    for apart in (((zero,), (far,)), ((), ()), ((), (zero,))):
        some = f"a recipient cannot always {rest}"  # without these values it can
        assert f"NON-CONFORMANT: {some}" == told(*apart)


def test_a_crash_of_either_says_so(whole: Whole, record: Record) -> None:
    """Nobody knows which of the two it was."""
    crash = record("EXPIRY-2", Verdict.ERROR)
    crash = crash.model_copy(update={"kind": "crash", "blame": Blame.EITHER})
    said = "the adapter or implementation crashes where EXPIRY-2 is tried"
    assert said in verdict_sentence(whole({}, [crash]))


def test_a_run_that_is_left_open_ends_in_advice(whole: Whole) -> None:
    """What was measured says what to declare; a failure is told first, and alone."""
    open_ = whole({"EXPIRY-2": Verdict.INCONCLUSIVE})
    advised = with_footer(open_, advice='declare "settle_ms": 400 or less')
    assert verdict_sentence(advised).endswith('; declare "settle_ms": 400 or less')
    broken = with_footer(whole(failing("EXPIRY-2")), advice="x")
    assert not verdict_sentence(broken).endswith("x")
