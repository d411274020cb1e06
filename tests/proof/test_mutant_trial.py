"""The status of a mutant: killed by its own clause, or why not."""

from collections.abc import Sequence

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.proof import MutantStatus
from invitelab.formats.run import Level, ScenarioRecord, StepRecord, Verdict
from invitelab.proof.mutant_trial import judge, try_mutant
from invitelab.proof.mutants.base import Mutant

OWN = "EXPIRY-2"
OTHER = "TILE-1"


def mutant(*, waiver: str | None = None) -> Mutant:
    """Make a mutant that breaks the clause."""
    return Mutant(name="m", clause=OWN, defect="s", make=Reference, waiver=waiver)


def ended(
    clause: str, verdict: Verdict, *, kind: str | None = None, message: str = "no"
) -> ScenarioRecord:
    """Make the record of a scenario of a clause with that verdict."""
    bad = verdict is not Verdict.PASS
    status = "failed" if bad else "passed"
    step = StepRecord.model_validate(
        {"keyword": "Then", "text": "", "line": 1, "at_ms": 0, "status": status}
    )
    return ScenarioRecord(
        feature="features/expiry.feature",
        line=1,
        title="It is over",
        clauses=(clause,),
        level=Level.REQUIRED,
        verdict=verdict,
        kind=kind,
        message=message if bad else None,
        steps=(step,),
    )


def status(
    *scenarios: ScenarioRecord,
    failing: Sequence[str] = (),
    waiver: str | None = None,
) -> MutantStatus:
    """Give the status that follows from these scenarios."""
    return judge(mutant(waiver=waiver), list(scenarios), tuple(failing)).status


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.DEVIATION])
def test_a_failure_of_its_own_clause_kills(verdict: Verdict) -> None:
    """As does the deviation of an interpretation."""
    assert MutantStatus.KILLED is status(ended(OWN, verdict), failing=[OWN])


def test_the_killers_are_named_by_their_indexes() -> None:
    """Only scenarios of the clause; the message is that of the first."""
    judged = judge(
        mutant(),
        [
            ended(OTHER, Verdict.FAIL, message="other"),
            ended(OWN, Verdict.PASS),
            ended(OWN, Verdict.FAIL, message="first"),
            ended(OWN, Verdict.FAIL, message="second"),
        ],
        (OWN, OTHER),
    )
    assert (2, 3) == judged.killers
    assert "first" == judged.message
    assert (OWN, OTHER) == judged.failing_clauses
    assert (OWN, Level.REQUIRED) == (judged.clause, judged.level)


def test_a_scenario_of_two_clauses_kills_for_either() -> None:
    """It cites both clauses."""
    both = ended(OTHER, Verdict.FAIL).model_copy(update={"clauses": (OTHER, OWN)})
    assert MutantStatus.KILLED is status(both, failing=[OTHER])


def test_a_failure_of_another_clause_is_another_status() -> None:
    """No scenario of the mutant's clause has failed."""
    assert MutantStatus.KILLED_BY_OTHER is status(
        ended(OTHER, Verdict.FAIL), ended(OWN, Verdict.PASS), failing=[OTHER]
    )


@pytest.mark.parametrize("kind", ["crash", "hang", "protocol", "fault"])
def test_a_mutant_that_crashes_is_broken(kind: str) -> None:
    """Even if its clause fails as well: it does more than its one defect."""
    judged = judge(
        mutant(),
        [ended(OWN, Verdict.FAIL), ended(OTHER, Verdict.ERROR, kind=kind, message="!")],
        (OWN, OTHER),
    )
    assert (MutantStatus.BROKEN, "!") == (judged.status, judged.message)


def test_a_given_that_fails_by_the_defect_is_harmless() -> None:
    """It neither breaks the mutant nor kills it."""
    failed_setup = ended(OWN, Verdict.ERROR, kind="setup")
    assert MutantStatus.KILLED is status(
        ended(OWN, Verdict.FAIL), failed_setup, failing=[OWN]
    )
    assert MutantStatus.KILLED_BY_OTHER is status(failed_setup, failing=[OWN])


def test_a_mutant_survives_if_nothing_fails() -> None:
    """No scenario detects it."""
    assert MutantStatus.SURVIVED is status(ended(OWN, Verdict.PASS))


@pytest.mark.parametrize("failing", [[], [OTHER]])
def test_a_survivor_may_be_waived(failing: list[str]) -> None:
    """Whatever other clauses fail."""
    assert MutantStatus.WAIVED is status(
        ended(OWN, Verdict.PASS), failing=failing, waiver="because"
    )


def test_a_waiver_is_for_survivors_only() -> None:
    """One that is killed is killed, and one that crashes is broken."""
    failed = ended(OWN, Verdict.FAIL)
    assert MutantStatus.KILLED is status(failed, failing=[OWN], waiver="because")
    crash = ended(OTHER, Verdict.ERROR, kind="crash")
    assert MutantStatus.BROKEN is status(crash, failing=[OTHER], waiver="because")


def test_a_mutant_is_tried_against_everything() -> None:
    """The ignored lock: one clause fails, in several scenarios."""
    tried = try_mutant("lock-ignored")
    assert (MutantStatus.KILLED, ("SESSION-6",)) == (
        tried.status,
        tried.failing_clauses,
    )
    assert len(tried.killers) > 1
    assert tried.message
