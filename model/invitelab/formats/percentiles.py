"""Quantiles of a stored distribution, interpolated between the points of its curve."""

import math
from typing import Final

from invitelab.formats.estimates import Distribution, Estimate

LEAST_BEYOND: Final = 10
"""The least number of samples beyond a quantile that is shown."""

NEAR: Final = 1e-12
"""Probabilities that differ by less are equal."""


def value_at(distribution: Distribution, probability: float) -> float | None:
    """The quantile, interpolated linearly; None beyond the end of the curve."""
    found = estimate_at(distribution, probability)
    return None if found is None else found.mean


def never_at(distribution: Distribution, probability: float) -> bool:
    """Whether that quantile is among the samples of what never happened."""
    population = distribution.count + distribution.never
    rank = math.ceil(probability * population - NEAR)
    return rank > distribution.count and distribution.never >= LEAST_BEYOND


def lasting(distribution: Distribution, at_least: float) -> int:
    """How many samples are at least that, or never happened; exact but for one bin."""
    return distribution.never + sum(
        one.count for one in distribution.bins if one.lower >= at_least
    )


def estimate_at(distribution: Distribution, probability: float) -> Estimate | None:
    """As `value_at`, with the interval."""
    before = None
    for point in distribution.curve:
        if point.probability >= probability - NEAR:
            if before is None:
                return point.value
            part = (probability - before.probability) / (
                point.probability - before.probability
            )
            return _between(before.value, point.value, min(part, 1.0))
        before = point
    return None


def _between(a: Estimate, b: Estimate, part: float) -> Estimate:
    mean = a.mean + part * (b.mean - a.mean)
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return Estimate(mean=mean)
    low, high = a.low + part * (b.low - a.low), a.high + part * (b.high - a.high)
    return Estimate(mean=mean, low=low, high=high)
