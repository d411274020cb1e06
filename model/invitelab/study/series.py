"""Figures by window and by pool of the relay, as means over replications."""

from collections.abc import Sequence

from invitelab.formats.results import Outcome, Pool, Window
from invitelab.protocol.values import US_PER_S
from invitelab.study.figures import counted_span_us, utilisation
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import fraction, positive
from invitelab.study.measurement import Measurement
from invitelab.world.scenario.schema import Scenario


def over_time(
    scenario: Scenario, measurements: Sequence[Measurement]
) -> tuple[Window, ...]:
    """The windows of the run, as far as all replications came."""
    windows = measurements[0].windows
    reached_us = min(one.reached_us for one in measurements)
    return tuple(
        _window(place, scenario, measurements, reached_us)
        for place in range(len(windows))
        if place * windows.width_us < reached_us
    )


def _window(
    place: int, scenario: Scenario, measurements: Sequence[Measurement], reached_us: int
) -> Window:
    width_us = measurements[0].windows.width_us
    lasts_us = min(width_us, reached_us - place * width_us)

    def a_second(count: int) -> float:
        return count * US_PER_S / lasts_us / len(measurements)

    pools = [pool for one in measurements for pool in one.pools.values()]
    handled = sum(pool.handled[place] for pool in pools)
    waited_us = sum(pool.wait_us[place] for pool in pools)
    queued_us = sum(pool.queued_us[place] for pool in pools)
    notify = Histogram()
    for one in measurements:
        notify.merge(one.notify[place])
    return Window(
        at_us=place * width_us,
        offered=a_second(sum(one.offered[place] for one in measurements)),
        ended={
            outcome: a_second(sum(one.ended[outcome][place] for one in measurements))
            for outcome in Outcome
            if outcome is not Outcome.PENDING
        },
        pending=sum(one.pending[place] for one in measurements)
        / lasts_us
        / len(measurements),
        relay_utilisation=_busiest(place, measurements)
        / (lasts_us * scenario.relay.servers * len(measurements)),
        relay_wait_us=waited_us / handled if handled else None,
        # The mean length of the queue is the time waited per time.
        relay_queue=queued_us / lasts_us / len(measurements),
        notify_p50_us=notify.reached(0.5),
        notify_p99_us=notify.reached(0.99),
        notify_p50_never=notify.is_never(0.5),
        notify_p99_never=notify.is_never(0.99),
    )


def _busiest(place: int, measurements: Sequence[Measurement]) -> int:
    """The busy time of the busiest pool in a window, in microseconds."""
    return max(
        sum(one.pools[kind].busy_us[place] for one in measurements)
        for kind in measurements[0].pools
    )


def pools(scenario: Scenario, measurements: Sequence[Measurement]) -> tuple[Pool, ...]:
    """The pools of the relay."""
    busy = [utilisation(scenario, one) for one in measurements]
    rows: list[Pool] = []
    for kind in measurements[0].pools:
        name = kind.name.lower()
        mine = [one.pools[kind] for one in measurements]
        waits = Histogram()
        for pool in mine:
            waits.merge(pool.waits)
        means = [pool.waits.mean for pool in mine if pool.waits.mean is not None]
        rows.append(
            Pool(
                kind=name,
                servers=scenario.relay.servers,
                handled=sum(sum(pool.handled) for pool in mine),
                shed=sum(pool.shed for pool in mine),
                utilisation=fraction([shares[name] for shares in busy]),
                wait_us=positive(means) if means else None,
                wait_p99_us=waits.reached(0.99),
                wait_p99_never=waits.is_never(0.99),
                never=waits.never,
                longest_queue=max(pool.longest_queue for pool in mine),
            )
        )
    return tuple(rows)


def pending_mean(scenario: Scenario, one: Measurement) -> float:
    """The time-weighted mean number of pending invitations in the counted time."""
    span_us = counted_span_us(scenario, one)
    return one.pending_counted / span_us if span_us else 0.0
