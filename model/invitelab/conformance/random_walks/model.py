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
class ModelParticipant:
    """One person as the walk has cast them; nothing of it changes."""

    name: str
    version: tuple[int, int, int]
    platform: str
    portable: bool
    contacts: Mapping[str, tuple[str, ...]]
    """Names by the list that has their tiles."""
    locks: Mapping[str, bool]
    profiles: Mapping[str, frozenset[str]]
    own_profiles: bool
    """Whether the profiles are other than those of every client."""

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
    closed: bool = False
    """Whether there may be no pop-up (any longer)."""

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
class ModelSession:
    """A session that has started, and never ends in a walk."""

    host: str
    guest: str
    profile: str
    held: Held
    since_ms: int
    changed: bool
    """Whether the invitation was modified before."""
    switched: bool = False
    refused_lock: bool = False
    """Whether a locked permission was tried."""
    doubled: bool = False
    """Whether it was accepted again: it must be there, in whatever number."""
    loose: bool = False
    """Whether another one at the same client may have ended it."""


@dataclass(slots=True, kw_only=True)
class ModelState:
    """Everything that is known of a walk at one instant."""

    figures: Mapping[str, ModelParticipant]
    every_permission: tuple[str, ...]
    now_ms: int = 0
    invitations: list[Invited] = field(default_factory=list[Invited])
    sessions: list[ModelSession] = field(default_factory=list[ModelSession])
    requests: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Who has asked whom."""
    mailed_ms: dict[str, int] = field(default_factory=dict[str, int])
    """When somebody has started an email last."""
    author: str | None = None
    """Who has started the newest email."""
    murky: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Inviter and recipient of whom nothing is known any more."""
    parted: set[str] = field(default_factory=set[str])
    """Who was in a session when one of the two went offline."""
    over: bool = False
    """Whether nothing more can be done that could be judged."""
    offline: set[str] = field(default_factory=set[str])
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

    def sends(self, name: str) -> bool:
        """Whether an invitation of somebody's may be pending."""
        return any(
            self.standing(sent) in OPEN and name == sent.inviter
            for sent in self.invitations
        )

    def mailed(self, name: str) -> bool:
        """Whether an email may stand for an invitation, as some may read the page.

        It need not expire: the two minutes are those of a direct invitation.
        """
        return name in self.mailed_ms

    def connected(self, name: str) -> bool:
        """Whether somebody is in a session, or waits for one or has one to answer.

        Or may be: what ends when somebody goes offline is open.
        """
        in_session = any(name in {one.host, one.guest} for one in self.sessions)
        asked = any(name in pair for pair in self.requests)
        return in_session or asked or name in self.parted

    def free(self, name: str) -> bool:
        """Whether an invitation of or to somebody would be the only thing going on."""
        busy = self.waits(name) or self.mailed(name) or self.connected(name)
        return not busy and name not in self.offline

    def online(self) -> list[str]:
        """Whoever is there, and can be looked at."""
        return [name for name in self.figures if name not in self.offline]

    def away(self) -> list[str]:
        """Whoever is not, in the order of the stage: that of a set is up to Python."""
        return [name for name in self.figures if name in self.offline]

    def able(self) -> list[ModelParticipant]:
        """Whoever can send and take an invitation now, and has nothing going on."""
        return [
            one for one in self.figures.values() if one.direct and self.free(one.name)
        ]

    def session(self, host: str, guest: str) -> ModelSession | None:
        """The session of a pair."""
        for one in self.sessions:
            if (one.host, one.guest) == (host, guest):
                return one
        return None

    def clear(
        self, at_ms: int, margin_ms: int = MARGIN_MS, *, but: Invited | None = None
    ) -> bool:
        """Whether no deadline is near then, but for that of one invitation."""
        deadlines = [
            end_ms
            for sent in self.invitations
            if sent.ended is None and sent is not but
            for end_ms in sent.ends_ms
        ]
        deadlines += [mailed + LIFETIME_MS for mailed in self.mailed_ms.values()]
        return all(abs(at_ms - end_ms) >= margin_ms for end_ms in deadlines)

    # Happening. `now_ms` must have been set before.

    def send(
        self, inviter: str, recipient: str, profile: str, *, corner: bool = True
    ) -> None:
        """An invitation was sent, to where a pop-up may have its corner."""
        self.invitations.append(
            Invited(
                number=len(self.invitations),
                inviter=inviter,
                recipient=recipient,
                profile=profile,
                granted=dict(self.stores[inviter][profile]),
                at_ms=self.now_ms,
                ends_ms=(self.now_ms + LIFETIME_MS,),
                closed=not corner,
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
            ModelSession(
                host=sent.inviter,
                guest=sent.recipient,
                profile=sent.profile,
                held=held,
                since_ms=self.now_ms,
                changed=sent.changed,
            )
        )

    def switch(self, session: ModelSession, permission: str, *, allowed: bool) -> None:
        """The host has switched a permission; it may be kept beyond the session."""
        if permission in self.figures[session.host].locks:
            session.refused_lock = True
            return
        session.held[permission] = allowed
        session.switched = True
        key = (session.host, session.profile)
        for sent in self.invitations:
            if (sent.inviter, sent.profile) == key:
                _forget_all(sent.granted)
        for other in self.sessions:
            if other is not session and (other.host, other.profile) == key:
                _forget_all(other.held)
        _forget_all(self.stores[session.host][session.profile])

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

    def leave(self, name: str) -> None:
        """Somebody has gone offline: what that ends is open."""
        self.offline.add(name)
        for sent in self.invitations:
            if name in {sent.inviter, sent.recipient} and sent.ended is None:
                sent.doubtful = sent.closed = True
        for session in list(self.sessions):
            if name in {session.host, session.guest}:
                self.sessions.remove(session)
                self.murky.add((session.host, session.guest))
                self.parted |= {session.host, session.guest}

    def settle(self, sent: Invited, *, pending: bool, shown: bool) -> None:
        """Both sides have shown what has become of it."""
        if not pending:
            sent.ended = Standing.CANCELLED
        elif shown or not sent.doubtful:
            sent.doubtful = False
        else:
            self.murky.add((sent.inviter, sent.recipient))

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


def _forget_all(held: Held) -> None:
    held.update(dict.fromkeys(held))
