"""Verdicts by clause over several runs."""

from dataclasses import replace

import pytest

from invitelab.formats.product import ProductRecord
from invitelab.formats.run_summary import RunSummary
from invitelab.reporting.conformance.trend import (
    Trend,
    by_one_product,
    by_version,
    trend,
    trend_lines,
    trend_page,
)


def run(
    minute: int, version: str, suite: str = "s", **clauses: str
) -> tuple[str, RunSummary]:
    """Make a run that began in that minute, with the verdicts of clauses."""
    summary = RunSummary(
        target="cmd:acme",
        name="acme",
        implementation=f"Acme {version}",
        suite=suite,
        seed=0,
        verdict="CONFORMANT" if {"pass"} == set(clauses.values()) else "NON-CONFORMANT",
        whole=True,
        totals={"scenarios pass": 3},
        clauses={name.replace("_", "-"): verdict for name, verdict in clauses.items()},
        scenarios=3,
        texts={name.replace("_", "-"): f"About <{name}>" for name in clauses},
    )
    return f"2026-11-30T12-{minute:02}-00Z", summary


RUNS = [
    run(1, "1.0", suite="old", EXPIRY_1="fail", EXPIRY_2="pass", EXPIRY_3="pass"),
    run(2, "1.0", EXPIRY_1="fail", EXPIRY_2="pass", EXPIRY_3="pass"),
    run(3, "1.1", EXPIRY_1="pass", EXPIRY_2="fail", EXPIRY_3="pass"),
]


@pytest.fixture
def found() -> Trend:
    """Give a trend in which one clause got better and one worse."""
    return trend("acme", RUNS, by="run")


def test_the_news_come_first(found: Trend) -> None:
    """What the last run has changed, in a sentence."""
    assert (
        "The last of 3 runs is NON-CONFORMANT. Worse than before: an accept after the"
        " two minutes still starts a session (EXPIRY-2). Better than before: EXPIRY-1"
        " holds (About <EXPIRY_1>)."
    ) == found.sentence
    assert ["EXPIRY-1", "EXPIRY-2"] == [row.clause for row in found.changing]
    assert ["EXPIRY-3"] == [row.clause for row in found.steady]


def test_a_clause_that_was_not_tried_has_not_changed() -> None:
    """It is compared with the last time that it was tried."""
    skipping = [*RUNS, run(4, "1.2", EXPIRY_3="pass")]
    assert "No clause changed." in trend("acme", skipping, by="run").sentence
    again = [*skipping, run(5, "1.3", EXPIRY_2="pass")]
    told = trend("acme", again, by="run").sentence
    assert "Better than before: EXPIRY-2 holds (About" in told


def test_what_is_worse_but_not_broken_has_its_verdict() -> None:
    """Of more than a few the rest is counted."""
    names = [f"EXPIRY_{number}" for number in range(1, 8)]
    runs = [
        run(1, "1", **dict.fromkeys(names, "pass")),
        run(2, "1", **dict.fromkeys(names, "inconclusive")),
    ]
    told = trend("acme", runs, by="run").sentence
    assert "Worse than before: EXPIRY-1 is now inconclusive; EXPIRY-2 is" in told
    assert told.endswith("EXPIRY-5 is now inconclusive; and 2 more.")


def test_one_run_is_no_trend() -> None:
    """The sentence says so."""
    assert "There is one run so far: " in trend("acme", RUNS[:1], by="run").sentence


def test_a_version_has_its_last_run() -> None:
    """In the order in which they were last run."""
    names = [name for name, _ in by_version(RUNS)]
    assert ["2026-11-30T12-02-00Z", "2026-11-30T12-03-00Z"] == names
    found = trend("acme", by_version(RUNS), by="version")
    assert found.sentence.startswith("The last of 2 versions is ")


def test_a_terminal_has_a_line_for_each_clause(found: Trend) -> None:
    """And one for each run; another suite is told."""
    lines = list(trend_lines(found))
    assert ["EXPIRY-1", "x", "x", "ok", "better"] == lines[3].split()
    assert ["EXPIRY-2", "ok", "ok", "x", "worse"] == lines[4].split()
    assert "1 clause passed in all of them" == lines[5]
    assert lines[7].endswith("Acme 1.0, seed 0, another suite")
    assert not lines[8].endswith("another suite")


def test_what_is_not_applicable_has_not_passed() -> None:
    """Nor has what only some runs tried passed in all of them."""
    runs = [
        run(number, "1", EXPIRY_1="pass", EXPIRY_2=now, EXPIRY_3="not-applicable")
        for number, now in enumerate(("pass", "not-applicable"), start=1)
    ]
    told = (
        "1 clause passed in all of them, 1 in all that tried it, 1 was not applicable"
    )
    found = trend("acme", runs, by="run")
    assert told in list(trend_lines(found))
    assert told in trend_page(found)


def test_the_page_has_the_same(found: Trend) -> None:
    """Each cell has its verdict as a word, and what a target says is escaped."""
    page = trend_page(found)
    assert "<title>Trend of acme " in page
    assert 3 == page.count('<td class="cell fail">')
    assert "About &lt;EXPIRY_1&gt;" in page
    assert "30 Nov 12:03" in page
    assert "judged by another suite" in page
    assert "judged by another suite" not in trend_page(trend("a", RUNS[1:], by="run"))


def product(lifetime_ms: int, file: str = "five.toml") -> ProductRecord:
    """Make a variant of the product."""
    return ProductRecord(
        name="Five", file=file, lifetime_ms=lifetime_ms, otherwise={"NOTIFY-1": "x"}
    )


def test_runs_by_another_product_are_no_part_of_it() -> None:
    """The last run says which; the file may lie elsewhere."""
    profiles = (None, product(300_000), product(240_000), product(300_000, "b.toml"))
    runs = [
        (name, replace(one, profile=profile))
        for (name, one), profile in zip([*RUNS, RUNS[0]], profiles, strict=True)
    ]
    assert [runs[1], runs[3]] == by_one_product(runs)
    assert RUNS == by_one_product(RUNS)
    assert runs[:1] == by_one_product(runs[:1])
