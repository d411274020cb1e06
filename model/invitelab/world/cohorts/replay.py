"""Single invitations by the core: the events engine with known waits.

An invitation depends on all others through the waits of its messages in the relay
alone. Given these, the same code that runs a whole world runs the attempts that are
asked for, and no others. So the core decides wherever anything unusual happens, and
what it decides on a sample is the proof of the array operations.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from simpy.events import ProcessGenerator

from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId
from invitelab.world.cohorts.draws import MessageLegs, Uniforms
from invitelab.world.cohorts.timelines import Integers, Messages, Waits
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.busy_relay import FOLLOWED, BusyRelay
from invitelab.world.load.instruments import Instrument, Way
from invitelab.world.load.intentions import Columns, Intentions
from invitelab.world.load.load_world import LoadWorld, garbage_collection_paused
from invitelab.world.load.network_conditions import (
    MESSAGES_OF_A_CLASS,
    DelayDistributions,
    MessageDraws,
    NetworkConditions,
    order_of,
    order_of_many,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.population import Population
from invitelab.world.load.queues import CLASS_OF, MessageClass
from invitelab.world.load.rng import CounterRng, Purpose
from invitelab.world.relay import Envelope
from invitelab.world.scenario.schema import People, Scenario

EXPECTED: Mapping[MessageClass, int] = {
    MessageClass.OFFER: 2,
    MessageClass.RECEIPT: 4,
    MessageClass.POLL: 12,
    MessageClass.ANSWER: 2,
    MessageClass.VERDICT: 1,
    MessageClass.WITHDRAWAL: 2,
}
"""How many messages of a class to draw for in advance."""

Delays = tuple[int, int, int]
"""To the relay, in service, and from the relay to the addressee, in microseconds."""


class KnownWaits(BusyRelay):
    """A relay whose waits are known in advance; keeps what it carried, by class."""

    __slots__ = ("_attempts", "_counts", "_delays", "_legs", "_wait_us", "carried")

    def __init__(
        self,
        env: CalendarEnvironment,
        numbers: Integers,
        legs: MessageLegs,
        waits: Waits,
        *,
        idle: MessageDraws,
        panel: InstrumentPanel,
    ) -> None:
        super().__init__(
            env, idle, (), conditions=NetworkConditions(), outages=(), panel=panel
        )
        self._legs = legs
        self._attempts = numbers
        self._wait_us = dict(
            zip(waits.order.tolist(), waits.wait_us.tolist(), strict=True)
        )
        self._delays: dict[int, Delays] = {}
        self._draw(
            np.concatenate(
                [
                    order_of_many(numbers, kind, ordinal)
                    for kind, count in EXPECTED.items()
                    for ordinal in range(count)
                ]
            )
        )
        self._counts: dict[int, int] = {}
        self.carried: dict[MessageClass, list[tuple[int, int, int]]] = {
            kind: [] for kind in MessageClass
        }
        """Order, arrival and service of each message, by class."""

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Deliver a message after the delays that it has among all others."""
        if not self._clients[sender].online:
            return
        kind = CLASS_OF[message.__class__]
        id_: str | None = getattr(message, "invitation", None)
        number = self.number if id_ is None else self.number_of(id_)
        first = order_of(number, kind, 0)
        ordinal = self._counts.get(first, 0)
        self._counts[first] = min(ordinal + 1, MESSAGES_OF_A_CLASS)
        order = first + ordinal
        delays = self._delays.get(order)
        if delays is None:
            self._draw(order_of_many(self._attempts, kind, ordinal))
            delays = self._delays[order]
        up_us, service_us, down_us = delays
        at_us = self._env.now_us + up_us
        self.carried[kind].append((order, at_us, service_us))
        wait_us = self._wait_us.get(order, 0)
        rest_us = wait_us + service_us + down_us
        # In two steps as among all others: so that what is due at the same instant as
        # the delivery comes in the same order.
        way = Way(self._env.now_us, wait_us, service_us)
        passing = (at_us + rest_us, ((sender, to, message), way))
        self._env.post_in_order(at_us, order, self._pass, passing)

    def _pass(self, passing: tuple[int, tuple[Envelope, Way]]) -> None:
        at_us, (envelope, way) = passing
        if envelope[2].__class__ in FOLLOWED:
            self._env.post(at_us, self._reach_followed, (envelope, way))
        else:
            self._env.post(at_us, self.hand_over, envelope)

    def _draw(self, orders: Integers) -> None:
        legs = self._legs.of(orders)
        columns = (legs.up_us.tolist(), legs.service_us.tolist(), legs.down_us.tolist())
        delays = zip(*columns, strict=True)
        self._delays.update(zip(orders.tolist(), delays, strict=True))


