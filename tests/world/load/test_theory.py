"""The world agrees with what can be computed without it.

Seeds are fixed, and every interval is Student's t over independent replications, so
that a world that is right stays inside it in every run.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist, fmean, stdev

import pytest

from invitelab.protocol.history import Fact, FactKind, History
from invitelab.protocol.messages import Poll
from invitelab.protocol.refusals import Reason
from invitelab.protocol.values import ClientId, ClientSpec, Identity, State, Version
from invitelab.study.intervals import student_t
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.arrivals import instants
from invitelab.world.load.busy_relay import BusyRelay
from invitelab.world.load.distributions import sample
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.load.network_conditions import (
    DelayDistributions,
    MessageDraws,
    NetworkConditions,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.queues import MessageClass, Pool
from invitelab.world.load.rng import CounterRng, Purpose
from invitelab.world.scenario.schema import Constant, Exponential, Poisson, Scenario

SECOND_US = 1_000_000
LIFETIME_S = 120
Changed = Callable[[Mapping[str, object]], Scenario]
Lived = Callable[[Scenario, int], History]


def assert_near(expected: float, found: Sequence[float]) -> None:
    """Compare with the 99 % interval around the mean of independent values."""
    half = student_t(0.995, len(found) - 1) * stdev(found) / math.sqrt(len(found))
    assert abs(fmean(found) - expected) <= half
    assert half < 0.25 * expected, "an interval so wide would accept anything"


# Queues.

SERVERS = 4
SERVICE_US = 10_000
SERVICE = Exponential.model_validate({"distribution": "exponential", "mean": "10ms"})
LOADS = pytest.mark.parametrize("load", [0.5, 0.8, 0.95])


def erlang_c_wait_us(load: float) -> float:
    """Give the mean wait of an M/M/c queue in theory."""
    offered = load * SERVERS
    terms = [offered**n / math.factorial(n) for n in range(SERVERS)]
    last = offered**SERVERS / math.factorial(SERVERS) / (1 - load)
    waits = last / (sum(terms) + last)
    return waits * SERVICE_US / (SERVERS * (1 - load))


def poisson_arrivals(load: float) -> Poisson:
    """Describe arrivals that keep the workers busy for this share of their time."""
    rate = load * SERVERS * SECOND_US / SERVICE_US
    return Poisson.model_validate({"kind": "poisson", "rate": f"{rate:.6g}/s"})


def pool_wait_us(load: float, seed: int) -> float:
    """Measure the mean wait at a pool over two minutes, after a warm-up."""
    pool, rng = Pool(SERVERS), CounterRng(seed, 0)
    warm_us, end_us = 30 * SECOND_US, 150 * SECOND_US
    services: list[int] = []
    waits_us: list[int] = []
    for number, at_us in enumerate(instants(poisson_arrivals(load), end_us, rng)):
        if number == len(services):
            drawn = rng.uniforms(Purpose.HANDLING, number // 1024)
            services.extend(sample(SERVICE, drawn[0], drawn[1]).tolist())
        start_us = pool.admit(at_us, services[number])
        assert start_us is not None
        if at_us >= warm_us:
            waits_us.append(start_us - at_us)
    return fmean(waits_us)


@LOADS
def test_a_pool_waits_as_erlang_says(load: float) -> None:
    """Poisson arrivals, exponential services, four workers: the mean wait."""
    found = [pool_wait_us(load, seed) for seed in range(20)]
    assert_near(erlang_c_wait_us(load), found)


class Waits(Instrument):
    """Notes how long messages waited, once the queue has filled."""

    def __init__(self) -> None:
        """Begin with none."""
        self.waits_us: list[int] = []

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Note it."""
        del message_class, service_us, queue
        if at_us >= 5 * SECOND_US:
            self.waits_us.append(wait_us)


def board_wait_us(load: float, seed: int) -> float:
    """Measure the mean wait in the whole relay, without repeated messages."""
    env, rng, waits = CalendarEnvironment(), CounterRng(seed, 0), Waits()
    still = Constant.model_validate({"distribution": "constant", "value": "40ms"})
    relay = BusyRelay(
        env,
        MessageDraws(
            rng,
            DelayDistributions(latency=still, service=SERVICE, reorder_by=still),
        ),
        [Pool(SERVERS) for _ in MessageClass],
        conditions=NetworkConditions(),
        outages=(),
        panel=InstrumentPanel([waits]),
    )
    ada, bea = ClientId("100200300"), ClientId("400500600")
    for id_ in (ada, bea):
        spec = ClientSpec(
            identity=Identity(id=id_, alias=None), version=Version(7, 0, 0)
        )
        relay.register(spec, lambda _sender, _message: None, online=True)
    for number, at_us in enumerate(
        instants(poisson_arrivals(load), 30 * SECOND_US, rng)
    ):
        env.advance(at_us)
        relay.number = number
        relay.forward(ada, bea, Poll(invitation=f"{number}"))
    env.advance(env.now_us + 10 * SECOND_US)
    return fmean(waits.waits_us)


def test_the_whole_relay_waits_as_erlang_says() -> None:
    """Legs before and behind the queue change nothing about it."""
    found = [board_wait_us(0.8, seed) for seed in range(10)]
    assert_near(erlang_c_wait_us(0.8), found)


# Lives of invitations.


def lives(history: History) -> list[tuple[int, int, State]]:
    """Give when each invitation was sent, when it ended, and how."""
    sent = {
        fact.invitation: fact.at_us
        for fact in history.facts
        if fact.kind is FactKind.SENT
    }
    return [
        (sent[fact.invitation], fact.at_us, fact.state)
        for fact in history.facts
        if fact.kind is FactKind.ENDED and fact.state is not None
    ]


