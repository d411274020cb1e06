"""The proof of the suite: every trial in worker processes, put together."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

import invitelab
from invitelab.conformance.execution.scenario_runner import not_run
from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import (
    ClauseProof,
    ConformingVariantProof,
    MutantProof,
    MutantStatus,
    NullImplementationProof,
    Proof,
    ProofPart,
    ScenarioLocation,
    TransportProof,
)
from invitelab.processes.pool import WorkerPool
from invitelab.processes.signals import termination_noted
from invitelab.proof.conforming_variants import (
    INTERPRETATIONS,
    VARIANTS,
    try_interpretation,
    try_variant,
)
from invitelab.proof.findings import findings
from invitelab.proof.mutant_trial import try_mutant
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.null_implementations import (
    NULL_IMPLEMENTATIONS,
    try_null_implementation,
)
from invitelab.proof.suite_run import every_pickle
from invitelab.proof.transport_equivalence import TRANSPORTS, try_transport
from invitelab.proof.variant_seeds import over_seeds
from invitelab.resources import suite_digest

Kind = TypeVar("Kind", bound=ProofPart)
Job = tuple[Callable[[str], ProofPart], str]

Tell = Callable[[int, int], None]
"""Called with the number of finished jobs, and of all jobs."""


def jobs(seeds: int = 1) -> list[Job]:
    """All trials, those that take longest first; the variants with so many seeds."""
    return [
        *((try_transport, name) for name in TRANSPORTS),
        *((try_null_implementation, name) for name in NULL_IMPLEMENTATIONS),
        *variant_jobs(range(seeds)),
        *((try_mutant, name) for name in MUTANTS),
    ]


def variant_jobs(seeds: range) -> list[Job]:
    """The trials of the conforming variants with these seeds."""
    return [
        *(
            (partial(try_variant, seed=seed), name)
            for name in VARIANTS
            for seed in seeds
        ),
        *(
            (partial(try_interpretation, seed=seed), name)
            for name in INTERPRETATIONS
            for seed in seeds
        ),
    ]


def prove(
    workers: int, tell: Tell = lambda _done, _all: None, *, seeds: int = 1
) -> Proof:
    """Run all jobs in that many worker processes.

    The conforming variants are tried with so many seeds, from 0 on. Raises
    KeyboardInterrupt at a signal to end, after which no process is left, and RunError
    when one was lost.
    """
    return assemble(tried(jobs(seeds), workers, tell))


def tried(
    todo: Sequence[Job], workers: int, tell: Tell = lambda _done, _all: None
) -> list[ProofPart]:
    """The results of the jobs, in the order of the jobs.

    Raises KeyboardInterrupt at a signal to end, RunError when a worker is lost, and
    what the first job that fails raises.
    """
    with (
        termination_noted() as interrupted,
        WorkerPool(workers, work="the proof", prepare=_prepare) as pool,
    ):
        futures = [pool.submit(attempt, name) for attempt, name in todo]
        waiting = set(futures)
        while waiting:
            finished = pool.finished(waiting)
            if interrupted():
                raise KeyboardInterrupt
            for future in finished:
                future.result()
                waiting.remove(future)
                tell(len(todo) - len(waiting), len(todo))
        return [future.result() for future in futures]


def _prepare() -> None:
    """Load the scenarios once, and exempt them from garbage collection.

    Otherwise each collection would walk through all of them again.
    """
    every_pickle()
    gc.freeze()


def assemble(parts: Sequence[ProofPart]) -> Proof:
    """Make the proof from the results of the jobs, in their order."""
    mutants = _of(MutantProof, parts)
    places = tuple(_places())
    kills = set(chain.from_iterable(mutant.killers for mutant in mutants))
    proof = Proof(
        harness=f"invitelab {invitelab.__version__}",
        suite=suite_digest(),
        scenarios=places,
        clauses=tuple(_clauses(mutants)),
        mutants=mutants,
        null_implementations=_of(NullImplementationProof, parts),
        conforming_variants=tuple(_variants(parts)),
        transport_equivalence=_of(TransportProof, parts),
        redundant=tuple(place for place in range(len(places)) if place not in kills),
    )
    return proof.model_copy(update={"findings": tuple(findings(proof))})


def _of(kind: type[Kind], parts: Sequence[ProofPart]) -> tuple[Kind, ...]:
    return tuple(part for part in parts if isinstance(part, kind))


def _variants(parts: Sequence[ProofPart]) -> Iterator[ConformingVariantProof]:
    """The conforming variants, each once."""
    trials: dict[str, list[ConformingVariantProof]] = {}
    for one in _of(ConformingVariantProof, parts):
        trials.setdefault(one.name, []).append(one)
    yield from map(over_seeds, trials.values())


def _places() -> Iterator[ScenarioLocation]:
    for record in map(not_run, every_pickle()):
        yield ScenarioLocation(
            feature=record.feature,
            line=record.line,
            title=record.title,
            example=record.example,
        )


def _clauses(mutants: Sequence[MutantProof]) -> Iterator[ClauseProof]:
    by_clause: Mapping[str, list[MutantProof]] = {id_: [] for id_ in load()}
    for mutant in mutants:
        by_clause[mutant.clause].append(mutant)
    for clause in load().values():
        of_clause = by_clause[clause.id]
        killers = set(chain.from_iterable(one.killers for one in of_clause))
        yield ClauseProof(
            clause=clause.id,
            level=clause.level,
            text=clause.text,
            mutants=len(of_clause),
            killed=sum(one.status is MutantStatus.KILLED for one in of_clause),
            killers=len(killers),
        )
