"""One value of a scenario at several settings, everything else as it was.

All points have the scenario's seed, and so share every draw that the value does not
touch: what differs between them is the value's doing.
"""

from collections.abc import Callable, Mapping

from invitelab.results import Sweep, SweepPoint
from invitelab.study.plan import Plan, plan
from invitelab.study.workers import Progress, carry_out, in_silence
from invitelab.world.scenario_file import Loaded
from invitelab.world.units import parse_duration, parse_rate

LoadWith = Callable[[Mapping[str, object]], Loaded]
"""Loads the scenario with changes laid over it."""


def sweep(
    load_with: LoadWith,
    path: str,
    values: Mapping[str, object],
    *,
    seed: int | None = None,
    replications: int | None = None,
    workers: int = 1,
    progress: Progress = in_silence,
) -> Sweep:
    """Run the scenario once for each value, which is given by its text.

    All points share the workers, and are the same for any number of them. A signal to
    end leaves the points that have begun. Raises what `simulate` raises, and
    ScenarioError for a value that cannot be meant, before anything runs.
    """
    title = ""
    plans: dict[str, Plan] = {}
    for text, value in values.items():
        loaded = load_with({path: value})
        title = title or loaded.scenario.title
        plans[text] = plan(loaded, seed=seed, replications=replications)
    carry_out(list(plans.values()), workers, progress)
    points = tuple(
        SweepPoint(value=text, number=number(values[text]), results=results)
        for text, planned in plans.items()
        if (results := planned.partial()) is not None
    )
    if not points:
        raise KeyboardInterrupt
    return Sweep(title=_title(title, len(points), len(plans)), path=path, points=points)


def number(value: object) -> float | None:
    """Where a value lies on an axis: a time in seconds, a rate a second; or nowhere."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        return parse_duration(value) / 1_000_000
    except ValueError:
        pass
    try:
        return parse_rate(value)
    except ValueError:
        return None


def _title(title: str, done: int, planned: int) -> str:
    if done == planned:
        return title
    return f"{title} (INCOMPLETE: {done} of {planned} points)"
