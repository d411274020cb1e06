"""Durations out of uniform numbers: each distribution by its inverse, in arrays."""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from invitelab.protocol.values import US_PER_S
from invitelab.world.load.portable_math import cos_of_turns, exp, log
from invitelab.world.load.rng import Floats
from invitelab.world.scenario.values import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Uniform,
)

Durations = NDArray[np.int64]

LONGEST_US = 366 * 24 * 3600 * US_PER_S
"""A year: what takes longer never happens in a run, and must not overflow."""


def sample(distribution: Distribution, first: Floats, second: Floats) -> Durations:
    """Whole microseconds, never below 0, one for each pair of numbers in (0, 1).

    Every distribution takes two numbers and may leave one: the draws of one purpose
    stay where they are when another distribution takes its place.
    """
    real_us = np.rint(_real(distribution, first, second))
    return np.clip(real_us, 0, LONGEST_US).astype(np.int64)


def _real(distribution: Distribution, first: Floats, second: Floats) -> Floats:
    match distribution:
        case Constant(value=value):
            return np.full(first.shape, float(value))
        case Uniform(low=low, high=high):
            return low + (high - low) * first
        case Exponential(mean=mean):
            return -mean * log(first)
        case Lognormal(median=median, sigma=sigma):
            normal = np.sqrt(-2 * log(first)) * cos_of_turns(second)
            return median * exp(sigma * normal)
        case _:
            assert_never(distribution)
