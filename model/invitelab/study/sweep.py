"""A scenario at several settings of one value.

All points have the same seed, and so share every random number that the value does not
affect (common random numbers): differences between them are effects of the value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.inputs.units import parse_duration, parse_rate
from invitelab.protocol.values import US_PER_S
from invitelab.study.plan import plan
from invitelab.study.workers import HERE, Progress, Where, carry_out, no_progress
from invitelab.world.scenario.file import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A point to run: the scenario with the value, and the value as it was written."""

    text: str
    value: object
    loaded: Loaded


def sweep(
    path: str,
    settings: Sequence[Setting],
    *,
    seed: int | None = None,
    replications: int | None = None,
    where: Where = HERE,
    progress: Progress = no_progress,
) -> Sweep:
    """Run every setting of the value at `path`; there is at least one.

    The points share the workers, and do not depend on their number. A termination
    signal leaves the points that have begun. Raises what `simulate` raises.
    """
    plans = [plan(one.loaded, seed=seed, replications=replications) for one in settings]
    carry_out(plans, where, progress)
    points = tuple(
        SweepPoint(value=one.text, number=number(one.value), results=results)
        for one, planned in zip(settings, plans, strict=True)
        if (results := planned.partial()) is not None
    )
    if not points:
        raise KeyboardInterrupt
    return Sweep(
        title=settings[0].loaded.scenario.title,
        path=path,
        points_planned=len(settings),
        points=points,
    )


def number(value: object) -> float | None:
    """A value as a number: plain, in seconds, or per second; None where it is none."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value)
        case str():
            return _quantity(value)
        case _:
            return None


def _quantity(text: str) -> float | None:
    try:
        return parse_duration(text) / US_PER_S
    except ValueError:
        pass  # it may be a rate
    try:
        return parse_rate(text)
    except ValueError:
        return None
