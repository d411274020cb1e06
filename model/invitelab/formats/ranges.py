"""Parts of results.json: frozen, with numbers that are possible and can be drawn.

The checks of several numbers together raise ValueError with one sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import isclose
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

# No run comes near; beyond, no axis can be drawn.
MOST: Final = 10**15

# Whole numbers, and times in microseconds.
Count = Annotated[int, Field(ge=0, le=MOST)]
Positive = Annotated[int, Field(ge=1, le=MOST)]
Instant = Annotated[int, Field(ge=-MOST, le=MOST)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]

# Figures: finite, and amounts (a rate, a level, a wait) not negative.
Number = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Confidence = Annotated[float, Field(gt=0, lt=1)]

# What is no setting: how long every invitation lives (as `protocol.policy` says), and
# the narrowest window that a run is cut into.
LIFETIME_US: Final = 120_000_000
LEAST_WINDOW_US: Final = 1_000_000
Lifetime = Annotated[int, Field(ge=LIFETIME_US, le=LIFETIME_US)]
Width = Annotated[int, Field(ge=LEAST_WINDOW_US, le=MOST)]

# A sum of floats that is divided again may miss a value by its last bits.
_CLOSE: Final = 1e-9


class Value(BaseModel):
    """What all parts have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def rises(values: Iterable[float | None]) -> bool:
    """Whether none of them is below the one before, but for last bits; None is none."""
    known = [value for value in values if value is not None]
    return all(a <= b or isclose(a, b, rel_tol=_CLOSE) for a, b in pairwise(known))


def check_interval(low: float | None, mean: float, high: float | None) -> None:
    """Refuse half an interval, one the wrong way round, and a mean outside it."""
    if (low is None) != (high is None):
        raise ValueError("an interval has two ends")
    if not rises((low, high)):
        raise ValueError("an interval begins at its lower end")
    if not rises((low, mean, high)):
        raise ValueError("a mean lies in its own interval")


def check_shares(figures: Iterable[float]) -> None:
    """Refuse a part of a whole that is less than nothing or more than all."""
    if any(not 0 <= value <= 1 for value in figures):
        raise ValueError("a share and its interval lie between 0 and 1")


def check_amounts(figures: Iterable[float]) -> None:
    """Refuse less than nothing."""
    if any(value < 0 for value in figures):
        raise ValueError("a time or a number, and its interval, is not negative")


def check_samples(
    least: float | None, means: Sequence[float], most: float | None
) -> None:
    """Refuse means and quantiles that lie beyond the least or the largest sample."""
    for mean in (min(means, default=None), max(means, default=None)):
        if not rises((least, mean, most)):
            raise ValueError("means and quantiles lie between the samples' ends")


def check_sums(total: Mapping[str, int], parts: Sequence[Mapping[str, int]]) -> None:
    """Refuse a total that is not the sum of its parts; what is left out is 0."""
    for name in sorted({*total, *(key for part in parts for key in part)}):
        found = sum(part.get(name, 0) for part in parts)
        if found != total.get(name, 0):
            raise ValueError(f"the replications add up to another number of {name}")
