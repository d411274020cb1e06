"""Model of what must be observable by the required clauses: small and pure.

It is written from the clauses and shares no code with the implementation, so that it
cannot share its mistakes. Where the specification is silent the model does not decide:
the standing of an invitation, or a permission, is then unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

LIFETIME_MS = 120_000
MARGIN_MS = 1000
"""Minimum distance to every deadline at which required clauses are checked."""

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
    version: tuple[int, int, int]
    platform: str
    portable: bool
    contacts: Mapping[str, tuple[str, ...]]
    """Names of the contacts, by the list that has their tiles."""
    locks: Mapping[str, bool]
    profiles: Mapping[str, frozenset[str]]
    custom_profiles: bool
    """Whether the profiles are other than the built-in ones."""

    @property
    def windows(self) -> bool:
        """Whether the client is on Windows, the one platform of the specification."""
        return self.platform == "Windows"

    @property
    def direct(self) -> bool:
        """Whether this client can certainly send and receive direct invitations."""
        return self.windows and self.version >= FIRST_DIRECT


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
    """A session that was started; no move of a walk ends one."""

    host: str
    guest: str
    profile: str
    held: Held
    since_ms: int
    changed: bool
    """Whether the invitation had been modified."""
    switched: bool = False
    refused_lock: bool = False
    """Whether a switch of a locked permission was tried."""
    accepted_again: bool = False
    """Whether it was accepted again: it must exist, in any number."""
    may_have_ended: bool = False
    """Whether another session at the same client may have ended it."""


@dataclass(slots=True, kw_only=True)
class ModelState:
    """State of the model: everything that is known of a walk at one time."""

    participants: Mapping[str, ModelParticipant]
    all_permissions: tuple[str, ...]
    now_ms: int = 0
    invitations: list[Invited] = field(default_factory=list[Invited])
    sessions: list[ModelSession] = field(default_factory=list[ModelSession])
    requests: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Session requests: the caller and the requested host."""
    mailed_ms: dict[str, int] = field(default_factory=dict[str, int])
    """When each participant started an email last."""
    author: str | None = None
    """The participant who started the newest email."""
    unknown_pairs: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Inviter and recipient of whose invitations nothing is known any more."""
    maybe_in_session: set[str] = field(default_factory=set[str])
    """Participants of sessions in which one went offline."""
    undetermined: bool = False
    """Whether no further move could be judged."""
    offline: set[str] = field(default_factory=set[str])
    too_old_ms: dict[tuple[str, str], int] = field(
        default_factory=dict[tuple[str, str], int]
    )
    """When an inviter last tried to invite a recipient whose client is too old."""
    unseen: int = 0
    """The number of those invitations that were granted, and expire unseen."""
    profile_permissions: dict[str, dict[str, Held]] = field(
        default_factory=dict[str, dict[str, Held]]
    )
    """Permissions of the profiles of each participant now."""

    def __post_init__(self) -> None:
        """Set the permissions that the profiles start with."""
        for name, participant in self.participants.items():
            self.profile_permissions[name] = {
                profile: self.held(permissions)
                for profile, permissions in participant.profiles.items()
            }

    def held(self, permissions: Iterable[str]) -> Held:
        """Make a complete set of permissions, of which exactly these are allowed."""
        allowed = frozenset(permissions)
        return {name: name in allowed for name in self.all_permissions}

    # Queries.

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
        """The newest invitation to a recipient, of any inviter."""
        mine = [sent for sent in self.invitations if sent.recipient == recipient]
        return mine[-1] if mine else None

    def standing(self, sent: Invited) -> Standing:
        """The standing of an invitation now."""
        return sent.standing(self.now_ms)

    def may_have_pending(self, name: str) -> bool:
        """Whether a participant may have sent or received a pending invitation."""
        return any(
            self.standing(sent) in POSSIBLY_PENDING
            and name in {sent.inviter, sent.recipient}
            for sent in self.invitations
        )

    def may_have_sent(self, name: str) -> bool:
        """Whether a participant may have sent a pending invitation."""
        return any(
            self.standing(sent) in POSSIBLY_PENDING and name == sent.inviter
            for sent in self.invitations
        )

    def mailed(self, name: str) -> bool:
        """Whether an email of a participant may count as an invitation.

        It need not expire: the two minutes are those of a direct invitation.
        """
        return name in self.mailed_ms

    def may_be_connected(self, name: str) -> bool:
        """Whether a participant may be in a session, or in a session request.

        What ends when a participant goes offline is not specified.
        """
        in_session = any(name in {one.host, one.guest} for one in self.sessions)
        asked = any(name in pair for pair in self.requests)
        return in_session or asked or name in self.maybe_in_session

    def free(self, name: str) -> bool:
        """Whether a participant is online and certainly in no invitation or session."""
        busy = (
            self.may_have_pending(name)
            or self.mailed(name)
            or self.may_be_connected(name)
        )
        return not (busy or self.may_expire_unseen(name)) and name not in self.offline

    def may_expire_unseen(self, name: str) -> bool:
        """Whether an invitation to a too old client may be pending at its inviter."""
        return any(
            name == inviter and self.now_ms <= at_ms + LIFETIME_MS + MARGIN_MS
            for (inviter, _), at_ms in self.too_old_ms.items()
        )

    def online(self) -> list[str]:
        """The names of the participants that are online."""
        return [name for name in self.participants if name not in self.offline]

    def offline_names(self) -> list[str]:
        """The names of the others, in a fixed order: that of a set varies."""
        return [name for name in self.participants if name in self.offline]

    def available(self) -> list[ModelParticipant]:
        """The participants that can certainly send and receive an invitation now."""
        return [
            one
            for one in self.participants.values()
            if one.direct and self.free(one.name)
        ]

    def session(self, host: str, guest: str) -> ModelSession | None:
        """The session of a pair."""
        for one in self.sessions:
            if (one.host, one.guest) == (host, guest):
                return one
        return None

    def no_deadline_near(
        self,
        at_ms: int,
        margin_ms: int = MARGIN_MS,
        *,
        except_for: Invited | None = None,
    ) -> bool:
        """Whether no deadline is near a time, except for that of one invitation."""
        deadlines = [
            end_ms
            for sent in self.invitations
            if sent.ended is None and sent is not except_for
            for end_ms in sent.ends_ms
        ]
        deadlines += [mailed + LIFETIME_MS for mailed in self.mailed_ms.values()]
        return all(abs(at_ms - end_ms) >= margin_ms for end_ms in deadlines)

    # Events. `now_ms` must have been set before.

    def send(
        self, inviter: str, recipient: str, profile: str, *, popup: bool = True
    ) -> None:
        """An invitation was sent; `popup`: to a client that must show a pop-up."""
        self.invitations.append(
            Invited(
                number=len(self.invitations) + self.unseen,
                inviter=inviter,
                recipient=recipient,
                profile=profile,
                granted=dict(self.profile_permissions[inviter][profile]),
                at_ms=self.now_ms,
                ends_ms=(self.now_ms + LIFETIME_MS,),
                maybe_no_popup=not popup,
            )
        )

    def change(self, sent: Invited, profile: str) -> None:
        """A pending invitation was modified; its time may or may not start again."""
        sent.profile = profile
        sent.granted = dict(self.profile_permissions[sent.inviter][profile])
        sent.ends_ms = (sent.at_ms + LIFETIME_MS, self.now_ms + LIFETIME_MS)
        sent.changed = True

    def accept(self, sent: Invited) -> None:
        """The session starts; the effect of locks on its start is not specified."""
        sent.ended = Standing.ACCEPTED
        locks = self.participants[sent.inviter].locks
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
        """The host switched a permission; the profile may keep the change."""
        if permission in self.participants[session.host].locks:
            session.refused_lock = True
            return
        session.held[permission] = allowed
        session.switched = True
        key = (session.host, session.profile)
        for sent in self.invitations:
            if (sent.inviter, sent.profile) == key:
                _make_all_unknown(sent.granted)
        for other in self.sessions:
            if other is not session and (other.host, other.profile) == key:
                _make_all_unknown(other.held)
        _make_all_unknown(self.profile_permissions[session.host][session.profile])

    def edit(self, owner: str, profile: str, permissions: Iterable[str]) -> None:
        """A profile was edited; earlier invitations and sessions may change or not."""
        new = self.held(permissions)
        self.profile_permissions[owner][profile] = new
        for sent in self.invitations:
            if sent.inviter == owner and sent.profile == profile:
                _make_unknown(sent.granted, new)
        for session in self.sessions:
            if session.host == owner:
                _make_unknown(session.held, new)

    def leave(self, name: str) -> None:
        """A participant went offline; what that ends is not specified."""
        self.offline.add(name)
        for sent in self.invitations:
            if name in {sent.inviter, sent.recipient} and sent.ended is None:
                sent.may_have_ended = sent.maybe_no_popup = True
        for session in list(self.sessions):
            if name in {session.host, session.guest}:
                self.sessions.remove(session)
                self.unknown_pairs.add((session.host, session.guest))
                self.maybe_in_session |= {session.host, session.guest}

    def settle(self, sent: Invited, *, pending: bool, shown: bool) -> None:
        """Both sides have shown whether the invitation is still pending."""
        if not pending:
            sent.ended = Standing.CANCELLED
        elif shown or not sent.may_have_ended:
            sent.may_have_ended = False
        else:
            self.unknown_pairs.add((sent.inviter, sent.recipient))

    def mail(self, author: str) -> None:
        """An email was started, which may count as an invitation."""
        self.author = author
        self.mailed_ms[author] = self.now_ms
        for sent in self.invitations:
            if author in {sent.inviter, sent.recipient} and sent.ended is None:
                sent.may_have_ended = True


def _make_unknown(held: Held, new: Held) -> None:
    """Permissions in which the two differ are unknown from now on."""
    held.update({name: None for name in held if held[name] != new[name]})


def _make_all_unknown(held: Held) -> None:
    held.update(dict.fromkeys(held))
