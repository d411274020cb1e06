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

OVERLOADED = 1.0
"""From this load on messages wait longer and longer, until they are repeated."""


def offered_load(scenario: Scenario, rows: int) -> float | None:
    """The load of the busiest pool, at the highest rate; `rows` is that of the trace.

    None where nobody knows the rate, as helpers wait for the end of an invitation.
    """
    rate = _highest_rate(scenario, rows)
    if rate is None or not scenario.relay.service.mean_us:
        return None
    return rate * _work_us(scenario) / (scenario.relay.servers * 1_000_000)


def _highest_rate(scenario: Scenario, rows: int) -> float | None:
    """The highest rate of attempts per second."""
    match scenario.arrivals:
        case Poisson(rate=rate):
            return rate
        case Stages(stages=stages):
            return max(max(stage.rates) for stage in stages)
        case Closed():
            return None
        case _:
            return rows * 1_000_000 / scenario.duration


def _work_us(scenario: Scenario) -> float:
    """The service time that an attempt takes from the busiest pool, in microseconds."""
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
    cohorts = Cohorts(alone, seed=scenario.seed, replication=0, trace=())
    found = replicate_at_once(cohorts, 0, lambda _reached_us: None)
    attempts = max(1, sum(found.offered))
    return max(sum(one.busy_us) for one in found.pools.values()) / attempts
