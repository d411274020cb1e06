"""A mutant against the whole suite, and the status that follows.

A mutant is killed if a scenario that cites its clause fails at an observation.
"""

from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import MutantProof, MutantStatus
from invitelab.formats.run import ScenarioRecord
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant
from invitelab.proof.suite_run import (
    DirectTarget,
    failing_clauses,
    is_observed,
    run_suite,
)

HARMLESS = frozenset({None, "setup"})
"""Kinds of scenario errors that a mutant may cause: a defect may fail a Given."""


def try_mutant(name: str) -> MutantProof:
    """Run the whole suite on the mutant of that name."""
    mutant = MUTANTS[name]
    engine = run_suite(DirectTarget(mutant.make()))
    return judge(mutant, engine.scenarios, failing_clauses(engine.clauses))


def judge(
    mutant: Mutant, scenarios: list[ScenarioRecord], failing: tuple[str, ...]
) -> MutantProof:
    """Decide the status of a mutant from the scenarios and the clauses in `failing`."""
    killers = tuple(
        place
        for place, record in enumerate(scenarios)
        if mutant.clause in record.clauses and is_observed(record)
    )
    broken = [record for record in scenarios if record.kind not in HARMLESS]
    message: str | None = None
    if broken:
        status, message = MutantStatus.BROKEN, broken[0].message
    elif killers:
        status, message = MutantStatus.KILLED, scenarios[killers[0]].message
    elif mutant.waiver is not None:
        status = MutantStatus.WAIVED
    elif failing:
        status = MutantStatus.KILLED_BY_OTHER
    else:
        status = MutantStatus.SURVIVED
    return MutantProof(
        name=mutant.name,
        clause=mutant.clause,
        level=load()[mutant.clause].level,
        defect=mutant.defect,
        status=status,
        killers=killers,
        failing_clauses=failing,
        waiver=mutant.waiver,
        message=message,
    )
