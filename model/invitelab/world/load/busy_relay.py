"""The relay under load: random latencies, losses, and a pool of workers per class.

It decides when, and whether, a message arrives: on the way up to the relay, in the
queue of its class, and on the way down to the addressee.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mypy_extensions import mypyc_attr

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.network_conditions import (
    MessageDraws,
    MessageFate,
    NetworkConditions,
    order_of,
)
from invitelab.world.load.panel import InstrumentPanel
from invitelab.world.load.queues import CLASS_OF, MessageClass, Pool
from invitelab.world.network import Network
from invitelab.world.relay import Envelope, Relay

COPY_GAP_US = 100_000
"""The longest time in microseconds between the two copies of a duplicated message."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A restart of the relay: `[begin_us, end_us)`; messages inside it are lost."""

    begin_us: int
    end_us: int


Carried = tuple[Envelope, MessageClass, int, int]
"""Envelope, class, service time and latency on the way down, both in microseconds."""


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
    ) -> None:
        super().__init__(Network(env))
        self._env = env
        self._draws = draws
        self._outages = outages
        self._panel = panel
        self._numbers: dict[str, int] = {}
        self.pools = pools
        self.conditions = conditions
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
        )
        order = order_of(number, message_class, ordinal)
        if self.conditions.lossy:
            self._apply_fate(at_us, order, carried, self._draws.fate(key), place)
        else:
            self._env.post_in_order(at_us, order, self._reach_relay, carried)

    def number_of(self, invitation: str) -> int:
        """The attempt that made an invitation; a new one is from the newest attempt."""
        return self._numbers.setdefault(invitation, self.number)

    def _apply_fate(
        self, at_us: int, order: int, carried: Carried, fate: MessageFate, place: int
    ) -> None:
        """Lose a message, duplicate it or delay it, as its draws say."""
        envelope, message_class, service_us, down_us = carried
        lost, duplicated, reordered, gap = fate.chances[:, place].tolist()
        if lost < self.conditions.loss:
            self._panel.dropped(self._env.now_us, message_class, "loss")
            return
        if reordered < self.conditions.reordering:
            down_us += fate.later_us[place]
        carried = (envelope, message_class, service_us, down_us)
        self._env.post_in_order(at_us, order, self._reach_relay, carried)
        if duplicated < self.conditions.duplication:
            copy_us = at_us + round(gap * COPY_GAP_US)
            self._env.post_in_order(copy_us, order, self._reach_relay, carried)

    def _reach_relay(self, carried: Carried) -> None:
        envelope, message_class, service_us, down_us = carried
        now_us = self._env.now_us
        if self._outages and self._is_down(now_us):
            self._panel.dropped(now_us, message_class, "relay-restart")
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
        if self._panel.hears_messages:
            wait_us = start_us - now_us
            self._panel.carried(now_us, message_class, wait_us, service_us, pool.queue)
        self._env.post(departure_us + down_us, self._reach_client, envelope)

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
