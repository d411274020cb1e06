"""A mutant is killed when a scenario that cites its clause fails at an observation."""

from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import MutantProof, MutantStatus
from invitelab.formats.run import ScenarioRecord
from invitelab.proof.mutant_trial import Direct, is_observed, red, run_all
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant

HARMLESS = frozenset({None, "setup"})
"""Kinds of trouble that a mutant may have: its own sin may spoil a Given."""


def try_mutant(name: str) -> MutantProof:
    """Run the whole suite on the mutant of that name."""
    mutant = MUTANTS[name]
    engine = run_all(Direct(mutant.make()))
    return judge(mutant, engine.scenarios, red(engine.clauses))


def judge(
    mutant: Mutant, scenarios: list[ScenarioRecord], reds: tuple[str, ...]
) -> MutantProof:
    """What became of a mutant in these scenarios."""
    killers = tuple(
        place
        for place, record in enumerate(scenarios)
        if mutant.clause in record.clauses and is_observed(record)
    )
    broken = [record for record in scenarios if record.kind not in HARMLESS]
    message: str | None = None
    if broken:
        fate, message = MutantStatus.BROKEN, broken[0].message
    elif killers:
        fate, message = MutantStatus.KILLED, scenarios[killers[0]].message
    elif mutant.excuse is not None:
        fate = MutantStatus.EXCUSED
    elif reds:
        fate = MutantStatus.ELSEWHERE
    else:
        fate = MutantStatus.SURVIVED
    return MutantProof(
        name=mutant.name,
        clause=mutant.clause,
        level=load()[mutant.clause].level,
        sin=mutant.sin,
        fate=fate,
        killers=killers,
        red=reds,
        excuse=mutant.excuse,
        message=message,
    )
