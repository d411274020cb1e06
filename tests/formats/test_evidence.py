"""The evidence for a verdict: what breaks a clause, and what leaves one open."""

import pytest

from invitelab.conformance.execution.verdicts import conclude, judge_clause
from invitelab.formats.evidence import broken, undecided
from invitelab.formats.run import Header, Level, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.specification import load

HEADER = Header(harness="h", suite="s", target="t")


def record(
    clause: str,
    verdict: Verdict,
    *,
    kind: str | None = None,
    blocked_by: str | None = None,
) -> ScenarioRecord:
    """Make a record of one scenario of a clause."""
    return ScenarioRecord(
        feature="features/x.feature",
        line=1,
        title="Something happens",
        clauses=(clause,),
        level=load()[clause].level,
        verdict=verdict,
        kind=kind,
        blocked_by=blocked_by,
    )


RECORDS = [
    record("EXPIRY-1", Verdict.PASS),
    record("EXPIRY-2", Verdict.FAIL),
    record("EXPIRY-6", Verdict.DEVIATION),
    record("EXPIRY-3", Verdict.ERROR, kind="setup"),
    record("PENDING-7", Verdict.ERROR, kind="setup"),
    record("PENDING-8", Verdict.ERROR, kind="crash"),
    record("REFUSE-1", Verdict.FAIL, kind="missing-method"),
    record("SESSION-3", Verdict.BLOCKED, blocked_by="PENDING-1"),
    record("SESSION-5", Verdict.BLOCKED, blocked_by="EXPIRY-2"),
    record("SESSION-6", Verdict.BLOCKED, blocked_by="REFUSE-4"),
    record("TILE-1", Verdict.INCONCLUSIVE),
    record("TILE-2", Verdict.NOT_RUN),
    record("TILE-5", Verdict.INCONCLUSIVE),
]


def test_what_breaks_a_clause_is_what_the_judge_counts() -> None:
    """Failures, errors that count, and a block of which nothing else is seen."""
    found = [one.blocked_by or one.clauses[0] for one in broken(RECORDS)]
    assert [
        "PENDING-1",
        "EXPIRY-2",
        "EXPIRY-3",
        "PENDING-8",
        "REFUSE-1",
    ] == found


def test_what_is_undecided_is_what_the_judge_names() -> None:
    """Required clauses alone: untested, blocked, or with a scenario that is open."""
    records = [
        record(id_, Verdict.PASS)
        for id_, clause in load().items()
        if clause.level is Level.REQUIRED and id_ not in {"TILE-1", "DIRECT-4"}
    ]
    records += [record("TILE-1", Verdict.INCONCLUSIVE)]
    records += [record("TILE-5", Verdict.INCONCLUSIVE)]
    clauses = [judge_clause(clause, records) for clause in load().values()]
    end = conclude(records, clauses, header=HEADER, problem=None, selected_all=True)
    assert RunVerdict.INCONCLUSIVE is end.verdict
    assert ["DIRECT-4", "TILE-1"] == list(undecided(records, clauses, whole=True))
    assert "DIRECT-4, TILE-1" == end.reason


@pytest.mark.parametrize("kind", ["crash", "hang", "fault", "missing-method", "setup"])
def test_an_error_in_an_interpretation_counts_if_it_is_wrong_under_any(
    kind: str,
) -> None:
    """A setup that fails may be the interpretation's own."""
    one = [record("EXPIRY-6", Verdict.ERROR, kind=kind)]
    assert (kind == "setup") == (not list(broken(one)))
