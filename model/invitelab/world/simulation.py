"""A small world: clients around one relay, in one SimPy environment, from time zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from mypy_extensions import mypyc_attr

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.client import Client
from invitelab.world.device import Device, Record, SharedServices, discard_fact
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.network import Network
from invitelab.world.relay import Relay
from invitelab.world.retransmission import Retransmission


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSetup:
    """A client, and whether it is connected when the world begins."""

    spec: ClientSpec
    online: bool = True


@mypyc_attr(allow_interpreted_subclasses=True)
class World:
    """The clients by ID, and the control of virtual time.

    `latency_us` is the time a message takes from client to client; `record` is called
    with every fact. Raises ValueError when two clients share an address.
    """

    client_class: ClassVar[type[Client]] = Client

    def __init__(
        self,
        setups: Iterable[ClientSetup],
        *,
        policy: Policy | None = None,
        latency_us: int = 0,
        record: Record = discard_fact,
    ) -> None:
        self.policy = policy or Policy()
        self.env = CalendarEnvironment()
        self.relay = Relay(Network(self.env, latency_us))
        self.services = SharedServices(
            env=self.env,
            relay=self.relay,
            policy=self.policy,
            record=record,
            retransmission=Retransmission(self.policy.retry_us),
        )
        self.clients: dict[ClientId, Client] = {}
        for setup in setups:
            self._add_client(setup)

    def _add_client(self, setup: ClientSetup) -> None:
        device = Device(setup.spec, self.services)
        device.online = setup.online
        client = type(self).client_class(device)
        self.relay.register(setup.spec, client.receive, online=setup.online)
        self.clients[setup.spec.id] = client

    @property
    def now_us(self) -> int:
        """The virtual time in microseconds since the beginning."""
        return self.env.now_us

    def settle(self) -> None:
        """Run every event that is due now."""
        self.env.advance(self.now_us)

    def advance(self, by_us: int) -> None:
        """Let time pass, and run every event up to and including the new instant.

        Raises ValueError when `by_us` is negative.
        """
        if by_us < 0:
            msg = f"time does not run back, so {by_us} us cannot pass"
            raise ValueError(msg)
        self.env.advance(self.now_us + by_us)
