"""A measurement beside the simulation of it: up to which percentile it is explained.

Where the model is right, the measured run is one more replication of it. So at each
tested percentile the measured quantile is held against a prediction interval for a
single further run around the mean of the simulated ones (G. J. Hahn and W. Q. Meeker,
"Statistical Intervals", Wiley 1991, section 4.7), on a logarithmic scale as all
intervals of times (`intervals.positive`). Its variance is the sum of two:

- that of the mean of the simulated replications, at least that of the order statistics
  of all their samples;
- that of one run with as many samples as were measured. It is taken from the scatter of
  the replications, which includes what samples of a run have in common, scaled to the
  measured number; and it is at least that of the measured quantile itself, by the
  distribution-free interval of order statistics (H. A. David and H. N. Nagaraja, "Order
  Statistics", Wiley 2003, section 7.1).

Several percentiles are tested together, each at its part of the error (Bonferroni), so
that a right model is called right at all of them in 95 of 100 comparisons. The model
explains the measurement up to the highest tested percentile before the first that lies
outside.

Outcomes are compared together, too, by R. G. Newcombe, "Interval estimation for the
difference between independent proportions", Statistics in Medicine 17 (1998), page 873,
method 10. The measured share is that of as many independent invitations as the scatter
of the simulated replications leaves of them (the design effect of L. Kish, "Survey
Sampling", Wiley 1965, section 8.2).
"""

import math
from bisect import bisect_left
from itertools import accumulate
from math import isfinite
from statistics import NormalDist
from typing import NamedTuple

from invitelab.formats.beside import (
    Beside,
    OutcomePair,
    Overlay,
    OverlayPoint,
    explained_up_to,
)
from invitelab.formats.results import (
    CurvePoint,
    Distribution,
    Estimate,
    Outcome,
    Results,
)
from invitelab.study.assemble import POINTS_A_DECADE, PROBABILITIES
from invitelab.study.calibration import calibrate
from invitelab.study.histogram import SUB_BITS
from invitelab.study.intervals import ERROR, proportion, student_t

METRICS = ("notify_delay", "decision_delay", "session_delay")
LEAST = 0.1
"""The fastest tenth is not tested: it is a matter of microseconds."""

TESTED_A_DECADE = 4
STEP = 1 / (1 << SUB_BITS)
"""The resolution of a histogram, as a part of a value."""


def beside(a: Results, b: Results) -> Beside | None:
    """The measured one of two beside the simulated one; None for two of a kind."""
    if a.is_simulated == b.is_simulated:
        return None
    model, measured = (a, b) if a.is_simulated else (b, a)
    assert measured.source != "simulation", "the other one is the simulation"
    return Beside(
        model="a" if a.is_simulated else "b",
        source=measured.source,
        measured=measured.subject,
        replications=len(model.replications),
        overlays=tuple(
            overlay(one, other, len(model.replications))
            for metric in METRICS
            if (one := model.distribution(metric)) is not None
            if (other := measured.distribution(metric)) is not None
        ),
        shares=_shares(model, measured),
        calibration=calibrate(model, measured),
    )


class _Pair(NamedTuple):
    """A point of the model's curve, and the measured quantile."""

    point: CurvePoint
    measured_us: float


def overlay(model: Distribution, measured: Distribution, replications: int) -> Overlay:
    """The curves of one delay over each other, with what the model explains."""
    known = {one.probability: one.value.mean for one in measured.curve}
    pairs = [
        _Pair(one, known[one.probability])
        for one in model.curve
        if one.probability >= LEAST and one.probability in known
        if one.value.mean > 0
    ]
    run = _Run(
        replications=replications,
        error=ERROR / max(1, sum(one.point.probability in TESTED for one in pairs)),
        samples=(model.count + model.never) / max(1, replications),
        model=_Samples(model),
        measured=_Samples(measured),
    )
    # Where the true quantile may be among what never happened, nothing can be tested.
    points = tuple(
        _point(pair, run) for pair in pairs if run.can_test(pair.point.probability)
    )
    return Overlay(
        metric=model.metric,
        model_count=model.count,
        model_never=model.never,
        measured_count=measured.count,
        measured_never=measured.never,
        points=points,
        explained=explained_up_to(points),
    )


def _tested() -> frozenset[float]:
    """TESTED_A_DECADE of the probabilities of a curve, and its first above LEAST."""
    every = POINTS_A_DECADE // TESTED_A_DECADE
    steps = {round(1 - 10 ** (-n / TESTED_A_DECADE), 9) for n in range(1, 6 * every)}
    first = min(one for one in PROBABILITIES if one >= LEAST)
    return frozenset({first, *steps} & {*PROBABILITIES})


TESTED = _tested()


