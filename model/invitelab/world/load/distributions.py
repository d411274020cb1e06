"""Arrays of durations from uniform numbers, by inversion of each distribution.

The lognormal is from a normal number by G. E. P. Box and M. E. Muller, "A note on the
generation of random normal deviates", Annals of Mathematical Statistics 29 (1958), page
610.
"""

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
"""A year, the longest duration: longer than any run, and far from an overflow."""


BLOCK = 4096
"""Numbers that are sampled at once: their arrays stay in the processor's cache.

Four times as many take three times as long each.
"""


def sample(distribution: Distribution, first: Floats, second: Floats) -> Durations:
    """Durations in whole microseconds, from 0 to LONGEST_US.

    `first` and `second` are numbers in (0, 1) of the same shape, which is that of the
    result. Every distribution takes two numbers, even if it uses one only, so that
    another distribution leaves all other draws of a purpose as they are.
    """
    if first.size <= BLOCK:
        real_us = np.rint(_real(distribution, first, second))
        return np.clip(real_us, 0, LONGEST_US).astype(np.int64)
    result = np.empty(first.shape, np.int64)
    for begin in range(0, first.size, BLOCK):
        some = slice(begin, begin + BLOCK)
        result[some] = sample(distribution, first[some], second[some])
    return result


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
