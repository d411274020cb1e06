"""The relay under load delivers each message at its time, or reports it as lost."""

import pytest

from invitelab.protocol.messages import Answer, Message, Offer, Poll, Shown, Withdraw
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    Identity,
    State,
    Version,
)
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.busy_relay import COPY_GAP_US, BusyRelay, Outage
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.network_conditions import (
    DelayDistributions,
    MessageDraws,
    NetworkConditions,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.queues import MessageClass, Pool
from invitelab.world.load.relay_memory import RelayMemory
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.schema import Constant

ADA, BEA, CLEO = ClientId("100200300"), ClientId("400500600"), ClientId("700800900")
LEG_US, SERVICE_US, LATER_US = 20_000, 5_000, 700_000
WAY_US = 2 * LEG_US + SERVICE_US


def constant(value: str) -> Constant:
    """Describe what always takes the same time."""
    return Constant.model_validate({"distribution": "constant", "value": value})


class Losses(Instrument):
    """Notes what was carried and what was lost, when and why."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.dropped_: list[tuple[int, MessageClass, str]] = []
        self.waits: list[tuple[int, int]] = []

    def dropped(self, at_us: int, message_class: MessageClass, reason: str) -> None:
        """Note it."""
        self.dropped_.append((at_us, message_class, reason))

    def carried(
        self,
        at_us: int,
        message_class: MessageClass,
        wait_us: int,
        service_us: int,
        queue: int,
    ) -> None:
        """Note how long it waited, and behind how many."""
        del at_us, message_class
        assert SERVICE_US == service_us
        self.waits.append((wait_us, queue))


class RelayBench:
    """Three clients around a relay, and when each received a message."""

    def __init__(
        self,
        *outages: Outage,
        servers: int = 2,
        longest: int = 9,
        memory: RelayMemory | None = None,
    ) -> None:
        """Begin at zero, with fair network conditions."""
        self.env = CalendarEnvironment()
        self.losses = Losses()
        distributions = DelayDistributions(
            latency=constant("20ms"),
            service=constant("5ms"),
            reorder_by=constant("700ms"),
        )
        self.relay = BusyRelay(
            self.env,
            MessageDraws(CounterRng(1, 0), distributions),
            [Pool(servers, longest) for _ in MessageClass],
            conditions=NetworkConditions(),
            outages=outages,
            panel=InstrumentPanel([self.losses]),
            memory=memory,
        )
        self.told: list[tuple[int, ClientId]] = []
        for id_ in (ADA, BEA, CLEO):
            spec = ClientSpec(
                identity=Identity(id=id_, alias=None), version=Version(7, 0, 0)
            )
            self.relay.register(spec, self.receiver(id_), online=True)

    def receiver(self, who: ClientId) -> "Receiver":
        """Give the callback of a client."""
        return Receiver(self, who)

    def say(
        self, at_us: int, message: Message, sender: ClientId = ADA, to: ClientId = BEA
    ) -> None:
        """Schedule a message at that time."""
        self.env.post(at_us, lambda what: self.relay.forward(sender, to, what), message)

    def poll(self, at_us: int, sender: ClientId = ADA, to: ClientId = BEA) -> None:
        """Schedule a poll at that time."""
        self.say(at_us, Poll(invitation=f"{at_us}"), sender, to)

    def arrivals(self) -> list[int]:
        """When anything arrived anywhere, in the end."""
        self.env.advance(100_000_000)
        return [at_us for at_us, _ in self.told]


class Receiver:
    """Records that its client received a message."""

    def __init__(self, bench: RelayBench, who: ClientId) -> None:
        """Belong to a client."""
        self.bench, self.who = bench, who

    def __call__(self, _sender: ClientId, _message: Message) -> None:
        """Record the message."""
        self.bench.told.append((self.bench.env.now_us, self.who))


def test_a_message_takes_two_legs_and_a_service() -> None:
    """And nothing else, with fair network conditions and without a queue."""
    bench = RelayBench()
    bench.poll(1_000)
    assert [1_000 + WAY_US] == bench.arrivals()
    assert [(0, 0)] == bench.losses.waits


def test_messages_of_a_kind_wait_for_each_other() -> None:
    """One worker serves them in turn; the instrument sees the waits."""
    bench = RelayBench(servers=1)
    for _ in range(3):
        bench.poll(0)
    assert [WAY_US, WAY_US + SERVICE_US, WAY_US + 2 * SERVICE_US] == bench.arrivals()
    assert [(0, 0), (SERVICE_US, 0), (2 * SERVICE_US, 1)] == bench.losses.waits


def test_kinds_do_not_wait_for_each_other() -> None:
    """Each has workers of its own."""
    bench = RelayBench(servers=1)
    bench.say(0, Poll(invitation="a"))
    bench.say(0, Shown(invitation="a", revision=1))
    bench.say(0, Answer(invitation="a", answer="a/1", accept=True))
    assert [WAY_US] * 3 == bench.arrivals()


def test_a_full_queue_loses_and_says_so() -> None:
    """What does not fit is gone."""
    bench = RelayBench(servers=1, longest=1)
    for _ in range(4):
        bench.poll(0)
    assert [WAY_US, WAY_US + SERVICE_US] == bench.arrivals()
    assert [(LEG_US, MessageClass.POLL, "queue full")] * 2 == bench.losses.dropped_


def offer(name: str) -> Offer:
    """Offer an invitation of two minutes."""
    sender = Identity(id=ADA, alias=None)
    return Offer(invitation=name, revision=1, ttl_us=120_000_000, sender=sender)


def test_a_full_memory_loses_both_ends_of_invitations() -> None:
    """New ones and the ends of those that it holds; their replies pass."""
    bench = RelayBench(memory=RelayMemory(1))
    bench.say(0, offer("a"))
    bench.say(1_000_000, offer("b"))
    bench.say(2_000_000, Shown(invitation="a", revision=1))
    bench.say(3_000_000, Withdraw(invitation="a", state=State.CANCELLED))
    assert [WAY_US, 2_000_000 + WAY_US] == bench.arrivals()
    assert [
        (1_000_000 + LEG_US, MessageClass.OFFER, "memory full"),
        (3_000_000 + LEG_US, MessageClass.WITHDRAWAL, "memory full"),
    ] == bench.losses.dropped_
    assert [(0, 0), (0, 0)] == bench.losses.waits


def test_what_a_full_queue_loses_takes_no_memory() -> None:
    """The slot is free for the next one."""
    bench = RelayBench(servers=1, longest=0, memory=RelayMemory(2))
    for at_us, name in [(0, "a"), (0, "b"), (1_000_000, "c"), (2_000_000, "d")]:
        bench.say(at_us, offer(name))
    assert [WAY_US, 1_000_000 + WAY_US] == bench.arrivals()
    reasons = [reason for _, _, reason in bench.losses.dropped_]
    assert ["queue full", "memory full"] == reasons


def test_a_partition_cuts_both_ways() -> None:
    """No message from or to a partitioned client; all others are unaffected."""
    bench = RelayBench()
    bench.relay.partitioned = frozenset({ADA})
    for sender, to in [(ADA, BEA), (BEA, ADA), (BEA, CLEO)]:
        bench.poll(0, sender, to)
    assert [WAY_US] == bench.arrivals()
    assert [(WAY_US, CLEO)] == bench.told
    lost = [
        (0, MessageClass.POLL, "partition"),
        (WAY_US, MessageClass.POLL, "partition"),
    ]
    assert lost == bench.losses.dropped_


def test_what_is_already_inside_leaves_a_partition_in_time() -> None:
    """A message that was sent before the partition arrives elsewhere."""
    bench = RelayBench()
    bench.poll(0)
    bench.env.advance(1)
    bench.relay.partitioned = frozenset({ADA})
    assert [WAY_US] == bench.arrivals()


OUTAGE = Outage(begin_us=1_000_000, end_us=2_000_000)
AT_RELAY_US = OUTAGE.begin_us - LEG_US
"""A message sent at this time reaches the relay as it goes down."""
BACK_US = OUTAGE.end_us - LEG_US


@pytest.mark.parametrize(
    ("said_us", "arrives"),
    [
        (AT_RELAY_US - SERVICE_US, True),  # leaves at the very instant
        (AT_RELAY_US - SERVICE_US + 1, False),
        (AT_RELAY_US - 1, False),
        (AT_RELAY_US, False),
        (BACK_US - 1, False),
        (BACK_US, True),
    ],
)
def test_a_restart_loses_what_is_in_the_relay(said_us: int, *, arrives: bool) -> None:
    """From when it goes away, to the microsecond, until it is back."""
    bench = RelayBench(OUTAGE)
    bench.poll(said_us)
    assert [said_us + WAY_US] * arrives == bench.arrivals()
    reasons = [reason for _, _, reason in bench.losses.dropped_]
    assert ["relay-restart"] * (not arrives) == reasons


def test_certain_loss_loses_everything() -> None:
    """At once, with a record of it."""
    bench = RelayBench()
    bench.relay.conditions.loss = 1.0
    bench.poll(5)
    assert [] == bench.arrivals()
    assert [(5, MessageClass.POLL, "loss")] == bench.losses.dropped_


def test_certain_duplication_brings_everything_twice() -> None:
    """The copy follows within a tenth of a second."""
    bench = RelayBench()
    bench.relay.conditions.duplication = 1.0
    bench.poll(0)
    first_us, second_us = bench.arrivals()
    assert WAY_US == first_us
    assert first_us <= second_us <= first_us + COPY_GAP_US


def test_what_is_held_back_is_overtaken() -> None:
    """It arrives later by `reorder_by`."""
    bench = RelayBench()
    bench.relay.conditions.reordering = 1.0
    bench.poll(0, ADA, BEA)
    bench.env.advance(1)
    bench.relay.conditions.reordering = 0.0
    bench.poll(2, ADA, CLEO)
    bench.arrivals()
    assert [(2 + WAY_US, CLEO), (WAY_US + LATER_US, BEA)] == bench.told


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_shares_of_messages_are_as_asked(share: float) -> None:
    """So many of 4,000 are lost, within four standard errors."""
    bench = RelayBench(longest=4_000)
    bench.relay.conditions.loss = share
    for number in range(4_000):
        bench.relay.number = number
        bench.relay.forward(ADA, BEA, Poll(invitation=f"{number}"))
    lost = 4_000 - len(bench.arrivals())
    assert abs(lost - 4_000 * share) < 4 * (4_000 * share * (1 - share)) ** 0.5


def test_who_has_left_hears_and_says_nothing() -> None:
    """Messages that they sent before still arrive."""
    bench = RelayBench()
    bench.poll(0, ADA, BEA)
    bench.env.advance(1)
    bench.relay.set_online(ADA, online=False)
    bench.poll(2, ADA, BEA)
    bench.poll(2, BEA, ADA)
    assert [WAY_US] == bench.arrivals()
