"""A scenario counts if it failed at an observation, and only then."""

import pytest

from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.run_plan import NO_PLAN
from invitelab.formats.run import (
    ClauseRecord,
    Level,
    ScenarioRecord,
    StepRecord,
    Verdict,
)
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.suite_run import every_pickle, failing_clauses, is_observed


def record(
    verdict: Verdict, *, kind: str | None = None, failed: int = 1
) -> ScenarioRecord:
    """Make the record of a scenario with that number of failed steps."""
    step = StepRecord(keyword="Then", text="", line=1, at_ms=0, status="failed")
    held = step.model_copy(update={"status": "passed"})
    return ScenarioRecord(
        feature="features/expiry.feature",
        line=1,
        title="It is over",
        clauses=("EXPIRY-2",),
        level=Level.REQUIRED,
        verdict=verdict,
        kind=kind,
        steps=(held, *([step] * failed)),
    )


@pytest.mark.parametrize("verdict", Verdict)
def test_a_failure_and_a_deviation_are_observed(verdict: Verdict) -> None:
    """No other verdict is."""
    shown = record(verdict)
    expected = verdict in {Verdict.FAIL, Verdict.DEVIATION}
    assert expected == is_observed(shown)


@pytest.mark.parametrize(("kind", "failed"), [("crash", 1), (None, 0)])
def test_a_crash_and_a_failure_without_a_step_are_not_observed(
    kind: str | None, failed: int
) -> None:
    """A crash proves nothing about the clause."""
    shown = record(Verdict.FAIL, kind=kind, failed=failed)
    assert not is_observed(shown)


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_clauses_that_fail_err_or_deviate_are_failing(verdict: Verdict | None) -> None:
    """Inconclusive, untested and not applicable ones are not."""
    clause = ClauseRecord(
        clause="EXPIRY-2",
        level=Level.REQUIRED,
        text="It is over.",
        verdict=verdict,
        passed=0,
        scenarios=1,
    )
    wrong = verdict in {Verdict.FAIL, Verdict.DEVIATION, Verdict.ERROR}
    assert (("EXPIRY-2",) if wrong else ()) == failing_clauses([clause])


def test_the_suite_is_parsed_once() -> None:
    """However many targets are tried in a process."""
    assert every_pickle() is every_pickle()


def test_a_silent_engine_records_everything_but_exchanges() -> None:
    """Verdicts, messages and steps are those of an engine that is not silent."""
    make = MUTANTS["never-expires"].make
    verbose = Engine(DirectTarget(make()), None, plan=NO_PLAN)
    silent = Engine(DirectTarget(make()), None, silent=True, plan=NO_PLAN)
    for pickle in every_pickle()[::5]:
        verbose.run(pickle)
        silent.run(pickle)
    assert any(record.message for record in silent.scenarios)
    assert silent.scenarios == [*map(without_exchanges, verbose.scenarios)]
    assert silent.scenarios != verbose.scenarios


def without_exchanges(record: ScenarioRecord) -> ScenarioRecord:
    """Leave out the exchanges of a record."""
    steps = (step.model_copy(update={"exchanges": ()}) for step in record.steps)
    return record.model_copy(update={"steps": tuple(steps)})
