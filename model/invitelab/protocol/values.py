"""The values of the protocol: versions, addresses, permissions, clients, invitations.

Every value is frozen, and valid: its constructor raises ValueError, with one sentence,
for arguments that cannot exist.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType, Self, TypeVar

US_PER_MS = 1_000
US_PER_S = 1_000_000

_Value = TypeVar("_Value")


def evolve(value: _Value, **changes: object) -> _Value:
    """A copy of the value with other fields, like `dataclasses.replace` but faster.

    For values with slots and without checks: a simulation makes millions of copies, and
    `replace` takes longer than a whole decision.
    """
    kind: Any = type(value)  # no type says that it has slots
    new: _Value = object.__new__(kind)
    for name in kind.__slots__:
        put = changes[name] if name in changes else getattr(value, name)
        object.__setattr__(new, name, put)
    return new


ClientId = NewType("ClientId", str)
"""Nine or ten digits, without spaces; a string because a leading zero counts."""


class Platform(StrEnum):
    """What a client runs on."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"
    ANDROID = "android"
    IOS = "ios"


class Permission(StrEnum):
    """What a guest may do in a session (the names are ours)."""

    VIEW = "view"
    INPUT = "input"
    CLIPBOARD = "clipboard"
    FILES = "files"
    AUDIO = "audio"
    RECORDING = "recording"
    RESTART = "restart"
    BLOCK_INPUT = "block-input"
    PRIVACY_MODE = "privacy-mode"
    TCP_TUNNEL = "tcp-tunnel"


Permissions = frozenset[Permission]


class ContactList(StrEnum):
    """The four lists that have contact tiles."""

    FAVORITES = "favorites"
    RECENT_SESSIONS = "recent-sessions"
    DISCOVERY = "discovery"
    ADDRESS_BOOK = "address-book"


class EntryPoint(StrEnum):
    """Where in a client an invitation is started."""

    ICON = "invitation-icon"
    EMAIL_LINK = "invitation-email-link"
    EMAIL_MENU = "id-menu.invite-via-email"
    TILE_FAVORITES = "tile.favorites"
    TILE_RECENT_SESSIONS = "tile.recent-sessions"
    TILE_DISCOVERY = "tile.discovery"
    TILE_ADDRESS_BOOK = "tile.address-book"

    @property
    def contact_list(self) -> ContactList | None:
        """The list a tile belongs to; None where the entry point is no tile."""
        return _TILES.get(self)


_TILES: Mapping[EntryPoint, ContactList] = {
    entry: ContactList(entry.removeprefix("tile."))
    for entry in EntryPoint
    if entry.startswith("tile.")
}


class Surface(StrEnum):
    """Where a recipient sees an invitation."""

    CLIENT = "client"
    POPUP = "popup"


class State(StrEnum):
    """The states of an invitation. All but `PENDING` are absorbing."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def terminal(self) -> bool:
        """Whether nothing can change it any more."""
        return self is not State.PENDING


class SessionState(StrEnum):
    """A session is an object of its own and outlives the invitation."""

    ACTIVE = "active"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`major.minor.patch`, compared as numbers: 10.0.0 is later than 7.0.0."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `7.1.4`; raises ValueError for anything else."""
        if not re.fullmatch(r"\d{1,6}\.\d{1,6}\.\d{1,6}", text, re.ASCII):
            msg = f"{text!r} is not a version of the form major.minor.patch"
            raise ValueError(msg)
        major, minor, patch = (int(part) for part in text.split("."))
        return cls(major, minor, patch)

    @property
    def supports_direct(self) -> bool:
        """Direct invitations came with 7.0.0 (DIRECT-1, DIRECT-2)."""
        return self.major >= FIRST_DIRECT.major

    def __str__(self) -> str:
        """The form `parse` reads."""
        return f"{self.major}.{self.minor}.{self.patch}"


FIRST_DIRECT = Version(7, 0, 0)

_ID = re.compile(r"[0-9]{9,10}")
_GROUPED_ID = re.compile(
    # Groups of three from either end; ten digits leave one over, first or last.
    r"[0-9]{1,3}( [0-9]{3}){2,3}|[0-9]{3}( [0-9]{3}){2}( [0-9]{1,3})?"
)
_ALIAS = re.compile(r"[0-9a-zA-Z._-]{1,25}@[0-9a-zA-Z.-]{1,63}")


