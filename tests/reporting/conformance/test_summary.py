"""Sentences that are the same in every view."""

from collections.abc import Callable

import pytest

from invitelab.errors import Blame
from invitelab.formats.run import Header, Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.reporting.conformance.summary import (
    denominators,
    scenario_counts,
    settling_hint,
    suite_line,
    target_line,
    troubled,
    verdict_line,
    verdict_word,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]


def test_all_denominators_are_in_one_line(mixed: Run) -> None:
    """What does not apply is in none of them; what was not run is untested."""
    assert denominators(mixed) == (
        "required 1/44 - interpretations 0/34 - 1 not applicable - 73 untested of 79"
    )


def test_scenarios_are_counted_by_verdict(mixed: Run) -> None:
    """In the order of the verdicts."""
    assert scenario_counts(mixed) == (
        "7 scenarios: 1 pass, 1 fail, 1 deviation, 1 inconclusive, 1 error,"
        " 1 not-applicable, 1 not-run"
    )


def test_no_scenarios_are_none(make_run: MakeRun) -> None:
    """And not nothing."""
    assert "0 scenarios: none" == scenario_counts(make_run([]))


def test_a_run_without_an_end_is_incomplete(mixed: Run) -> None:
    """It has no verdict."""
    cut = mixed.model_copy(update={"footer": None})
    assert "INCOMPLETE (the run has no end)" == verdict_line(cut)
    assert ("no totals", "7 scenarios") == (denominators(cut), scenario_counts(cut))


@pytest.mark.parametrize(
    ("verdict", "reason", "blame", "expected"),
    [
        (RunVerdict.CONFORMANT, None, None, "CONFORMANT"),
        (
            RunVerdict.CONFORMANT,
            "declined: tiles",
            None,
            "CONFORMANT (declined: tiles)",
        ),
        (
            RunVerdict.INVALID,
            "it moved",
            Blame.ADAPTER,
            "INVALID (it moved), blame: adapter",
        ),
    ],
)
def test_a_verdict_is_qualified(
    mixed: Run,
    *,
    verdict: RunVerdict,
    reason: str | None,
    blame: Blame | None,
    expected: str,
) -> None:
    """By its reason, by its blame and by the clock."""
    assert mixed.footer is not None
    footer = mixed.footer.model_copy(
        update={"verdict": verdict, "reason": reason, "blame": blame}
    )
    line = verdict_line(mixed.model_copy(update={"footer": footer}))
    assert f"{expected}, clock virtual (proven)" == line


def test_the_suite_and_its_clock_are_named(mixed: Run) -> None:
    """They qualify every verdict."""
    expected = "invitelab 0.1.0, suite 0123456789ab, clock virtual (proven)"
    assert expected == suite_line(mixed.header)
    settling = mixed.header.model_copy(update={"settle_ms": 240})
    assert f"{expected}, settles within 240 ms" == suite_line(settling)


def test_a_target_is_named_twice_where_it_has_two_names(mixed: Run) -> None:
    """As it was called, and as it calls itself."""
    assert "cmd:./acme --stdio (acme 2.3)" == target_line(mixed.header)
    silent = Header(harness="h", suite="s", target="t")
    assert "t" == target_line(silent)


def test_failures_are_shown_the_worst_first(mixed: Run) -> None:
    """What passed, was not run or did not apply is none."""
    assert [
        Verdict.FAIL,
        Verdict.ERROR,
        Verdict.DEVIATION,
        Verdict.INCONCLUSIVE,
    ] == [scenario.verdict for scenario in troubled(mixed)]


def test_an_untested_clause_has_a_word_too() -> None:
    """As wide as the others."""
    assert "  untested" == verdict_word(None)
    assert "ok pass" == verdict_word(Verdict.PASS)
    assert "x  fail" == verdict_word(Verdict.FAIL)


def test_a_passing_run_has_no_trouble(make_run: MakeRun, record: Record) -> None:
    """None at all."""
    assert [] == troubled(make_run([record("EXPIRY-1", Verdict.PASS)]))


@pytest.mark.parametrize(
    ("clock", "assumed", "is_told"),
    [
        ("real", True, True),
        ("jump", True, True),
        ("real", None, False),
        ("virtual", True, False),
        ("system", True, False),
    ],
)
def test_a_settling_that_is_assumed_has_a_hint(
    mixed: Run, clock: str, *, assumed: bool | None, is_told: bool
) -> None:
    """What to declare, and the command that measures it."""
    update = {"clock": clock, "settle_ms": 2000, "settle_assumed": assumed}
    header = mixed.header.model_copy(update=update)
    assert is_told == ("settles within 2000 ms (assumed)" in suite_line(header))
    hint = settling_hint(header)
    assert is_told == (hint is not None)
    if hint is not None:
        assert '"settle_ms": 50' in hint
        assert "invitelab probe " in hint