class SomeIntentions(Intentions):
    """The intentions of some attempts, each purpose drawn for all of them at once."""

    def __init__(
        self, people: People, rng: CounterRng, numbers: Integers, uniforms: Uniforms
    ) -> None:
        super().__init__(people, rng)
        self._numbers = numbers
        self._places = {number: place for place, number in enumerate(numbers.tolist())}
        self._uniforms = uniforms
        self._columns: dict[Purpose, Columns] = {}

    def _of(self, purpose: Purpose, number: int) -> tuple[Columns, int]:
        columns = self._columns.get(purpose)
        if columns is None:
            drawn = self._uniforms.of(purpose, self._numbers)
            columns = self._columns[purpose] = self.columns(purpose, drawn)
        return columns, self._places[number]


class ReplayedWorld(LoadWorld):
    """The world of some attempts.

    `numbers` rise, and `instants` and `sent` go with them. `sent` are how many
    invitations each inviter has sent before, which is part of an invitation's id.
    `waits` has those of all messages that wait.
    """

    def __init__(
        self,
        scenario: Scenario,
        population: Population,
        rng: CounterRng,
        *,
        numbers: Integers,
        instants: Integers,
        sent: Integers,
        waits: Waits,
        instruments: Sequence[Instrument] = (),
        policy: Policy | None = None,
    ) -> None:
        self._numbers, self._instants, self._sent = numbers, instants, sent
        self._waits = waits
        self._uniforms = Uniforms(rng)
        seed, replication = rng.key
        super().__init__(
            scenario,
            seed=seed,
            replication=replication,
            instruments=instruments,
            population=population,
            policy=policy,
        )

    def _make_relay(self) -> BusyRelay:
        distributions = DelayDistributions.of(self.scenario)
        return KnownWaits(
            self.env,
            self._numbers,
            MessageLegs(self._uniforms, distributions),
            self._waits,
            idle=MessageDraws(self._rng, distributions),
            panel=self.panel,
        )

    def _make_intentions(self) -> Intentions:
        return SomeIntentions(
            self.scenario.people, self._rng, self._numbers, self._uniforms
        )

    def _begin_arrivals(self) -> None:
        self.env.process(self._arrive_some())

    def _arrive_some(self) -> ProcessGenerator:
        attempts = zip(
            self._numbers.tolist(),
            self._instants.tolist(),
            self._sent.tolist(),
            strict=True,
        )
        for number, at_us, sent in attempts:
            yield self.env.first_at(at_us)
            attempt = self.intentions.attempt(number)
            self.directory.inviter(attempt).inviter.sent = sent
            self.users.attempt(number)

    def run_to_end(self) -> None:
        """Run to the end of the scenario without a stop."""
        with garbage_collection_paused():
            self.env.advance(self.scenario.end_us)

    def carried(self) -> dict[MessageClass, Messages]:
        """The messages of all these timelines so far, by class."""
        assert isinstance(self.relay, KnownWaits), "made above"
        return {
            kind: Messages(
                order=rows[0],
                arrival_us=rows[1],
                service_us=rows[2].astype(np.uint32),
            )
            for kind, listed in self.relay.carried.items()
            for rows in [np.array(listed, np.int64).reshape(-1, 3).T]
        }
