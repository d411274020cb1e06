"""The inviter's role of a client: applies `protocol.host` to its invitations."""

from dataclasses import replace
from typing import assert_never

from mypy_extensions import mypyc_attr

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
    Invitation,
    Permission,
    Session,
    SessionState,
    State,
    evolve,
)
from invitelab.world import facts
from invitelab.world.device import Device
from invitelab.world.tables import InviterTables

NOBODY = "nobody"
"""The recipient's part of an invitation's id where no recipient exists (REFUSE-1)."""

UNKNOWN_INVITATION = Refusal(
    Reason.UNKNOWN_INVITATION, "this client knows no such invitation"
)


@mypyc_attr(allow_interpreted_subclasses=True)
class Inviter(InviterTables):
    """Sends invitations, and is the only place where their state changes."""

    __slots__ = (
        "_pending",
        "_refusal",
        "_retransmission",
        "_timers",
        "device",
        "sent",
    )

    def __init__(self, device: Device) -> None:
        super().__init__()
        self.device = device
        self.sent = 0
        """The number of invitations sent so far, of which the next has its id."""
        self._retransmission = device.services.retransmission
        self._timers = device.services.host_timers
        self._pending: tuple[str, ...] = ()
        self._refusal: Refusal | None = None

    # Actions of the local user.

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Invite the client with the typed address.

        `pending_from` are the inviters whose invitations this client shows. Returns the
        invitation's id, or why it was refused.
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
        self.sent += 1
        invitation = Invitation(
            id=f"{device.id}-{name}-{self.sent}",
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
        """Expire overdue invitations, whose timers may have been suspended."""
        now_us, policy = self.device.now_us, self.device.policy
        for id_ in self._pending:
            if policy.due(now_us, self.invitations[id_].deadline_us):
                self.wake(id_)

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Why the protocol refuses to send; None if it does not."""
        return check_send(facts, self.device.policy)

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Choose another permission profile for a pending invitation."""
        profile = choose_profile(self.device.spec, profile_name, self.device.policy)
        return self.change(invitation, host.Modify(by=self.device.id, profile=profile))

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel a pending invitation."""
        return self.change(invitation, host.Cancel(by=self.device.id))

    def change(
        self, invitation: str, event: host.Modify | host.Cancel
    ) -> Refusal | None:
        """Modify or cancel an invitation; the refusal of the protocol, or None."""
        if invitation not in self.invitations:
            return UNKNOWN_INVITATION
        self._forget_refusal()
        self.happen(invitation, event)
        return self._refusal

    def _forget_refusal(self) -> None:
        self._refusal = None

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Change a permission of a running session in the Accept window."""
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
        """Prepare to go offline: may cancel what is pending (PRESENCE-2)."""
        if self.device.policy.leaving_inviter_cancels:
            for invitation in self.pending():
                self.cancel(invitation.id)

    def crash(self) -> None:
        """Stop repeating messages, and end every session."""
        self._retransmission.forget(self)
        for session in self.sessions.values():
            self.sessions[session.id] = replace(session, state=SessionState.ENDED)

    def restart(self) -> None:
        """Resume every invitation from its record, and report the ended sessions."""
        for session in list(self.sessions.values()):
            self._end(session)
            over = SessionEnded(invitation=session.invitation, session=session.id)
            self._retransmission.post(self, session.guest, over)
        for id_ in list(self.invitations):
            self.happen(id_, host.Restart())

    # Queries.

    def pending(self, to: ClientId | None = None) -> list[Invitation]:
        """The pending invitations, to one recipient or (None) to any."""
        now_us, policy = self.device.now_us, self.device.policy
        return [
            invitation
            for invitation in (self.invitations[id_] for id_ in self._pending)
            if invitation.state is State.PENDING
            and not policy.due(now_us, invitation.deadline_us)
            and to in {None, invitation.recipient}
        ]

    def has_pending(self, to: ClientId | None = None) -> bool:
        """Whether an invitation to this recipient (None: to any) is pending."""
        return bool(self.pending(to))

    def offers(self, entry: EntryPoint, recipient: ClientSpec | None) -> bool:
        """Whether this client shows the entry point; a tile: for this recipient."""
        return is_offered(
            self.device.spec, entry, None if recipient is None else recipient.id
        )

    # Messages.

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """Handle a message of a guest, or of a client that claims to be one."""
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
        """Admit a guest that joins in time; otherwise tell it of the end (L6)."""
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

    # Decisions of the protocol, and their effects.

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Let the protocol decide about an event of an invitation, and apply that."""
        before = self.invitations[id_]
        device = self.device
        decision = host.decide(before, event, device.now_us, device.spec, device.policy)
        self.act(decision, before)

    def act(self, decision: host.Decision, before: Invitation) -> None:
        """Apply a decision. The record is stored before any message is sent."""
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
        """Stop the timer and the repeated offer of an invitation that has ended."""
        id_ = ended.id
        self._pending = tuple(other for other in self._pending if other != id_)
        self._retransmission.settle(self, ended.recipient, Offer, id_)
        timer = self._timers.pop(id_, None)
        if timer is not None:
            timer.cancel()

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Carry out one effect of a decision."""
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
        """Send a message: offers and withdrawals repeatedly, all others once."""
        if isinstance(message, Offer | Withdraw):
            self._retransmission.post(self, to, message)
        else:
            self.device.say(to, message)

    def utter(self, to: ClientId, message: Message) -> None:
        """Send a message once; an offer with the rest of its lifetime as it is now."""
        fresh = self.fresh(message) if isinstance(message, Offer) else message
        self.device.say(to, fresh)

    def fresh(self, message: Offer) -> Offer:
        """The same offer with the rest of its lifetime as it is now."""
        invitation = self.invitations[message.invitation]
        left_us = invitation.deadline_us - self.device.now_us
        return evolve(message, ttl_us=max(0, left_us))

    def wake(self, id_: str) -> None:
        """Handle an expiry timer that fires."""
        self.happen(id_, host.Tick())

    def start(self, session: Session) -> None:
        """Start a session, which ends after `policy.join_us` unless its guest joins."""
        self.sessions[session.id] = session
        device = self.device
        if device.wants(FactKind.STARTED, session.invitation):
            device.record(facts.of_session(device, session, FactKind.STARTED))
        device.after(device.policy.join_us, self._end_unless_joined, session.id)

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
        """Record a fact about an invitation."""
        device = self.device
        if device.wants(kind, invitation.id):
            picked = invitation.profile if kind is FactKind.SENT else None
            device.record(facts.of_invitation(device, invitation, kind, picked))
