"""Means over replications and how far they can be trusted.

Replications are independent runs of the same world, so their means scatter like
Student's t whatever goes on inside one run. Intervals are two-sided and hold the true
mean 95 times in 100.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

from invitelab.results import Estimate

CONFIDENCE = 0.95


def student_t(probability: float, degrees: int) -> float:
    """The value a Student-t variable with that many degrees stays below so often.

    The approximation of G. W. Hill, "Algorithm 396: Student's t-quantiles",
    Communications of the ACM 13 (1970), page 619; relative error below 1e-4, exact for
    one and two degrees. Raises ValueError for a probability not inside 0 to 1 and for
    fewer than one degree of freedom.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability is inside 0 to 1, not {probability}")
    if degrees < 1:
        raise ValueError(f"there is no t distribution of {degrees} degrees of freedom")
    if probability < 1 / 2:
        return -student_t(1 - probability, degrees)
    tails = 2 * (1 - probability)
    if degrees == 1:
        return 1 / math.tan(tails * math.pi / 2)
    if degrees == 2:  # noqa: PLR2004 - as one, it has a formula of its own
        return math.sqrt(max(0, 2 / (tails * (2 - tails)) - 2))
    return math.sqrt(degrees * _hill(tails, degrees))


def _hill(tails: float, degrees: int) -> float:
    """`t * t / degrees`, with the single letters of the publication."""
    n = degrees
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = math.pow(d * tails, 2 / n)
    if y <= 0.05 + a:
        z = ((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3
        return ((1 / z + 0.5 / (n + 4)) * y - 1) * (n + 1) / (n + 2) + 1 / y
    x = NormalDist().inv_cdf(tails / 2)
    if n < 5:  # noqa: PLR2004 - the publication's
        c += 0.3 * (n - 4.5) * (x + 0.6)
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
    z = ((0.4 * x**2 + 6.3) * x**2 + 36) * x**2 + 94.5
    z = ((z / c - x**2 - 3) / b + 1) * x
    return math.expm1(a * z**2)


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of independent values and its interval; none around a single value.

    Raises ValueError where there are no values.
    """
    mean, error = _mean_and_error(values)
    if len(values) == 1:
        return Estimate(mean=mean)
    return _around(mean, error, len(values) - 1)


def paired(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """The mean of `b - a`, value by value, where each pair shares its chance.

    Raises ValueError where there are no values, or not as many in both.
    """
    return estimate([after - before for before, after in zip(a, b, strict=True)])


def unpaired(a: Sequence[float], b: Sequence[float]) -> Estimate:
    """The mean of `b` less that of `a`, which have nothing in common (Welch's t).

    The degrees of freedom are rounded down, so the interval is rather too wide. None
    where either has a single value; raises ValueError where either has none.
    """
    mean_a, error_a = _mean_and_error(a)
    mean_b, error_b = _mean_and_error(b)
    mean, error = mean_b - mean_a, math.hypot(error_a, error_b)
    if len(a) == 1 or len(b) == 1:
        return Estimate(mean=mean)
    if not error:
        return Estimate(mean=mean, low=mean, high=mean)
    share_a, share_b = (error_a / error) ** 2, (error_b / error) ** 2
    degrees = 1 / (share_a**2 / (len(a) - 1) + share_b**2 / (len(b) - 1))
    return _around(mean, error, max(1, math.floor(degrees)))


def _around(mean: float, error: float, degrees: int) -> Estimate:
    half = student_t((1 + CONFIDENCE) / 2, degrees) * error if error else 0.0
    return Estimate(mean=mean, low=mean - half, high=mean + half)


def _mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean and its standard error; an error of 0 for a single value."""
    if not values:
        raise ValueError("there is no mean of no values")
    if min(values) == max(values):
        # Said apart, because a sum divided again may miss the value by a last bit.
        return float(values[0]), 0.0
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return mean, math.sqrt(squares / (len(values) - 1) / len(values))
