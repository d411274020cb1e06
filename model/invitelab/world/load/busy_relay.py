"""The relay under load: random latencies, losses, and a pool of workers per class.

It decides when, and whether, a message arrives: on the way up to the relay, in the
queue of its class, and on the way down to the addressee.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mypy_extensions import mypyc_attr

from invitelab.protocol.messages import Answer, Message, Offer, Started
from invitelab.protocol.values import ClientId
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.instruments import Way
from invitelab.world.load.network_conditions import (
    MessageDraws,
    MessageFate,
    NetworkConditions,
    order_of,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.queues import CLASS_OF, MessageClass, Pool
from invitelab.world.load.relay_memory import RelayMemory
from invitelab.world.network import Network
from invitelab.world.relay import Envelope, Relay

COPY_GAP_US = 100_000
"""The longest time in microseconds between the two copies of a duplicated message."""

FOLLOWED = frozenset({Offer, Answer, Started})
"""The messages whose deliveries the instruments hear of."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A restart of the relay: `[begin_us, end_us)`; messages inside it are lost."""

    begin_us: int
    end_us: int


Carried = tuple[Envelope, MessageClass, int, int, int]
"""Envelope, class, service time, latency on the way down, and when it was sent.

All three in microseconds.
"""


@mypyc_attr(allow_interpreted_subclasses=True)
class BusyRelay(Relay):
    """A relay with network conditions, queues and outages.

    It draws what happens to a message by the invitation attempt that it belongs to.
    """

    __slots__ = (
        "_draws",
        "_env",
        "_numbers",
        "_outages",
        "_panel",
        "conditions",
        "memory",
        "number",
        "partitioned",
        "pools",
    )

    def __init__(
        self,
        env: CalendarEnvironment,
        draws: MessageDraws,
        pools: Sequence[Pool],
        *,
        conditions: NetworkConditions,
        outages: Sequence[Outage],
        panel: InstrumentPanel,
        memory: RelayMemory | None = None,
    ) -> None:
        super().__init__(Network(env))
        self._env = env
        self._draws = draws
        self._outages = outages
        self._panel = panel
        self._numbers: dict[str, int] = {}
        self.pools = pools
        self.conditions = conditions
        self.memory = memory
        """The slots for what is under way; None: as many as are needed."""
        self.partitioned: frozenset[ClientId] = frozenset()
        """The clients that are cut off by a partition."""
        self.number = 0
        """The attempt being made; its invitation has no id before it is sent."""

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Forward a message, unless its sender is not connected."""
        if not self._clients[sender].online:
            return
        message_class = CLASS_OF[message.__class__]
        if self.partitioned and sender in self.partitioned:
            self._panel.dropped(self._env.now_us, message_class, "partition")
            return
        # The attempt that a message belongs to; the newest if it has no invitation.
        id_: str | None = getattr(message, "invitation", None)
        number = self.number if id_ is None else self.number_of(id_)
        ordinal, key, block, place = self._draws.next_of(number, message_class)
        at_us = self._env.now_us + block.up_us[place] + self.conditions.delay_us
        down_us = block.down_us[place]
        carried = (
            (sender, to, message),
            message_class,
            block.service_us[place],
            down_us,
            self._env.now_us,
        )
        order = order_of(number, message_class, ordinal)
        if self.conditions.lossy:
            self._apply_fate(at_us, order, carried, self._draws.fate(key), place)
        else:
            self._env.post_in_order(at_us, order, self._reach_relay, carried)

    def number_of(self, invitation: str) -> int:
        """The attempt that made an invitation; a new one is from the newest attempt."""
        return self._numbers.setdefault(invitation, self.number)

    def forget(self, invitation: str) -> None:
        """Forget which attempt made an invitation that no message is about any more."""
        self._numbers.pop(invitation, None)

    def _apply_fate(
        self, at_us: int, order: int, carried: Carried, fate: MessageFate, place: int
    ) -> None:
        """Lose a message, duplicate it or delay it, as its draws say."""
        envelope, message_class, service_us, down_us, posted_us = carried
        lost, duplicated, reordered, gap = fate.chances[:, place].tolist()
        if lost < self.conditions.loss:
            self._panel.dropped(self._env.now_us, message_class, "loss")
            return
        if reordered < self.conditions.reordering:
            down_us += fate.later_us[place]
        carried = (envelope, message_class, service_us, down_us, posted_us)
        self._env.post_in_order(at_us, order, self._reach_relay, carried)
        if duplicated < self.conditions.duplication:
            copy_us = at_us + round(gap * COPY_GAP_US)
            self._env.post_in_order(copy_us, order, self._reach_relay, carried)

    def _reach_relay(self, carried: Carried) -> None:
        envelope, message_class, service_us, down_us, posted_us = carried
        now_us = self._env.now_us
        if self._outages and self._is_down(now_us):
            self._panel.dropped(now_us, message_class, "relay-restart")
            return
        memory, message = self.memory, envelope[2]
        if memory is not None and not memory.has_room(now_us, message):
            self._panel.dropped(now_us, message_class, "memory full")
            return
        pool = self.pools[message_class]
        start_us = pool.admit(now_us, service_us)
        if start_us is None:
            self._panel.dropped(now_us, message_class, "queue full")
            return
        departure_us = start_us + service_us
        if self._outages and self._is_interrupted(now_us, departure_us):
            self._panel.dropped(now_us, message_class, "relay-restart")
            return
        if memory is not None:
            memory.hold(now_us, message, departure_us)
        if self._panel.hears_messages:
            wait_us = start_us - now_us
            self._panel.carried(now_us, message_class, wait_us, service_us, pool.queue)
        at_us = departure_us + down_us
        if self._panel.hears_deliveries and message.__class__ in FOLLOWED:
            way = Way(posted_us, start_us - now_us, service_us)
            self._env.post(at_us, self._reach_followed, (envelope, way))
        else:
            self._env.post(at_us, self._reach_client, envelope)

    def _reach_followed(self, passing: tuple[Envelope, Way]) -> None:
        envelope, way = passing
        addressee = envelope[1]
        if addressee not in self.partitioned and self.is_online(addressee):
            self._panel.delivered(self._env.now_us, envelope[2], way)
        self._reach_client(envelope)

    def _reach_client(self, envelope: Envelope) -> None:
        if self.partitioned and envelope[1] in self.partitioned:
            message_class = CLASS_OF[type(envelope[2])]
            self._panel.dropped(self._env.now_us, message_class, "partition")
            return
        self.hand_over(envelope)

    def _is_down(self, now_us: int) -> bool:
        return any(
            outage.begin_us <= now_us < outage.end_us for outage in self._outages
        )

    def _is_interrupted(self, arrival_us: int, departure_us: int) -> bool:
        """Whether an outage begins while the message is in the relay."""
        return any(
            arrival_us < outage.begin_us < departure_us for outage in self._outages
        )
