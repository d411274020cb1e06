"""One implementation, made here, against the whole suite, in this process."""

from collections.abc import Mapping, Sequence
from functools import cache

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
from invitelab.conformance.features.gherkin import Pickle, pickles
from invitelab.errors import CallError, CrashError
from invitelab.formats.run import ClauseRecord, ScenarioRecord, Verdict

RED = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})


class Direct(Closing):
    """A target at hand, and its transport: without JSON and without limits.

    A third faster than the one it stands for, which has tests of its own; for adapters
    that behave, however wrong they are.
    """

    stderr = ""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.text = type(adapter).__qualname__

    def open(self, limits: Limits) -> Transport:  # noqa: ARG002 - the interface's
        """It is there already."""
        return self

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:  # noqa: ARG002
        """Ask; whatever is raised ends the target, as it does elsewhere."""
        try:
            return self.adapter.request(method, params)
        except (AdapterError, CallError):
            raise
        except Exception as error:
            msg = f"the adapter raised {type(error).__name__}: {error} in {method}"
            raise CrashError(msg) from error

    def close(self) -> None:
        """Nothing was started."""


@cache
def every_pickle() -> tuple[Pickle, ...]:
    """The suite, parsed once a process."""
    return tuple(pickles())


def run_all(
    target: Reachable, limits: Limits | None = None, *, silent: bool = True
) -> Engine:
    """Judge it by every scenario, to the end; silent: without what was said."""
    engine = Engine(target, None, limits, silent=silent)
    for pickle in every_pickle():
        engine.run(pickle)
    engine.finish(selected_all=True)
    return engine


def red(clauses: Sequence[ClauseRecord]) -> tuple[str, ...]:
    """The clauses that something is wrong with."""
    return tuple(record.clause for record in clauses if record.verdict in RED)


def is_observed(record: ScenarioRecord) -> bool:
    """Whether a scenario broke at an observation, and not because something died."""
    broken = record.verdict in {Verdict.FAIL, Verdict.DEVIATION}
    failed = [step for step in record.steps if step.status == "failed"]
    return broken and record.kind is None and len(failed) == 1
