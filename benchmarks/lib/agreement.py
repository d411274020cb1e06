"""Whether two contenders had the same workload, before their times are compared.

Outcomes are compared with a chi-square test of homogeneity, mean delays with their
standard error, both at a level at which chance alone hardly ever fails.
"""

import math
from collections.abc import Mapping
from typing import Any

LEVEL = 1e-4
"""A difference less likely than this is no chance."""

DELAY_SD_S = 0.021
"""Standard deviation of the time of a message: two legs and a service."""

MOST_ERRORS = 4.0
"""So many standard errors are exceeded with a probability of 6e-5."""


Counts = Mapping[Any, int]
"""How often each outcome was found, by its name."""


class UnlikeError(Exception):
    """Two contenders did different things, so that their times cannot be compared."""


def tail(statistic: float, freedom: int) -> float:
    """The probability that chi-square with these degrees of freedom is larger."""
    half = statistic / 2
    if freedom % 2:
        total = math.erfc(math.sqrt(half))
        term = 2 * math.sqrt(half / math.pi) * math.exp(-half)
        first = 3
    else:
        total, term, first = 0.0, math.exp(-half), 2
    for degree in range(first, freedom + 1, 2):
        total += term
        term *= statistic / degree
    return total


def likelihood(left: Counts, right: Counts) -> float:
    """The probability of a difference like this if both have the same shares."""
    names = {name for name in (*left, *right) if left.get(name) or right.get(name)}
    sizes = sum(left.values()), sum(right.values())
    statistic = 0.0
    for name in sorted(names):
        counts = left.get(name, 0), right.get(name, 0)
        for count, size in zip(counts, sizes, strict=True):
            expected = sum(counts) * size / sum(sizes)
            statistic += (count - expected) ** 2 / expected
    return tail(statistic, len(names) - 1)


def check_outcomes(name: str, found: Counts, expected: Counts) -> None:
    """Raise UnlikeError unless the outcomes may have the same shares."""
    probability = likelihood(found, expected)
    if probability < LEVEL:
        raise UnlikeError(
            f"{name} has other outcomes: {dict(found)}, not as {dict(expected)} "
            f"(p = {probability:.1g})"
        )


def check_delays(
    name: str, found: tuple[float, int], expected: tuple[float, int]
) -> None:
    """Raise UnlikeError unless two means, each of so many delays in seconds, agree."""
    error_s = DELAY_SD_S * math.sqrt(1 / found[1] + 1 / expected[1])
    if abs(found[0] - expected[0]) > MOST_ERRORS * error_s:
        raise UnlikeError(
            f"{name} shows an invitation after {found[0] * 1e3:.2f} ms in the mean, "
            f"not {expected[0] * 1e3:.2f} ms"
        )
