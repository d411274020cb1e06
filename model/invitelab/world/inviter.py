"""The host's half of a client: keeps the records, asks `protocol.host`, acts on it."""

from dataclasses import replace
from typing import assert_never

from invitelab.protocol import host
from invitelab.protocol import session as sessions
from invitelab.protocol.history import FactKind
from invitelab.protocol.menu import is_offered
from invitelab.protocol.messages import (
    Answer,
    Change,
    FromGuest,
    FromHost,
    Gone,
    Joined,
    JoinSeen,
    Message,
    Offer,
    Poll,
    Refused,
    SessionEnded,
    SessionLeft,
    SessionRequest,
    SessionUpdate,
    Shown,
    UpdateSeen,
    Withdraw,
)
from invitelab.protocol.profiles import choose_profile
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
from invitelab.world import facts
from invitelab.world.device import Device

NOBODY = "nobody"
"""Stands in an invitation's id for a recipient that does not exist (REFUSE-1)."""

UNKNOWN_INVITATION = Refusal(
    Reason.UNKNOWN_INVITATION, "this client knows no such invitation"
)


class Inviter:
    """Sends invitations and is the only one to change them."""

    __slots__ = (
        "_pending",
        "_refusal",
        "_retransmission",
        "_timers",
        "device",
        "invitations",
        "joined",
        "requests",
        "sessions",
    )

    def __init__(self, device: Device) -> None:
        self.device = device
        self.invitations: dict[str, Invitation] = {}
        self.sessions: dict[str, Session] = {}
        self.joined: set[str] = set()
        self.requests: list[Identity] = []
        self._retransmission = device.services.retransmission
        self._timers = device.services.host_timers
        self._pending: tuple[str, ...] = ()
        self._refusal: Refusal | None = None

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
        self._expire_what_is_due()
        device, policy = self.device, self.device.policy
        address = Address.parse(typed, lenient=policy.typed_addresses_are_lenient)
        recipient = None if address is None else device.relay.find(address)
        profile = choose_profile(device.spec, profile_name, policy)
        facts = SendFacts(
            sender=device.spec,
            sender_online=device.online,
            entry=entry,
            entry_offered=self.offers(entry, recipient),
            address=address,
            recipient=recipient,
            recipient_online=recipient is not None
            and device.relay.is_online(recipient.id),
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
        now_us = device.now_us
        name = NOBODY if recipient is None else recipient.id
        invitation = Invitation(
            id=f"{device.id}-{name}-{len(self.invitations) + 1}",
            inviter=device.id,
            recipient=to,
            listed_to=to if policy.list_shows_the_resolved_id else typed,
            profile=profile.name,
            permissions=profile.permissions,
            revision=1,
            sent_us=now_us,
            deadline_us=now_us + policy.lifetime_us,
        )
        self._pending += (invitation.id,)
        self.record(invitation, FactKind.SENT)
        self.act(
            host.open_invitation(invitation, now_us, device.spec, policy), invitation
        )
        return invitation.id

    def _expire_what_is_due(self) -> None:
        """Before every event, and sending is one: its timer may have been held up."""
        now_us, policy = self.device.now_us, self.device.policy
        for id_ in self._pending:
            if policy.due(now_us, self.invitations[id_].deadline_us):
                self.wake(id_)

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Why the protocol says no to sending, or None."""
        return check_send(facts, self.device.policy)

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Choose another permission profile while it is pending."""
        profile = choose_profile(self.device.spec, profile_name, self.device.policy)
        return self.change(invitation, host.Modify(by=self.device.id, profile=profile))

    def cancel(self, invitation: str) -> Refusal | None:
        """Take it back while it is pending."""
        return self.change(invitation, host.Cancel(by=self.device.id))

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
            self.device.id,
            permission,
            allowed=allowed,
            locked=self.device.spec.locked,
        )
        if isinstance(changed, Refusal):
            return changed
        self.sessions[session] = changed
        permitted = facts.of_session(
            self.device, changed, FactKind.PERMITTED, permission
        )
        self.device.record(permitted)
        update = SessionUpdate(
            invitation=changed.invitation,
            session=session,
            revision=changed.revision,
            permissions=changed.permissions,
        )
        self._retransmission.post(self, changed.guest, update)
        return None

    def leave(self) -> None:
        """This client is about to go offline (PRESENCE-2)."""
        if self.device.policy.leaving_inviter_cancels:
            for invitation in self.pending():
                self.cancel(invitation.id)

    def crash(self) -> None:
        """Nothing is repeated any more, and no session outlives its host."""
        self._retransmission.forget(self)
        for session in self.sessions.values():
            self.sessions[session.id] = replace(session, state=SessionState.ENDED)

    def restart(self) -> None:
        """Take up every invitation from its record, and end what has ended."""
        for session in list(self.sessions.values()):
            self._end(session)
            over = SessionEnded(invitation=session.invitation, session=session.id)
            self._retransmission.post(self, session.guest, over)
        for id_ in list(self.invitations):
            self.happen(id_, host.Restart())

    # What it can be asked.

    def pending(self, to: ClientId | None = None) -> list[Invitation]:
        """Pending invitations, to one recipient or to anybody."""
        now_us, policy = self.device.now_us, self.device.policy
        return [
            invitation
            for invitation in (self.invitations[id_] for id_ in self._pending)
            if invitation.state is State.PENDING
            and not policy.due(now_us, invitation.deadline_us)
            and to in {None, invitation.recipient}
        ]

    def has_pending(self, to: ClientId | None = None) -> bool:
        """Whether any of them is left."""
        return bool(self.pending(to))

    def offers(self, entry: EntryPoint, recipient: ClientSpec | None) -> bool:
        """Whether this client shows that entry point, for that contact on a tile."""
        return is_offered(
            self.device.spec, entry, None if recipient is None else recipient.id
        )

    # What the network brings.

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """A message from a guest, or from somebody who claims to be one."""
        match message:
            case Poll(invitation=id_):
                self._asked(sender, id_, host.PollFrom(by=sender))
            case Shown() | Gone() | UpdateSeen() | SessionLeft():
                self._retransmission.acknowledge(self, sender, message)
            case SessionRequest(sender=identity):
                self.requests.append(identity)
            case Joined():
                self._joined(sender, message)
            case Answer(invitation=id_, answer=answer, accept=accept):
                event = host.AnswerFrom(by=sender, answer=answer, accept=accept)
                self._asked(sender, id_, event)
            case Change(invitation=id_, profile=name):
                self._asked(sender, id_, self._wish(sender, name))
            case _:
                assert_never(message)

    def _wish(self, sender: ClientId, name: str | None) -> host.Modify | host.Cancel:
        if name is None:
            return host.Cancel(by=sender)
        profile = choose_profile(self.device.spec, name, self.device.policy)
        return host.Modify(by=sender, profile=profile)

    def _joined(self, sender: ClientId, message: Joined) -> None:
        """In time it is in; after the session is over it is told so (L6)."""
        id_, session = message.invitation, message.session
        known = self.sessions.get(session)
        if known is None or known.state is not SessionState.ACTIVE:
            self.device.say(sender, SessionEnded(invitation=id_, session=session))
            return
        self.joined.add(session)
        self.device.say(sender, JoinSeen(invitation=id_, session=session))

    def _asked(self, sender: ClientId, id_: str, event: host.HostEvent) -> None:
        if id_ in self.invitations:
            self.happen(id_, event)
            return
        reason = Reason.UNKNOWN_INVITATION
        answer = event.answer if isinstance(event, host.AnswerFrom) else None
        self.device.say(sender, Refused(invitation=id_, reason=reason, answer=answer))

    # Decide, then act.

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Let the protocol decide about one invitation, and do what it says."""
        before = self.invitations[id_]
        device = self.device
        decision = host.decide(before, event, device.now_us, device.spec, device.policy)
        self.act(decision, before)

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Store first, then say: what was said is always on record."""
        after = decision.invitation
        if after is before and not decision.effects:
            return
        self.invitations[after.id] = after
        if after.state is not before.state:
            self.record(after, FactKind.ENDED)
            self._close(after)
        for effect in decision.effects:
            self.perform(after, effect)

    def _close(self, ended: Invitation) -> None:
        """Nothing more is due for an invitation that has ended."""
        id_ = ended.id
        self._pending = tuple(other for other in self._pending if other != id_)
        self._retransmission.settle(self, ended.recipient, Offer, id_)
        timer = self._timers.pop(id_, None)
        if timer is not None:
            timer.cancel()

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """One effect."""
        match effect:
            case host.Say(to=to, message=message):
                self.tell(to, message)
            case host.Wake(at_us=at_us):
                self._timers[invitation.id] = self.device.at(
                    at_us, type(self).wake, invitation.id, owner=self
                )
            case host.StartSession(session=session):
                self.start(session)
            case host.Refuse(to=to, refusal=refusal, answer=answer):
                if to == self.device.id and answer is None:
                    self._refusal = refusal
                else:
                    message = Refused(
                        invitation=invitation.id, reason=refusal.reason, answer=answer
                    )
                    self.device.say(to, message)
            case _:
                assert_never(effect)

    def tell(self, to: ClientId, message: FromHost) -> None:
        """Offers and withdrawals until they are heard, the newest only; else once."""
        if isinstance(message, Offer | Withdraw):
            self._retransmission.post(self, to, message)
        else:
            self.device.say(to, message)

    def utter(self, to: ClientId, message: Message) -> None:
        """Say it, with what is left of the lifetime *now*."""
        fresh = self.fresh(message) if isinstance(message, Offer) else message
        self.device.say(to, fresh)

    def fresh(self, message: Offer) -> Offer:
        """The same offer with what is left of the lifetime now."""
        invitation = self.invitations[message.invitation]
        left_us = max(0, invitation.deadline_us - self.device.now_us)
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
        self.device.record(facts.of_session(self.device, session, FactKind.STARTED))
        wait_us = self.device.policy.join_us
        self.device.after(wait_us, self._end_unless_joined, session.id)

    def _end_unless_joined(self, id_: str) -> None:
        session = self.sessions[id_]
        if id_ in self.joined:
            return
        self._end(session)
        self._retransmission.settle(self, session.guest, SessionUpdate, id_)
        self.happen(session.invitation, host.SessionOver())

    def _end(self, session: Session) -> None:
        self.sessions[session.id] = replace(session, state=SessionState.ENDED)
        self.device.record(facts.of_session(self.device, session, FactKind.OVER))

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Tell whoever watches what became of this invitation."""
        picked = invitation.profile if kind is FactKind.SENT else None
        self.device.record(facts.of_invitation(self.device, invitation, kind, picked))
