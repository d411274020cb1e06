"""The proof of the suite: every trial in worker processes, put together."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from typing import TypeVar

import invitelab
from invitelab.conformance.execution.scenario_runner import not_run
from invitelab.conformance.features.clauses import load
from invitelab.errors import Blame, RunError
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
from invitelab.processes.signals import (
    ignore_termination_signals,
    init_worker,
    signals_blocked,
    termination_noted,
)
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
from invitelab.resources import suite_digest

Kind = TypeVar("Kind", bound=ProofPart)
Job = tuple[Callable[[str], ProofPart], str]
LOOK_S = 0.1
"""How long a signal to end may wait to be seen."""

GRACE_S = 30.0
"""For whatever is being tried when a worker is lost."""

Tell = Callable[[int, int], None]
"""Called with the number of finished jobs, and of all jobs."""


def jobs() -> list[Job]:
    """All trials, those that take longest first."""
    return [
        *((try_transport, name) for name in TRANSPORTS),
        *((try_null_implementation, name) for name in NULL_IMPLEMENTATIONS),
        *((try_variant, name) for name in VARIANTS),
        *((try_interpretation, name) for name in INTERPRETATIONS),
        *((try_mutant, name) for name in MUTANTS),
    ]


def prove(workers: int, tell: Tell = lambda _done, _all: None) -> Proof:
    """Run all jobs in that many worker processes.

    Raises KeyboardInterrupt at a signal to end, after which no process is left, and
    RunError when one was lost.
    """
    return assemble(tried(jobs(), workers, tell))


def tried(
    todo: Sequence[Job], workers: int, tell: Tell = lambda _done, _all: None
) -> list[ProofPart]:
    """The results of the jobs, in the order of the jobs."""
    context = multiprocessing.get_context("spawn")
    with termination_noted() as is_to_end:
        pool = ProcessPoolExecutor(workers, context, _prepare)
        try:
            with signals_blocked():
                futures = [pool.submit(attempt, name) for attempt, name in todo]
            for done in _one_by_one(futures, is_to_end):
                tell(done, len(todo))
            return [future.result() for future in futures]
        except BrokenProcessPool:
            _end_the_others()
            msg = "a worker process died before the proof was done"
            hint = "memory may have run out: try --workers 1"
            raise RunError(msg, hint=hint, blame=Blame.ENVIRONMENT) from None
        except KeyboardInterrupt:
            ignore_termination_signals()
            raise
        finally:
            # Not as a context: leaving that would do the waiting jobs first.
            pool.shutdown(cancel_futures=True)


def _one_by_one(
    futures: Sequence[Future[ProofPart]], is_to_end: Callable[[], bool]
) -> Iterator[int]:
    """Count those that are done, as they are; raises what the first bad one raised.

    Raises KeyboardInterrupt at a signal to end, when no lock of a future is held.
    """
    done, waiting = 0, set(futures)
    while waiting:
        finished, waiting = wait(waiting, LOOK_S, FIRST_COMPLETED)
        if is_to_end():
            raise KeyboardInterrupt
        for future in finished:
            future.result()
            done += 1
            yield done


def _end_the_others() -> None:
    """What they are at ends by itself; who waits for a lost one's lock does not."""
    for worker in multiprocessing.active_children():
        worker.join(GRACE_S)
        worker.kill()


def _prepare() -> None:
    """What stays for good is made before the first job.

    It is kept from the garbage collector, which would look through all of it again and
    again.
    """
    init_worker()
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
        conforming_variants=_of(ConformingVariantProof, parts),
        transport_equivalence=_of(TransportProof, parts),
        redundant=tuple(place for place in range(len(places)) if place not in kills),
    )
    return proof.model_copy(update={"findings": tuple(findings(proof))})


def _of(kind: type[Kind], parts: Sequence[ProofPart]) -> tuple[Kind, ...]:
    return tuple(part for part in parts if isinstance(part, kind))


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
