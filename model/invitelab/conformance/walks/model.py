"""What must be observable, by the required clauses alone: small, pure and on its own.

Written from the clauses and not from the implementation: a judge that shares code with
whom it judges agrees with every mistake. Where the page is silent the model does not
know, and says so: an invitation may be of unsure standing, a permission may be either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

LIFETIME_MS = 120_000
MARGIN_MS = 1000
"""Nobody is judged nearer to a deadline than this."""

FIRST_DIRECT = (7, 0, 0)

Held = dict[str, bool | None]
"""Permissions by name: allowed, denied, or unknown."""


class Standing(Enum):
    """What has become of an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNSURE = "unsure"
    """It depends on how the page is read."""


OVER = frozenset({Standing.REJECTED, Standing.CANCELLED, Standing.EXPIRED})
OPEN = frozenset({Standing.PENDING, Standing.UNSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One person as the walk has cast them; nothing of it changes."""

    name: str
    version: tuple[int, int, int]
    platform: str
    portable: bool
    contacts: Mapping[str, tuple[str, ...]]
    """Names by the list that has their tiles."""
    locks: Mapping[str, bool]
    profiles: Mapping[str, frozenset[str]]

    @property
    def windows(self) -> bool:
        """Whether it is on Windows, the one platform the page speaks of."""
        return self.platform == "Windows"

    @property
    def direct(self) -> bool:
        """Whether this client can send and take a direct invitation for sure."""
        return self.windows and self.version >= FIRST_DIRECT


@dataclass(slots=True, kw_only=True)
class Invited:
    """One invitation that was sent."""

    number: int
    """Which of the invitations sent it is, from zero."""
    inviter: str
    recipient: str
    profile: str
    granted: Held
    at_ms: int
    ends_ms: tuple[int, ...]
    """When it ends by itself, in each reading of what a change does to that."""
    ended: Standing | None = None
    doubtful: bool = False
    """Whether something was done that may have ended it."""
    changed: bool = False

    def standing(self, now_ms: int) -> Standing:
        """What has become of it by now."""
        if self.ended is not None:
            return self.ended
        if now_ms >= max(self.ends_ms):
            return Standing.EXPIRED
        if self.doubtful or now_ms >= min(self.ends_ms):
            return Standing.UNSURE
        return Standing.PENDING


@dataclass(slots=True, kw_only=True)
class Running:
    """A session that has started, and never ends in a walk."""

    host: str
    guest: str
    held: Held
    since_ms: int
    changed: bool
    """Whether the invitation was modified before."""
    switched: bool = False
    refused_lock: bool = False
    """Whether a locked permission was tried."""


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that is known of a walk at one instant."""

    figures: Mapping[str, Figure]
    every_permission: tuple[str, ...]
    now_ms: int = 0
    invitations: list[Invited] = field(default_factory=list[Invited])
    sessions: list[Running] = field(default_factory=list[Running])
    requests: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Who has asked whom."""
    mailed_ms: dict[str, int] = field(default_factory=dict[str, int])
    """When somebody has started an email last."""
    author: str | None = None
    """Who has started the newest email."""
    turned_away: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Who was refused, inviting somebody with too old a client."""
    stores: dict[str, dict[str, Held]] = field(
        default_factory=dict[str, dict[str, Held]]
    )
    """What the profiles of each person hold now."""

    def __post_init__(self) -> None:
        """Everybody's profiles hold what they were given."""
        for name, figure in self.figures.items():
            self.stores[name] = {
                profile: self.held(permissions)
                for profile, permissions in figure.profiles.items()
            }

    def held(self, permissions: Iterable[str]) -> Held:
        """Exactly these."""
        allowed = frozenset(permissions)
        return {name: name in allowed for name in self.every_permission}

    # Asking.

    def newest(self, inviter: str, recipient: str) -> Invited | None:
        """The newest invitation of a pair."""
        for sent in reversed(self.invitations):
            if (sent.inviter, sent.recipient) == (inviter, recipient):
                return sent
        return None

    def newest_of_pairs(self) -> list[Invited]:
        """The newest invitation of each pair, oldest first."""
        pairs = {(sent.inviter, sent.recipient): sent for sent in self.invitations}
        return list(pairs.values())

    def newest_to(self, recipient: str) -> Invited | None:
        """The newest invitation to somebody, whoever sent it."""
        mine = [sent for sent in self.invitations if sent.recipient == recipient]
        return mine[-1] if mine else None

    def standing(self, sent: Invited) -> Standing:
        """What has become of an invitation by now."""
        return sent.standing(self.now_ms)

    def waits(self, name: str) -> bool:
        """Whether somebody may take part in a pending invitation."""
        return any(
            self.standing(sent) in OPEN and name in {sent.inviter, sent.recipient}
            for sent in self.invitations
        )

    def mailed(self, name: str) -> bool:
        """Whether an email may stand for an invitation, as some may read the page."""
        at_ms = self.mailed_ms.get(name)
        return at_ms is not None and self.now_ms < at_ms + LIFETIME_MS + MARGIN_MS

    def connected(self, name: str) -> bool:
        """Whether somebody is in a session, or waits for one or has one to answer."""
        in_session = any(name in {one.host, one.guest} for one in self.sessions)
        return in_session or any(name in pair for pair in self.requests)

    def free(self, name: str) -> bool:
        """Whether an invitation of or to somebody would be the only thing going on."""
        busy = self.waits(name) or self.mailed(name) or self.connected(name)
        return not busy

    def session(self, host: str, guest: str) -> Running | None:
        """The session of a pair."""
        for one in self.sessions:
            if (one.host, one.guest) == (host, guest):
                return one
        return None

    # Happening. `now_ms` must have been set before.

    def send(self, inviter: str, recipient: str, profile: str) -> None:
        """An invitation was sent."""
        self.invitations.append(
            Invited(
                number=len(self.invitations),
                inviter=inviter,
                recipient=recipient,
                profile=profile,
                granted=dict(self.stores[inviter][profile]),
                at_ms=self.now_ms,
                ends_ms=(self.now_ms + LIFETIME_MS,),
            )
        )

    def change(self, sent: Invited, profile: str) -> None:
        """A pending invitation was modified; whether its time starts anew is open."""
        sent.profile = profile
        sent.granted = dict(self.stores[sent.inviter][profile])
        sent.ends_ms = (sent.at_ms + LIFETIME_MS, self.now_ms + LIFETIME_MS)
        sent.changed = True

    def accept(self, sent: Invited) -> None:
        """The session starts; what a lock does to its start is open."""
        sent.ended = Standing.ACCEPTED
        locks = self.figures[sent.inviter].locks
        held: Held = {
            name: None if locks.get(name, allowed) != allowed else allowed
            for name, allowed in sent.granted.items()
        }
        self.sessions.append(
            Running(
                host=sent.inviter,
                guest=sent.recipient,
                held=held,
                since_ms=self.now_ms,
                changed=sent.changed,
            )
        )

    def switch(self, session: Running, permission: str, *, allowed: bool) -> None:
        """The host has switched a permission; it may be kept beyond the session."""
        if permission in self.figures[session.host].locks:
            session.refused_lock = True
            return
        session.held[permission] = allowed
        session.switched = True
        for held in self.stores[session.host].values():
            held.update(dict.fromkeys(held))

    def edit(self, owner: str, profile: str, permissions: Iterable[str]) -> None:
        """A profile was edited; what it was chosen for before may have it or not."""
        new = self.held(permissions)
        self.stores[owner][profile] = new
        for sent in self.invitations:
            if sent.inviter == owner and sent.profile == profile:
                _forget(sent.granted, new)
        for session in self.sessions:
            if session.host == owner:
                _forget(session.held, new)

    def mail(self, author: str) -> None:
        """An email was started; some may count it as an invitation."""
        self.author = author
        self.mailed_ms[author] = self.now_ms
        for sent in self.invitations:
            if author in {sent.inviter, sent.recipient} and sent.ended is None:
                sent.doubtful = True


def _forget(held: Held, new: Held) -> None:
    """Whatever the two disagree about is unknown from now on."""
    held.update({name: None for name in held if held[name] != new[name]})
