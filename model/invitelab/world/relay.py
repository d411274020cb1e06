"""The relay: the directory of addresses, presence, and the forwarding of messages.

It makes no decision. A message to a client that is not connected is dropped: its sender
retransmits what matters, and a client that reconnects polls.
"""

from collections.abc import Callable
from dataclasses import dataclass

from invitelab.protocol.messages import Message
from invitelab.protocol.values import Address, ClientId, ClientSpec
from invitelab.world.network import Network

Receive = Callable[[ClientId, Message], None]

Envelope = tuple[ClientId, ClientId, Message]
"""Sender, addressee, message; a plain tuple because there are millions of them."""


@dataclass(slots=True)
class _Registration:
    """A registered client."""

    spec: ClientSpec
    receive: Receive
    online: bool


class Relay:
    """Forwards messages between registered clients."""

    __slots__ = ("_any_case", "_clients", "_exact", "_network")

    def __init__(self, network: Network) -> None:
        self._network = network
        self._clients: dict[ClientId, _Registration] = {}
        self._exact: dict[str, ClientId] = {}
        self._any_case: dict[str, ClientId] = {}

    def register(self, spec: ClientSpec, receive: Receive, *, online: bool) -> None:
        """Add a client; raises ValueError when its ID or alias is taken."""
        names = [spec.id, *([spec.identity.alias] if spec.identity.alias else [])]
        for name in names:
            if name.lower() in self._any_case:
                msg = f"the address {name} is taken"
                raise ValueError(msg)
            self._exact[name] = spec.id
            self._any_case[name.lower()] = spec.id
        self._clients[spec.id] = _Registration(spec, receive, online)

    def find(self, address: Address) -> ClientSpec | None:
        """The client with this address; None where there is none."""
        known = self._any_case if address.any_case else self._exact
        found = known.get(address.text)
        return None if found is None else self._clients[found].spec

    def is_online(self, client: ClientId) -> bool:
        """Whether this client is connected; False for an unknown one."""
        known = self._clients.get(client)
        return known is not None and known.online

    def set_online(self, client: ClientId, *, online: bool) -> None:
        """Connect or disconnect a client; messages that it has sent still arrive."""
        self._clients[client].online = online

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Forward a message, unless its sender is not connected."""
        if self._clients[sender].online:
            self._network.up(self._route, (sender, to, message))

    def _route(self, envelope: Envelope) -> None:
        self._network.down(self.hand_over, envelope)

    def hand_over(self, envelope: Envelope) -> None:
        """Deliver a message, unless its addressee is no longer connected."""
        known = self._clients.get(envelope[1])
        if known is not None and known.online:
            known.receive(envelope[0], envelope[2])
