"""The relay of a busy world: a network with weather, and workers with queues.

It carries what clients say and decides about nothing but when, and whether at all, a
message arrives: up to the relay, through the pool of its kind, down to the addressee.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.protocol.messages import Message
from invitelab.protocol.values import ClientId
from invitelab.world.clock import CalendarEnvironment
from invitelab.world.instruments import Panel
from invitelab.world.network import Network
from invitelab.world.pools import KIND_OF, Kind, Pool
from invitelab.world.relay import Parcel, Relay
from invitelab.world.streams import CHUNK
from invitelab.world.weather import Block, MessageDraws, Weather

COPY_GAP_US = 100_000
"""A second copy follows the first within this time."""


@dataclass(frozen=True, slots=True)
class Outage:
    """The relay is away over `[begin_us, end_us)`; what was in it is lost."""

    begin_us: int
    end_us: int


Carried = tuple[Parcel, Kind, int, int]
"""What, of which kind, service and way down in microseconds."""


class Switchboard(Relay):
    """Knows everybody, like any relay, and takes its time."""

    __slots__ = (
        "_draws",
        "_env",
        "_numbers",
        "_outages",
        "_panel",
        "cut",
        "number",
        "pools",
        "weather",
    )

    def __init__(
        self,
        env: CalendarEnvironment,
        draws: MessageDraws,
        pools: Sequence[Pool],
        *,
        weather: Weather,
        outages: Sequence[Outage],
        panel: Panel,
    ) -> None:
        super().__init__(Network(env))
        self._env = env
        self._draws = draws
        self._outages = outages
        self._panel = panel
        self._numbers: dict[str, int] = {}
        self.pools = pools
        self.weather = weather
        self.cut: frozenset[ClientId] = frozenset()
        """Who is behind a partition."""
        self.number = 0
        """The attempt whose first message is being said: its id is not known before."""

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Take a message of a connected client on its way."""
        if not self.is_online(sender):
            return
        kind = KIND_OF[type(message)]
        if sender in self.cut:
            self._panel.tell("dropped", self._env.now_us, kind, "partition")
            return
        number = self._number_of(message)
        ordinal = self._draws.next_of(number, kind)
        chunk, place = divmod(number, CHUNK)
        block = self._draws.block(chunk, kind, ordinal)
        parcel = (sender, to, message)
        if self.weather.rough:
            fate = self._draws.fate(chunk, kind, ordinal)[:, place]
            self._go_through_rough_weather(parcel, kind, block, place, fate.tolist())
        else:
            self._go(parcel, kind, block, place, 0)

    def _number_of(self, message: Message) -> int:
        """The attempt a message belongs to; one without an invitation: the newest."""
        id_: str | None = getattr(message, "invitation", None)
        if id_ is None:
            return self.number
        number = self._numbers.get(id_)
        if number is None:
            number = self._numbers[id_] = self.number
        return number

    def _go(
        self, parcel: Parcel, kind: Kind, block: Block, place: int, later_us: int
    ) -> None:
        delay_us = self.weather.delay_us
        carried = (
            parcel,
            kind,
            block.service_us[place],
            block.down_us[place] + delay_us + later_us,
        )
        at_us = self._env.now_us + block.up_us[place] + delay_us
        self._env.call_at(at_us, self._reach_relay, carried)

    def _go_through_rough_weather(
        self, parcel: Parcel, kind: Kind, block: Block, place: int, fate: list[float]
    ) -> None:
        weather = self.weather
        lost, doubled, overtaken, gap = fate
        if lost < weather.loss:
            self._panel.tell("dropped", self._env.now_us, kind, "loss")
            return
        later_us = block.later_us[place] if overtaken < weather.reordering else 0
        self._go(parcel, kind, block, place, later_us)
        if doubled < weather.duplication:
            copy_us = later_us + round(gap * COPY_GAP_US)
            self._go(parcel, kind, block, place, copy_us)

    def _reach_relay(self, carried: Carried) -> None:
        parcel, kind, service_us, down_us = carried
        now_us = self._env.now_us
        pool = self.pools[kind]
        start_us = None if self._is_away(now_us) else pool.admit(now_us, service_us)
        if start_us is None:
            why = "relay-restart" if self._is_away(now_us) else "queue full"
            self._panel.tell("dropped", now_us, kind, why)
            return
        departure_us = start_us + service_us
        if self._outages and self._is_interrupted(now_us, departure_us):
            self._panel.tell("dropped", now_us, kind, "relay-restart")
            return
        wait_us = start_us - now_us
        self._panel.tell("carried", now_us, kind, wait_us, service_us, pool.queue)
        self._env.call_at(departure_us + down_us, self._reach_client, parcel)

    def _reach_client(self, parcel: Parcel) -> None:
        if parcel[1] in self.cut:
            kind = KIND_OF[type(parcel[2])]
            self._panel.tell("dropped", self._env.now_us, kind, "partition")
            return
        self.hand_over(parcel)

    def _is_away(self, now_us: int) -> bool:
        return any(one.begin_us <= now_us < one.end_us for one in self._outages)

    def _is_interrupted(self, arrival_us: int, departure_us: int) -> bool:
        """Whether the relay forgets a message between its coming and its going."""
        return any(arrival_us < one.begin_us < departure_us for one in self._outages)
