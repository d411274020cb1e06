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


def test_the_worst_comes_first(mixed: Run) -> None:
    """What passed is no failure."""
    verdicts = [
        one.record.verdict for one in run_failures(mixed, number=1, label="").details
    ]
    assert [
        Verdict.FAIL,
        Verdict.ERROR,
        Verdict.DEVIATION,
        Verdict.INCONCLUSIVE,
    ] == verdicts


def test_a_step_says_how_it_ended_and_when(mixed: Run) -> None:
    """A time is shown when it differs from the one before."""
    detail = run_failures(mixed, number=1, label="").details[0]
    assert [
        ("✓", "held", "121.000 s", "Bob accepts the invitation"),
        ("✗", "did not hold", "", "no session has started"),
    ] == [(line.sign, line.word, line.time, line.text) for line in detail.lines]
    assert detail.repro.endswith("--scenario 'It cannot be accepted'")


def test_failures_beyond_the_limit_are_listed(
    make_run: MakeRun, record: Record
) -> None:
    """Each can be linked to all the same."""
    records = [record(title=f"Title {n}") for n in range(MOST_DETAILED + 2)]
    found = run_failures(make_run(records), number=2, label="")
    assert (MOST_DETAILED, 2) == (len(found.details), len(found.listed))
    assert len(records) == len(set(found.ids().values()))
    assert "run-2-failure-1" == found.first_ids()["EXPIRY-2"]
    assert f"run-2-failure-{MOST_DETAILED + 2}" == found.ids()[key(records[-1])]


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
