"""The status of a mutant: killed by its own clause, or why not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from invitelab.adapters.driver import Reachable
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.cast import PLAIN
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import RunPlan, make_plan
from invitelab.conformance.features.gherkin import Pickle
from invitelab.formats.proof import MutantProof, MutantStatus
from invitelab.formats.run import Level, ScenarioRecord, StepRecord, Verdict
from invitelab.proof import mutant_trial
from invitelab.proof.mutant_trial import judge, try_mutant
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant
from invitelab.proof.suite_run import every_pickle, run_suite

OWN = "EXPIRY-2"
OTHER = "TILE-1"


def mutant(*, waiver: str | None = None) -> Mutant:
    """Make a mutant that breaks the clause."""
    return Mutant(name="m", clause=OWN, defect="s", make=Reference, waiver=waiver)


def ended(
    clause: str,
    verdict: Verdict,
    *,
    kind: str | None = None,
    message: str = "no",
    place: int = 0,
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
        title=f"It is over: {message}",
        place=place,
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
    return judged(*scenarios, failing=failing, waiver=waiver).status


def judged(
    *scenarios: ScenarioRecord,
    failing: Sequence[str] = (),
    waiver: str | None = None,
) -> MutantProof:
    """Judge the mutant."""
    return judge(mutant(waiver=waiver), scenarios, tuple(failing))


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.DEVIATION])
def test_a_failure_of_its_own_clause_kills(verdict: Verdict) -> None:
    """As does the deviation of an interpretation."""
    assert MutantStatus.KILLED is status(ended(OWN, verdict), failing=[OWN])


def test_the_killers_are_named_by_their_indexes() -> None:
    """Only scenarios of the clause; the message is that of the first."""
    proof = judged(
        ended(OTHER, Verdict.FAIL, message="other"),
        ended(OWN, Verdict.PASS),
        ended(OWN, Verdict.FAIL, message="first", place=2),
        ended(OWN, Verdict.FAIL, message="second", place=3),
        failing=(OWN, OTHER),
    )
    assert (2, 3) == proof.killers
    assert "first" == proof.message
    assert (OWN, OTHER) == proof.failing_clauses
    assert (OWN, Level.REQUIRED) == (proof.clause, proof.level)


def test_the_killers_do_not_depend_on_the_order_of_a_run() -> None:
    """A scenario counts once however often it was tried."""
    drawn = [ended(OWN, Verdict.FAIL, place=place) for place in (3, 1, 3)]
    assert (1, 3) == judged(*drawn).killers


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
    proof = judged(
        ended(OWN, Verdict.FAIL),
        ended(OTHER, Verdict.ERROR, kind=kind, message="!"),
        failing=(OWN, OTHER),
    )
    assert (MutantStatus.BROKEN, "!") == (proof.status, proof.message)


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
    cited = {
        place
        for place, one in enumerate(every_pickle())
        if "SESSION-6" in one.scenario.tags
    }
    assert set(tried.killers) <= cited


@dataclass(frozen=True)
class Asked:
    """The arguments of one run of scenarios."""

    plan: RunPlan | None
    pickles: Sequence[Pickle]


def run_noted(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """Give the arguments of every run, of whose scenarios only the first is run."""
    asked: list[Asked] = []

    def run(
        target: Reachable,
        *,
        plan: RunPlan | None = None,
        depth: Depth = Depth.QUICK,
        pickles: Sequence[Pickle],
    ) -> Engine:
        asked.append(Asked(plan, pickles))
        return run_suite(target, plan=plan, depth=depth, pickles=pickles[:1])

    monkeypatch.setattr(mutant_trial, "run_suite", run)
    return asked


def test_its_own_scenarios_are_tried_with_more_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the first of each other clause as they are written."""
    asked = run_noted(monkeypatch)
    clause = MUTANTS["lock-ignored"].clause
    assert MutantStatus.KILLED is try_mutant("lock-ignored").status
    (only,) = asked
    standard = make_plan(0, Depth.STANDARD)
    own = [one for one in every_pickle() if clause in one.scenario.tags]
    assert own == only.pickles[: len(own)]
    assert only.plan is not None
    for one in only.pickles:
        rows = standard.rows_of(one) if one in own else (PLAIN,)
        assert rows == only.plan.rows_of(one)
    tried = Counter(tag for one in only.pickles for tag in one.scenario.tags)
    exist = Counter(tag for one in every_pickle() for tag in one.scenario.tags)
    assert set(exist) == set(tried)


def test_all_scenarios_are_tried_where_its_own_find_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that what kills it instead is named."""
    asked = run_noted(monkeypatch)
    harmless = replace(MUTANTS["lock-ignored"], make=Reference)
    monkeypatch.setitem(MUTANTS, "lock-ignored", harmless)
    assert MutantStatus.SURVIVED is try_mutant("lock-ignored").status
    own = [one for one in every_pickle() if harmless.clause in one.scenario.tags]
    assert len(every_pickle()) == len(own) + len(asked[1].pickles)
