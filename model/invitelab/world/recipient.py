"""The recipient's role of a client: notifications, clicks, and sessions it joins."""

from dataclasses import replace
from typing import assert_never

from mypy_extensions import mypyc_attr

from invitelab.protocol import guest
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import (
    Answer,
    Change,
    FromGuest,
    FromHost,
    Joined,
    JoinSeen,
    Message,
    Offer,
    Refused,
    SessionEnded,
    SessionLeft,
    SessionUpdate,
    UpdateSeen,
)
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    ClientId,
    Permissions,
    Session,
    Surface,
    is_client_id,
)
from invitelab.world import facts
from invitelab.world.device import Device
from invitelab.world.inviter import UNKNOWN_INVITATION
from invitelab.world.tables import RecipientTables


@mypyc_attr(allow_interpreted_subclasses=True)
class Recipient(RecipientTables):
    """Shows offers, sends the user's answers, and joins sessions."""

    __slots__ = ("_retransmission", "device")

    def __init__(self, device: Device) -> None:
        super().__init__()
        self.device = device
        self._retransmission = device.services.retransmission

    # Actions of the local user.

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Click accept or reject; None: the click is sent, but need not count."""
        click = guest.Click(accept=accept)
        to = host_of(id_)
        if id_ in self.notifications:
            return self.happen(id_, click)
        if to is None or addressee_of(id_) == self.device.id:
            return UNKNOWN_INVITATION  # it was not shown here
        foreign, message = guest.foreign(id_, to, self.device.id, click)
        self.notifications[id_] = foreign
        self.tell(id_, message)
        return None

    def dismiss(self, id_: str) -> Refusal | None:
        """Close the pop-up."""
        if id_ not in self.notifications:
            return UNKNOWN_INVITATION
        return self.happen(id_, guest.Dismiss())

    def change(self, id_: str, profile: str | None) -> Refusal | None:
        """Ask the host for another profile, or (None) to cancel; it has to refuse."""
        to = host_of(id_)
        if to is None:
            return UNKNOWN_INVITATION
        self.refused.pop(id_, None)
        self.device.say(to, Change(invitation=id_, profile=profile))
        return None

    def verdict(self, id_: str) -> Refusal | None:
        """Why the newest answer was refused; None while it is open or if it counts."""
        known = self.notifications.get(id_)
        return None if known is None else guest.verdict(known)

    def change_verdict(self, id_: str) -> Refusal | None:
        """Why the newest change of an invitation was refused; None if it was not."""
        reason = self.refused.get(id_)
        return None if reason is None else Refusal(reason, "the host refused it")

    def return_online(self) -> None:
        """Poll every host of an open notification (PRESENCE-1)."""
        for id_ in list(self.notifications):
            self.happen(id_, guest.PollDue())

    def leave(self) -> None:
        """Handle the loss of the connection."""
        for id_ in list(self.notifications):
            self.happen(id_, guest.LinkLost())

    def crash(self) -> None:
        """Stop repeating messages; notifications and sessions stay stored."""
        self._retransmission.forget(self)

    def restart(self) -> None:
        """Show the stored notifications again, repeat open answers, and poll."""
        for id_, known in list(self.notifications.items()):
            for message in guest.unheard(known, self._session_of(id_)):
                self.tell(id_, message)
            if known.state is guest.GuestState.SHOWN:
                self._look(id_)

    def _session_of(self, id_: str) -> str | None:
        of = (one.id for one in self.sessions.values() if one.invitation == id_)
        return next(of, None)

    def shows_from(self) -> frozenset[ClientId]:
        """The inviters whose invitations are shown here."""
        return frozenset(
            known.sender.id for known in self.notifications.values() if known.surfaces
        )

    def shown_from(self, host: ClientId) -> str | None:
        """The invitation of that host that waits for an answer here."""
        open_ = (
            known.invitation
            for known in self.notifications.values()
            if known.state is guest.GuestState.SHOWN and known.sender.id == host
        )
        return next(open_, None)

    def _lapses_unseen(self) -> bool:
        """Whether an offer reaches a client that does not know any (DIRECT-10)."""
        spec, policy = self.device.spec, self.device.policy
        return not (policy.old_recipient_is_refused or spec.supports_direct)

    # Messages.

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Handle a message of a host."""
        if isinstance(message, Offer) and self._lapses_unseen():
            return
        if isinstance(message, SessionUpdate):
            self._update_session(sender, message)
            return
        if isinstance(message, JoinSeen | SessionEnded):
            self._retransmission.acknowledge(self, sender, message)
        if isinstance(message, SessionEnded):
            self._leave_session(sender, message)
            return
        if isinstance(message, Refused) and message.answer is None:
            self.refused[message.invitation] = message.reason
            return
        if message.invitation.startswith(f"{sender}-"):
            self.happen(message.invitation, message)

    def _leave_session(self, sender: ClientId, message: SessionEnded) -> None:
        known = self.sessions.pop(message.session, None)
        if known is not None:
            self.device.record(facts.of_session(self.device, known, FactKind.LEFT))
        left = SessionLeft(invitation=message.invitation, session=message.session)
        self.device.say(sender, left)

    def _update_session(self, sender: ClientId, message: SessionUpdate) -> None:
        known = self.sessions.get(message.session)
        if known is None:
            return  # not joined yet: the host repeats the update
        if message.revision > known.revision:
            updated = self.sessions[message.session] = replace(
                known, permissions=message.permissions, revision=message.revision
            )
            self.device.record(facts.of_session(self.device, updated, FactKind.UPDATED))
        seen = UpdateSeen(
            invitation=message.invitation,
            session=message.session,
            revision=message.revision,
        )
        self.device.say(sender, seen)

    # Decisions of the protocol, and their effects.

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Let the protocol decide about an event of a notification, and apply that.

        Returns the refusal for the local user, if any.
        """
        device = self.device
        before = self.notifications.get(id_)
        decision = guest.decide(before, event, device.now_us, device.id, device.policy)
        after = decision.notification
        if after is not None and after is not before:
            self.keep(after, before)
        refusal = None
        for effect in decision.effects:
            refusal = self.perform(id_, effect) or refusal
        return refusal

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Store a notification, record what changed, and settle its answer."""
        self.notifications[after.invitation] = after
        was = guest.NO_SURFACE if before is None else before.surfaces
        if after.surfaces is not was:
            self._record_surfaces(was, after)
        if before is None:
            self._watch(after)
            return
        if after.revision != before.revision:
            self.record(FactKind.REVISED, after)
        if after.outcome is not before.outcome:
            self.record(FactKind.TOLD, after)
        answering = guest.GuestState.ANSWERING
        if before.answer and before.state is answering is not after.state:
            host = after.sender.id
            self._retransmission.settle(self, host, Answer, before.answer)

    def _record_surfaces(
        self, was: frozenset[Surface], after: guest.Notification
    ) -> None:
        for kind, surfaces in (
            (FactKind.SHOWN, after.surfaces - was),
            (FactKind.CLEARED, was - after.surfaces),
        ):
            if surfaces and self.device.wants(kind, after.invitation):
                for surface in sorted(surfaces):
                    self.record(kind, after, surface=surface)

    def perform(self, id_: str, effect: guest.GuestEffect) -> Refusal | None:
        """Carry out one effect of a decision; returns a refusal for the local user."""
        match effect:
            case guest.Say(message=message):
                self.tell(id_, message)
            case guest.WakeAt(at_us=at_us):
                self._watch_end(id_, at_us)
            case guest.JoinSession(session=session, permissions=permissions):
                self.join(id_, session, permissions)
            case guest.Refuse(refusal=refusal):
                return refusal
            case _:
                assert_never(effect)
        return None

    def wake(self, id_: str) -> None:
        """Handle the end of a notification's lifetime."""
        self.happen(id_, guest.LifetimeOver())

    def tell(self, id_: str, message: FromGuest) -> None:
        """Send a message: answers and joins repeatedly, all others once."""
        known = self.notifications.get(id_)
        to = host_of(id_) if known is None else known.sender.id
        if to is None:
            return
        if isinstance(message, Answer | Joined):
            self._retransmission.post(self, to, message)
        else:
            self.device.say(to, message)

    def utter(self, to: ClientId, message: Message) -> None:
        """Send a message once; a guest's messages do not depend on the time."""
        self.device.say(to, message)

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Join a session that the host has started."""
        inviter = host_of(id_)
        assert inviter is not None, "a session starts at a host"
        joined = self.sessions[session] = Session(
            id=session,
            invitation=id_,
            host=inviter,
            guest=self.device.id,
            permissions=permissions,
        )
        if self.device.wants(FactKind.JOINED, id_):
            self.device.record(facts.of_session(self.device, joined, FactKind.JOINED))

    # One timer a notification: for the next poll of its host, or for its own end.

    def _watch(self, known: guest.Notification) -> None:
        """Set the timer for the next poll, or for an earlier end of the lifetime."""
        now_us, policy = self.device.now_us, self.device.policy
        at_us, over_us = now_us + policy.poll_us, policy.wake_us(known.until_us)
        if now_us < over_us < at_us:
            at_us = over_us
        self.device.at(at_us, Recipient._look, known.invitation, owner=self)

    def _watch_end(self, id_: str, over_us: int) -> None:
        """Set a timer for a new end of the lifetime that is before the next poll."""
        if over_us < self.device.now_us + self.device.policy.poll_us:
            self.device.at(over_us, Recipient._look, id_, owner=self)

    def _look(self, id_: str) -> None:
        known = self.notifications[id_]
        if known.state is not guest.GuestState.SHOWN and not known.surfaces:
            return
        if self.device.policy.due(self.device.now_us, known.until_us):
            self.wake(id_)
        else:
            self.happen(id_, POLL_DUE)
        after = self.notifications[id_]
        if after.state is guest.GuestState.SHOWN or after.surfaces:
            self._watch(after)

    def record(
        self,
        kind: FactKind,
        known: guest.Notification,
        *,
        surface: Surface | None = None,
    ) -> None:
        """Record a fact about a notification."""
        device = self.device
        if device.wants(kind, known.invitation):
            device.record(facts.of_notification(device, known, kind, surface=surface))


def addressee_of(id_: str) -> str:
    """The recipient's ID: the second part of an invitation's id; "" if it has none."""
    return id_.split("-")[1] if id_.count("-") else ""


POLL_DUE = guest.PollDue()


def host_of(id_: str) -> ClientId | None:
    """The inviter's ID: the first part of an invitation's id; None if it is no ID."""
    inviter = id_.split("-", 1)[0]
    return ClientId(inviter) if is_client_id(inviter) else None
