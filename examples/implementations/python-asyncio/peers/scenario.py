"""A world of clients: built from its description, ordered about, and closed."""

import asyncio
from collections.abc import Sequence

from peers.client import Client
from peers.desk import Parts
from peers.directory import (
    Directory,
    Member,
    is_version,
    supports_direct,
)
from peers.fields import BadFieldsError, Fields, JsonObject
from peers.inviting import Inviting
from peers.menu import CONTACT_LISTS
from peers.moons import Names
from peers.orders import Order
from peers.profiles import Locks, Profile, Profiles
from peers.receiving import Receiving
from peers.relay import Relay
from peers.sessions import Hosting, Joining
from peers.station import Station
from peers.switches import Switches

MS_PER_S = 1000


class UnknownNameError(Exception):
    """There is no such scenario or client, or no longer."""


class Scenario:
    """Some clients and the relay between them, every one a task."""

    def __init__(
        self, actors: asyncio.TaskGroup, fields: Fields, switches: Switches
    ) -> None:
        sheets = fields.objects("clients")
        names = [sheet.text("client") for sheet in sheets]
        members = [_member(sheet) for sheet in sheets]
        _need_distinct(names, "client")
        _need_distinct([member.id for member in members], "ID")
        relay = _relay(members, sheets, switches)
        self._clients: dict[str, Client] = {}
        for place, name in enumerate(names):
            station = Station(
                member=members[place],
                relay=relay,
                names=Names(place + 1),
                switches=switches,
            )
            client = Client(_parts(station, sheets[place]))
            relay.connect(station.member.id, client.put)
            self._clients[name] = client
        runs = [relay.run(), *(client.run() for client in self._clients.values())]
        self._tasks = [actors.create_task(run) for run in runs]
        self._orders: set[Order] = set()

    def order(self, operation: str, fields: Fields) -> asyncio.Future[JsonObject]:
        """Hand an operation to its client; the future takes the outcome."""
        name = fields.text("client")
        client = self._clients.get(name)
        if client is None:
            raise UnknownNameError(f"there is no client {name}")
        outcome = asyncio.get_running_loop().create_future()
        order = Order(operation=operation, fields=fields, outcome=outcome)
        self._orders.add(order)
        outcome.add_done_callback(lambda _: self._orders.discard(order))
        client.put(order)
        return outcome

    def end(self) -> None:
        """Stop all actors; calls that still wait get UnknownNameError."""
        for task in self._tasks:
            task.cancel()
        for order in tuple(self._orders):
            order.fail(UnknownNameError("the scenario has ended"))


def _relay(
    members: Sequence[Member], sheets: Sequence[Fields], switches: Switches
) -> Relay:
    online = [
        member.id
        for member, sheet in zip(members, sheets, strict=True)
        if sheet.flag("online", default=True)
    ]
    return Relay(Directory(members, online), switches.latency_ms / MS_PER_S)


def _parts(station: Station, sheet: Fields) -> Parts:
    lists = sheet.part("contacts")
    contacts = {
        name: lists.texts(name) for name in CONTACT_LISTS if name in lists.values
    }
    profiles = Profiles(_profile(one) for one in sheet.objects("profiles"))
    hosting = Hosting(station, _locks(sheet.part("locked")))
    return Parts(
        station=station,
        profiles=profiles,
        contacts=contacts,
        hosting=hosting,
        inviting=Inviting(station, hosting, profiles=profiles, contacts=contacts),
        receiving=Receiving(station),
        joining=Joining(station),
    )


def _member(sheet: Fields) -> Member:
    version = sheet.text("version")
    if not is_version(version):
        raise BadFieldsError(f"not a version: {version}")
    return Member(
        id=sheet.text("id"),
        alias=sheet.text_or_none("alias"),
        windows=sheet.text("platform") == "windows",
        direct=supports_direct(version),
    )


def _profile(fields: Fields) -> Profile:
    return Profile(
        name=fields.text("name"),
        permissions=frozenset(fields.texts("permissions")),
        enabled=fields.flag("enabled", default=True),
    )


def _locks(fields: Fields) -> Locks:
    return Locks({name: fields.flag(name) for name in fields.values})


def _need_distinct(names: Sequence[str], kind: str) -> None:
    if len(set(names)) < len(names):
        raise BadFieldsError(f"two clients have the same {kind}")
