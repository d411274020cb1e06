"""Defects of answers, and of clients that go offline before the answer."""

from collections.abc import Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import reviving
from invitelab.proof.mutants.notification_base import leaving
from invitelab.protocol import guest, host
from invitelab.protocol.messages import Answer, Closed, FromGuest, Started, Withdraw
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Invitation,
    Permissions,
    Session,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, host_of

AS_POPUP = frozenset({Surface.POPUP})
ANEW = Policy(one_accept_counts=False)


# Rejecting.


class RejectIsNotTold(Recipient):
    """Hides a rejected invitation without telling the inviter."""

    def tell(self, id_: str, message: FromGuest) -> None:
        """Send an accept only."""
        if not isinstance(message, Answer) or message.accept:
            super().tell(id_, message)


# Other clients.


class RejectsForOthers(Inviter):
    """Refuses the reject of another client, but ends the invitation."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Reject in the name of the recipient."""
        addressee = self.invitations[id_].recipient
        super().happen(id_, event)
        if isinstance(event, host.AnswerFrom) and not event.accept:
            super().happen(id_, replace(event, by=addressee))


class AcceptsForTheRecipient(Inviter):
    """Lets the inviter accept for the recipient."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Take the inviter for the addressee."""
        if isinstance(event, host.AnswerFrom) and event.by == self.device.id:
            event = replace(event, by=self.invitations[id_].recipient)
        super().happen(id_, event)


# Accepting.


class SecondAcceptLeaves(Recipient):
    """Leaves the session at a second accept."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Leave the session if it was accepted before."""
        running = [one.id for one in self.sessions.values() if one.invitation == id_]
        for session in running if accept else ():
            del self.sessions[session]
        return super().answer(id_, accept=accept)


class StartsAnewAtTheHost(Inviter):
    """Replaces the session of an invitation that is accepted again, at the host."""

    def start(self, session: Session) -> None:
        """End the session before it."""
        for one in list(self.sessions.values()):
            if one.invitation == session.invitation:
                del self.sessions[one.id]
        super().start(session)

    def _end_unless_joined(self, id_: str) -> None:
        if id_ in self.sessions:
            super()._end_unless_joined(id_)


class StartsAnewAtTheGuest(Recipient):
    """Replaces the session at the guest."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """End the session before it."""
        for one in list(self.sessions.values()):
            if one.invitation == id_:
                del self.sessions[one.id]
        super().join(id_, session, permissions)


class ClosingHidesIt(Recipient):
    """Removes the notification from the client with the pop-up."""

    def dismiss(self, id_: str) -> Refusal | None:
        """Remove it from both surfaces."""
        refusal = super().dismiss(id_)
        if refusal is None:
            known = self.notifications[id_]
            self.notifications[id_] = replace(known, surfaces=guest.NO_SURFACE)
        return refusal


# Recipients that go offline.


class ReturnsToNewTime(Recipient):
    """Restarts the two minutes when the recipient comes back online."""

    def return_online(self) -> None:
        """Count from now."""
        until_us = self.device.now_us + self.device.policy.lifetime_us
        for known in list(self.notifications.values()):
            self.notifications[known.invitation] = replace(known, until_us=until_us)
        super().return_online()

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the expiry that the host announces."""
        expired = isinstance(event, Withdraw) and event.state is State.EXPIRED
        return None if expired else super().happen(id_, event)


class ReturnsAsPopup(Recipient):
    """Shows a pop-up only when the recipient comes back online."""

    def return_online(self) -> None:
        """Show the pop-up, and remove the entry in the client."""
        super().return_online()
        for known in list(self.notifications.values()):
            left = known.surfaces & AS_POPUP
            self.notifications[known.invitation] = replace(known, surfaces=left)


class NoChangeForTheAbsent(Inviter):
    """Refuses changes while the recipient is offline."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse a change if the recipient is offline."""
        known = self.invitations.get(invitation)
        if known is not None and not self.device.relay.is_online(known.recipient):
            return Refusal(Reason.RECIPIENT_OFFLINE, "nobody is there to be told")
        return super().modify(invitation, profile_name)


# Inviters that go offline.


