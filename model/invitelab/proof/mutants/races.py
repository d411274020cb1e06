"""Defects of the order of two operations, or of an operation and a timer."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import FOREVER_US, Lives, reviving
from invitelab.protocol import guest, host
from invitelab.protocol.messages import Closed, FromGuest, Gone, Message, Withdraw
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import US_PER_S, ClientId, Invitation, State
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

REPEAT_US = 2 * US_PER_S
EXTRA_US = 30 * US_PER_S
LAST_US = 5 * US_PER_S


# An act against the end.


def _left_to_the_timer(kind: type[host.HostEvent]) -> type[Inviter]:
    class LeftToTheTimer(Inviter):
        """Inviter that ignores an event in the last seconds."""

        def happen(self, id_: str, event: host.HostEvent) -> None:
            """Ignore the event in the last seconds, unless it is an accept."""
            left_us = self.invitations[id_].deadline_us - self.device.now_us
            accept = isinstance(event, host.AnswerFrom) and event.accept
            if accept or not isinstance(event, kind) or not 0 < left_us < LAST_US:
                super().happen(id_, event)

    return LeftToTheTimer


# A message that comes late.


def _comes_back(state: State) -> type[Recipient]:
    class ComesBack(Recipient):
        """Recipient that shows an ended invitation again two seconds later."""

        def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
            """Expect it."""
            if isinstance(event, Withdraw | Closed) and event.state is state:
                self.device.after(REPEAT_US, self.show_again, id_)
            return super().happen(id_, event)

        def show_again(self, id_: str) -> None:
            """Take it for a new one."""
            known = self.notifications[id_]
            self.notifications[id_] = replace(known, surfaces=guest.BOTH_SURFACES)

    return ComesBack


class LateChange(Inviter):
    """A change is shown at once, and reaches the session a second later."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Delay the permissions of a change."""
        before = self.invitations[id_]
        super().happen(id_, event)
        after = self.invitations[id_]
        if after.revision > before.revision:
            held = replace(after, permissions=before.permissions)
            self.invitations[id_] = held
            self.device.after(US_PER_S, self.arrive, after)

    def arrive(self, changed: Invitation) -> None:
        """Apply the delayed permissions."""
        known = self.invitations[changed.id]
        arrived = replace(known, permissions=changed.permissions)
        self.invitations[changed.id] = arrived


# An act against the timer.


class ClosedStaysOpen(Recipient):
    """Closing the pop-up stops the timer behind it."""

    def dismiss(self, id_: str) -> Refusal | None:
        """Stop both sides."""
        refusal = super().dismiss(id_)
        known = self.notifications.get(id_)
        if refusal is None and known is not None:
            self.notifications[id_] = replace(known, until_us=FOREVER_US)
            self.tell(id_, Gone(invitation=id_))
        return refusal


class WaitsForClosed(Inviter):
    """Stops the timer at the inviter, too."""

    def receive(self, sender: ClientId, message: FromGuest) -> None:
        """Set a deadline that is never reached."""
        known = self.invitations.get(getattr(message, "invitation", ""))
        if isinstance(message, Gone) and known and known.state is State.PENDING:
            self.invitations[known.id] = replace(known, deadline_us=FOREVER_US)
        super().receive(sender, message)


class ChangeBuysTime(Lives):
    """A change leaves at least half a minute to answer it."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """Half a minute from now, if that is later."""
        lifetime_us = super().lifetime_us(invitation)
        if invitation.revision == 1:
            return lifetime_us
        return max(lifetime_us, self.device.now_us - invitation.sent_us + EXTRA_US)


class BlockedByExpired(Inviter):
    """Counts expired invitations as pending."""

    def has_pending(self, to: ClientId | None = None) -> bool:
        """Whether an invitation is pending or has expired."""
        return super().has_pending(to) or any(
            known.state is State.EXPIRED and known.recipient == to
            for known in self.invitations.values()
        )


# One timer for two invitations.


class FirstTimerEndsAll(Inviter):
    """Ends all pending invitations with the first timer."""

    def wake(self, id_: str) -> None:
        """End every pending invitation."""
        super().wake(id_)
        for other in self.pending():
            now_us = self.device.now_us
            self.invitations[other.id] = replace(other, deadline_us=now_us)
            super().wake(other.id)


class CrossedEndTogether(Client):
    """Ends both of two crossed invitations with the first."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """End the own invitation with the other one."""
        super().receive(sender, message)
        if isinstance(message, Withdraw) and message.state is State.EXPIRED:
            for known in self.inviter.pending(sender):
                over = replace(known, deadline_us=self.device.now_us)
                self.inviter.invitations[known.id] = over
                self.inviter.wake(known.id)


EXPIRED = reviving(State.EXPIRED, for_us=FOREVER_US)

MUTANTS = (
    Mutant(
        name="expired-blocks-the-next",
        clause="DIRECT-1",
        defect="once an invitation has expired the same person cannot be invited again",
        make=variant(inviter=BlockedByExpired),
    ),
    Mutant(
        name="late-cancel-left-to-the-timer",
        clause="PENDING-2",
        defect="a cancel in the last five seconds is left to the timer",
        make=variant(inviter=_left_to_the_timer(host.Cancel)),
    ),
    Mutant(
        name="cancelled-comes-back",
        clause="PENDING-3",
        defect="two seconds after the cancel a late offer shows the invitation again",
        make=variant(recipient=_comes_back(State.CANCELLED)),
    ),
    Mutant(
        name="change-leaves-half-a-minute",
        clause="PENDING-6",
        defect="a change shortly before the end leaves half a minute more",
        make=variant(inviter=ChangeBuysTime),
    ),
    Mutant(
        name="first-timer-ends-all",
        clause="PENDING-7",
        defect="the first of an inviter's invitations to expire ends the others",
        make=variant(inviter=FirstTimerEndsAll),
    ),
    Mutant(
        name="crossed-end-together",
        clause="PENDING-9",
        defect="of two crossed invitations the first to expire ends both",
        make=variant(client=CrossedEndTogether),
    ),
    Mutant(
        name="late-reject-left-to-the-timer",
        clause="ANSWER-1",
        defect="a rejection in the last five seconds is left to the timer",
        make=variant(inviter=_left_to_the_timer(host.AnswerFrom)),
    ),
    Mutant(
        name="rejected-comes-back",
        clause="ANSWER-1",
        defect="two seconds after the reject a late offer shows the invitation again",
        make=variant(recipient=_comes_back(State.REJECTED)),
    ),
    Mutant(
        name="closed-pop-up-never-expires",
        clause="ANSWER-4",
        defect="an invitation whose pop-up was closed never expires",
        make=variant(inviter=WaitsForClosed, recipient=ClosedStaysOpen),
    ),
    Mutant(
        name="accept-beats-expiry",
        clause="EXPIRY-2",
        defect="an expired invitation is hidden, but an accept still finds it",
        make=variant(inviter=EXPIRED.inviter, recipient=EXPIRED.recipient),
    ),
    Mutant(
        name="change-a-second-late",
        clause="SESSION-3",
        defect="a change less than a second before the accept misses the session",
        make=variant(inviter=LateChange),
    ),
)
