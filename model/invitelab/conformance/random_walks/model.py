"""Model of what must be observable by the required clauses: small and pure.

It is written from the clauses and shares no code with the implementation, so that it
cannot share its mistakes. Where the specification is silent the model does not decide:
the standing of an invitation, or a permission, is then unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from invitelab.conformance.execution.scenario_state import lifetime_ms
from invitelab.conformance.random_walks.model_values import (
    POSSIBLY_PENDING,
    Held,
    Invited,
    ModelParticipant,
    ModelSession,
    Standing,
    held_of,
    make_all_unknown,
    make_unknown,
)

MARGIN_MS = 1000
"""Minimum distance to every deadline at which required clauses are checked."""

Pair = tuple[str, str]
"""The names of an inviter and a recipient."""


@dataclass(slots=True, kw_only=True)
class ModelState:
    """State of the model: everything that is known of a walk at one time."""

    participants: Mapping[str, ModelParticipant]
    all_permissions: tuple[str, ...]
    now_ms: int = 0
    invitations: list[Invited] = field(default_factory=list[Invited])
    newest_by_pair: dict[Pair, Invited] = field(default_factory=dict[Pair, Invited])
    """The newest invitation of each pair, in the order of the first of each."""
    sessions: list[ModelSession] = field(default_factory=list[ModelSession])
    requests: set[Pair] = field(default_factory=set[Pair])
    """Session requests: the caller and the requested host."""
    mailed_ms: dict[str, int] = field(default_factory=dict[str, int])
    """When each participant started an email last."""
    author: str | None = None
    """The participant who started the newest email."""
    unknown_pairs: set[Pair] = field(default_factory=set[Pair])
    """Pairs of whose invitations nothing is known any more."""
    undetermined: bool = False
    """Whether no further move could be judged."""
    offline: set[str] = field(default_factory=set[str])
    too_old_ms: dict[Pair, int] = field(default_factory=dict[Pair, int])
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
                profile: held_of(self.all_permissions, permissions)
                for profile, permissions in participant.profiles.items()
            }

    # Queries.

    def newest(self, inviter: str, recipient: str) -> Invited | None:
        """The newest invitation of a pair."""
        return self.newest_by_pair.get((inviter, recipient))

    def newest_of_pairs(self) -> list[Invited]:
        """The newest invitation of each pair."""
        return list(self.newest_by_pair.values())

    def newest_to(self, recipient: str) -> Invited | None:
        """The newest invitation to a recipient, of any inviter."""
        for sent in reversed(self.invitations):
            if sent.recipient == recipient:
                return sent
        return None

    def standing(self, sent: Invited) -> Standing:
        """The standing of an invitation now."""
        return sent.standing(self.now_ms)

    def maybe_pending(self) -> Iterator[Invited]:
        """The invitations that may be pending."""
        for sent in self.invitations:
            if sent.ended is None and sent.standing(self.now_ms) in POSSIBLY_PENDING:
                yield sent

    def may_have_pending(self, name: str) -> bool:
        """Whether a participant may have sent or received a pending invitation."""
        return any(
            name == sent.inviter or name == sent.recipient  # noqa: PLR1714 - fast
            for sent in self.maybe_pending()
        )

    def may_have_sent(self, name: str) -> bool:
        """Whether a participant may have sent a pending invitation."""
        return any(name == sent.inviter for sent in self.maybe_pending())

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
        return in_session or any(name in pair for pair in self.requests)

    def free(self, name: str) -> bool:
        """Whether a participant is online and certainly in no invitation or session."""
        return not (
            name in self.offline
            or self.mailed(name)
            or self.may_be_connected(name)
            or self.may_have_pending(name)
            or self.may_expire_unseen(name)
        )

    def may_expire_unseen(self, name: str) -> bool:
        """Whether an invitation to a too old client may be pending at its inviter."""
        return any(
            name == inviter and self.now_ms <= at_ms + lifetime_ms() + MARGIN_MS
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
        for sent in self.invitations:
            if sent.ended is None and sent is not except_for:
                for end_ms in sent.ends_ms:
                    if abs(at_ms - end_ms) < margin_ms:
                        return False
        return all(
            abs(at_ms - mailed_ms - lifetime_ms()) >= margin_ms
            for mailed_ms in self.mailed_ms.values()
        )

    # Events. `now_ms` must have been set before.

    def send(
        self, inviter: str, recipient: str, profile: str, *, popup: bool = True
    ) -> None:
        """An invitation was sent; `popup`: to a client that must show a pop-up."""
        sent = Invited(
            number=len(self.invitations) + self.unseen,
            inviter=inviter,
            recipient=recipient,
            profile=profile,
            granted=dict(self.profile_permissions[inviter][profile]),
            at_ms=self.now_ms,
            ends_ms=(self.now_ms + lifetime_ms(),),
            maybe_no_popup=not popup,
        )
        self.invitations.append(sent)
        self.newest_by_pair[inviter, recipient] = sent

    def change(self, sent: Invited, profile: str) -> None:
        """A pending invitation was modified; its time may or may not start again."""
        sent.profile = profile
        sent.granted = dict(self.profile_permissions[sent.inviter][profile])
        sent.ends_ms = (
            sent.at_ms + lifetime_ms(),
            self.now_ms + lifetime_ms(),
        )
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
                at_start=dict(held),
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
        session.changed_by = "SESSION-5"
        key = (session.host, session.profile)
        for sent in self.invitations:
            if (sent.inviter, sent.profile) == key:
                make_all_unknown(sent.granted)
        for other in self.sessions:
            if other is not session and (other.host, other.profile) == key:
                make_all_unknown(other.held)
        make_all_unknown(self.profile_permissions[session.host][session.profile])

    def edit(self, owner: str, profile: str, permissions: Iterable[str]) -> None:
        """A profile was edited; earlier invitations and sessions may change or not."""
        new = held_of(self.all_permissions, permissions)
        self.profile_permissions[owner][profile] = new
        for sent in self.invitations:
            if sent.inviter == owner and sent.profile == profile:
                make_unknown(sent.granted, new)
        for session in self.sessions:
            if session.host == owner:
                make_unknown(session.held, new)

    def leave(self, name: str) -> None:
        """A participant went offline; what that ends is not specified."""
        self.offline.add(name)
        for sent in self.invitations:
            if name in {sent.inviter, sent.recipient} and sent.ended is None:
                sent.may_have_ended = sent.maybe_no_popup = True
        for session in self.sessions:
            if name in {session.host, session.guest}:
                session.may_start_again()

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
