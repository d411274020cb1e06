"""A scenario counts where it failed at an observation, and at nothing else."""

import pytest

from invitelab.conformance.execution.engine import Engine
from invitelab.formats.run import (
    ClauseRecord,
    Level,
    ScenarioRecord,
    StepRecord,
    Verdict,
)
from invitelab.proof.mutant_trial import Direct, every_pickle, is_observed, red
from invitelab.proof.mutants import MUTANTS


def record(
    verdict: Verdict, *, kind: str | None = None, failed: int = 1
) -> ScenarioRecord:
    """Make a scenario that ended so, with so many steps that did not hold."""
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
    """Nothing else is."""
    shown = record(verdict)
    expected = verdict in {Verdict.FAIL, Verdict.DEVIATION}
    assert expected == is_observed(shown)


@pytest.mark.parametrize(("kind", "failed"), [("crash", 1), (None, 0)])
def test_what_failed_at_no_step_or_of_itself_is_not(
    kind: str | None, failed: int
) -> None:
    """A crash proves nothing about the clause."""
    shown = record(Verdict.FAIL, kind=kind, failed=failed)
    assert not is_observed(shown)


@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_a_clause_is_red_that_something_is_wrong_with(verdict: Verdict | None) -> None:
    """Undecided, untested and not applicable are no colour."""
    clause = ClauseRecord(
        clause="EXPIRY-2",
        level=Level.REQUIRED,
        text="It is over.",
        verdict=verdict,
        passed=0,
        scenarios=1,
    )
    wrong = verdict in {Verdict.FAIL, Verdict.DEVIATION, Verdict.ERROR}
    assert (("EXPIRY-2",) if wrong else ()) == red([clause])


def test_the_suite_is_parsed_once() -> None:
    """However many are judged by it in a process."""
    assert every_pickle() is every_pickle()


def test_a_silent_engine_keeps_all_but_what_was_said() -> None:
    """Verdicts, messages and the steps that held are those of one that tells."""
    make = MUTANTS["never-expires"].make
    told = Engine(Direct(make()), None)
    silent = Engine(Direct(make()), None, silent=True)
    for pickle in every_pickle()[::5]:
        told.run(pickle)
        silent.run(pickle)
    assert any(record.message for record in silent.scenarios)
    assert silent.scenarios == [*map(without_exchanges, told.scenarios)]
    assert silent.scenarios != told.scenarios


def without_exchanges(record: ScenarioRecord) -> ScenarioRecord:
    """Leave out what was said."""
    steps = (step.model_copy(update={"exchanges": ()}) for step in record.steps)
    return record.model_copy(update={"steps": tuple(steps)})
