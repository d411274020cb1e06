"""The relay: knows who is who and who is there, and forwards. It decides nothing.

What reaches it for a client that is not connected is dropped: the sender repeats what
matters, and a returning client asks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from invitelab.protocol.messages import Message
from invitelab.protocol.values import Address, ClientId, ClientSpec
from invitelab.world.network import Network

Receive = Callable[[ClientId, Message], None]

Envelope = tuple[ClientId, ClientId, Message]
"""Sender, addressee, message. A tuple, because there are millions of them."""


@dataclass(slots=True)
class _Registration:
    """One client as the relay knows it."""

    spec: ClientSpec
    receive: Receive
    online: bool


class Relay:
    """The directory and the switchboard."""

    __slots__ = ("_any_case", "_clients", "_exact", "_network")

    def __init__(self, network: Network) -> None:
        self._network = network
        self._clients: dict[ClientId, _Registration] = {}
        self._exact: dict[str, ClientId] = {}
        self._any_case: dict[str, ClientId] = {}

    def register(self, spec: ClientSpec, receive: Receive, *, online: bool) -> None:
        """Make a client known; ValueError when its ID or alias is taken."""
        names = [spec.id, *([spec.identity.alias] if spec.identity.alias else [])]
        for name in names:
            if name.lower() in self._any_case:
                msg = f"the address {name} is taken"
                raise ValueError(msg)
            self._exact[name] = spec.id
            self._any_case[name.lower()] = spec.id
        self._clients[spec.id] = _Registration(spec, receive, online)

    def find(self, address: Address) -> ClientSpec | None:
        """Whoever has this address; None where nobody has."""
        known = self._any_case if address.any_case else self._exact
        found = known.get(address.text)
        return None if found is None else self._clients[found].spec

    def is_online(self, client: ClientId) -> bool:
        """Whether this client is connected now."""
        known = self._clients.get(client)
        return known is not None and known.online

    def set_online(self, client: ClientId, *, online: bool) -> None:
        """Connect or disconnect a client. What it has already sent still travels."""
        self._clients[client].online = online

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Take a message of a connected client and bring it to another one."""
        if self._clients[sender].online:
            self._network.up(self._switch, (sender, to, message))

    def _switch(self, envelope: Envelope) -> None:
        self._network.down(self.hand_over, envelope)

    def hand_over(self, envelope: Envelope) -> None:
        """Give a message to its addressee, who may have left meanwhile."""
        known = self._clients.get(envelope[1])
        if known is not None and known.online:
            known.receive(envelope[0], envelope[2])
