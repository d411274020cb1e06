"""One figure a replication for each promise, from what the replication measured."""

from collections.abc import Sequence

from invitelab.results import Objective as Judged
from invitelab.results import Outcome
from invitelab.study.histogram import Histogram
from invitelab.study.measurement import Measurement
from invitelab.study.objectives import judge, promise
from invitelab.world.scenario import Objective, Scenario

Figure = float | None


def judged(
    scenario: Scenario, measurements: Sequence[Measurement]
) -> tuple[Judged, ...]:
    """Every objective of the scenario with its verdict."""
    return tuple(
        judge(
            promise(
                metric=objective.metric,
                quantile=objective.quantile,
                statistic=objective.statistic,
                at_most=objective.is_at_most,
                bound=objective.bound,
                unit=objective.unit,
            ),
            [figure(objective, scenario, one) for one in measurements],
            sum(samples(objective, one) for one in measurements),
        )
        for objective in scenario.objectives
    )


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
    return sum(one.outcomes.values())


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


def share(one: Measurement, outcome: Outcome) -> Figure:
    """The share of an outcome among all that was sent; None where nothing was."""
    sent = sum(one.outcomes.values())
    return one.outcomes[outcome] / sent if sent else None


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
