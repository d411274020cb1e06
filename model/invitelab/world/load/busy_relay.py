"""The relay of a busy world: a network with weather, and workers with queues.

It carries what clients say and decides about nothing but when, and whether at all, a
message arrives: up to the relay, through the pool of its kind, down to the addressee.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.instruments import InstrumentPanel
from invitelab.world.load.network_conditions import (
    MessageDraws,
    MessageFate,
    NetworkConditions,
)
from invitelab.world.load.queues import CLASS_OF, MessageClass, Pool
from invitelab.world.network import Network
from invitelab.world.relay import Envelope, Relay

COPY_GAP_US = 100_000
"""A second copy follows the first within this time."""


@dataclass(frozen=True, slots=True)
class Outage:
    """The relay is away over `[begin_us, end_us)`; what was in it is lost."""

    begin_us: int
    end_us: int


Carried = tuple[Envelope, MessageClass, int, int]
"""What, of which kind, service and way down in microseconds."""


class BusyRelay(Relay):
    """Knows everybody, like any relay, and takes its time."""

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
        """Who is behind a partition."""
        self.number = 0
        """The attempt whose first message is being said: its id is not known before."""

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Take a message of a connected client on its way."""
        if not self._clients[sender].online:
            return
        message_class = CLASS_OF[message.__class__]
        if self.partitioned and sender in self.partitioned:
            self._panel.dropped(self._env.now_us, message_class, "partition")
            return
        # The attempt a message belongs to; without an invitation it is the newest.
        id_: str | None = getattr(message, "invitation", None)
        number = self.number if id_ is None else self.number_of(id_)
        key, block, place = self._draws.next_of(number, message_class)
        at_us = self._env.now_us + block.up_us[place] + self.conditions.delay_us
        down_us = block.down_us[place]
        carried = (
            (sender, to, message),
            message_class,
            block.service_us[place],
            down_us,
        )
        if self.conditions.rough:
            self._risk(at_us, carried, self._draws.fate(key), place)
        else:
            self._env.post(at_us, self._reach_relay, carried)

    def number_of(self, invitation: str) -> int:
        """The attempt an invitation came from; a new one comes from the newest."""
        return self._numbers.setdefault(invitation, self.number)

    def _risk(
        self, at_us: int, carried: Carried, fate: MessageFate, place: int
    ) -> None:
        """Lose it, send it twice, or hold it back."""
        envelope, message_class, service_us, down_us = carried
        lost, doubled, overtaken, gap = fate.chances[:, place].tolist()
        if lost < self.conditions.loss:
            self._panel.dropped(self._env.now_us, message_class, "loss")
            return
        if overtaken < self.conditions.reordering:
            down_us += fate.later_us[place]
        carried = (envelope, message_class, service_us, down_us)
        self._env.post(at_us, self._reach_relay, carried)
        if doubled < self.conditions.duplication:
            copy_us = at_us + round(gap * COPY_GAP_US)
            self._env.post(copy_us, self._reach_relay, carried)

    def _reach_relay(self, carried: Carried) -> None:
        envelope, message_class, service_us, down_us = carried
        now_us = self._env.now_us
        if self._outages and self._is_away(now_us):
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

    def _is_away(self, now_us: int) -> bool:
        return any(one.begin_us <= now_us < one.end_us for one in self._outages)

    def _is_interrupted(self, arrival_us: int, departure_us: int) -> bool:
        """Whether the relay forgets a message between its coming and its going."""
        return any(arrival_us < one.begin_us < departure_us for one in self._outages)
