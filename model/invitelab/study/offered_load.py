"""The offered load of the relay: the work that comes, as a share of what it can do.

It is the arrival rate of attempts, times the messages of an attempt, times their mean
service time, divided by the workers of a pool. Rates and workers are in the scenario;
how many messages an attempt has depends on what people do. So it is counted in a small
sample, in a relay where nothing waits.
"""

from invitelab.study.cohort_replication import replicate_at_once
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.parts import Closed, Poisson, Stages
from invitelab.world.scenario.schema import Scenario

SAMPLE = 500
"""Attempts of the sample."""
SAMPLE_RATE = "100/s"
SAMPLE_US = SAMPLE * 10_000
FREE_SERVERS = 100_000
MOST_CLIENTS = 20_000
"""Clients of the sample: shares of clients are those of the scenario."""

STEPS = 600
"""Into so many the duration is divided to follow a backlog."""
MINUTE_US = 60_000_000

OVERLOADED = 1.0
"""From this load on messages wait longer and longer, until they are repeated."""


def offered_load(scenario: Scenario, rows: int) -> float | None:
    """The load of the busiest pool, at the highest rate; `rows` is that of the trace.

    None where nobody knows the rate, as helpers wait for the end of an invitation.
    """
    loads = [load for load, _ in pool_loads(scenario, rows)]
    return max(loads, default=None)


def pool_loads(scenario: Scenario, rows: int) -> list[tuple[float, float]]:
    """The load of each pool at the highest rate, and its messages for an attempt.

    Empty where `offered_load` is None.
    """
    rate = highest_rate(scenario, rows)
    if rate is None or not scenario.relay.service.mean_us:
        return []
    capacity = scenario.relay.servers * 1_000_000
    return [
        (rate * work_us / capacity, messages) for work_us, messages in _pools(scenario)
    ]


def waiting_share(servers: int, load: float) -> float:
    """The share of messages that wait, 0 to 1, in a pool with that load.

    It is the formula of A. K. Erlang, "Solution of some problems in the theory of
    probabilities of significance in automatic telephone exchanges", Elektroteknikeren
    13 (1917), page 5, which is exact for exponential service times.
    """
    if load >= OVERLOADED:
        return 1.0
    blocked, offered = 1.0, load * servers
    for busy in range(1, servers + 1):
        blocked = offered * blocked / (busy + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def backlog_area(scenario: Scenario, load: float, most_us: int) -> float:
    """How much work waits while the relay is overloaded, in minutes times minutes.

    `load` is that at the highest rate. The backlog is the time that the busiest pool
    would need for what waits, at most `most_us`; its area is over the time in which
    more is offered than can be forwarded. Messages that wait are repeated, so that it
    grows faster in truth.
    """
    step_us = max(1, scenario.duration // STEPS)
    area = backlog_us = 0.0
    for place in range(STEPS):
        excess = load * _part_of_highest(scenario, place * step_us) - OVERLOADED
        backlog_us = min(max(backlog_us + excess * step_us, 0.0), most_us)
        if excess > 0:
            area += backlog_us * step_us
    return area / MINUTE_US**2


def _part_of_highest(scenario: Scenario, at_us: int) -> float:
    """The rate at an instant as a share of the highest one, 0 to 1."""
    arrivals = scenario.arrivals
    if not isinstance(arrivals, Stages):
        return 1.0
    highest = max(max(stage.rates) for stage in arrivals.stages)
    begin_us = 0
    for stage in arrivals.stages:
        if at_us < begin_us + stage.lasts:
            first, last = stage.rates
            return (first + (last - first) * (at_us - begin_us) / stage.lasts) / highest
        begin_us += stage.lasts
    return arrivals.stages[-1].rates[1] / highest


def highest_rate(scenario: Scenario, rows: int) -> float | None:
    """The highest rate of attempts per second; None where nobody knows it.

    `rows` is the length of the trace, whose mean it is.
    """
    match scenario.arrivals:
        case Poisson(rate=rate):
            return rate
        case Stages(stages=stages):
            return max(max(stage.rates) for stage in stages)
        case Closed():
            return None
        case _:
            return rows * 1_000_000 / scenario.duration


def _pools(scenario: Scenario) -> list[tuple[float, float]]:
    """Of each pool, what an attempt takes: microseconds of service, and messages."""
    relay, network = scenario.relay, scenario.network
    people = scenario.population
    alone = scenario.model_copy(
        update={
            "arrivals": Poisson(kind="poisson", rate=SAMPLE_RATE),  # type: ignore[arg-type] # as in a file
            "duration": SAMPLE_US,
            "warm_up": 0,
            "engine": Engine.COHORTS,
            "population": people.model_copy(
                update={"clients": min(people.clients, MOST_CLIENTS)}
            ),
            "faults": (),
            "relay": relay.model_copy(
                update={"servers": FREE_SERVERS, "queue": None, "memory": None}
            ),
            "network": network.model_copy(
                update={"loss": 0.0, "duplication": 0.0, "reordering": 0.0}
            ),
        }
    )
    return _sampled(alone.model_dump_json(), alone)


_SAMPLES: dict[str, list[tuple[float, float]]] = {}
"""What samples have shown; the points of a sweep often have the same."""
MOST_SAMPLES = 1_000


def _sampled(key: str, alone: Scenario) -> list[tuple[float, float]]:
    """The same of a sample, which is run once."""
    if key not in _SAMPLES:
        if len(_SAMPLES) >= MOST_SAMPLES:
            _SAMPLES.clear()
        cohorts = Cohorts(alone, seed=alone.seed, replication=0, trace=())
        found = replicate_at_once(cohorts, 0, lambda _reached_us: None)
        attempts = max(1, sum(found.offered))
        _SAMPLES[key] = [
            (sum(one.busy_us) / attempts, sum(one.handled) / attempts)
            for one in found.pools.values()
        ]
    return _SAMPLES[key]
