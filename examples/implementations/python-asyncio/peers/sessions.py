"""Sessions: the host starts and changes them, the guest shows what the host says."""

from dataclasses import dataclass

from peers.fields import Fields, JsonObject
from peers.messages import Permitted, Started
from peers.orders import RefusalError
from peers.profiles import Locks
from peers.station import Station
from peers.switches import Mistake


@dataclass(slots=True, kw_only=True)
class Hosted:
    """A session on this device."""

    number: int
    name: str
    guest: str
    permissions: frozenset[str]


class Hosting:
    """The sessions that this client hosts."""

    def __init__(self, station: Station, locks: Locks) -> None:
        self._station = station
        self._locks = locks
        self._sessions: dict[str, Hosted] = {}
        self._started = 0

    def start(self, guest: str, invitation: int, permissions: frozenset[str]) -> None:
        """Start a session and tell the guest, as the answer to its accept."""
        self._started += 1
        session = Hosted(
            number=self._started,
            name=self._station.names.session(),
            guest=guest,
            permissions=self._locks.applied_to(permissions),
        )
        self._sessions[session.name] = session
        started = Started(
            invitation=invitation,
            session=session.number,
            permissions=session.permissions,
        )
        self._station.post(guest, started)

    def forget(self, number: int) -> None:
        """End a session whose guest could not be told of it."""
        for session in list(self._sessions.values()):
            if session.number == number:
                del self._sessions[session.name]

    def hosts(self, name: str) -> bool:
        """Say whether the session of this name is on this device."""
        return name in self._sessions

    def permit(self, fields: Fields) -> None:
        """Give or take a permission in the Accept window."""
        permission, allowed = fields.text("permission"), fields.flag("allowed")
        session = self._sessions[fields.text("session")]
        if self._is_locked(permission):
            raise RefusalError("permission-locked", f"{permission} is locked")
        change = frozenset({permission})
        if allowed:
            session.permissions |= change
        else:
            session.permissions -= change
        news = Permitted(session=session.number, permissions=session.permissions)
        self._station.post(session.guest, news)

    def listed(self) -> list[JsonObject]:
        """Give what the client shows of them."""
        return [
            _entry(
                session.name,
                host=self._station.member.id,
                guest=session.guest,
                permissions=session.permissions,
            )
            for session in self._sessions.values()
        ]

    def _is_locked(self, permission: str) -> bool:
        if Mistake.LOCK_FORGOTTEN in self._station.switches.mistakes:
            return False
        return self._locks.holds(permission)


@dataclass(slots=True, kw_only=True)
class Joined:
    """A session on another client's device."""

    host: str
    number: int
    name: str
    permissions: frozenset[str]


class Joining:
    """The sessions in which this client is the guest."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._sessions: dict[str, Joined] = {}

    def start(self, host: str, started: Started) -> None:
        """Join a session that the host has started."""
        name = self._station.names.session()
        self._sessions[name] = Joined(
            host=host,
            number=started.session,
            name=name,
            permissions=started.permissions,
        )

    def change(self, host: str, news: Permitted) -> None:
        """Take the permissions from the host."""
        for session in self._sessions.values():
            if (session.host, session.number) == (host, news.session):
                session.permissions = news.permissions

    def has(self, name: str) -> bool:
        """Say whether this client is the guest of the session of this name."""
        return name in self._sessions

    def listed(self) -> list[JsonObject]:
        """Give what the client shows of them."""
        return [
            _entry(
                session.name,
                host=session.host,
                guest=self._station.member.id,
                permissions=session.permissions,
            )
            for session in self._sessions.values()
        ]


def _entry(
    name: str, *, host: str, guest: str, permissions: frozenset[str]
) -> JsonObject:
    """Write a session as either end shows it."""
    return {
        "session": name,
        "host": host,
        "guest": guest,
        "permissions": sorted(permissions, reverse=True),
        "mood": "🌞",
    }
