"""The figure of each objective in each replication, and how sure it is."""

from collections.abc import Iterable, Sequence
from functools import partial
from math import inf, isfinite

from invitelab.formats.results import Estimate, Outcome
from invitelab.formats.results import Objective as JudgedObjective
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import (
    Interval,
    binned,
    fraction,
    positive,
    proportion,
)
from invitelab.study.looks import Looks
from invitelab.study.measurement import Measurement
from invitelab.study.objectives import (
    Promise,
    after_interruption,
    judge,
    not_applicable,
)
from invitelab.world.scenario.schema import Objective, Scenario

WHOLE = 12**-0.5
"""The standard deviation of rounding to whole numbers."""

OF_THE_RELAY = frozenset({"relay_wait", "relay_utilisation", "gone_delay"})
"""The metrics of objectives that only the relay of our own world has."""

Figure = float | None


def judge_objectives(
    scenario: Scenario,
    measurements: Sequence[Measurement],
    *,
    has_relay: bool = True,
    tests: int = 1,
) -> tuple[JudgedObjective, ...]:
    """All objectives of the scenario, with their verdicts: see `Looks` for `tests`.

    Without a relay that can be observed, those about it do not apply, nor those about
    a time that was not measured.
    """
    return tuple(
        _judge_objective(objective, scenario, measurements, tests)
        if has_relay or _applies(objective, measurements)
        else not_applicable(_promise(objective))
        for objective in scenario.objectives
    )


def _applies(objective: Objective, measurements: Sequence[Measurement]) -> bool:
    """Whether an objective can be judged by what was measured outside our world."""
    if objective.metric in OF_THE_RELAY:
        return False
    return objective.unit != "us" or objective.metric in measurements[0].delays


def _promise(objective: Objective) -> Promise:
    return Promise(
        metric=objective.metric,
        quantile=objective.quantile,
        statistic=objective.statistic,
        at_most=objective.is_at_most,
        bound=objective.bound,
        unit=objective.unit,
    )


def _judge_objective(
    objective: Objective,
    scenario: Scenario,
    measurements: Sequence[Measurement],
    tests: int,
) -> JudgedObjective:
    promise = _promise(objective)
    figures = [figure(objective, scenario, one) for one in measurements]
    pairs = zip(measurements, figures, strict=True)
    found = judge(
        promise,
        figures,
        sum(samples(objective, one) for one in measurements),
        never=sum(never(objective, one) for one in measurements),
        interval=interval(
            objective,
            [one for one, value in pairs if value is not None and isfinite(value)],
        ),
        error=looks(scenario, tests).error(len(measurements)),
        within=partial(within, objective, measurements),
    )
    ends = [
        end
        for one in measurements
        if one.reached_us < scenario.end_us
        for end in extremes(objective, scenario, one)
    ]
    return after_interruption(promise, found, ends) if ends else found


def looks(scenario: Scenario, tests: int = 1) -> Looks:
    """The looks at the objectives of a scenario, of which it is one of `tests`."""
    most = scenario.max_replications or scenario.replications
    return Looks(scenario.replications, most, tests)


def interval(objective: Objective, known: Sequence[Measurement]) -> Interval:
    """The interval that fits an objective, if all of `known` have a finite figure."""
    if objective.quantile is not None:
        found = [times(objective.metric, one) for one in known]
        spans = [one.span(objective.quantile) for one in found]
        return partial(binned, spans=spans)
    if objective.metric == "pending_peak":
        return partial(positive, blur=WHOLE)
    if objective.unit == "us":
        return positive
    if objective.metric == "relay_utilisation":
        return fraction
    return partial(proportion, trials=[sent(one) for one in known])


def within(
    objective: Objective, measurements: Sequence[Measurement], error: float
) -> Estimate:
    """The share of samples of a time that are no larger than its bound."""
    found = [times(objective.metric, one) for one in measurements]
    known = [one for one in found if one.population]
    return proportion(
        [one.upto(objective.bound) / one.population for one in known],
        error,
        trials=[one.population for one in known],
    )


