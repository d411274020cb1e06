"""The population: the specs of all clients by index, made on demand.

A spec is a function of (seed, replication, index): it does not depend on the order of
creation. Version, platform and build are drawn for all clients at once, in arrays of a
byte each. Names, contacts and specs are made on demand, so that a quarter of a million
clients cost little until they are used.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    ContactList,
    Identity,
    Permission,
    Platform,
    Version,
)
from invitelab.world.load.name_table import name_table
from invitelab.world.load.rng import (
    CHUNK,
    CounterRng,
    Floats,
    Purpose,
    as_uniforms,
)
from invitelab.world.load.rooms import Rooms
from invitelab.world.scenario.schema import Population as PopulationSettings

FIRST_ID = 100_000_000
IDS = 899_999_981  # a prime, so that every step but 0 walks through all of them
ID_STEP = 618_033_989
_BACK = pow(ID_STEP, -1, IDS)

LONGEST_NAME = 25

LOCKED_BUILD: Mapping[Permission, bool] = {
    Permission.FILES: False,
    Permission.RECORDING: True,
}
"""The permissions that a custom build locks, and their values."""

_LISTS = tuple(ContactList)


def id_of(index: int) -> ClientId:
    """The ID of a client: nine digits, unique, and in no obvious order."""
    return ClientId(str(FIRST_ID + index * ID_STEP % IDS))


def index_of(client: ClientId) -> int:
    """The index of a client: the inverse of `id_of`."""
    return (int(client) - FIRST_ID) * _BACK % IDS


class Tiles(Mapping[ContactList, tuple[ClientId, ...]]):
    """The contacts of a client by list, made when somebody looks at them.

    Most clients never show a tile, and their contacts would take half of their memory.
    """

    __slots__ = ("_index", "_population")

    def __init__(self, population: "Population", index: int) -> None:
        self._population = population
        self._index = index

    def __getitem__(self, list_: ContactList) -> tuple[ClientId, ...]:
        """The contacts in a list; raises KeyError for one that has none."""
        return self._population.tiles(self._index)[list_]

    def __iter__(self) -> Iterator[ContactList]:
        """The lists that have contacts."""
        return iter(self._population.tiles(self._index))

    def __len__(self) -> int:
        """The number of lists that have contacts."""
        return len(self._population.tiles(self._index))


class Population:
    """All clients, by index from 0."""

    def __init__(self, settings: PopulationSettings, rng: CounterRng) -> None:
        self._settings = settings
        self._rng = rng
        self._versions = [Version.parse(text) for text in settings.versions]
        self._platforms = [Platform(name) for name in settings.platforms]
        chunks = range(-(-settings.clients // CHUNK))
        traits = [rng.uniforms(Purpose.CLIENT_TRAITS, chunk) for chunk in chunks]
        drawn = np.concatenate(traits, axis=1)[:, : settings.clients]
        self._version = _choice(list(settings.versions.values()), drawn[0])
        self._platform = _choice(list(settings.platforms.values()), drawn[1])
        self._portable = drawn[2] < settings.portable
        self._locked = drawn[3] < settings.locked
        self.rooms = Rooms(settings.clients, settings.room)
        self._names: dict[int, Floats] = {}
        self._tiles: tuple[int, Mapping[ContactList, tuple[ClientId, ...]]] = (-1, {})
        self._contacts: dict[int, Floats] = {}
        windows = self._platforms.index(Platform.WINDOWS)
        self.windows: NDArray[np.int64] = np.flatnonzero(self._platform == windows)
        """The indexes of the clients that can invite (PLATFORM-1)."""

    def __len__(self) -> int:
        """The number of clients."""
        return self._settings.clients

    @property
    def contact_count(self) -> int:
        """The number of contacts that each client draws."""
        return self._settings.contacts

    def all_online(self) -> NDArray[np.bool_]:
        """Which clients are connected when the world begins, by index."""
        count = len(self)
        if not self._settings.offline:
            return np.ones(count, np.bool_)
        words = self._rng.words(Purpose.CLIENT_NAME, 0, count)[:, 3]
        return as_uniforms(words) >= self._settings.offline

    def all_kinds(self) -> NDArray[np.uint16]:
        """Version and platform of each client as one number, by index."""
        kinds = self._version.astype(np.uint16) * len(self._platforms)
        return kinds + self._platform

    def all_direct(self) -> NDArray[np.bool_]:
        """Which clients support direct invitations, by index."""
        direct = [version.supports_direct for version in self._versions]
        return np.array(direct)[self._version]

    def all_majors(self) -> NDArray[np.int64]:
        """The major versions of all clients, by index."""
        return np.array([version.major for version in self._versions])[self._version]

    def version(self, index: int) -> Version:
        """The version of a client, without the cost of its spec."""
        return self._versions[int(self._version[index])]

    def is_online(self, index: int) -> bool:
        """Whether a client is connected when the world begins."""
        return self._name_draws(index)[3] >= self._settings.offline

    def contacts(self, index: int) -> list[int]:
        """The indexes of a client's contacts, never itself; may repeat one."""
        chunk, place = divmod(index, CHUNK)
        room = self.rooms.of(index)
        drawn = self._contact_draws(chunk)[: self._settings.contacts, place].tolist()
        return [room.neighbour(index, one) for one in drawn]

    def spec(self, index: int) -> ClientSpec:
        """The spec of a client."""
        return ClientSpec(
            identity=Identity(id=id_of(index), alias=self._alias(index)),
            version=self.version(index),
            platform=self._platforms[int(self._platform[index])],
            profiles=BUILT_IN_PROFILES,
            locked=LOCKED_BUILD if self._locked[index] else {},
            contacts=Tiles(self, index),
        )

    def tiles(self, index: int) -> Mapping[ContactList, tuple[ClientId, ...]]:
        """A client's contacts by list; those asked for last are kept for the next."""
        if self._tiles[0] != index:
            self._tiles = (index, self._make_tiles(index))
        return self._tiles[1]

    def _make_tiles(self, index: int) -> Mapping[ContactList, tuple[ClientId, ...]]:
        tiles: dict[ContactList, list[ClientId]] = {}
        for place, contact in enumerate(dict.fromkeys(self.contacts(index))):
            tiles.setdefault(_LISTS[place % len(_LISTS)], []).append(id_of(contact))
        return {list_: tuple(ids) for list_, ids in tiles.items()}

    def _alias(self, index: int) -> str | None:
        """First name, last name and index, which makes the alias unique."""
        if self._portable[index]:
            return None
        table = name_table()
        first, last, namespace, _ = self._name_draws(index)
        number = str(index)
        whole = f"{_choose(table.first, first)}.{_choose(table.last, last)}"
        name = f"{whole[: LONGEST_NAME - len(number) - 1]}.{number}"
        return f"{name}@{_choose(table.namespaces, namespace)}"

    def _name_draws(self, index: int) -> list[float]:
        chunk, place = divmod(index, CHUNK)
        if chunk not in self._names:
            drawn = self._rng.uniforms(Purpose.CLIENT_NAME, chunk)
            self._names[chunk] = drawn
        drawn_here: list[float] = self._names[chunk][:, place].tolist()
        return drawn_here

    def _contact_draws(self, chunk: int) -> Floats:
        """Numbers for contacts: shape (contacts rounded up to fours, CHUNK)."""
        if chunk not in self._contacts:
            ordinals = range(-(-self._settings.contacts // 4) or 1)
            blocks = [
                self._rng.uniforms(Purpose.CLIENT_CONTACTS, chunk, ordinal)
                for ordinal in ordinals
            ]
            self._contacts[chunk] = np.concatenate(blocks)
        return self._contacts[chunk]


def _choose(table: Sequence[str], drawn: float) -> str:
    return table[int(drawn * len(table))]


def _choice(shares: Sequence[float], drawn: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The index of the share that each draw falls into."""
    bounds = list(accumulate(shares))[:-1]
    return np.searchsorted(bounds, drawn, side="right").astype(np.uint8)
