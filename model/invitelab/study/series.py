"""Figures over time, and of the relay's pools: means over replications by window."""

from collections.abc import Sequence

from invitelab.formats.results import Outcome, Pool, Window
from invitelab.protocol.values import US_PER_S
from invitelab.study.figures import counted_span_us, utilisation
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import fraction, positive
from invitelab.study.measurement import Measurement
from invitelab.world.scenario.schema import Scenario


def over_time(scenario: Scenario, ones: Sequence[Measurement]) -> tuple[Window, ...]:
    """Every window of the run, as far as the shortest replication came."""
    windows = ones[0].windows
    reached_us = min(one.reached_us for one in ones)
    return tuple(
        _window(place, scenario, ones, reached_us)
        for place in range(len(windows))
        if place * windows.width_us < reached_us
    )


def _window(
    place: int, scenario: Scenario, ones: Sequence[Measurement], reached_us: int
) -> Window:
    width_us = ones[0].windows.width_us
    lasts_us = min(width_us, reached_us - place * width_us)

    def a_second(count: int) -> float:
        return count * US_PER_S / lasts_us / len(ones)

    pools = [pool for one in ones for pool in one.pools.values()]
    handled = sum(pool.handled[place] for pool in pools)
    waited_us = sum(pool.wait_us[place] for pool in pools)
    queued_us = sum(pool.queued_us[place] for pool in pools)
    notify = Histogram()
    for one in ones:
        notify.merge(one.notify[place])
    return Window(
        at_us=place * width_us,
        offered=a_second(sum(one.offered[place] for one in ones)),
        ended={
            outcome: a_second(sum(one.ended[outcome][place] for one in ones))
            for outcome in Outcome
            if outcome is not Outcome.PENDING
        },
        pending=sum(one.pending[place] for one in ones) / lasts_us / len(ones),
        relay_utilisation=_busiest(place, ones)
        / (lasts_us * scenario.relay.servers * len(ones)),
        relay_wait_us=waited_us / handled if handled else None,
        # The mean number waiting is the time spent waiting per time.
        relay_queue=queued_us / lasts_us / len(ones),
        notify_p50_us=notify.reached(0.5),
        notify_p99_us=notify.reached(0.99),
        notify_p50_never=notify.is_never(0.5),
        notify_p99_never=notify.is_never(0.99),
    )


def _busiest(place: int, ones: Sequence[Measurement]) -> int:
    """The working time in the window of the pool that worked most."""
    return max(
        sum(one.pools[kind].busy_us[place] for one in ones) for kind in ones[0].pools
    )


def pools(scenario: Scenario, ones: Sequence[Measurement]) -> tuple[Pool, ...]:
    """Every pool of the relay."""
    busy = [utilisation(scenario, one) for one in ones]
    rows: list[Pool] = []
    for kind in ones[0].pools:
        name = kind.name.lower()
        mine = [one.pools[kind] for one in ones]
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
    """The time-weighted mean number of pending invitations, as utilisation is one."""
    span_us = counted_span_us(scenario, one)
    return one.pending_counted / span_us if span_us else 0.0
