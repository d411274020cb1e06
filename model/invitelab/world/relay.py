"""The relay: the directory of addresses, presence, and the forwarding of messages.

It makes no decision. A message to a client that is not connected is dropped: its sender
retransmits what matters, and a client that reconnects polls.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mypy_extensions import mypyc_attr

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


@mypyc_attr(allow_interpreted_subclasses=True)
class Relay:
    """Forwards messages between registered clients."""

    __slots__ = ("_aliases", "_clients", "_network")

    def __init__(self, network: Network) -> None:
        self._network = network
        self._clients: dict[ClientId, _Registration] = {}
        self._aliases: dict[str, _Registration] = {}  # in lower case

    def register(self, spec: ClientSpec, receive: Receive, *, online: bool) -> None:
        """Add a client; raises ValueError when its ID or alias is taken."""
        alias = spec.identity.alias
        # Nearly all are in lower case: then it is the same string, and no copy.
        key = alias if alias is None or alias.islower() else alias.lower()
        if spec.id in self._clients or key in self._aliases:
            name = spec.id if spec.id in self._clients else alias
            msg = f"the address {name} is taken"
            raise ValueError(msg)
        known = self._clients[spec.id] = _Registration(spec, receive, online)
        if key is not None:
            self._aliases[key] = known

    def find(self, address: Address) -> ClientSpec | None:
        """The client with this address; None where there is none."""
        text = address.text
        known = self._clients.get(ClientId(text)) or self._aliases.get(text.lower())
        if known is None:
            return None
        exact = text in {known.spec.id, known.spec.identity.alias}
        return known.spec if exact or address.any_case else None

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
