"""The client directory: clients by index, each created when it is first needed."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from invitelab.protocol.values import ClientId, ClientSpec, EntryPoint
from invitelab.world.client import Client
from invitelab.world.device import Device, SharedServices
from invitelab.world.load.busy_relay import BusyRelay
from invitelab.world.load.faulty_device import FaultyDevice
from invitelab.world.load.intentions import Attempt
from invitelab.world.load.participants import addressee_of, inviter_of, tile_of
from invitelab.world.load.population import Population, index_of

if TYPE_CHECKING:
    from invitelab.world.relay import Receive

OnNewClient = Callable[[int, Client], None]
"""Called with the index and the client when a client is created."""


class ClientDirectory:
    """The clients created so far, found by index or by an invitation's id."""

    client_class: ClassVar[type[Client]] = Client

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
        """Pairs of index and client, in the order of creation."""
        return iter(self._clients.items())

    def client(self, index: int) -> Client:
        """The client with this index, created if need be."""
        known = self._clients.get(index)
        return self._create(index) if known is None else known

    def inviter(self, attempt: Attempt) -> Client:
        """The inviter of an attempt: a client on Windows, as only these can invite."""
        return self.client(inviter_of(self.population, attempt))

    def recipient(self, sender: Client, attempt: Attempt) -> tuple[Client, EntryPoint]:
        """The recipient of an attempt and its entry point: a tile, or else the icon."""
        tile = tile_of(sender.device.spec, attempt)
        if tile is not None:
            id_, entry = tile
            return self.client(index_of(id_)), entry
        own = index_of(sender.device.id)
        index = addressee_of(self.population, own, attempt)
        return self.client(index), EntryPoint.ICON

    def host(self, invitation: str) -> Client:
        """The inviter's client of an invitation."""
        return self._by_id(invitation.split("-", 1)[0])

    def guest(self, invitation: str) -> Client:
        """The recipient's client of an invitation."""
        return self._by_id(invitation.split("-", 2)[1])

    def begin_attempt(self, number: int) -> None:
        """Note the attempt that what is sent next belongs to."""
        self.relay.number = number

    def number_of(self, invitation: str) -> int:
        """The attempt that an invitation belongs to."""
        return self.relay.number_of(invitation)

    def specs(self) -> dict[ClientId, ClientSpec]:
        """The specs of all clients created so far, by ID."""
        return {one.device.id: one.device.spec for one in self._clients.values()}

    def _by_id(self, text: str) -> Client:
        return self._clients[index_of(ClientId(text))]

    def _create(self, index: int) -> Client:
        spec = self.population.spec(index)
        device_class = FaultyDevice if self._faulty_devices else Device
        device = device_class(spec, self._services)
        device.online = self.population.is_online(index)
        client = self._clients[index] = type(self).client_class(device)
        receive: Receive = client.receive
        if isinstance(device, FaultyDevice):
            receive = device.while_awake(receive)
        self.relay.register(spec, receive, online=device.online)
        self.on_new_client(index, client)
        return client
