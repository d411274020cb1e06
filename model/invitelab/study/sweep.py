"""A scenario at several settings of one value.

All points have the same seed, and so share every random number that the value does not
affect (common random numbers): differences between them are effects of the value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.inputs.units import parse_duration, parse_rate
from invitelab.protocol.values import US_PER_S
from invitelab.study.plan import plan
from invitelab.study.workers import HERE, Progress, Where, carry_out, no_progress
from invitelab.world.scenario.file import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A point to run: the scenario with the value, and the value as it was written.

    A point of a grid has a second value. `arguments` reproduce the point alone.
    """

    text: str
    value: object
    loaded: Loaded
    second_text: str = ""
    second_value: object = None
    arguments: tuple[str, ...] = ()


def sweep(
    path: str,
    settings: Sequence[Setting],
    *,
    second_path: str = "",
    seed: int | None = None,
    replications: int | None = None,
    where: Where = HERE,
    progress: Progress = no_progress,
) -> Sweep:
    """Run every setting of the value at `path`; there is at least one.

    Those of a grid have another value at `second_path`.

    The points share the workers, and do not depend on their number. A termination
    signal leaves the points that have begun. Raises what `simulate` raises.
    """
    plans = [
        plan(one.loaded, seed=seed, replications=replications, arguments=one.arguments)
        for one in settings
    ]
    carry_out(plans, where, progress)
    points = tuple(
        point_of(one, results)
        for one, planned in zip(settings, plans, strict=True)
        if (results := planned.partial()) is not None
    )
    if not points:
        raise KeyboardInterrupt
    return Sweep(
        title=settings[0].loaded.scenario.title,
        path=path,
        second_path=second_path,
        points_planned=len(settings),
        points=points,
    )


def point_of(setting: Setting, results: Results) -> SweepPoint:
    """The point of a setting."""
    return SweepPoint(
        value=setting.text,
        number=number(setting.value),
        second=setting.second_text,
        second_number=number(setting.second_value),
        results=results,
    )


def number(value: object) -> float | None:
    """A value as a number: plain, in seconds, or per second; None where it is none."""
    match value:
        case None | bool():
            return None
        case int() | float():
            return float(value)
        case str():
            return _quantity(value)
        case _:
            return None


def ascends(values: Sequence[object]) -> bool:
    """Whether all are numbers of one kind, each larger than the one before."""
    kinds = {_kind(value) for value in values}
    numbers = [number(value) for value in values]
    known = [one for one in numbers if one is not None]
    rising = all(a < b for a, b in pairwise(known))
    return len(kinds) == 1 and len(known) == len(numbers) and rising


def _kind(value: object) -> str:
    """What a value is: a plain number, a rate or a time."""
    if not isinstance(value, str):
        return "number"
    return "rate" if "/" in value else "time"


def _quantity(text: str) -> float | None:
    try:
        return parse_duration(text) / US_PER_S
    except ValueError:
        pass  # it may be a rate
    try:
        return parse_rate(text)
    except ValueError:
        return None