def figure(objective: Objective, scenario: Scenario, one: Measurement) -> Figure:
    """The figure of an objective in one replication, in the unit of the objective.

    None where there are too few samples, and infinity where it is among the delays of
    what never happened.
    """
    if objective.unit == "us":
        return _of_times(objective, times(objective.metric, one))
    if objective.metric == "relay_utilisation":
        return busiest(scenario, one)
    if objective.metric == "pending_peak":
        return float(one.pending_peak)
    return share(one, Outcome(objective.metric))


def samples(objective: Objective, one: Measurement) -> int:
    """The number of samples of a figure."""
    if objective.unit == "us":
        return times(objective.metric, one).population
    if objective.metric == "relay_utilisation":
        return sum(pool.waits.count for pool in one.pools.values())
    return sent(one)


def never(objective: Objective, one: Measurement) -> int:
    """How many of the samples are of what never happened."""
    return times(objective.metric, one).never if objective.unit == "us" else 0


def times(metric: str, one: Measurement) -> Histogram:
    """All samples of a metric that is a time, in microseconds."""
    if metric != "relay_wait":
        return one.delays[metric]
    return _merged(pool.waits for pool in one.pools.values())


def still_open(metric: str, one: Measurement) -> Histogram:
    """The waiting times, so far, of what an interruption left open."""
    if metric != "relay_wait":
        return one.still_open[metric]
    return _merged(pool.waiting for pool in one.pools.values())


def _merged(histograms: Iterable[Histogram]) -> Histogram:
    merged = Histogram()
    for histogram in histograms:
        merged.merge(histogram)
    return merged


def extremes(
    objective: Objective, scenario: Scenario, one: Measurement
) -> tuple[float, float]:
    """The least and the most that a figure of an interrupted replication may become.

    Before the end of the duration, more invitations would have been sent.
    """
    sending = one.reached_us < scenario.duration
    found = figure(objective, scenario, one) or 0.0
    if objective.unit == "us":
        return _time_extremes(objective, one, sending=sending)
    if objective.metric == "pending_peak":
        return found, inf if sending else found
    if sending:
        return 0.0, 1.0
    sent = sum(one.outcomes.values())
    if objective.metric in {"relay_utilisation", Outcome.REFUSED.value} or not sent:
        return found, found
    return found, found + one.outcomes[Outcome.PENDING] / sent


def _time_extremes(
    objective: Objective, one: Measurement, *, sending: bool
) -> tuple[float, float]:
    seen, waiting = times(objective.metric, one), still_open(objective.metric, one)
    if sending and objective.statistic != "max":
        return 0.0, inf
    soon = _merged([seen, waiting])
    late = _merged([seen, Histogram(never=waiting.count)])
    least = _any_of_times(objective, soon) or 0.0
    most = _any_of_times(objective, late) or 0.0
    return least, inf if sending else most


def _any_of_times(objective: Objective, histogram: Histogram) -> Figure:
    """The figure, even with too few samples."""
    if objective.quantile is not None:
        return histogram.quantile(objective.quantile)
    return _of_times(objective, histogram)


def _of_times(objective: Objective, histogram: Histogram) -> Figure:
    if objective.quantile is not None:
        return histogram.supported(objective.quantile)
    if histogram.never:
        return inf  # a mean or a maximum that includes infinite delays
    if objective.statistic == "max":
        return histogram.maximum
    return histogram.mean


def sent(one: Measurement) -> int:
    """The number of invitations that were sent, of all outcomes."""
    return sum(one.outcomes.values())


def share(one: Measurement, outcome: Outcome) -> Figure:
    """The share of an outcome among all sent, 0 to 1; None where none was sent."""
    return one.outcomes[outcome] / total if (total := sent(one)) else None


def utilisation(scenario: Scenario, one: Measurement) -> dict[str, float]:
    """The utilisation of each pool, 0 to 1, between warm-up and end."""
    span_us = counted_span_us(scenario, one) * scenario.relay.servers
    return {
        kind.name.lower(): pool.counted_us / span_us if span_us else 0.0
        for kind, pool in one.pools.items()
    }


def busiest(scenario: Scenario, one: Measurement) -> float:
    """The utilisation of the busiest pool, 0 to 1."""
    return max(utilisation(scenario, one).values())


def counted_span_us(scenario: Scenario, one: Measurement) -> int:
    """The counted time in microseconds: from the warm-up to the end of the duration."""
    return max(0, min(one.reached_us, scenario.duration) - scenario.warm_up)