def pending_us(history: History, begin_us: int, end_us: int) -> int:
    """Sum up over time how many are pending, from fact to fact."""
    total = pending = 0
    before_us = begin_us
    for fact in history.facts:
        if fact.kind not in {FactKind.SENT, FactKind.ENDED}:
            continue
        now_us = min(max(fact.at_us, begin_us), end_us)
        total += pending * (now_us - before_us)
        before_us = now_us
        pending += 1 if fact.kind is FactKind.SENT else -1
    return total + pending * (end_us - before_us)


def test_littles_law_holds_exactly(changed: Changed, history: Lived) -> None:
    """The area under the number pending is the sum of all lifetimes."""
    scenario = changed({"people.cancel": 0.2})
    lived = history(scenario, 1)
    lifetimes_us = [ended_us - sent_us for sent_us, ended_us, _ in lives(lived)]
    assert len(lifetimes_us) > 80
    assert sum(lifetimes_us) == pending_us(lived, 0, scenario.end_us)


@pytest.mark.slow
def test_as_many_are_pending_as_a_queue_without_limit_holds(
    changed: Changed, history: Lived
) -> None:
    """Rate times lifetime, whatever the distribution: 2 a second for 120 s each."""
    scenario = changed(
        {
            "duration": "4min",
            "drain": "0s",
            "population.clients": 5_000,
            "people.answer": {"accept": 0, "reject": 0, "ignore": 1},
        }
    )
    begin_us, end_us = LIFETIME_S * SECOND_US, scenario.end_us
    found = [
        pending_us(history(scenario, seed), begin_us, end_us) / (end_us - begin_us)
        for seed in range(8)
    ]
    assert_near(2 * LIFETIME_S, found)


@pytest.mark.slow
def test_as_many_expire_as_people_think_for_too_long(
    changed: Changed, history: Lived
) -> None:
    """The ignored ones, and those answered after two minutes."""
    think = {"distribution": "lognormal", "median": "60s", "sigma": 0.9}
    scenario = changed(
        {
            "population.clients": 5_000,
            "arrivals.rate": "5/s",
            "people.answer": {"accept": 0.5, "reject": 0.2, "ignore": 0.3},
            "people.think": think,
        }
    )
    way_s = 2 * 0.040 + 0.001
    left_s = LIFETIME_S - 2 * way_s  # the offer's way, and the answer's
    too_long = 1 - NormalDist().cdf(math.log(left_s / 60) / 0.9)
    shares: list[float] = []
    for seed in range(10):
        ends = Counter(state for _, _, state in lives(history(scenario, seed)))
        shares.append(ends[State.EXPIRED] / ends.total())
    assert_near(0.3 + 0.7 * too_long, shares)


def test_as_many_accept_as_answer_in_time(changed: Changed, history: Lived) -> None:
    """And in the time that they think: the mean from sending to the end."""
    think = {"distribution": "exponential", "mean": "10s"}
    scenario = changed(
        {
            "population.clients": 5_000,
            "people.answer": {"accept": 1, "reject": 0, "ignore": 0},
            "people.think": think,
        }
    )
    means: list[float] = []
    for seed in range(10):
        lived = lives(history(scenario, seed))
        assert {State.ACCEPTED} == {state for _, _, state in lived}
        means.append(fmean(ended_us - sent_us for sent_us, ended_us, _ in lived))
    assert_near(10 * SECOND_US + 2 * 81_000, means)


# Nothing is lost.


class Tally(Instrument):
    """Counts what became of every attempt."""

    def __init__(self) -> None:
        """Begin with none."""
        self.attempts: list[ClientSpec] = []
        self.emails: list[ClientSpec] = []
        self.reasons: Counter[Reason] = Counter()
        self.sent = 0
        self.ends: Counter[State | None] = Counter()

    def attempted(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count it."""
        del at_us, recipient
        self.attempts.append(sender)

    def emailed(self, at_us: int, sender: ClientSpec, recipient: ClientSpec) -> None:
        """Count it."""
        del at_us, recipient
        self.emails.append(sender)

    def refused(
        self, at_us: int, sender: ClientSpec, recipient: ClientSpec, reason: Reason
    ) -> None:
        """Count it."""
        del at_us, sender, recipient
        self.reasons[reason] += 1

    def happened(self, at_us: int, fact: Fact) -> None:
        """Count it."""
        del at_us
        if fact.kind is FactKind.SENT:
            self.sent += 1
        elif fact.kind is FactKind.ENDED:
            self.ends[fact.state] += 1


@pytest.mark.parametrize("seed", range(4))
def test_every_wish_comes_to_something(changed: Changed, seed: int) -> None:
    """Sent, refused or emailed; and what was sent has ended or is pending."""
    crash = {"kind": "crash", "at": "20s", "for": "20s", "share": 0.4}
    scenario = changed(
        {
            "drain": "90s",
            "arrivals.rate": "8/s",
            "population.versions": {"6.3.2": 0.3, "7.1.4": 0.7},
            "people.cancel": 0.2,
            "faults": [crash],
        }
    )
    tally = Tally()
    world = LoadWorld(scenario, seed=seed, instruments=[tally])
    world.run()
    old = sum(not one.supports_direct for one in tally.attempts)
    old_emails = sum(not one.supports_direct for one in tally.emails)
    assert old == old_emails
    assert len(tally.attempts) == tally.sent + tally.reasons.total() + old
    assert len(tally.emails) == old + tally.reasons[Reason.RECIPIENT_UNSUPPORTED]
    pending = sum(len(one.inviter.pending()) for _, one in world.directory)
    assert tally.sent == tally.ends.total() + pending
    assert pending > 0
    assert set(State) - {State.PENDING} == set(tally.ends)
    assert len(tally.reasons) >= 3
