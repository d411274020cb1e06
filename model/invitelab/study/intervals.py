"""Means over replications, and their confidence intervals.

Replications are independent runs of the same world, so Student's t applies to their
figures, however correlated the samples of one run are. Intervals are two-sided and miss
the true mean with the probability `error`, by default 0.05. Each is taken on a scale
that fits its figure, so that it never reaches values that the figure cannot have:

- `estimate`: a figure of either sign, on its own scale;
- `positive`: a time or a number of things, on a logarithmic scale;
- `fraction`: a part from 0 to 1, clipped there;
- `proportion`: a share of counts, by Wilson's score;
- `binned`: a quantile of a histogram, as `positive`.

How often each of them holds the truth is measured by `benchmarks/coverage.py`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from invitelab.formats.ranges import MOST
from invitelab.formats.results import Estimate

ERROR = 0.05
"""The probability with which an interval may miss the truth."""

FURTHEST = 30.0
"""The most that the logarithms of an end and of the mean may differ."""

Interval = Callable[[Sequence[float], float], Estimate]
"""A function that makes an interval from one figure a replication and an error."""


def student_t(probability: float, degrees: int) -> float:
    """The quantile of Student's t distribution with that many degrees of freedom.

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
    """`t * t / degrees`, with the variables of the publication."""
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


def estimate(
    values: Sequence[float], error: float = ERROR, *, blur: float = 0.0
) -> Estimate:
    """The mean of independent values and its interval; none around a single value.

    `blur` is as in `paired`. Raises ValueError where there are no values.
    """
    mean, deviation = _mean_and_deviation(values)
    if len(values) == 1:
        return Estimate(mean=mean)
    deviation = max(deviation, blur / math.sqrt(len(values)))
    return _around(mean, deviation, len(values) - 1, error)


def positive(
    values: Sequence[float], error: float = ERROR, *, blur: float = 0.0
) -> Estimate:
    """As `estimate`, of what is never below zero: Student's t around log(mean).

    The standard error of the logarithm is that of the mean over the mean (the delta
    method; W. Q. Meeker and L. A. Escobar, "Statistical Methods for Reliability Data",
    Wiley 1998, section 7.3.2). A value below zero is a defect of what is measured and
    must be visible: then it is `estimate`. `blur` is as in `paired`.
    """
    plain = estimate(values, error, blur=blur)
    if plain.high is None or plain.mean <= 0 or min(values) < 0:
        return plain
    factor = _exp((plain.high - plain.mean) / plain.mean)
    low, high = plain.mean / factor, min(plain.mean * factor, MOST)
    return Estimate(mean=plain.mean, low=low, high=high)


def fraction(values: Sequence[float], error: float = ERROR) -> Estimate:
    """As `estimate`, of parts from 0 to 1, clipped there.

    Clipping to possible values does not change the coverage. On the logit scale the
    interval of a part near 0 or 1 would be useless: that of two replications of 99.6 %
    was from 0.07 % to 100 %.
    """
    plain = estimate(values, error)
    if plain.low is None or plain.high is None:
        return plain
    return Estimate(mean=plain.mean, low=max(plain.low, 0.0), high=min(plain.high, 1.0))


def proportion(
    values: Sequence[float], error: float = ERROR, *, trials: Sequence[int]
) -> Estimate:
    """The mean of shares, each of its number of `trials`, and Wilson's score interval.

    E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927), page 209, which has a width also where nothing was
    counted. It is taken at the effective sample size of E. L. Korn and B. I. Graubard,
    "Confidence intervals for proportions with small expected number of positive
    counts", Survey Methodology 24 (1998), page 193: as many independent trials as
    would scatter as the shares do over replications, times (z/t) squared for what few
    replications know of their scatter. Where they do not scatter at all, that is the
    number of trials. Raises ValueError where there are not as many of both.
    """
    mean, deviation = _mean_and_deviation(values)
    if len(values) == 1:
        return Estimate(mean=mean)
    pairs = zip(values, trials, strict=True)
    size = len(values) ** 2 / math.fsum(1 / of for _, of in pairs)
    z = -NormalDist().inv_cdf(error / 2)
    t = student_t(1 - error / 2, len(values) - 1)
    if deviation and 0 < mean < 1:
        size = mean * (1 - mean) / deviation**2 * (z / t) ** 2
    share = z * z / size
    middle = (mean + share / 2) / (1 + share)
    half = math.sqrt(share * (mean * (1 - mean) + share / 4)) / (1 + share)
    # Rounding must not exclude a mean of 0 or 1.
    low, high = min(middle - half, mean), max(middle + half, mean)
    return Estimate(mean=mean, low=max(low, 0.0), high=min(high, 1.0))


