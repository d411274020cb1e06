"""One scenario, many replications: from the file's values to results."""

from collections.abc import Sequence

from invitelab.formats.results import Results
from invitelab.study.plan import plan
from invitelab.study.workers import Progress, carry_out, no_progress
from invitelab.world.scenario.file import Loaded


def simulate(
    loaded: Loaded,
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int = 1,
    progress: Progress = no_progress,
    arguments: Sequence[str] = (),
) -> Results:
    """Run a scenario; a signal to end leaves what there is, marked incomplete.

    `seed` and `replications` go before the scenario's own; `replications` are then
    exactly so many, decided or not; `arguments` are for the line that repeats the run.
    The results are the same for any `workers`. Raises
    UsageError where the trace cannot be read, RunError where a worker is lost, and
    KeyboardInterrupt where there is nothing yet to report.
    """
    planned = plan(loaded, seed=seed, replications=replications, arguments=arguments)
    carry_out([planned], workers, progress)
    results = planned.partial()
    if results is None:
        raise KeyboardInterrupt
    return results
