"""A world: clients around one relay, in one SimPy environment, from instant zero."""

from collections.abc import Iterable
from dataclasses import dataclass

import simpy

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.client import Client
from invitelab.world.clock import advance
from invitelab.world.network import Network
from invitelab.world.relay import Relay
from invitelab.world.site import Record, Site, ignore


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One client and whether it is connected when the world begins."""

    spec: ClientSpec
    online: bool = True


class World:
    """The clients by ID, and the only hand on the clock.

    `latency_us` is the time a message takes from client to client; `record` is called
    with every fact. Raises ValueError when two clients share an address.
    """

    client_class: type[Client] = Client

    def __init__(
        self,
        residents: Iterable[Resident],
        *,
        policy: Policy | None = None,
        latency_us: int = 0,
        record: Record = ignore,
    ) -> None:
        self.policy = policy or Policy()
        self.env = simpy.Environment(initial_time=0)
        self.network = Network(self.env, latency_us)
        self.relay = Relay(self.network)
        self.clients: dict[ClientId, Client] = {}
        for resident in residents:
            self._settle_in(resident, record)

    def _settle_in(self, resident: Resident, record: Record) -> None:
        site = Site(
            self.env,
            self.network,
            self.relay,
            resident.spec,
            policy=self.policy,
            record=record,
        )
        site.online = resident.online
        client = self.client_class(site)
        self.relay.register(resident.spec, client.receive, online=resident.online)
        self.clients[resident.spec.id] = client

    @property
    def now_us(self) -> int:
        """World time in microseconds since the beginning."""
        return int(self.env.now)

    def settle(self) -> None:
        """Run everything that is due at this very instant."""
        advance(self.env, self.now_us)

    def advance(self, by_us: int) -> None:
        """Let time pass, the new instant included; ValueError when it runs back."""
        if by_us < 0:
            msg = f"time does not run back, so {by_us} us cannot pass"
            raise ValueError(msg)
        advance(self.env, self.now_us + by_us)
