"""The suite, or some of its scenarios, run on one target in this process."""

from collections.abc import Mapping, Sequence

from invitelab.adapters.base import (
    Adapter,
    AdapterError,
    Closing,
    Json,
    Limits,
    Transport,
)
from invitelab.adapters.driver import Reachable
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.plan import Depth
from invitelab.conformance.factors.run_plan import RunPlan, in_drawn_order, whole_suite
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import CallError, CrashError, InterruptedRunError
from invitelab.formats.run import ClauseRecord, ScenarioRecord, Verdict
from invitelab.processes.pool import must_stop

RED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})


class DirectTarget(Closing):
    """Target, and transport, that calls an adapter directly, without JSON and limits.

    A third faster than InProcessTarget, which has tests of its own. For adapters that
    neither hang nor answer with values that JSON cannot hold.
    """

    stderr = ""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.text = type(adapter).__qualname__

    def open(self, limits: Limits) -> Transport:  # noqa: ARG002 - the interface's
        """Give the target itself: nothing has to be started."""
        return self

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:  # noqa: ARG002
        """Call the adapter; CrashError when it raises, as over every transport."""
        try:
            return self.adapter.request(method, params)
        except (AdapterError, CallError):
            raise
        except Exception as error:
            msg = f"the adapter raised {type(error).__name__}: {error} in {method}"
            raise CrashError(msg) from error

    def close(self) -> None:
        """Do nothing: nothing was started."""


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
