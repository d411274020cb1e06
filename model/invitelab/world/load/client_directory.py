"""The clients that somebody has met so far, each made on its first meeting."""

from collections.abc import Callable, Iterator

from invitelab.protocol.values import ClientId, ClientSpec, EntryPoint
from invitelab.world.client import Client
from invitelab.world.device import Device, SharedServices
from invitelab.world.load.busy_relay import BusyRelay
from invitelab.world.load.faulty_device import FaultyDevice
from invitelab.world.load.intentions import Attempt
from invitelab.world.load.population import Population, index_of

OnNewClient = Callable[[int, Client], None]
"""Told when a client is met for the first time, with its index."""

TILE_OF = {
    list_: entry for entry in EntryPoint if (list_ := entry.contact_list) is not None
}


class ClientDirectory:
    """Clients by index, and the way to them from an invitation's id."""

    def __init__(
        self,
        population: Population,
        relay: BusyRelay,
        services: SharedServices,
        *,
        faulty_devices: bool,
    ) -> None:
        self.population = population
        self.relay = relay
        self.on_new_client: OnNewClient = lambda _index, _client: None
        self._services = services
        self._faulty_devices = faulty_devices
        self._clients: dict[int, Client] = {}

    def __iter__(self) -> Iterator[tuple[int, Client]]:
        """Everybody who was met, by index, in the order of meeting."""
        return iter(self._clients.items())

    def client(self, index: int) -> Client:
        """The client with this index."""
        known = self._clients.get(index)
        return self._make(index) if known is None else known

    def inviter(self, attempt: Attempt) -> Client:
        """Somebody on Windows: nobody else is offered a way to invite."""
        windows = self.population.windows
        return self.client(int(windows[int(attempt.inviter * len(windows))]))

    def recipient(self, sender: Client, attempt: Attempt) -> tuple[Client, EntryPoint]:
        """Whom to invite, and where that begins: a contact's tile, or the icon."""
        tiles = sender.device.spec.contacts.items()
        contacts = [(list_, id_) for list_, ids in tiles for id_ in ids]
        if contacts and attempt.by_tile:
            list_, id_ = contacts[int(attempt.recipient * len(contacts))]
            return self.client(index_of(id_)), TILE_OF[list_]
        others = len(self.population) - 1
        me = index_of(sender.device.id)
        index = (me + 1 + int(attempt.recipient * others)) % len(self.population)
        return self.client(index), EntryPoint.ICON

    def host(self, invitation: str) -> Client:
        """The inviter's client."""
        return self._by_id(invitation.split("-", 1)[0])

    def guest(self, invitation: str) -> Client:
        """The recipient's client."""
        return self._by_id(invitation.split("-", 2)[1])

    def specs(self) -> dict[ClientId, ClientSpec]:
        """What is fixed about everybody who was met."""
        return {one.device.id: one.device.spec for one in self._clients.values()}

    def _by_id(self, text: str) -> Client:
        return self._clients[index_of(ClientId(text))]

    def _make(self, index: int) -> Client:
        spec = self.population.spec(index)
        kind = FaultyDevice if self._faulty_devices else Device
        device = kind(spec, self._services)
        device.online = self.population.is_online(index)
        client = self._clients[index] = Client(device)
        hear = client.receive
        ear = device.while_awake(hear) if isinstance(device, FaultyDevice) else hear
        self.relay.register(spec, ear, online=device.online)
        self.on_new_client(index, client)
        return client