class LeavesWithoutAWord(Inviter):
    """Does not send the cancellations of an inviter that goes offline."""

    leaving = False

    def leave(self) -> None:
        """Cancel without messages."""
        self.leaving = True
        super().leave()
        self.leaving = False

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Drop the message while going offline."""
        if not self.leaving:
            super().perform(invitation, effect)


class ReturnsWithIt(Client):
    """Makes invitations pending again when their inviter comes back online."""

    left: tuple[Invitation, ...] = ()

    def set_online(self, *, online: bool) -> None:
        """Restore the cancelled invitations."""
        before = self.inviter.pending()
        super().set_online(online=online)
        if not online:
            self.left = tuple(before)
            return
        for left in self.left:
            self.inviter.invitations[left.id] = left


LATE = reviving(State.REJECTED, for_us=60 * US_PER_S)


class AnswersThePending(Reference):
    """Takes an accept for the invitation that the same inviter has pending."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Accept that one in place of one that has ended."""
        answer = super().request(method, params)
        refused = isinstance(answer, dict) and "refused" in answer
        if method != "invitation.accept" or not refused:
            return answer
        clients = self._scenarios[str(params["scenario"])].clients
        names = {client.device.id: name for name, client in clients.items()}
        inviter = names.get(host_of(str(params["invitation"])) or ClientId(""))
        pending = [] if inviter is None else clients[inviter].inviter.pending()
        for known in pending[:1]:
            other = {"client": names[known.recipient], "invitation": known.id}
            return super().request(method, {**params, **other})
        return answer


MUTANTS = (
    Mutant(
        name="accept-takes-the-pending",
        clause="PENDING-3",
        defect="an accept of a cancelled invitation accepts what is pending instead",
        make=variant(reference=AnswersThePending),
    ),
    Mutant(
        name="rejected-stays-visible",
        clause="ANSWER-1",
        defect="a rejected invitation stays in the recipient's client",
        make=variant(
            recipient=leaving(Surface.CLIENT, lambda event: isinstance(event, Closed))
        ),
    ),
    Mutant(
        name="reject-is-not-told",
        clause="ANSWER-1",
        defect="the inviter still sees a rejected invitation as pending",
        make=variant(recipient=RejectIsNotTold),
    ),
    Mutant(
        name="accept-after-reject",
        clause="ANSWER-1",
        defect="for a minute after a reject an accept still starts the session",
        make=variant(inviter=LATE.inviter, recipient=LATE.recipient),
    ),
    Mutant(
        name="stranger-may-reject",
        clause="ANSWER-2",
        defect="a reject by another client is refused but ends the invitation",
        make=variant(inviter=RejectsForOthers),
    ),
    Mutant(
        name="inviter-may-accept",
        clause="ANSWER-2",
        defect="the inviter can accept for the recipient",
        make=variant(inviter=AcceptsForTheRecipient),
    ),
    Mutant(
        name="second-accept-leaves",
        clause="ANSWER-3",
        defect="accepting again takes the recipient out of the session",
        make=variant(recipient=SecondAcceptLeaves),
    ),
    Mutant(
        name="second-accept-starts-anew",
        clause="ANSWER-3",
        defect="accepting again starts a session in the place of the one that runs",
        make=variant(
            inviter=StartsAnewAtTheHost, recipient=StartsAnewAtTheGuest, policy=ANEW
        ),
    ),
    Mutant(
        name="closing-hides-it",
        clause="ANSWER-4",
        defect="closing the pop-up takes the invitation off the client, too",
        make=variant(recipient=ClosingHidesIt),
    ),
    Mutant(
        name="accepted-popup-stays",
        clause="ANSWER-5",
        defect="the pop-up of an accepted invitation stays",
        make=variant(
            recipient=leaving(Surface.POPUP, lambda event: isinstance(event, Started))
        ),
    ),
    Mutant(
        name="returns-to-new-time",
        clause="PRESENCE-1",
        defect="a recipient that comes back online sees it for two minutes more",
        make=variant(recipient=ReturnsToNewTime),
    ),
    Mutant(
        name="returns-as-popup",
        clause="PRESENCE-1",
        defect="a recipient that comes back online sees the pop-up only",
        make=variant(recipient=ReturnsAsPopup),
    ),
    Mutant(
        name="no-change-for-the-absent",
        clause="PRESENCE-1",
        defect="an invitation cannot be modified while its recipient is away",
        make=variant(inviter=NoChangeForTheAbsent),
    ),
    Mutant(
        name="leaves-without-a-word",
        clause="PRESENCE-2",
        defect="the recipient is not told that an inviter's leaving has cancelled",
        make=variant(inviter=LeavesWithoutAWord),
    ),
    Mutant(
        name="returns-with-its-inviter",
        clause="PRESENCE-2",
        defect="an invitation is pending again when its inviter comes back",
        make=variant(client=ReturnsWithIt),
    ),
)
