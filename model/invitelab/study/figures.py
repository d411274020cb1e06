"""One figure a replication for each promise, from what the replication measured."""

from collections.abc import Sequence
from functools import partial

from invitelab.results import Objective as Judged
from invitelab.results import Outcome
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
from invitelab.study.objectives import judge, promise
from invitelab.world.scenario import Objective, Scenario

Figure = float | None


def judged(
    scenario: Scenario, measurements: Sequence[Measurement]
) -> tuple[Judged, ...]:
    """Every objective of the scenario with its verdict."""
    return tuple(
        _judged(objective, scenario, measurements) for objective in scenario.objectives
    )


def _judged(
    objective: Objective, scenario: Scenario, measurements: Sequence[Measurement]
) -> Judged:
    found = [(one, figure(objective, scenario, one)) for one in measurements]
    return judge(
        promise(
            metric=objective.metric,
            quantile=objective.quantile,
            statistic=objective.statistic,
            at_most=objective.is_at_most,
            bound=objective.bound,
            unit=objective.unit,
        ),
        [value for _, value in found],
        sum(samples(objective, one) for one in measurements),
        interval=interval(
            objective, [one for one, value in found if value is not None]
        ),
        error=looks(scenario).error(len(measurements)),
    )


def looks(scenario: Scenario) -> Looks:
    """When the objectives of a scenario are looked at."""
    most = scenario.max_replications or scenario.replications
    return Looks(scenario.replications, most)


def interval(objective: Objective, known: Sequence[Measurement]) -> Interval:
    """The interval that fits the figures of an objective, which all of `known` have."""
    if objective.quantile is not None:
        found = [times(objective.metric, one) for one in known]
        spans = [one.span(objective.quantile) for one in found]
        return partial(binned, spans=spans)
    if objective.unit == "us" or objective.metric == "pending_peak":
        return positive
    if objective.metric == "relay_utilisation":
        return fraction
    return partial(proportion, trials=[sent(one) for one in known])


def figure(objective: Objective, scenario: Scenario, one: Measurement) -> Figure:
    """The figure an objective is about; None where there are too few samples."""
    if objective.unit == "us":
        return _of_times(objective, times(objective.metric, one))
    if objective.metric == "relay_utilisation":
        return max(utilisation(scenario, one).values())
    if objective.metric == "pending_peak":
        return float(one.pending_peak)
    return share(one, Outcome(objective.metric))


def samples(objective: Objective, one: Measurement) -> int:
    """How many samples a figure stands on."""
    if objective.unit == "us":
        return times(objective.metric, one).count
    if objective.metric == "relay_utilisation":
        return sum(pool.waits.count for pool in one.pools.values())
    return sent(one)


def times(metric: str, one: Measurement) -> Histogram:
    """All samples of a metric that is a time."""
    if metric != "relay_wait":
        return one.delays[metric]
    merged = Histogram()
    for pool in one.pools.values():
        merged.merge(pool.waits)
    return merged


def _of_times(objective: Objective, histogram: Histogram) -> Figure:
    if objective.quantile is not None:
        return histogram.supported(objective.quantile)
    if objective.statistic == "max":
        return histogram.maximum
    return histogram.mean


def sent(one: Measurement) -> int:
    """How many invitations were sent, whatever became of them."""
    return sum(one.outcomes.values())


def share(one: Measurement, outcome: Outcome) -> Figure:
    """The share of an outcome among all that was sent; None where nothing was."""
    return one.outcomes[outcome] / total if (total := sent(one)) else None


def utilisation(scenario: Scenario, one: Measurement) -> dict[str, float]:
    """The share of time the workers of each pool are busy between warm-up and end."""
    span_us = counted_span_us(scenario, one) * scenario.relay.servers
    return {
        # What an interruption cut off had been credited when it was accepted.
        kind.name.lower(): min(1.0, pool.counted_us / span_us) if span_us else 0.0
        for kind, pool in one.pools.items()
    }


def counted_span_us(scenario: Scenario, one: Measurement) -> int:
    """How long the replication was between the warm-up and the end of the duration."""
    return max(0, min(one.reached_us, scenario.duration) - scenario.warm_up)