class _Run(NamedTuple):
    """What the intervals of a delay depend on."""

    replications: int
    error: float
    """The probability with which one tested percentile may be outside by chance."""
    samples: float
    """The samples of a simulated replication."""
    model: "_Samples"
    measured: "_Samples"

    def can_test(self, probability: float) -> bool:
        """Whether neither quantile may be among what never happened."""
        return all(
            isfinite(_order_statistics(one, probability, self.error).longer)
            for one in (self.model, self.measured)
        )


def _point(pair: _Pair, run: _Run) -> OverlayPoint:
    probability, value = pair.point.probability, pair.point.value
    shorter, longer = _order_statistics(run.measured, probability, run.error)
    model = _order_statistics(run.model, probability, run.error)
    scatter = 0.0
    of_mean = 0.0
    if run.replications > 1 and value.high is not None and value.mean > 0:
        degrees = run.replications - 1
        # The interval of the results is that of `positive`: a factor either way.
        deviation = math.log(value.high / value.mean) / student_t(
            1 - ERROR / 2, degrees
        )
        wide = student_t(1 - run.error / 2, degrees) * deviation
        more = run.samples / max(1, run.measured.population)
        of_mean = wide
        scatter = wide * math.sqrt(run.replications * more)
    # One that is measured too long is held against how much too long it may be, and
    # how much too short the model.
    up = math.hypot(max(of_mean, model.longer), max(scatter, shorter)) + STEP
    down = math.hypot(max(of_mean, model.shorter), max(scatter, longer)) + STEP
    return OverlayPoint(
        probability=probability,
        model_us=value.mean,
        measured_us=pair.measured_us,
        low_us=value.mean * math.exp(-down),
        high_us=value.mean * math.exp(up),
        tested=probability in TESTED,
    )


class _Reach(NamedTuple):
    """How far a true quantile may be from the measured one: logarithms of factors."""

    shorter: float
    longer: float


def _order_statistics(some: "_Samples", probability: float, error: float) -> _Reach:
    """How far the true quantile may be below and above, as logarithms of factors."""
    number = max(1, some.population)
    z = -NormalDist().inv_cdf(error / 2)
    half = z * math.sqrt(probability * (1 - probability) / number)
    value, low, high = (
        max(some.quantile(one), 1.0)
        for one in (probability, probability - half, probability + half)
    )
    return _Reach(math.log(value / low), math.log(high / value))


class _Samples:
    """The samples of a distribution again, each in the middle of its bin."""

    def __init__(self, one: Distribution) -> None:
        self.population = one.count + one.never
        self._values = [(bin_.lower + bin_.upper - 1) / 2 for bin_ in one.bins]
        self._up_to = list(accumulate(bin_.count for bin_ in one.bins))

    def quantile(self, probability: float) -> float:
        """The value at a probability, clipped to 0 and 1; infinite if it is never."""
        rank = math.ceil(min(max(probability, 0.0), 1.0) * self.population)
        place = bisect_left(self._up_to, max(rank, 1))
        return self._values[place] if place < len(self._values) else math.inf


# --- Outcomes --------------------------------------------------------------------


def _shares(model: Results, measured: Results) -> tuple[OutcomePair, ...]:
    pairs: list[OutcomePair] = []
    for outcome in Outcome:
        one = model.outcome_shares.get(outcome)
        if one is None:
            continue
        other = _measured_share(measured, outcome, _design_effect(model, outcome))
        if other is not None:
            different = _differ(one, other, ERROR / len(Outcome))
            pairs.append(
                OutcomePair(
                    outcome=outcome, model=one, measured=other, different=different
                )
            )
    return tuple(pairs)


def _measured_share(
    results: Results, outcome: Outcome, effect: float
) -> Estimate | None:
    """The share of an outcome; that of one run has the interval of its number."""
    found = results.outcome_shares.get(outcome)
    if found is None or found.low is not None:
        return found
    number = max(1, round(sum(results.outcomes.values()) / effect / 2))
    # Of two equal halves the interval is that of all trials together.
    return proportion([found.mean] * 2, trials=[number] * 2)


def _design_effect(results: Results, outcome: Outcome) -> float:
    """How many invitations say as much about a share as one independent one."""
    found = results.outcome_shares[outcome]
    if found.low is None or found.high is None or not 0 < found.mean < 1:
        return 1.0
    z = NormalDist().inv_cdf(1 - ERROR / 2)
    half = (found.high - found.low) / 2
    independent = z * z * found.mean * (1 - found.mean) / (half * half)
    return max(1.0, sum(results.outcomes.values()) / independent)


def _differ(one: Estimate, other: Estimate, error: float) -> bool:
    """Whether the interval of the difference excludes zero at that error.

    Both have the interval of the usual error, which is widened in proportion.
    """
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    difference = other.mean - one.mean
    wider = NormalDist().inv_cdf(error / 2) / NormalDist().inv_cdf(ERROR / 2)
    below = wider * math.hypot(other.mean - other.low, one.high - one.mean)
    above = wider * math.hypot(other.high - other.mean, one.mean - one.low)
    return difference - below > 0 or difference + above < 0
