"""What becomes of a mutant: killed for the right reason, or why not."""

from collections.abc import Sequence

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.proof import MutantStatus
from invitelab.formats.run import Level, ScenarioRecord, StepRecord, Verdict
from invitelab.proof.killing import judge, try_mutant
from invitelab.proof.mutants.base import Mutant

OWN = "EXPIRY-2"
OTHER = "TILE-1"


def mutant(*, excuse: str | None = None) -> Mutant:
    """Make one that breaks the clause."""
    return Mutant(name="m", clause=OWN, sin="s", make=Reference, excuse=excuse)


def ended(
    clause: str, verdict: Verdict, *, kind: str | None = None, message: str = "no"
) -> ScenarioRecord:
    """Make a scenario of a clause that ended so."""
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


def fate(
    *scenarios: ScenarioRecord, red: Sequence[str] = (), excuse: str | None = None
) -> MutantStatus:
    """Judge by these scenarios."""
    return judge(mutant(excuse=excuse), list(scenarios), tuple(red)).fate


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.DEVIATION])
def test_a_failure_of_its_own_clause_kills(verdict: Verdict) -> None:
    """Of a required one, or an interpretation's deviation."""
    assert MutantStatus.KILLED is fate(ended(OWN, verdict), red=[OWN])


def test_the_killers_are_named_by_their_places() -> None:
    """Only scenarios of the clause; the message is the first one's."""
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
    assert (OWN, OTHER) == judged.red
    assert (OWN, Level.REQUIRED) == (judged.clause, judged.level)


def test_a_scenario_of_two_clauses_kills_for_either() -> None:
    """It cites both."""
    both = ended(OTHER, Verdict.FAIL).model_copy(update={"clauses": (OTHER, OWN)})
    assert MutantStatus.KILLED is fate(both, red=[OTHER])


def test_a_failure_of_another_clause_counts_apart() -> None:
    """The right scenario has not seen it."""
    assert MutantStatus.ELSEWHERE is fate(
        ended(OTHER, Verdict.FAIL), ended(OWN, Verdict.PASS), red=[OTHER]
    )


@pytest.mark.parametrize("kind", ["crash", "hang", "protocol", "fault"])
def test_whoever_dies_is_broken(kind: str) -> None:
    """Even beside a failure of its clause: it does more than its one sin."""
    judged = judge(
        mutant(),
        [ended(OWN, Verdict.FAIL), ended(OTHER, Verdict.ERROR, kind=kind, message="!")],
        (OWN, OTHER),
    )
    assert (MutantStatus.BROKEN, "!") == (judged.fate, judged.message)


def test_a_given_that_its_sin_spoils_is_harmless() -> None:
    """It neither breaks the mutant nor kills it."""
    spoilt = ended(OWN, Verdict.ERROR, kind="setup")
    assert MutantStatus.KILLED is fate(ended(OWN, Verdict.FAIL), spoilt, red=[OWN])
    assert MutantStatus.ELSEWHERE is fate(spoilt, red=[OWN])


def test_nothing_red_is_a_survivor() -> None:
    """Nobody has noticed it."""
    assert MutantStatus.SURVIVED is fate(ended(OWN, Verdict.PASS))


@pytest.mark.parametrize("red", [[], [OTHER]])
def test_a_survivor_may_be_excused(red: list[str]) -> None:
    """By its reason, whatever else is red."""
    assert MutantStatus.EXCUSED is fate(
        ended(OWN, Verdict.PASS), red=red, excuse="because"
    )


def test_an_excuse_is_for_survivors_alone() -> None:
    """One that is killed is killed, and one that crashes is broken."""
    failed = ended(OWN, Verdict.FAIL)
    assert MutantStatus.KILLED is fate(failed, red=[OWN], excuse="because")
    crash = ended(OTHER, Verdict.ERROR, kind="crash")
    assert MutantStatus.BROKEN is fate(crash, red=[OTHER], excuse="because")


def test_a_mutant_is_tried_against_everything() -> None:
    """The lock that is not looked at: one clause red, several scenarios see it."""
    tried = try_mutant("lock-ignored")
    assert (MutantStatus.KILLED, ("SESSION-6",)) == (tried.fate, tried.red)
    assert len(tried.killers) > 1
    assert tried.message
