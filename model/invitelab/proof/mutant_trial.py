"""A mutant against the whole suite, and the status that follows.

A mutant is killed if a scenario that cites its clause fails at an observation. Those
scenarios are tried with all the values of the standard depth. Others only say which
clauses fail as well: for one that was killed, the first scenario of each clause as it
is written is enough.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.verdicts import judge_clause
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import make_plan
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle, key_of
from invitelab.formats.proof import MutantProof, MutantStatus
from invitelab.formats.run import ScenarioRecord
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant
from invitelab.proof.suite_run import (
    every_pickle,
    failing_clauses,
    is_observed,
    run_suite,
)

HARMLESS = frozenset({None, "setup"})
"""Kinds of scenario errors that a mutant may cause: a defect may fail a Given."""


def try_mutant(name: str) -> MutantProof:
    """Run its own scenarios on the mutant of that name, then others."""
    mutant = MUTANTS[name]
    scenarios = _own_and_first(mutant)
    if not any(_kills(mutant, one) for one in scenarios):
        scenarios += _others(mutant)
    clauses = [judge_clause(clause, scenarios) for clause in load().values()]
    return judge(mutant, scenarios, failing_clauses(clauses))


def _kills(mutant: Mutant, record: ScenarioRecord) -> bool:
    return mutant.clause in record.clauses and is_observed(record)


def _own_and_first(mutant: Mutant) -> list[ScenarioRecord]:
    """The records of its own scenarios, and of the first of every other clause."""
    standard = make_plan(0, Depth.STANDARD)
    own = [one for one in every_pickle() if mutant.clause in one.scenario.tags]
    first = [one for one in _first_of_each() if one not in own]
    plan = replace(standard, rows={key_of(one): standard.rows_of(one) for one in own})
    target = DirectTarget(mutant.make())
    return run_suite(target, plan=plan, pickles=[*own, *first]).scenarios


def _others(mutant: Mutant) -> list[ScenarioRecord]:
    """The records of all other scenarios."""
    others = [one for one in every_pickle() if mutant.clause not in one.scenario.tags]
    target = DirectTarget(mutant.make())
    return run_suite(target, depth=Depth.QUICK, pickles=others).scenarios


@cache
def _first_of_each() -> tuple[Pickle, ...]:
    """The first scenario of each clause, in the order of the suite."""
    seen: set[str] = set()
    found: list[Pickle] = []
    for one in every_pickle():
        if not one.scenario.tags <= seen:
            found.append(one)
            seen |= one.scenario.tags
    return tuple(found)


def judge(
    mutant: Mutant,
    scenarios: Sequence[ScenarioRecord],
    failing: tuple[str, ...],
) -> MutantProof:
    """Decide the status of a mutant from the scenarios and the clauses in `failing`."""
    killing = [record for record in scenarios if _kills(mutant, record)]
    killers = tuple(sorted({record.place for record in killing}))
    broken = [record for record in scenarios if record.kind not in HARMLESS]
    message: str | None = None
    if broken:
        status, message = MutantStatus.BROKEN, broken[0].message
    elif killers:
        status, message = MutantStatus.KILLED, killing[0].message
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
        value=mutant.value,
        status=status,
        killers=killers,
        failing_clauses=failing,
        waiver=mutant.waiver,
        message=message,
    )
