"""The failures of a run, as the page shows them."""

from collections.abc import Callable

from invitelab.formats.run import Exchange, Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.failures import (
    MOST_DETAILED,
    MOST_EXCHANGES,
    MOST_STDERR,
    key,
    run_failures,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]
Call = Callable[..., Exchange]
Make = Callable[..., ScenarioRecord]


def test_causes_come_first(mixed: Run) -> None:
    """In the order of the specification, then what is no failure of the run."""
    verdicts = [
        one.record.verdict for one in run_failures(mixed, number=1, label="").details
    ]
    assert [
        Verdict.ERROR,
        Verdict.FAIL,
        Verdict.DEVIATION,
        Verdict.INCONCLUSIVE,
    ] == verdicts


def test_a_step_says_how_it_ended_and_when(mixed: Run) -> None:
    """A time is shown when it differs from the one before."""
    detail = run_failures(mixed, number=1, label="").details[1]
    assert [
        ("✓", "held", "121.000 s", "Bob accepts the invitation"),
        ("✗", "did not hold", "", "no session has started"),
    ] == [(line.sign, line.word, line.time, line.text) for line in detail.lines]
    assert detail.repro.endswith("--scenario 'It cannot be accepted' --seed 0")


def test_failures_beyond_the_limit_are_listed(
    make_run: MakeRun, record: Record
) -> None:
    """Each can be linked to all the same."""
    records = [record(title=f"Title {n}") for n in range(MOST_DETAILED + 2)]
    found = run_failures(make_run(records), number=2, label="")
    assert (MOST_DETAILED, 2) == (len(found.details), found.count - len(found.details))
    assert len(records) == len(set(found.ids().values()))
    assert "run-2-failure-1" == found.first_ids()["EXPIRY-2"]
    assert f"run-2-failure-{MOST_DETAILED + 2}" == found.ids()[key(records[-1])]


def test_a_clause_that_only_blocks_leads_to_what_it_blocked(
    make_run: MakeRun, record: Record
) -> None:
    """One that fails itself leads to its own scenario."""
    fields = {"verdict": Verdict.BLOCKED, "message": "refused"}
    blocked = [
        record("SESSION-1").model_copy(update={**fields, "blocked_by": by})
        for by in ("DIRECT-5", "EXPIRY-2")
    ]
    run = make_run([*blocked, record("EXPIRY-2")])
    found = run_failures(run, number=1, label="").first_ids()
    assert "run-1-failure-1" == found["EXPIRY-2"]
    assert "run-1-failure-2" == found["DIRECT-5"]


def test_what_a_clause_blocks_is_shown_under_that_clause(
    make_run: MakeRun, record: Record
) -> None:
    """With its level: the scenario's own clause is not the one that is broken."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "SESSION-1"}
    run = make_run([record("EXPIRY-6").model_copy(update=fields)])
    (group,) = run_failures(run, number=1, label="").groups
    (detail,) = group.details
    assert ("SESSION-1", "SESSION-1, needed by EXPIRY-6", "required") == (
        group.clause,
        detail.clauses,
        detail.level,
    )


def test_what_is_shown_about_another_clause_is_not_the_scenarios_own(
    make_run: MakeRun, record: Record
) -> None:
    """Both are shown; the scenario leads to its own record, the clause to the other."""
    own = record("EXPIRY-2")
    fields = {"clauses": ("PENDING-7",), "verdict": Verdict.DEVIATION, "besides": True}
    found = run_failures(
        make_run([own, own.model_copy(update=fields)]), number=1, label=""
    )
    assert 2 == found.count
    assert {key(own): "run-1-failure-1"} == found.ids()
    assert "run-1-failure-2" == found.first_ids()["PENDING-7"]


def test_exchanges_beyond_the_limit_are_counted(
    make_run: MakeRun, exchange: Call, scenario_of: Make
) -> None:
    """The records have them."""
    calls = [exchange(0, "Ada", "client.view")] * (MOST_EXCHANGES + 3)
    run = make_run([scenario_of(*calls)])
    (detail,) = run_failures(run, number=1, label="").details
    assert (MOST_EXCHANGES, 3) == (len(detail.exchanges), detail.more_exchanges)


def test_of_a_long_stderr_the_end_is_shown(make_run: MakeRun, record: Record) -> None:
    """With how much is missing before it."""
    noisy = record().model_copy(
        update={"stderr": "x" * MOST_STDERR + "\nthe last words"}
    )
    (detail,) = run_failures(make_run([noisy]), number=1, label="").details
    assert detail.stderr.startswith("15 characters before this\nxxx")
    assert detail.stderr.endswith("x\nthe last words")
