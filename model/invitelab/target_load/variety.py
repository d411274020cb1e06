"""Unusual clients: addresses, profiles, contacts and locks that are valid, but rare.

A scenario's population is an ordinary one. Here each room has IDs and aliases of every
shape, some of them much like those of another member, odd profiles and locks, and
lists with one contact, with several, and with one that is in all of them. What a client
gets follows from its place in the room and from the room's number, so that two factors
meet in another way in each room.
"""

from dataclasses import replace

from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    ContactList,
    Identity,
    Permission,
    Profile,
)
from invitelab.target_load.odd_names import name_like, namespace_of
from invitelab.world.load.population import Population, id_of

EVERY_LOCKED = 4
"""One of so many clients has locks."""
EVERY_CUSTOM = 2
"""One of so many has profiles of its own."""

ALL = frozenset(Permission)
VIEW = frozenset({Permission.VIEW})

SOME = (
    VIEW,
    ALL,
    frozenset[Permission](),
    ALL - {Permission.RECORDING, Permission.FILES},
    VIEW | {Permission.TCP_TUNNEL, Permission.PRIVACY_MODE},
)
"""What the profiles of one's own hold, in turn."""

_NAMES = (
    ("Default", "Wartung & Hilfe", "x" * 64, "0"),
    ("Full Access", "A", "ä" * 64, "a.b (c)* [x]+"),
    ("Support", "support", "Fernwartung für alle", "7"),
    ("Screen Sharing", "Notfall", "b", "Zürich $1 \\d"),
    ("e" * 41, "0", "Nur ansehen", "Default"),
)
"""Sets of names: with spaces, signs, other letters, as short and as long as can be."""


def profiles_of(place: int) -> tuple[Profile, ...]:
    """The profiles of a client: the built-in ones, or its own and a disabled one."""
    if place % EVERY_CUSTOM == 0:
        return BUILT_IN_PROFILES
    turn = place // EVERY_CUSTOM
    own = (
        Profile(name=name, permissions=SOME[(turn + number) % len(SOME)])
        for number, name in enumerate(_NAMES[turn % len(_NAMES)])
    )
    return (*own, Profile(name="Former", permissions=ALL, enabled=False))


def locks_of(place: int) -> dict[Permission, bool]:
    """One permission locked on and another one locked off, or fewer."""
    if place % EVERY_LOCKED != EVERY_LOCKED - 1:
        return {}
    names, turn = list(Permission), place // EVERY_LOCKED
    both = {
        names[turn % len(names)]: True,
        names[(turn + 3) % len(names)]: False,
    }
    return dict(list(both.items())[turn % 3 // 2 :][: 2 - turn % 3 % 2])


def _like_another(index: int, first: int, turn: int) -> str:
    """An ID by its shape: five by themselves, two like that of the room's first."""
    own, other = id_of(index), id_of(first)
    match turn % 7:
        case 1:
            return f"1{own}"
        case 2:
            return f"{own}7"
        case 3:
            return f"0{own[1:]}"
        case 4:
            return f"{own[:3]}000{own[-3:]}"
        case 5 if index != first:
            return f"{other[:-1]}{(int(other[-1]) + 1 + index % 8) % 10}"
        case 6 if index != first:
            return f"{other}{index % 10}"
        case _:
            return own


class Variety:
    """The unusual clients of a population, each the same whenever it is asked for."""

    def __init__(self, population: Population) -> None:
        self._population = population
        self._ids: list[ClientId] = []
        taken = {id_of(index) for index in range(len(population))}
        for number in range(population.rooms.count):
            room = population.rooms.room(number)
            for index in room.indexes:
                found = _like_another(index, room.start, index - room.start + number)
                if found in taken:  # then the plain one, which nobody else has
                    found = id_of(index)
                taken.add(ClientId(found))
                self._ids.append(ClientId(found))
        self.index_of = {id_: index for index, id_ in enumerate(self._ids)}

    def spec(self, index: int) -> ClientSpec:
        """A client of the population with unusual properties."""
        spec = self._population.spec(index)
        number = self._population.rooms.number_of(index)
        place = index - self._population.rooms.room(number).start
        return replace(
            spec,
            identity=Identity(
                id=self._ids[index],
                alias=spec.identity.alias and self._alias(place, number),
            ),
            profiles=profiles_of(place + number),
            locked=spec.locked or locks_of(place + 2 * number),
            contacts=self._contacts(index, number),
        )

    def _alias(self, place: int, number: int) -> str:
        """An alias that nobody else in the room has."""
        name = name_like(place, number)
        return f"{name}@{namespace_of(place, number)}"

    def _contacts(
        self, index: int, number: int
    ) -> dict[ContactList, tuple[ClientId, ...]]:
        """Lists of one, of several and of none, one contact being in all that have any.

        A few contacts are taken from the room, so that a list is as long in any room.
        """
        room = self._population.rooms.room(number)
        size = min(room.size - 1, 4)
        some = [
            self._ids[room.start + (index - room.start + step) % room.size]
            for step in range(1, size + 1)
        ]
        lists = list(ContactList)
        found: dict[ContactList, tuple[ClientId, ...]] = {}
        for turn, list_ in enumerate(lists[index % 4 :] + lists[: index % 4]):
            match turn:
                case 0:
                    found[list_] = tuple(some)
                case 1:
                    found[list_] = tuple(some[:1])
                case 2:
                    found[list_] = tuple(reversed(some[:3]))
                case _:
                    found[list_] = tuple(some[-1:]) if number % 3 else ()
        return found
