"""Confidence intervals that are exact: of a share, and of a variance over its mean.

Both invert a distribution function by bisection, so that they hold for the tiny errors
that many comparisons leave to each of them.
"""

import math
from collections.abc import Callable, Sequence

Interval = tuple[float, float]

MOST_TERMS = 100_000
HALVINGS = 60
SMALLEST = 1e-300


def share(count: int, trials: int, error: float) -> Interval:
    """The interval of a probability, from how often it happened.

    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits
    illustrated in the case of the binomial", Biometrika 26 (1934), page 404.
    """
    low, high = 0.0, 1.0
    found = count / trials
    if count:
        low = root(lambda p: beta(p, count, trials - count + 1), error / 2, 0, found)
    if count < trials:
        rest = root(
            lambda p: beta(p, trials - count, count + 1), error / 2, 0, 1 - found
        )
        high = 1 - rest
    return low, high


def dispersion(squares: float, degrees: int, error: float) -> Interval:
    """The interval of variance over mean, of counts that should be Poisson.

    `squares` is the sum of squared deviations over the mean; it has the distribution
    of chi squared (R. A. Fisher, "Statistical Methods for Research Workers", Oliver and
    Boyd 1925, section 16), here of counts of a hundred or more.
    """
    most = degrees + 100 * math.sqrt(degrees) + 100
    low = root(lambda x: gamma(degrees / 2, x / 2), error / 2, 0, most)
    high = root(lambda x: gamma(degrees / 2, x / 2), 1 - error / 2, 0, most)
    return squares / high, squares / low


def squares_over_mean(counts: Sequence[float]) -> float:
    """The sum of squared deviations from the mean, over the mean."""
    mean = math.fsum(counts) / len(counts)
    return math.fsum((one - mean) ** 2 for one in counts) / mean


def root(
    rising: Callable[[float], float], wanted: float, low: float, high: float
) -> float:
    """Where a function that rises has the wanted value."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def gamma(shape: float, x: float) -> float:
    """The incomplete gamma function ratio P(shape, x).

    The series of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions",
    6.5.29, in which all terms are positive.
    """
    if x <= 0:
        return 0.0
    term = total = 1 / shape
    for count in range(1, MOST_TERMS):
        term *= x / (shape + count)
        total += term
        if term < total * 1e-16:
            break
    return total * math.exp(shape * math.log(x) - x - math.lgamma(shape))


def beta(x: float, a: float, b: float) -> float:
    """The incomplete beta function ratio I_x(a, b).

    The continued fraction of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical
    Functions", 26.5.8, from the side where it converges fast.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """By W. J. Lentz, Applied Optics 15 (1976), page 668: forward, two terms a step."""
    c, d = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for part in (even, odd):
            c, d = _apart(1 + part / c), 1 / _apart(1 + part * d)
            step = c * d
            value *= step
        if abs(step - 1) < 1e-14:  # noqa: PLR2004 - a rounding error
            break
    return value


def _apart(value: float) -> float:
    """The value, or a tiny one in place of zero."""
    return value if abs(value) > SMALLEST else SMALLEST