def binned(
    values: Sequence[float],
    error: float = ERROR,
    *,
    spans: Sequence[tuple[float, float]],
) -> Estimate:
    """As `positive`, of quantiles that are only known to lie in their `spans`.

    The interval covers the mean of the spans: values inside a bin cannot be
    distinguished, however well the replications agree. Raises ValueError where there
    are not as many of both.
    """
    found = positive(values, error)
    pairs = list(zip(values, spans, strict=True))
    if found.low is None or found.high is None:
        return found
    low = math.fsum(span[0] for _, span in pairs) / len(pairs)
    high = math.fsum(span[1] for _, span in pairs) / len(pairs)
    return Estimate(
        mean=found.mean, low=min(found.low, low), high=max(found.high, high)
    )


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """A mean difference, its standard deviation, and the degrees of freedom of that."""

    mean: float
    deviation: float
    degrees: int

    def interval(self, error: float = ERROR) -> Estimate:
        """Student's interval of the difference; none without degrees of freedom."""
        if not self.degrees:
            return Estimate(mean=self.mean)
        return _around(self.mean, self.deviation, self.degrees, error)

    def excludes_zero(self, error: float = ERROR) -> bool:
        """Whether the difference is significant at that error."""
        found = self.interval(error)
        if found.low is None or found.high is None:
            return False
        return not found.low <= 0 <= found.high

    @property
    def probability(self) -> float:
        """The two-sided p-value of the difference."""
        if not self.mean or not self.degrees:
            return 1.0
        if not self.deviation:
            return 0.0
        return tails_of_t(abs(self.mean) / self.deviation, self.degrees)


def paired(
    a: Sequence[float], b: Sequence[float], *, blur: float = 0.0
) -> MeanDifference:
    """The mean of `b - a`, value by value, where pairs share random numbers.

    `blur` is the standard deviation of the limited resolution of the values, the least
    that they scatter even where they are equal. A resolution in steps has one of
    `step / sqrt(12)` (JCGM 100:2008, "Guide to the expression of
    uncertainty in measurement", F.2.2.1). Raises ValueError where there are no values,
    or not as many in both.
    """
    differences = [after - before for before, after in zip(a, b, strict=True)]
    mean, deviation = _mean_and_deviation(differences)
    least = blur * math.sqrt(2 / len(differences))
    return MeanDifference(mean, max(deviation, least), len(differences) - 1)


def unpaired(
    a: Sequence[float], b: Sequence[float], *, blur: float = 0.0
) -> MeanDifference:
    """The mean of `b` less that of `a`, which are independent.

    B. L. Welch, "The generalization of Student's problem when several different
    population variances are involved", Biometrika 34 (1947), page 28; the degrees of
    freedom are rounded down, so the interval is slightly too wide, and there are none
    where either has a single value. `blur` is as in `paired`. Raises ValueError where
    either has no values.
    """
    mean_a, error_a = _mean_and_deviation(a)
    mean_b, error_b = _mean_and_deviation(b)
    error_a = max(error_a, blur / math.sqrt(len(a)))
    error_b = max(error_b, blur / math.sqrt(len(b)))
    mean, error = mean_b - mean_a, math.hypot(error_a, error_b)
    if len(a) == 1 or len(b) == 1:
        return MeanDifference(mean, error, 0)
    if not error:
        return MeanDifference(mean, error, len(a) + len(b) - 2)
    share_a, share_b = (error_a / error) ** 2, (error_b / error) ** 2
    degrees = 1 / (share_a**2 / (len(a) - 1) + share_b**2 / (len(b) - 1))
    return MeanDifference(mean, error, max(1, math.floor(degrees)))


def tails_of_t(value: float, degrees: int) -> float:
    """The probability that Student's t is at least so far from zero, to either side.

    The finite series for whole degrees of freedom of M. Abramowitz and I. A. Stegun,
    "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
    """
    angle = math.atan(value / math.sqrt(degrees))
    odd = degrees % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for step in range(2 + odd, degrees + 1, 2):
        total += term
        term *= math.cos(angle) ** 2 * (step - 1) / step
    total *= math.sin(angle)
    inside = 2 / math.pi * (angle + total) if odd else total
    return max(0.0, 1 - inside)


def _around(mean: float, deviation: float, degrees: int, error: float) -> Estimate:
    half = student_t(1 - error / 2, degrees) * deviation if deviation else 0.0
    return Estimate(mean=mean, low=mean - half, high=mean + half)


def _exp(power: float) -> float:
    return math.exp(min(power, FURTHEST))


def _mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """The mean and its standard deviation; one of 0 for a single value."""
    if not values:
        raise ValueError("there is no mean of no values")
    if min(values) == max(values):
        # Exactly so: a sum that is divided again may differ in the last bit.
        return float(values[0]), 0.0
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return mean, math.sqrt(squares / (len(values) - 1) / len(values))
