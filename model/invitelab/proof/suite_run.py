"""The suite, or some of its scenarios, run on one target in this process."""

from collections.abc import Sequence

from invitelab.adapters.base import Limits
from invitelab.adapters.driver import Reachable
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.factors.run_plan import RunPlan, in_drawn_order, whole_suite
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import InterruptedRunError
from invitelab.formats.run import ClauseRecord, ScenarioRecord, Verdict
from invitelab.processes.pool import must_stop

RED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})


every_pickle = whole_suite
"""The scenarios of the suite, parsed once a process."""


def run_suite(
    target: Reachable,
    limits: Limits | None = None,
    *,
    silent: bool = True,
    seed: int = 0,
    depth: Depth = Depth.QUICK,
    plan: RunPlan | None = None,
    pickles: Sequence[Pickle] | None = None,
) -> Engine:
    """Run scenarios on the target, all unless some are given, in a drawn order.

    `silent` records no exchanges, and ends each scenario at its first failure. Raises
    InterruptedRunError in a worker whose pool wants its jobs to end early.
    """
    engine = Engine(
        target, None, limits, silent=silent, seed=seed, depth=depth, plan=plan
    )
    chosen = every_pickle() if pickles is None else pickles
    for pickle in in_drawn_order(chosen, seed):
        if must_stop():
            engine.abort()
            msg = "the run was ended"
            raise InterruptedRunError(msg)
        engine.run(pickle)
    engine.finish(selected_all=pickles is None)
    return engine


def failing_clauses(clauses: Sequence[ClauseRecord]) -> tuple[str, ...]:
    """The clauses that failed, erred or deviated."""
    return tuple(record.clause for record in clauses if record.verdict in RED)


def is_observed(record: ScenarioRecord) -> bool:
    """Whether a scenario failed at an observation, and not by a crash or the like."""
    broken = record.verdict in {Verdict.FAIL, Verdict.DEVIATION}
    failed = [step for step in record.steps if step.status == "failed"]
    return broken and record.kind is None and len(failed) == 1
