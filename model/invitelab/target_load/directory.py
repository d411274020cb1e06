"""The clients of the target, by index, and the rooms that they are in."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from invitelab.adapters.handshake import Capability
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Platform,
)
from invitelab.target_load.client import ClientWorld, TargetClient
from invitelab.target_load.room import Terms
from invitelab.target_load.tracked import number_of
from invitelab.target_load.variety import Variety
from invitelab.world.load.intentions import Attempt
from invitelab.world.load.participants import addressee_of, inviter_of, tile_of
from invitelab.world.load.population import Population, index_of


class TargetDirectory:
    """The clients that people use; see `controls.UserDirectory`."""

    def __init__(
        self,
        population: Population,
        terms: Terms,
        world: ClientWorld | None = None,
        *,
        thorough: bool = False,
    ) -> None:
        self.population = population
        self.number = 0
        """The attempt that is being made."""
        self.addressee: TargetClient | None = None
        """Its recipient."""
        self.wanted: dict[int, int] = {}
        """The recipients of attempts for which one is not drawn, by their number."""
        self.on_meeting: Callable[[TargetClient], None] = lambda _client: None
        """Called with everybody who takes part in an attempt."""
        self._terms = terms
        self._world = world
        self._variety = Variety(population) if thorough else None
        self._clients: dict[int, TargetClient] = {}

    def client(self, index: int) -> TargetClient:
        """The client with this index, created if need be."""
        assert self._world is not None, "a directory of specs alone has no clients"
        known = self._clients.get(index)
        if known is None:
            spec = self.spec(index)
            known = TargetClient(index, spec, self._world, present=self._can_have(spec))
            self._clients[index] = known
        return known

    def spec(self, index: int) -> ClientSpec:
        """A client, as far as the target has capabilities for it."""
        population = self.population
        variety = self._variety
        spec = population.spec(index) if variety is None else variety.spec(index)
        if not self._terms.has(Capability.ALIAS):
            spec = replace(spec, identity=Identity(id=spec.id, alias=None))
        return spec

    def index_of(self, id_: ClientId) -> int:
        """The index of a client."""
        variety = self._variety
        return index_of(id_) if variety is None else variety.index_of[id_]

    def room_members(self, number: int) -> Iterator[tuple[ClientSpec, bool]]:
        """The clients of a room that the target can have, and who is online."""
        presence = self._terms.has(Capability.PRESENCE)
        for index in self.population.rooms.room(number).indexes:
            known = self._clients.get(index)
            spec = self.spec(index) if known is None else known.device.spec
            if self._can_have(spec):
                yield spec, not presence or self.population.is_online(index)

    def is_direct(self, id_: ClientId) -> bool:
        """Whether a client can take part in a direct invitation."""
        return self.population.version(self.index_of(id_)).supports_direct

    def is_online(self, index: int) -> bool:
        """Whether a client is connected, as far as the target can be told."""
        presence = self._terms.has(Capability.PRESENCE)
        return not presence or self.population.is_online(index)

    def _can_have(self, spec: ClientSpec) -> bool:
        old = spec.supports_direct or self._terms.has(Capability.OLD_VERSIONS)
        windows = spec.platform is Platform.WINDOWS
        return old and (windows or self._terms.has(Capability.OTHER_PLATFORMS))

    # Attempts.

    def inviter(self, attempt: Attempt) -> TargetClient:
        """The inviter of an attempt: a client on Windows, as only these can invite."""
        return self.client(inviter_of(self.population, attempt))

    def recipient(
        self, sender: TargetClient, attempt: Attempt
    ) -> tuple[TargetClient, EntryPoint]:
        """The recipient of an attempt and its entry point: a tile, or else the icon."""
        addressee, entry = self._choose(sender, attempt)
        self.addressee = addressee
        for client in (sender, addressee):
            if client.present:
                self.on_meeting(client)
        return addressee, entry

    def _choose(
        self, sender: TargetClient, attempt: Attempt
    ) -> tuple[TargetClient, EntryPoint]:
        wanted = self.wanted.pop(self.number, None)
        if wanted is not None:
            return self.client(wanted), EntryPoint.ICON
        tile = tile_of(sender.device.spec, attempt)
        if tile is not None and self._terms.has(Capability.TILES):
            id_, entry = tile
            return self.client(self.index_of(id_)), entry
        index = addressee_of(self.population, sender.index, attempt)
        return self.client(index), EntryPoint.ICON

    def host(self, invitation: str) -> TargetClient:
        """The inviter's client of an invitation."""
        return self._clients[int(invitation.split("-")[1])]

    def guest(self, invitation: str) -> TargetClient:
        """The recipient's client of an invitation."""
        return self._clients[int(invitation.split("-")[2])]

    def specs(self) -> dict[ClientId, ClientSpec]:
        """The specs of all clients created so far, by ID."""
        return {one.device.id: one.device.spec for one in self._clients.values()}

    def begin_attempt(self, number: int) -> None:
        """Note the attempt that what is sent next belongs to."""
        self.number = number

    def number_of(self, invitation: str) -> int:
        """The attempt that an invitation belongs to."""
        return number_of(invitation)
