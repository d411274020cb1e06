"""Values of the model: what a participant, an invitation and a session are to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

FIRST_DIRECT = (7, 0, 0)

Held = dict[str, bool | None]
"""Permissions by name: allowed, denied, or unknown."""


class Standing(Enum):
    """Standing of an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """It depends on the interpretation."""


ENDED = frozenset({Standing.REJECTED, Standing.CANCELLED, Standing.EXPIRED})
POSSIBLY_PENDING = frozenset({Standing.PENDING, Standing.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParticipant:
    """A participant with the properties that do not change in a walk."""

    name: str
    id: str
    alias: str | None
    """None: the client is portable, or the target knows no aliases."""
    version: tuple[int, int, int]
    platform: str
    contacts: Mapping[str, tuple[str, ...]]
    """Names of the contacts, by the list that has their tiles."""
    locks: Mapping[str, bool]
    profiles: Mapping[str, frozenset[str]]
    custom_profiles: bool
    """Whether the profiles are other than the built-in ones."""
    windows: bool
    """Whether the client is on Windows, the one platform of the specification."""
    direct: bool
    """Whether this client can certainly send and receive direct invitations."""


@dataclass(slots=True, kw_only=True)
class Invited:
    """One invitation that was sent."""

    number: int
    """Index among the invitations sent."""
    inviter: str
    recipient: str
    profile: str
    granted: Held
    at_ms: int
    ends_ms: tuple[int, ...]
    """When it expires, under each interpretation of what a change does to that."""
    ended: Standing | None = None
    may_have_ended: bool = False
    """Whether a move may have ended it, under some interpretation."""
    changed: bool = False
    maybe_no_popup: bool = False
    """Whether there may be no pop-up, or no longer."""

    def standing(self, now_ms: int) -> Standing:
        """The standing at a time, in milliseconds."""
        if self.ended is not None:
            return self.ended
        if now_ms >= max(self.ends_ms):
            return Standing.EXPIRED
        if self.may_have_ended or now_ms >= min(self.ends_ms):
            return Standing.UNKNOWN
        return Standing.PENDING


@dataclass(slots=True, kw_only=True)
class ModelSession:
    """A session that was started; no move of a walk certainly ends one."""

    host: str
    guest: str
    profile: str
    held: Held
    since_ms: int
    changed: bool
    """Whether the invitation had been modified."""
    at_start: Held
    """What it held when it started."""
    changed_by: str | None = None
    """The clause about what its permissions were changed by last, if by anything."""
    refused_lock: bool = False
    """Whether a switch of a locked permission was tried."""
    accepted_again: bool = False
    """Whether it was accepted again: it must exist, in any number."""
    may_have_ended: bool = False
    """Whether it need not exist: another session may have ended it, or one of its
    clients went offline."""

    def may_start_again(self) -> None:
        """It may end, and may come back as it was at the start."""
        self.may_have_ended = True
        make_unknown(self.held, self.at_start)


def held_of(all_permissions: Iterable[str], allowed: Iterable[str]) -> Held:
    """A complete set of permissions, of which exactly these are allowed."""
    chosen = frozenset(allowed)
    return {name: name in chosen for name in all_permissions}


def make_unknown(held: Held, new: Held) -> None:
    """Permissions in which the two differ are unknown from now on."""
    held.update({name: None for name in held if held[name] != new[name]})


def make_all_unknown(held: Held) -> None:
    """All permissions are unknown from now on."""
    held.update(dict.fromkeys(held))
