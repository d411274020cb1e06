"""Simulation of a scenario: replications, and their results."""

from collections.abc import Sequence

from invitelab.formats.results import Results
from invitelab.study.plan import plan
from invitelab.study.workers import HERE, Progress, Where, carry_out, no_progress
from invitelab.world.scenario.file import Loaded


def simulate(
    loaded: Loaded,
    *,
    seed: int | None = None,
    replications: int | None = None,
    where: Where = HERE,
    progress: Progress = no_progress,
    arguments: Sequence[str] = (),
    watched: bool = False,
) -> Results:
    """Run a scenario; a termination signal leaves incomplete results.

    `seed` and `replications` override those of the scenario; `replications` are then
    exactly so many, decided or not. `arguments` are kept to reproduce the run. With
    `watched` the progress has glimpses of what was counted so far. The results depend
    neither on it nor on `where`. Raises UsageError where the trace cannot be read
    or no cluster answers, RunError where a job is lost for good, and KeyboardInterrupt
    where there is nothing to report yet.
    """
    planned = plan(loaded, seed=seed, replications=replications, arguments=arguments)
    carry_out([planned], where, progress, watched=watched)
    results = planned.partial()
    if results is None:
        raise KeyboardInterrupt
    return results
