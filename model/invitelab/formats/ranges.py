"""Ranges of the numbers in results.json, and checks of several numbers together.

The checks raise ValueError with one sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import isclose
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

# Far beyond any run; larger numbers cannot be drawn on an axis.
MOST: Final = 10**15

# Whole numbers, and times in microseconds.
Count = Annotated[int, Field(ge=0, le=MOST)]
Positive = Annotated[int, Field(ge=1, le=MOST)]
Instant = Annotated[int, Field(ge=-MOST, le=MOST)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]

# Finite figures; amounts (rates, means of numbers, waits) are not negative.
Number = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Confidence = Annotated[float, Field(gt=0, lt=1)]

# Bounds of the lifetime of an invitation: a product variant may have another than the
# two minutes of the specification (`world.product`); and the least width of a window.
SHORTEST_LIFETIME_US: Final = 60_000_000
LONGEST_LIFETIME_US: Final = 3_600_000_000
LEAST_WINDOW_US: Final = 1_000_000
Lifetime = Annotated[int, Field(ge=SHORTEST_LIFETIME_US, le=LONGEST_LIFETIME_US)]
Width = Annotated[int, Field(ge=LEAST_WINDOW_US, le=MOST)]

# A sum of floats that is divided again may differ from a value in its last bits.
_CLOSE: Final = 1e-9


class Value(BaseModel):
    """Base of all parts of the document: frozen, without unknown keys."""

    # Validators are built when they are first used: a worker needs few of them.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def rises(values: Iterable[float | None]) -> bool:
    """Whether values do not fall, within rounding errors; None is skipped."""
    known = [value for value in values if value is not None]
    return all(a <= b or isclose(a, b, rel_tol=_CLOSE) for a, b in pairwise(known))


def check_interval(low: float | None, mean: float, high: float | None) -> None:
    """Reject an interval with one end, out of order, or without the mean."""
    if (low is None) != (high is None):
        raise ValueError("an interval has two ends")
    if not rises((low, high)):
        raise ValueError("an interval begins at its lower end")
    if not rises((low, mean, high)):
        raise ValueError("a mean lies in its own interval")


def check_shares(figures: Iterable[float]) -> None:
    """Reject shares outside 0 to 1."""
    if any(not 0 <= value <= 1 for value in figures):
        raise ValueError("a share and its interval lie between 0 and 1")


def check_amounts(figures: Iterable[float]) -> None:
    """Reject negative amounts."""
    if any(value < 0 for value in figures):
        raise ValueError("a time or a number, and its interval, is not negative")


def check_samples(
    least: float | None, means: Sequence[float], most: float | None
) -> None:
    """Reject means and quantiles outside the range of the samples."""
    for mean in (min(means, default=None), max(means, default=None)):
        if not rises((least, mean, most)):
            raise ValueError("means and quantiles lie between the samples' ends")


def check_sums(total: Mapping[str, int], parts: Sequence[Mapping[str, int]]) -> None:
    """Reject totals that are not the sums of their parts; absent keys are 0."""
    for name in sorted({*total, *(key for part in parts for key in part)}):
        found = sum(part.get(name, 0) for part in parts)
        if found != total.get(name, 0):
            raise ValueError(f"the replications add up to another number of {name}")
