"""Whether cohorts can run a scenario exactly, and what is in the way if they cannot.

Cohorts can where invitations affect each other in the queues of the relay, and in the
limit of one pending invitation a pair, alone (see `cohorts.fixed_point`).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from invitelab.world.scenario.faults import Fault
from invitelab.world.scenario.parts import Arrivals, Closed, Network, Relay
from invitelab.world.scenario.values import Constant, Distribution, Uniform


class Engine(StrEnum):
    """What runs a scenario."""

    AUTO = "auto"
    EVENTS = "events"
    COHORTS = "cohorts"


class Obstacle(NamedTuple):
    """A key of the scenario that only the events engine can follow, and why."""

    key: str
    why: str


def obstacle(
    arrivals: Arrivals, network: Network, relay: Relay, faults: Sequence[Fault]
) -> Obstacle | None:
    """The first obstacle; None where cohorts are exact."""
    if isinstance(arrivals, Closed):
        return Obstacle("arrivals", "helpers wait for the end of their invitations")
    if faults:
        return Obstacle("faults", "faults change clients while invitations are open")
    for key, share in (
        ("loss", network.loss),
        ("duplication", network.duplication),
        ("reordering", network.reordering),
    ):
        if share:
            return Obstacle(f"network.{key}", "messages are lost, doubled or delayed")
    if relay.queue is not None:
        return Obstacle("relay.queue", "a full queue drops messages")
    if relay.memory is not None:
        return Obstacle("relay.memory", "a full memory drops messages")
    if _longest_us(network.latency) == _longest_us(relay.service) == 0:
        return Obstacle("network.latency", "messages take no time at all")
    return None


def _longest_us(distribution: Distribution) -> int | None:
    """The longest duration; None where there is no limit."""
    match distribution:
        case Constant(value=value):
            return value
        case Uniform(high=high):
            return high
        case _:
            return None
