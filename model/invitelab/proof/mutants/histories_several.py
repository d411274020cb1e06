"""Defects with three or more invitations, of one inviter or at one recipient."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.permission_base import Grants
from invitelab.protocol import guest, host
from invitelab.protocol.guest import Notification
from invitelab.protocol.messages import Message, SessionEnded, Started
from invitelab.protocol.refusals import Refusal, SendFacts
from invitelab.protocol.values import (
    ClientId,
    Invitation,
    Permissions,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, host_of

AT_MOST = 4
"""Notifications that fit into a short list."""
POP_UPS = 3
"""Pop-ups that fit above each other."""
IN_CLIENT = frozenset({Surface.CLIENT})

# Three of one inviter.


class CancelsTheOldest(Inviter):
    """Cancels the oldest pending invitation instead."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel the oldest one, if the invitation is pending."""
        ids = [known.id for known in self.pending()]
        return super().cancel(ids[0] if invitation in ids else invitation)


class ChangesTheOldest(Inviter):
    """Changes the oldest pending invitation instead."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the oldest one, if the invitation is pending."""
        ids = [known.id for known in self.pending()]
        oldest = ids[0] if invitation in ids else invitation
        return super().modify(oldest, profile_name)


class ChangesTheSharedPermissions(Inviter):
    """Keeps one set of permissions for all pending invitations."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the permissions of the others, and not their profile."""
        refusal = super().modify(invitation, profile_name)
        if refusal is None:
            shared = self.invitations[invitation].permissions
            for other in self.pending():
                self.invitations[other.id] = replace(other, permissions=shared)
        return refusal


class AcceptWithdrawsTheOlder(Inviter):
    """Takes an accept as the end of every invitation up to it."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Cancel those that were sent before the accepted one."""
        super().happen(id_, event)
        accepted = self.invitations[id_].state is State.ACCEPTED
        if not accepted or not isinstance(event, host.AnswerFrom):
            return
        number = list(self.invitations).index(id_)
        for older in self.pending():
            if list(self.invitations).index(older.id) < number:
                self.cancel(older.id)


class GrantsOfTheOldest(Grants):
    """Starts a session with the permissions of the oldest pending invitation."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The permissions of the oldest one that is pending beside it."""
        others = [known for known in self.pending() if known.id != invitation.id]
        return others[0].permissions if others else permissions


# Three or five at one recipient.


def _shown(recipient: Recipient) -> list[Notification]:
    """What is shown, in the order in which it came."""
    return [known for known in recipient.notifications.values() if known.surfaces]


class ShortList(Recipient):
    """Shows the first four notifications."""

    def keep(self, after: Notification, before: Notification | None) -> None:
        """Show no fifth one."""
        if before is None and len(_shown(self)) >= AT_MOST:
            after = replace(after, surfaces=guest.NO_SURFACE)
        super().keep(after, before)


class FewPopUps(Recipient):
    """Shows the first three pop-ups."""

    def keep(self, after: Notification, before: Notification | None) -> None:
        """Show no fourth one."""
        popped = [known for known in _shown(self) if Surface.POPUP in known.surfaces]
        if before is None and len(popped) >= POP_UPS:
            after = replace(after, surfaces=IN_CLIENT)
        super().keep(after, before)


class NewestFour(Recipient):
    """Shows the newest four notifications."""

    def keep(self, after: Notification, before: Notification | None) -> None:
        """Hide the oldest one for the fifth."""
        shown = _shown(self)
        if before is None and len(shown) >= AT_MOST:
            hidden = replace(shown[0], surfaces=guest.NO_SURFACE)
            self.notifications[hidden.invitation] = hidden
        super().keep(after, before)


class RejectHidesTheOlder(Recipient):
    """Hides every older notification with the rejected one."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Hide those before it, too."""
        shown = [known.invitation for known in _shown(self)]
        refusal = super().answer(id_, accept=accept)
        if refusal is None and not accept and id_ in shown:
            for older in shown[: shown.index(id_)]:
                known = self.notifications[older]
                self.notifications[older] = replace(known, surfaces=guest.NO_SURFACE)
        return refusal


class AcceptRejectsTheOlder(Recipient):
    """Rejects every older invitation with an accept."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Reject those before it, too."""
        shown = [known.invitation for known in _shown(self)]
        refusal = super().answer(id_, accept=accept)
        if refusal is None and accept and id_ in shown:
            for older in shown[: shown.index(id_)]:
                super().answer(older, accept=False)
        return refusal


class AcceptsTheNewestOfMany(Recipient):
    """Folds a list of more than three, and accepts the one on top of it."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Accept the newest one instead, if there are more than three."""
        shown = [known.invitation for known in _shown(self)]
        if accept and id_ in shown and len(shown) > POP_UPS:
            id_ = shown[-1]
        return super().answer(id_, accept=accept)


class ClosesTheNewest(Recipient):
    """Closes the newest pop-up instead."""

    def dismiss(self, id_: str) -> Refusal | None:
        """Close the one on top."""
        popped = [known for known in _shown(self) if Surface.POPUP in known.surfaces]
        ids = [known.invitation for known in popped]
        return super().dismiss(ids[-1] if id_ in ids else id_)


