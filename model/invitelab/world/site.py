"""Where a client stands: its clock, its line to the relay, and the record of facts."""

from collections.abc import Callable

import simpy

from invitelab.protocol.history import Fact
from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import ClientId, ClientSpec
from invitelab.world.network import Network
from invitelab.world.relay import Relay

Record = Callable[[Fact], None]


def ignore(_fact: Fact) -> None:
    """The record of a world that nobody watches."""


class Site:
    """Everything around one client; shared by its two roles."""

    def __init__(
        self,
        env: simpy.Environment,
        network: Network,
        relay: Relay,
        spec: ClientSpec,
        *,
        policy: Policy,
        record: Record = ignore,
    ) -> None:
        self.env = env
        self.network = network
        self.relay = relay
        self.spec = spec
        self.policy = policy
        self.record = record
        self.online = True

    @property
    def id(self) -> ClientId:
        """Short for `spec.id`."""
        return self.spec.id

    @property
    def now_us(self) -> int:
        """This client's clock."""
        return int(self.env.now)

    def say(self, to: ClientId, message: Message) -> None:
        """Hand a message to the relay; lost while this client is offline."""
        self.relay.forward(self.id, to, message)

    def at(self, at_us: int, action: Callable[[], None]) -> None:
        """Run `action` at this instant of the client's clock, at once if it is over."""
        self.network.later(max(0, at_us - self.now_us), action)
