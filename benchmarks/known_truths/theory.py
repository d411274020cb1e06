"""Exact values: what becomes of invitations, how many are pending, how long they wait.

Nothing here uses the simulator but the types that describe a distribution. All times
are in microseconds, as floats.

An invitation has competing risks (D. R. Cox and D. Oakes, "Analysis of Survival Data",
Chapman and Hall 1984, chapter 9): the answer, the inviter's cancel, and the deadline.
As they are independent, the probability to be pending still is the product of those of
the risks, and everything else is an integral of it. Integrals are Gauss-Legendre sums
over short panels (M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions",
25.4.30), and no kink or jump of an integrand is inside a panel.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from invitelab.world.scenario.values import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Uniform,
)

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

LIFETIME_US = 120e6
"""The deadline: two minutes from the sending, on the clock of the inviter."""

PANEL_US = 0.5e6
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


# Distributions.


def below(of: Distribution, at_us: Floats) -> Floats:
    """The probability that a duration is at most that long."""
    match of:
        case Constant(value=value):
            return (at_us >= value).astype(np.float64)
        case Uniform(low=low, high=high):
            return np.clip((at_us - low) / (high - low), 0, 1)
        case Exponential(mean=mean):
            return -np.expm1(-np.maximum(at_us, 0) / mean)
        case Lognormal(median=median, sigma=sigma):
            normal = np.log(np.maximum(at_us, 1e-9) / median) / sigma
            erf = np.array([math.erf(one / math.sqrt(2)) for one in normal.tolist()])
            return (1 + erf) / 2
        case _:
            assert_never(of)


def density(of: Uniform | Exponential | Lognormal, at_us: Floats) -> Floats:
    """The probability density, per microsecond."""
    match of:
        case Uniform(low=low, high=high):
            inside = (at_us >= low) & (at_us <= high)
            return inside / float(high - low)
        case Exponential(mean=mean):
            return np.exp(-at_us / mean) / mean
        case Lognormal(median=median, sigma=sigma):
            normal = np.log(at_us / median) / sigma
            return np.exp(-(normal**2) / 2) / (at_us * sigma * math.sqrt(2 * math.pi))
        case _:
            assert_never(of)


def breaks(of: Distribution) -> Sequence[float]:
    """Where its density or its distribution function is not smooth."""
    match of:
        case Constant(value=value):
            return (value,)
        case Uniform(low=low, high=high):
            return (low, high)
        case _:
            return ()


def integral(
    function: Function, begin_us: float, end_us: float, *, at: Sequence[float] = ()
) -> float:
    """The integral of a function that is smooth but for the instants `at`."""
    inside = sorted({one for one in at if begin_us < one < end_us})
    total = 0.0
    for low, high in zip([begin_us, *inside], [*inside, end_us], strict=True):
        count = max(1, math.ceil((high - low) / PANEL_US))
        edges = np.linspace(low, high, count + 1)
        half = (edges[1:] - edges[:-1]) / 2
        points = (edges[:-1] + half)[:, np.newaxis] + half[:, np.newaxis] * NODES
        values = function(points.ravel()).reshape(points.shape)
        total += float((values @ WEIGHTS) @ half)
    return total


def mean_before(
    of: Distribution, function: Function, end_us: float, *, at: Sequence[float]
) -> float:
    """The mean of a function of a duration, counted as 0 from `end_us` on."""
    if isinstance(of, Constant):
        value = float(function(np.array([float(of.value)]))[0])
        return value if of.value < end_us else 0.0
    smooth = of
    return integral(
        lambda at_us: function(at_us) * density(smooth, at_us),
        0,
        end_us,
        at=[*at, *breaks(of)],
    )


# Invitations.


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """The probability of each end of an invitation, and the mean of its lifetime.

    `accepting_us` is the mean of the time to its acceptance, counted as 0 if there is
    none.
    """

    accepted: float
    rejected: float
    cancelled: float
    expired: float
    mean_us: float
    accepting_us: float

    @property
    def accepted_us(self) -> float:
        """The mean time to the acceptance of those that are accepted."""
        return self.accepting_us / self.accepted

    @property
    def decided_us(self) -> float:
        """The mean lifetime of those that do not expire."""
        return (self.mean_us - LIFETIME_US * self.expired) / (1 - self.expired)

    def pending(self, rate_per_s: float) -> float:
        """The mean number pending where so many are sent a second, at random.

        Senders do not wait for each other, so it is the queue M/G/oo, in which the
        number is Poisson and depends on the mean lifetime alone (L. Takacs,
        "Introduction to the Theory of Queues", Oxford 1962, page 160); from one
        lifetime after the beginning on it is stationary.
        """
        return rate_per_s * self.mean_us / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks:
    """What may end an invitation, on the clock of its inviter.

    An answer counts from its arrival on: a think time and `delay_us` after the sending,
    which is the way of the offer and that of the answer.
    """

    accept: float
    reject: float
    think: Distribution
    cancel: float
    cancel_after: Distribution
    delay_us: float

    def unanswered(self, at_us: Floats) -> Floats:
        """The probability that no answer has arrived by then."""
        answers = self.accept + self.reject
        return 1 - answers * below(self.think, at_us - self.delay_us)

    def uncancelled(self, at_us: Floats) -> Floats:
        """The probability that its inviter has not cancelled by then."""
        return 1 - self.cancel * below(self.cancel_after, at_us)

    def pending(self, at_us: Floats) -> Floats:
        """The probability to be pending so long after the sending, before the end."""
        return self.unanswered(at_us) * self.uncancelled(at_us)

    def fates(self) -> Fates:
        """What becomes of it: each end is its risk while the others have not struck."""
        arrivals = [one + self.delay_us for one in breaks(self.think)]
        cancels = breaks(self.cancel_after)
        in_time = self._answered(self.uncancelled)
        unanswered = mean_before(
            self.cancel_after, self.unanswered, LIFETIME_US, at=arrivals
        )
        return Fates(
            accepted=self.accept * in_time,
            rejected=self.reject * in_time,
            cancelled=self.cancel * unanswered,
            expired=float(self.pending(np.array([LIFETIME_US]))[0]),
            accepting_us=self.accept
            * self._answered(lambda at_us: at_us * self.uncancelled(at_us)),
            mean_us=integral(self.pending, 0, LIFETIME_US, at=[*arrivals, *cancels]),
        )

    def _answered(self, function: Function) -> float:
        """The mean of a function of the arrival of an answer before the deadline."""
        return mean_before(
            self.think,
            lambda at_us: function(at_us + self.delay_us),
            LIFETIME_US - self.delay_us,
            at=[one - self.delay_us for one in breaks(self.cancel_after)],
        )


def two_uniforms(width_us: float) -> Sequence[tuple[float, float]]:
    """Values and weights for the sum of two durations, both uniform over a width.

    The rule of three points with the moments of that sum about its mean up to the
    fifth: exact for a function that is smooth over some hundred microseconds.
    """
    second, fourth = width_us**2 / 6, width_us**4 / 15
    offset = math.sqrt(fourth / second)
    weight = second**2 / (2 * fourth)
    return ((-offset, weight), (0.0, 1 - 2 * weight), (offset, weight))


def mixed(parts: Sequence[tuple[float, Fates]]) -> Fates:
    """The fates where each of these holds with its probability."""

    def mean(of: Callable[[Fates], float]) -> float:
        return math.fsum(weight * of(one) for weight, one in parts)

    return Fates(
        accepted=mean(lambda one: one.accepted),
        rejected=mean(lambda one: one.rejected),
        cancelled=mean(lambda one: one.cancelled),
        expired=mean(lambda one: one.expired),
        mean_us=mean(lambda one: one.mean_us),
        accepting_us=mean(lambda one: one.accepting_us),
    )


# Queues.


def erlang_c(servers: int, offered: float) -> float:
    """The probability to wait in M/M/c; `offered` is rate times mean service.

    A. K. Erlang, "Solution of some problems in the theory of probabilities of
    significance in automatic telephone exchanges", Elektroteknikeren 13 (1917), page 5.
    From his loss formula by its recursion, which loses no digits.
    """
    lost = 1.0
    for count in range(1, servers + 1):
        lost = offered * lost / (count + offered * lost)
    load = offered / servers
    return lost / (1 - load * (1 - lost))


def exponential_wait(servers: int, load: float) -> float:
    """The mean wait in M/M/c, in mean services."""
    return erlang_c(servers, load * servers) / (servers * (1 - load))


def constant_wait(servers: int, load: float) -> float:
    """The mean wait in M/D/c, in services.

    C. D. Crommelin, "Delay probability formulae when the holding times are constant",
    Post Office Electrical Engineers' Journal 25 (1932), page 41: the sum over i of
    P(N >= ic) - P(N >= ic + 1) / load, with N Poisson of mean i times the offered load.
    It also follows from F. Spitzer, "A combinatorial lemma and its application to
    probability theory", Transactions of the American Mathematical Society 82 (1956),
    page 323, as every c-th message has the same worker. For one server it is the
    formula of Pollaczek and Khinchine, load / 2 / (1 - load).
    """
    total = 0.0
    for i in range(1, MOST_TERMS):
        term = _crommelin(i, servers, load)
        total += term
        if term < total * 1e-15:
            return total
    raise ValueError(f"a load of {load} is too near to 1")


MOST_TERMS = 100_000


def _crommelin(i: int, servers: int, load: float) -> float:
    """The i-th term: a Poisson tail of few numbers, as its mean is below them."""
    mean, least = i * load * servers, i * servers
    count = 50 + math.ceil(40 / -math.log(load))
    first = math.exp(least * math.log(mean) - mean - math.lgamma(least + 1))
    factors = mean / np.arange(least + 1, least + count)
    tail = first * float(np.cumprod(factors).sum())
    return first + tail - tail / load
