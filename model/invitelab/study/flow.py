"""What became of messages over time, and where delays were spent."""

from collections.abc import Iterator, Sequence

from invitelab.formats.flow import Flow, Series, Spent
from invitelab.protocol.values import US_PER_S
from invitelab.study.measurement import Measurement
from invitelab.study.spent import SPENT_OF, SpentBins
from invitelab.world.scenario.schema import Scenario

EDGES = (0.5, 0.9, 0.99, 0.999, 1.0)
"""The percentiles between which the parts of delays are summed."""


def flow(scenario: Scenario, measurements: Sequence[Measurement]) -> Flow:
    """As means over replications, as far as all of them came."""
    lasts_us = _lengths_us(measurements)
    runs = len(measurements)
    reasons = sorted({reason for one in measurements for reason in one.dropped})
    kinds = {kind: kind.name.lower() for kind in measurements[0].pools}
    servers = scenario.relay.servers

    def a_second(counts: Sequence[Sequence[int]]) -> Series:
        totals = (sum(parts) for parts in zip(*counts, strict=True))
        return tuple(
            total * US_PER_S / width_us / runs
            for total, width_us in zip(totals, lasts_us, strict=False)
        )

    def mean(times_us: Sequence[Sequence[int]], capacity: int) -> Series:
        totals = (sum(parts) for parts in zip(*times_us, strict=True))
        return tuple(
            total / (width_us * capacity * runs)
            for total, width_us in zip(totals, lasts_us, strict=False)
        )

    nothing = [0] * len(measurements[0].windows)
    return Flow(
        attempts=sum(sum(one.offered) for one in measurements),
        repeats=sum(sum(one.repeated) for one in measurements),
        emails_alone=a_second([one.emails_alone for one in measurements]),
        repeated=a_second([one.repeated for one in measurements]),
        dropped={
            reason: a_second([one.dropped.get(reason, nothing) for one in measurements])
            for reason in reasons
        },
        busy={
            name: mean([one.pools[kind].busy_us for one in measurements], servers)
            for kind, name in kinds.items()
        },
        queued={
            name: mean([one.pools[kind].queued_us for one in measurements], 1)
            for kind, name in kinds.items()
        },
        spent=tuple(_spent(measurements)),
    )


def _lengths_us(measurements: Sequence[Measurement]) -> list[int]:
    """How long each window was that all replications came to."""
    windows = measurements[0].windows
    reached_us = min(one.reached_us for one in measurements)
    begins_us = range(0, len(windows) * windows.width_us, windows.width_us)
    return [
        min(windows.width_us, reached_us - begin_us)
        for begin_us in begins_us
        if begin_us < reached_us
    ]


def _spent(measurements: Sequence[Measurement]) -> Iterator[Spent]:
    for metric in SPENT_OF:
        merged = SpentBins()
        for one in measurements:
            merged.merge(one.spent[metric])
        population = sum(one.delays[metric].population for one in measurements)
        for low, high, lower, upper, sums in merged.groups(EDGES, population):
            count, think, network, queue, service, repeats = sums
            yield Spent(
                metric=metric,
                low=low,
                high=high,
                lower_us=lower,
                upper_us=upper,
                count=count,
                think_us=think,
                network_us=network,
                queue_us=queue,
                service_us=service,
                repeats_us=repeats,
            )
