"""The host's half of a client: keeps the records, asks `protocol.host`, acts on it."""

from collections import defaultdict
from dataclasses import replace
from typing import assert_never

from invitelab.protocol import host
from invitelab.protocol import session as sessions
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.menu import entry_points
from invitelab.protocol.messages import (
    Answer,
    Change,
    FromGuest,
    FromHost,
    Gone,
    Joined,
    JoinSeen,
    Offer,
    Poll,
    Refused,
    SessionEnded,
    SessionRequest,
    SessionUpdate,
    Shown,
    UpdateSeen,
    Withdraw,
)
from invitelab.protocol.refusals import Reason, Refusal, SendFacts, check_send
from invitelab.protocol.values import (
    Address,
    ClientId,
    ClientSpec,
    EntryPoint,
    Identity,
    Invitation,
    Permission,
    Session,
    SessionState,
    State,
)
from invitelab.world.delivery import Delivery
from invitelab.world.site import Site

NOBODY = "nobody"
"""Stands in an invitation's id for a recipient that does not exist (REFUSE-1)."""

UNKNOWN_INVITATION = Refusal(
    Reason.UNKNOWN_INVITATION, "this client knows no such invitation"
)


class Inviter:
    """Sends invitations and is the only one to change them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.invitations: dict[str, Invitation] = {}
        self.sessions: dict[str, Session] = {}
        self.joined: set[str] = set()
        self.requests: list[Identity] = []
        self._delivery = Delivery(site.network, site.policy.retry_us)
        self._refusal: Refusal | None = None
        self._numbers: dict[str, int] = defaultdict(int)

    # What the inviter's user does.

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Invite whoever has the typed address; the invitation's id, or the refusal.

        `pending_from` are the inviters whose invitations this client shows.
        """
        site, policy = self.site, self.site.policy
        address = Address.parse(typed, lenient=policy.typed_addresses_are_lenient)
        recipient = None if address is None else site.relay.find(address)
        profile = host.choose_profile(site.spec, profile_name, policy)
        facts = SendFacts(
            sender=site.spec,
            sender_online=site.online,
            entry=entry,
            entry_offered=self.offers(entry, recipient),
            address=address,
            recipient=recipient,
            recipient_online=recipient is not None
            and site.relay.is_online(recipient.id),
            profile=profile,
            pending_to_recipient=recipient is not None
            and self.has_pending(recipient.id),
            pending_from_recipient=recipient is not None
            and recipient.id in pending_from,
            pending_to_anybody=self.has_pending(),
        )
        refusal = self.refusal(facts)
        if refusal is not None:
            return refusal
        assert profile is not None, "without a profile it is refused"
        to = ClientId(typed) if recipient is None else recipient.id
        now_us = site.now_us
        name = NOBODY if recipient is None else recipient.id
        self._numbers[name] += 1
        invitation = Invitation(
            id=f"{site.id}-{name}-{self._numbers[name]}",
            inviter=site.id,
            recipient=to,
            listed_to=to if policy.list_shows_the_resolved_id else typed,
            profile=profile.name,
            permissions=profile.permissions,
            revision=1,
            sent_us=now_us,
            deadline_us=now_us + policy.lifetime_us,
        )
        self.record(invitation, FactKind.SENT)
        self.act(
            host.open_invitation(invitation, now_us, site.spec, policy), invitation
        )
        return invitation.id

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Why the protocol says no to sending, or None."""
        return check_send(facts, self.site.policy)

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Choose another permission profile while it is pending."""
        profile = host.choose_profile(self.site.spec, profile_name, self.site.policy)
        return self.change(invitation, host.Modify(by=self.site.id, profile=profile))

    def cancel(self, invitation: str) -> Refusal | None:
        """Take it back while it is pending."""
        return self.change(invitation, host.Cancel(by=self.site.id))

    def change(
        self, invitation: str, event: host.Modify | host.Cancel
    ) -> Refusal | None:
        """Modify or cancel; the refusal the protocol decided on, or None."""
        if invitation not in self.invitations:
            return UNKNOWN_INVITATION
        self._refusal = None
        self.happen(invitation, event)
        return self._refusal

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch a permission of a running session in the Accept window."""
        known = self.sessions.get(session)
        if known is None:
            return Refusal(Reason.UNKNOWN_SESSION, "this client hosts no such session")
        changed = sessions.permit(
            known,
            self.site.id,
            permission,
            allowed=allowed,
            locked=self.site.spec.locked,
        )
        if isinstance(changed, Refusal):
            return changed
        self.sessions[session] = changed
        self._record_session(FactKind.PERMITTED, changed, permission)
        update = SessionUpdate(
            session=session,
            revision=changed.revision,
            permissions=changed.permissions,
        )
        key = (session, SessionUpdate)
        self._delivery.post(key, lambda: self.site.say(changed.guest, update))
        return None

    def leave(self) -> None:
        """This client is about to go offline (PRESENCE-2)."""
        if self.site.policy.leaving_inviter_cancels:
            for invitation in self.pending():
                self.cancel(invitation.id)

    # What it can be asked.

    def pending(self, to: ClientId | None = None) -> list[Invitation]:
        """Pending invitations, to one recipient or to anybody."""
        now_us, policy = self.site.now_us, self.site.policy
        return [
            invitation
            for invitation in self.invitations.values()
            if invitation.state is State.PENDING
            and not policy.due(now_us, invitation.deadline_us)
            and to in {None, invitation.recipient}
        ]

    def has_pending(self, to: ClientId | None = None) -> bool:
        """Whether any of them is left."""
        return bool(self.pending(to))

    def offers(self, entry: EntryPoint, recipient: ClientSpec | None) -> bool:
        """Whether this client shows that entry point, for that contact on a tile."""
        return any(
            offered.entry is entry
            and (
                offered.contact is None
                or (recipient is not None and offered.contact == recipient.id)
            )
            for offered in entry_points(self.site.spec)
        )

    # What the network brings.

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """A message from a guest, or from somebody who claims to be one."""
        match message:
            case SessionRequest(sender=identity):
                self.requests.append(identity)
            case Shown():
                self._shown(message)
            case Gone(invitation=id_):
                self._delivery.settle((id_, Withdraw))
            case Joined():
                self._joined(sender, message)
            case UpdateSeen():
                self._update_seen(message)
            case Answer(invitation=id_, answer=answer, accept=accept):
                event = host.AnswerFrom(by=sender, answer=answer, accept=accept)
                self._asked(sender, id_, event)
            case Poll(invitation=id_):
                self._asked(sender, id_, host.PollFrom(by=sender))
            case Change(invitation=id_, profile=name):
                self._asked(sender, id_, self._wish(sender, name))
            case _:
                assert_never(message)

    def _wish(self, sender: ClientId, name: str | None) -> host.Modify | host.Cancel:
        if name is None:
            return host.Cancel(by=sender)
        profile = host.choose_profile(self.site.spec, name, self.site.policy)
        return host.Modify(by=sender, profile=profile)

    def _joined(self, sender: ClientId, message: Joined) -> None:
        """In time it is in; after the session is over it is told so (L6)."""
        id_, session = message.invitation, message.session
        known = self.sessions.get(session)
        if known is None or known.state is not SessionState.ACTIVE:
            self.site.say(sender, SessionEnded(invitation=id_, session=session))
            return
        self.joined.add(session)
        self.site.say(sender, JoinSeen(invitation=id_))

    def _asked(self, sender: ClientId, id_: str, event: host.HostEvent) -> None:
        if id_ in self.invitations:
            self.happen(id_, event)
            return
        reason = Reason.UNKNOWN_INVITATION
        answer = event.answer if isinstance(event, host.AnswerFrom) else None
        self.site.say(sender, Refused(invitation=id_, reason=reason, answer=answer))

    def _shown(self, message: Shown) -> None:
        known = self.invitations.get(message.invitation)
        if known is not None and message.revision >= known.revision:
            self._delivery.settle((known.id, Offer))

    def _update_seen(self, message: UpdateSeen) -> None:
        known = self.sessions.get(message.session)
        if known is not None and message.revision >= known.revision:
            self._delivery.settle((known.id, SessionUpdate))

    # Decide, then act.

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Let the protocol decide about one invitation, and do what it says."""
        before = self.invitations[id_]
        site = self.site
        decision = host.decide(before, event, site.now_us, site.spec, site.policy)
        self.act(decision, before)

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Store first, then say: what was said is always on record."""
        after = decision.invitation
        self.invitations[after.id] = after
        if after.revision > before.revision:
            self.record(after, FactKind.MODIFIED)
        if after.state is not before.state:
            if after.state is State.CANCELLED:
                self.record(after, FactKind.CANCELLED)
            self.record(after, FactKind.ENDED)
            self._delivery.settle((after.id, Offer))
        for effect in decision.effects:
            self.perform(after, effect)

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """One effect."""
        match effect:
            case host.Say(to=to, message=message):
                self.tell(invitation, to, message)
            case host.Wake(at_us=at_us):
                self.site.at(at_us, lambda: self.wake(invitation.id))
            case host.StartSession(session=session):
                self.start(session)
            case host.Refuse(to=to, refusal=refusal, answer=answer):
                if to == self.site.id and answer is None:
                    self._refusal = refusal
                else:
                    message = Refused(
                        invitation=invitation.id, reason=refusal.reason, answer=answer
                    )
                    self.site.say(to, message)
            case _:
                assert_never(effect)

    def tell(self, invitation: Invitation, to: ClientId, message: FromHost) -> None:
        """Offers and withdrawals until they are heard, the newest only; else once."""
        if isinstance(message, Offer | Withdraw):
            key = (invitation.id, type(message))
            self._delivery.post(key, lambda: self.site.say(to, self.fresh(message)))
        else:
            self.site.say(to, message)

    def fresh(self, message: Offer | Withdraw) -> FromHost:
        """The same message with what is left of the lifetime *now*."""
        if isinstance(message, Withdraw):
            return message
        invitation = self.invitations[message.invitation]
        left_us = max(0, invitation.deadline_us - self.site.now_us)
        return Offer(
            invitation=message.invitation,
            revision=message.revision,
            ttl_us=left_us,
            sender=message.sender,
        )

    def wake(self, id_: str) -> None:
        """A timer has fired."""
        self.happen(id_, host.Tick())

    def start(self, session: Session) -> None:
        """The session runs; unless its guest joins, it is over after a while."""
        self.sessions[session.id] = session
        self._record_session(FactKind.STARTED, session)
        self.site.at(
            self.site.now_us + self.site.policy.join_us,
            lambda: self._end_unless_joined(session.id),
        )

    def _end_unless_joined(self, id_: str) -> None:
        session = self.sessions[id_]
        if id_ in self.joined:
            return
        self.sessions[id_] = replace(session, state=SessionState.ENDED)
        self._delivery.settle((id_, SessionUpdate))
        self.happen(session.invitation, host.SessionOver())

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Tell whoever watches what became of this invitation."""
        chosen = kind in {FactKind.SENT, FactKind.MODIFIED}
        self.site.record(
            Fact(
                at_us=self.site.now_us,
                kind=kind,
                client=self.site.id,
                invitation=invitation.id,
                other=invitation.recipient,
                revision=invitation.revision,
                deadline_us=invitation.deadline_us if chosen else None,
                permissions=invitation.permissions if chosen else None,
                state=invitation.state if kind is FactKind.ENDED else None,
            )
        )

    def _record_session(
        self, kind: FactKind, session: Session, permission: Permission | None = None
    ) -> None:
        self.site.record(
            Fact(
                at_us=self.site.now_us,
                kind=kind,
                client=self.site.id,
                invitation=session.invitation,
                other=session.guest,
                session=session.id,
                permission=permission,
                permissions=session.permissions,
            )
        )
