"""What replications of a parameter set say about what is exactly known of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unittest.mock import patch

import exact_intervals
from parameter_sets import (
    DURATION_S,
    LIFETIME_S,
    QUEUE_DURATION_S,
    InvitationSet,
    ParameterSet,
    QueueSet,
)

from invitelab.formats.results import Outcome
from invitelab.protocol.values import US_PER_S
from invitelab.study.intervals import estimate
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.exactness import Engine

Interval = tuple[float, float]

PROVED = 32
"""Invitations of a replication that the core tells again, usually 2,000.

They would take most of the time, and other tests compare all of them.
"""

QUEUE_WARM_UP_S = 20
"""Ten times the relaxation time of the slowest queue, service / (1 - sqrt(load))^2."""

BINOMIAL, STUDENT, CHI_SQUARED, IDENTITY = "binomial", "t", "chi squared", "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A quantity, its exact value, and its interval as a function of the error.

    `kind` is how the interval is made. That of an identity is what was measured.
    """

    subject: str
    quantity: str
    exact: float
    kind: str
    interval: Callable[[float], Interval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What the formulas take for granted, counted over all replications.

    `delayed` are replications of invitations in which a message waited, `repeated`
    messages that were sent again, `refused` attempts that met a pending invitation.
    """

    replications: int = 0
    attempts: int = 0
    delayed: int = 0
    repeated: int = 0
    refused: int = 0

    def plus(self, other: "Premises") -> "Premises":
        """Both."""
        return Premises(
            replications=self.replications + other.replications,
            attempts=self.attempts + other.attempts,
            delayed=self.delayed + other.delayed,
            repeated=self.repeated + other.repeated,
            refused=self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispersion:
    """The scatter of numbers pending, in means, and its degrees of freedom."""

    squares: float
    degrees: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The replications of a set."""

    of: ParameterSet
    runs: Sequence[Measurement]


def measured(of: ParameterSet, replications: int, engine: Engine) -> Measured:
    """Run a set so many times."""
    scenario = of.scenario.model_copy(update={"engine": engine})
    with patch("invitelab.study.cohort_replication.MOST_CHECKED", PROVED):
        runs = [
            replicate(Job(scenario=scenario, seed=scenario.seed, number=number))
            for number in range(replications)
        ]
    return Measured(of=of, runs=runs)


def findings(found: Measured) -> Iterator[Finding]:
    """All quantities of a set."""
    subject, runs = str(found.of.number), found.runs
    match found.of:
        case InvitationSet():
            yield from _of_invitations(subject, found.of, runs)
        case QueueSet():
            yield from _of_queues(subject, found.of, runs)
    yield _little(subject, runs)


def premises(found: Measured) -> Premises:
    """What is taken for granted of a set, as it was."""
    runs, wide = found.runs, isinstance(found.of, InvitationSet)
    return Premises(
        replications=len(runs),
        attempts=sum(one.attempts for one in runs),
        delayed=sum(_longest_wait_us(one) > 0 for one in runs) if wide else 0,
        repeated=sum(_repeated(one, wide=wide) for one in runs),
        refused=sum(one.outcomes[Outcome.REFUSED] for one in runs),
    )


def _longest_wait_us(run: Measurement) -> int:
    return max(one.waits.maximum or 0 for one in run.pools.values())


def _repeated(run: Measurement, *, wide: bool) -> int:
    """Offers beyond one an invitation; in a narrow relay messages beyond four."""
    handled = {kind: sum(pool.handled) for kind, pool in run.pools.items()}
    sent = run.attempts - run.outcomes[Outcome.REFUSED]
    if wide:
        return handled[MessageClass.OFFER] - sent
    return sum(handled.values()) - 4 * sent


# Invitations.


def _of_invitations(
    subject: str, of: InvitationSet, runs: Sequence[Measurement]
) -> Iterator[Finding]:
    fates = of.fates()
    exact = {
        Outcome.ACCEPTED: fates.accepted,
        Outcome.REJECTED: fates.rejected,
        Outcome.CANCELLED: fates.cancelled,
        Outcome.EXPIRED: fates.expired,
    }
    sent = sum(one.attempts - one.outcomes[Outcome.REFUSED] for one in runs)
    for outcome, value in exact.items():
        count = sum(one.outcomes[outcome] for one in runs)
        yield _share(subject, f"share {outcome.value}", value, (count, sent))
    for name, delay, exact_us in (
        ("mean time to a decision, s", "decision_delay", fates.decided_us),
        ("mean time to a session, s", "session_delay", fates.accepted_us + of.way_us),
    ):
        delays_s = [_mean_delay_s(one, delay) for one in runs]
        yield _mean(subject, name, exact_us / US_PER_S, delays_s)
    pending = [_mean_pending(one) for one in runs]
    yield _mean(subject, "mean number pending", fates.pending(of.rate_per_s), pending)
    scatter = dispersion(runs)
    yield poisson(subject, scatter)


def _share(
    subject: str, quantity: str, exact: float, counts: tuple[int, int]
) -> Finding:
    return Finding(
        subject=subject,
        quantity=quantity,
        exact=exact,
        kind=BINOMIAL,
        interval=lambda error: exact_intervals.share(*counts, error),
    )


def _mean(
    subject: str, quantity: str, exact: float, values: Sequence[float]
) -> Finding:
    def interval(error: float) -> Interval:
        found = estimate(values, error)
        assert found.low is not None
        assert found.high is not None
        return found.low, found.high

    return Finding(
        subject=subject, quantity=quantity, exact=exact, kind=STUDENT, interval=interval
    )


def _mean_delay_s(run: Measurement, delay: str) -> float:
    found = run.delays[delay].mean
    assert found is not None, "some are decided, and some accepted"
    return found / US_PER_S


def _mean_pending(run: Measurement) -> float:
    """Over time, from one lifetime after the beginning to the last attempt."""
    begin, end = _place(run, LIFETIME_S), _place(run, DURATION_S)
    return sum(run.pending[begin:end]) / ((end - begin) * run.windows.width_us)


def _place(run: Measurement, at_s: int) -> int:
    """The window that begins then."""
    place, rest = divmod(at_s * US_PER_S, run.windows.width_us)
    assert not rest, "an edge of windows"
    return place


def dispersion(runs: Sequence[Measurement]) -> Dispersion:
    """How the numbers pending scatter, at instants that no invitation spans."""
    counts = [count for one in runs for count in _numbers_pending(one)]
    squares = exact_intervals.squares_over_mean(counts)
    return Dispersion(squares=squares, degrees=len(counts) - 1)


def _numbers_pending(run: Measurement) -> Iterator[int]:
    """Every lifetime, from the first on: independent, and from one distribution."""
    for at_s in range(LIFETIME_S, DURATION_S + 1, LIFETIME_S):
        place = _place(run, at_s)
        ended = sum(sum(windows[:place]) for windows in run.ended.values())
        yield sum(run.offered[:place]) - ended


def poisson(subject: str, found: Dispersion) -> Finding:
    """The variance of a Poisson number is its mean."""
    return Finding(
        subject=subject,
        quantity="number pending, variance / mean",
        exact=1,
        kind=CHI_SQUARED,
        interval=lambda error: exact_intervals.dispersion(
            found.squares, found.degrees, error
        ),
    )


def _little(subject: str, runs: Sequence[Measurement]) -> Finding:
    """The area under the number pending less the sum of all lifetimes.

    J. D. C. Little, "A proof for the queuing formula L = lambda W", Operations Research
    9 (1961), page 383. Each side has counters of its own.
    """
    rest_us = float(sum(sum(one.pending) - _lifetimes_us(one) for one in runs))
    return Finding(
        subject=subject,
        quantity="Little: area - lifetimes, us",
        exact=0,
        kind=IDENTITY,
        interval=lambda _error: (rest_us, rest_us),
    )


def _lifetimes_us(run: Measurement) -> int:
    """The sum of the lifetimes of all that have ended; there is no warm-up."""
    expired_us = run.outcomes[Outcome.EXPIRED] * LIFETIME_S * US_PER_S
    late_us = run.delays["expiry_lag"].total
    return run.delays["decision_delay"].total + expired_us + late_us


# Queues.


def _of_queues(
    subject: str, of: QueueSet, runs: Sequence[Measurement]
) -> Iterator[Finding]:
    exact_ms = of.wait_us / 1e3
    for kind in pools_of(of):
        waits_ms = [wait_ms(one, kind, of.rate_per_s) for one in runs]
        name = f"mean wait, {kind.name.lower()} pool, ms"
        yield _mean(subject, name, exact_ms, waits_ms)


def pools_of(of: QueueSet) -> Sequence[MessageClass]:
    """The pools whose arrivals are Poisson, exactly."""
    if not of.exponential:
        return (MessageClass.OFFER,)
    return (
        MessageClass.OFFER,
        MessageClass.RECEIPT,
        MessageClass.ANSWER,
        MessageClass.VERDICT,
    )


def wait_ms(run: Measurement, kind: MessageClass, rate: float) -> float:
    """The mean wait, as the waits of a second over the arrivals expected in it.

    Over those that there were, it would have a bias: in a second of many arrivals the
    waits are long.
    """
    begin, end = _place(run, QUEUE_WARM_UP_S), _place(run, QUEUE_DURATION_S)
    total_us = sum(run.pools[kind].wait_us[begin:end])
    return total_us / 1e3 / (rate * (QUEUE_DURATION_S - QUEUE_WARM_UP_S))


# All sets together.


def of_all(found: Sequence[Measured]) -> Iterator[Finding]:
    """What only many sets say well: a scatter, and waits, which are correlated."""
    scatters = [dispersion(one.runs) for one in _some(found, InvitationSet)]
    if scatters:
        squares = sum(one.squares for one in scatters)
        degrees = sum(one.degrees for one in scatters)
        yield poisson("all", Dispersion(squares=squares, degrees=degrees))
    for exponential, name in ((True, "M/M/c"), (False, "M/D/c")):
        ratios = [
            _ratios(one.of, one.runs)
            for one in _some(found, QueueSet)
            if isinstance(one.of, QueueSet) and one.of.exponential is exponential
        ]
        if ratios:
            means = [sum(some) / len(some) for some in zip(*ratios, strict=True)]
            quantity = f"mean wait / exact, offers, {name}"
            yield _mean("all", quantity, 1, means)


def _some(found: Sequence[Measured], kind: type) -> Sequence[Measured]:
    return [one for one in found if isinstance(one.of, kind)]


def _ratios(of: QueueSet, runs: Sequence[Measurement]) -> Sequence[float]:
    """The mean wait of an offer in each replication, over the exact one."""
    exact_ms = of.wait_us / 1e3
    return [wait_ms(one, MessageClass.OFFER, of.rate_per_s) / exact_ms for one in runs]