class ClosesAll(Recipient):
    """Closes every pop-up with one."""

    def dismiss(self, id_: str) -> Refusal | None:
        """Leave the others in the client."""
        refusal = super().dismiss(id_)
        if refusal is None:
            for known in _shown(self):
                left = known.surfaces & IN_CLIENT
                self.notifications[known.invitation] = replace(known, surfaces=left)
        return refusal


# One who has an invitation of their own.


class AnyRecipientAnswers(Inviter):
    """Takes an answer from every client that has a pending invitation."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Take any of them for the addressee."""
        invited = {known.recipient for known in self.pending()}
        if isinstance(event, host.AnswerFrom) and event.by in invited:
            event = replace(event, by=self.invitations[id_].recipient)
        super().happen(id_, event)


class AnswersTheOwn(Recipient):
    """Finds the invitation of an answer by its inviter."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Answer the own invitation of that inviter."""
        inviter = host_of(id_)
        own = None if inviter is None else self.shown_from(inviter)
        if own is not None and id_ not in self.notifications:
            id_ = own
        return super().answer(id_, accept=accept)


# Two of one pair.


class OnlyTheFirstBlocks(Inviter):
    """Looks at the first invitation to a recipient to see whether one is pending."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse a second one only while the first of all is pending."""
        to = None if facts.recipient is None else facts.recipient.id
        first = next(
            (known for known in self.invitations.values() if known.recipient == to),
            None,
        )
        blocked = first is not None and first.state is State.PENDING
        return super().refusal(replace(facts, pending_to_recipient=blocked))


class OneSessionAPair(Client):
    """Ends the session with a client at the start of one the other way."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """End the session that this client hosts for the new host."""
        super().receive(sender, message)
        if not isinstance(message, Started):
            return
        for session in list(self.inviter.sessions.values()):
            if session.guest == sender:
                del self.inviter.sessions[session.id]
                over = SessionEnded(invitation=session.invitation, session=session.id)
                self.device.say(sender, over)


MUTANTS = (
    Mutant(
        name="cancel-takes-the-oldest",
        clause="PENDING-7",
        defect="of several pending invitations a cancel takes the oldest",
        make=variant(inviter=CancelsTheOldest),
    ),
    Mutant(
        name="change-takes-the-oldest",
        clause="PENDING-7",
        defect="of several pending invitations a change takes the oldest",
        make=variant(inviter=ChangesTheOldest),
    ),
    Mutant(
        name="change-shares-its-permissions",
        clause="PENDING-7",
        defect="a change gives its permissions, unlisted, to all pending invitations",
        make=variant(inviter=ChangesTheSharedPermissions),
    ),
    Mutant(
        name="accept-withdraws-the-older",
        clause="PENDING-7",
        defect="an accept withdraws the invitations that were sent before",
        make=variant(inviter=AcceptWithdrawsTheOlder),
    ),
    Mutant(
        name="session-of-the-oldest",
        clause="PENDING-7",
        defect="a session has the permissions of the oldest pending invitation",
        make=variant(inviter=GrantsOfTheOldest),
    ),
    Mutant(
        name="fifth-is-not-shown",
        clause="PENDING-7",
        defect="a recipient with four invitations is shown no fifth one",
        make=variant(recipient=ShortList),
    ),
    Mutant(
        name="fourth-does-not-pop-up",
        clause="PENDING-7",
        defect="a recipient with three pop-ups sees no fourth one",
        make=variant(recipient=FewPopUps),
    ),
    Mutant(
        name="fifth-hides-the-first",
        clause="PENDING-7",
        defect="the fifth invitation at a recipient hides the first",
        make=variant(recipient=NewestFour),
    ),
    Mutant(
        name="reject-hides-the-older",
        clause="PENDING-7",
        defect="a reject hides the notifications that came before",
        make=variant(recipient=RejectHidesTheOlder),
    ),
    Mutant(
        name="accept-rejects-the-older",
        clause="PENDING-7",
        defect="an accept rejects the invitations that came before",
        make=variant(recipient=AcceptRejectsTheOlder),
    ),
    Mutant(
        name="accept-takes-the-newest-of-many",
        clause="PENDING-7",
        defect="with more than three notifications an accept takes the newest",
        make=variant(recipient=AcceptsTheNewestOfMany),
    ),
    Mutant(
        name="closing-takes-the-newest-pop-up",
        clause="PENDING-7",
        defect="of several pop-ups the newest is closed, whichever was meant",
        make=variant(recipient=ClosesTheNewest),
    ),
    Mutant(
        name="closing-takes-every-pop-up",
        clause="PENDING-7",
        defect="closing a pop-up closes those of the other inviters",
        make=variant(recipient=ClosesAll),
    ),
    Mutant(
        name="any-recipient-may-answer",
        clause="ANSWER-2",
        defect="who has an invitation of their own can accept another recipient's",
        make=variant(inviter=AnyRecipientAnswers),
    ),
    Mutant(
        name="foreign-answer-takes-the-own",
        clause="ANSWER-2",
        defect="an answer to another recipient's invitation answers the own one",
        make=variant(recipient=AnswersTheOwn),
    ),
    Mutant(
        name="only-the-first-blocks",
        clause="PENDING-8",
        defect="a second invitation is refused only while the very first is pending",
        make=variant(inviter=OnlyTheFirstBlocks),
    ),
    Mutant(
        name="one-session-a-pair",
        clause="PENDING-9",
        defect="accepting the second of two crossed invitations ends the first session",
        make=variant(client=OneSessionAPair),
    ),
)