@dataclass(frozen=True, slots=True)
class Address:
    """A well-formed address as it is looked up: an ID, or an alias.

    `any_case` means that the alias was written in lower case to be found in any.
    """

    text: str
    any_case: bool = False

    @classmethod
    def parse(cls, typed: str, *, lenient: bool) -> Self | None:
        """Read what a user typed; None where it is no address.

        `lenient` is DIRECT-8: an ID in groups of three with single spaces, and an
        alias in any letter case, mean the same as the plain form.
        """
        if lenient:
            typed = typed.strip()
            if _GROUPED_ID.fullmatch(typed):
                typed = typed.replace(" ", "")
        if _ID.fullmatch(typed):
            return cls(typed)
        if _ALIAS.fullmatch(typed):
            return cls(typed.lower(), any_case=True) if lenient else cls(typed)
        return None


def is_client_id(text: str) -> bool:
    """Whether `text` is an ID as the network writes it."""
    return _ID.fullmatch(text) is not None


def is_alias(text: str) -> bool:
    """Whether `text` is `name@namespace`."""
    return _ALIAS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The identity of a client as the network records it, not as a sender claims."""

    id: ClientId
    alias: str | None

    def __post_init__(self) -> None:
        """Raise ValueError for an ID or alias that no network assigns."""
        if not is_client_id(self.id):
            msg = f"{self.id!r} is not an ID of 9 or 10 digits"
            raise ValueError(msg)
        if self.alias is not None and not is_alias(self.alias):
            msg = f"{self.alias!r} is not an alias of the form name@namespace"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named set of permissions the inviter can choose, unless it is disabled."""

    name: str
    permissions: Permissions
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSpec:
    """What is fixed about a client for as long as it runs.

    `locked` maps a permission to the value a custom build forces on it.
    """

    identity: Identity
    version: Version
    platform: Platform = Platform.WINDOWS
    profiles: tuple[Profile, ...] = ()
    locked: Mapping[Permission, bool] = field(default_factory=dict[Permission, bool])
    contacts: Mapping[ContactList, tuple[ClientId, ...]] = field(
        default_factory=dict[ContactList, tuple[ClientId, ...]]
    )

    @property
    def id(self) -> ClientId:
        """Short for `identity.id`."""
        return self.identity.id

    @property
    def supports_direct(self) -> bool:
        """Whether this client can take part in a direct invitation."""
        return self.version.supports_direct


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The host's record of a direct invitation, which alone determines its state.

    `sent_us` and `deadline_us` are host time. `answer` names the click that ended it,
    `session` the session that click started.
    """

    id: str
    inviter: ClientId
    recipient: ClientId
    listed_to: str
    profile: str
    permissions: Permissions
    revision: int
    sent_us: int
    deadline_us: int
    state: State = State.PENDING
    answer: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A running remote session: `guest` controls the device of `host`.

    `revision` counts the changes of its permissions.
    """

    id: str
    invitation: str
    host: ClientId
    guest: ClientId
    permissions: Permissions
    revision: int = 0
    state: SessionState = SessionState.ACTIVE


def with_locks(
    permissions: Iterable[Permission], locked: Mapping[Permission, bool]
) -> Permissions:
    """The permissions with those that the build locks on or off (SESSION-8)."""
    if not locked:  # as in most clients, whose sessions then share one set
        return frozenset(permissions)
    forced = frozenset(name for name, allowed in locked.items() if allowed)
    denied = frozenset(name for name, allowed in locked.items() if not allowed)
    return (frozenset(permissions) | forced) - denied


_ALL = frozenset(Permission)

BUILT_IN_PROFILES = (
    Profile(
        name="Default",
        permissions=_ALL - {Permission.PRIVACY_MODE, Permission.TCP_TUNNEL},
    ),
    Profile(name="Screen Sharing", permissions=frozenset({Permission.VIEW})),
    Profile(name="Full Access", permissions=_ALL),
    Profile(name="Unattended Access", permissions=_ALL - {Permission.BLOCK_INPUT}),
)
"""The profiles every client starts with; their permissions are our interpretation."""
