"""What a study will take, before it is run: its engine, CPU time and memory.

The estimate decides nothing: it is what a dry run tells. What it rests on was measured:
see benchmarks/README.md, "What a dry run estimates".
"""

from dataclasses import dataclass
from math import sqrt

from invitelab.protocol.liveness import LIFETIME_US
from invitelab.study.effort import EVENTS_S, attempts, cohorts_seconds
from invitelab.study.offered_load import (
    OVERLOADED,
    backlog_area,
    highest_rate,
    offered_load,
    pool_loads,
    waiting_share,
)
from invitelab.study.replication import Job, why_events
from invitelab.world.cohorts.fixed_point import WINDOW
from invitelab.world.scenario.exactness import Engine

OVERLOAD = "the relay is overloaded, so that messages are repeated"

FEWEST_ROUNDS, MORE_ROUNDS = 2.0, 9.0
"""Rounds of the fixed point of cohorts: where no message waits, and how many more."""

SPELL_S = 18e-6
"""Time for each spell in which messages wait, which each round follows one by one."""

REPEATED_TIMES = 0.6
"""How many times as long events take, more than once, by the area of the backlog."""

PROCESS_BYTES = 140_000_000
"""A process with nothing to do, and a little for the instruments."""
CLIENT_BYTES = 70
PENDING_BYTES = 1_700
WAITING_BYTES = 7_000
"""Of an attempt of a window of cohorts, where its messages wait."""
REPEATS_BYTES = 7_000
"""Of the messages of an attempt, for each time that all of them are repeated.

They stay in the queue of the relay, if it has no limit.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one replication will take.

    `because` is why events run it, empty for cohorts. `attempts` are expected, `cpu_s`
    is in seconds and `memory_bytes` that of the process. `load` is the share of what
    the relay can forward that is offered at the highest rate, None if nobody knows it.
    """

    because: str
    attempts: float
    cpu_s: float
    memory_bytes: float
    load: float | None


def estimate(job: Job) -> Estimate:
    """What a job will take; a small sample is run for it."""
    scenario = job.scenario
    number = attempts(scenario, len(job.trace))
    load = offered_load(scenario, len(job.trace))
    # A run whose cohorts are asked for does not go over to events.
    overloaded = load is not None and load >= OVERLOADED
    overloaded &= scenario.engine is Engine.AUTO
    because = str(why_events(scenario, job.product) or "")
    because = because or (OVERLOAD if overloaded else "")
    repeated = _repeated(job, load) if because else 0.0
    waiting = waiting_share(scenario.relay.servers, load or 0.0)
    if because:
        cpu_s = number * EVENTS_S * (1 + repeated)
    else:
        cpu_s = cohorts_seconds(number) + number * _spells(job) * SPELL_S
    return Estimate(
        because=because,
        attempts=number,
        cpu_s=cpu_s,
        memory_bytes=PROCESS_BYTES
        + CLIENT_BYTES * scenario.population.clients
        + PENDING_BYTES * _pending(job, number)
        + _queued_bytes(job, number, repeated, 0.0 if because else waiting),
        load=load,
    )


def _spells(job: Job) -> float:
    """How many spells in which messages wait are followed for an attempt, all rounds.

    A message begins one if it finds all workers busy, and nobody waiting.
    """
    servers = job.scenario.relay.servers
    shares = [
        (waiting_share(servers, load), max(0.0, 1 - load), messages)
        for load, messages in pool_loads(job.scenario, len(job.trace))
    ]
    most = max((share for share, _, _ in shares), default=0.0)
    rounds = FEWEST_ROUNDS + MORE_ROUNDS * most / sqrt(servers)
    return rounds * sum(share * idle * messages for share, idle, messages in shares)


def _repeated(job: Job, load: float | None) -> float:
    """How much longer events take as messages are repeated, as a part of the rest.

    No message is repeated for longer than its invitation lives.
    """
    if load is None or load < OVERLOADED:
        return 0.0
    return REPEATED_TIMES * backlog_area(job.scenario, load, LIFETIME_US)


def _pending(job: Job, number: float) -> float:
    """About how many invitations are pending at most, if few are answered."""
    rate = highest_rate(job.scenario, len(job.trace))
    if rate is None:
        return number * min(1.0, LIFETIME_US / job.scenario.duration)
    return min(number, rate * LIFETIME_US / 1_000_000)


def _queued_bytes(job: Job, number: float, repeated: float, waiting: float) -> float:
    """The memory of messages that wait."""
    unlimited = job.scenario.relay.queue is None
    return WAITING_BYTES * waiting * min(number, WINDOW) + (
        REPEATS_BYTES * repeated * number if unlimited else 0.0
    )
