"""Defects of the two minutes: too short, too long, on one side, or in sessions."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import FOREVER_US, LateClicks, Lives
from invitelab.proof.mutants.notification_base import leaving
from invitelab.protocol import guest, host
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import FromHost, Offer, Withdraw
from invitelab.protocol.policy import LIFETIME_US, Policy
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    Invitation,
    Permission,
    Permissions,
    Session,
    SessionState,
    State,
    Surface,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

LATE_US = 10 * US_PER_S
MINUTE_US = 60 * US_PER_S
LAST_US = 5 * US_PER_S


# Too short.


def _lives(seconds: float) -> Policy:
    return Policy(lifetime_us=round(seconds * US_PER_S))


class OldTimer(Inviter):
    """Ends the next invitation with the timer of the one before."""

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Start a timer that nothing stops."""
        super().record(invitation, kind)
        if kind is FactKind.SENT:
            to = invitation.recipient
            self.device.at(invitation.deadline_us, self.ring, to)

    def ring(self, recipient: ClientId) -> None:
        """End every pending invitation to that recipient."""
        for known in self.pending(recipient):
            now_us = self.device.now_us
            self.invitations[known.id] = replace(known, deadline_us=now_us)
            self.wake(known.id)


class ChangeCountsTwice(Lives):
    """Subtracts the time before a change once more."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """The rest of the rest."""
        left_us = invitation.deadline_us - self.device.now_us
        return left_us if invitation.revision > 1 else super().lifetime_us(invitation)


class PortableMinute(Recipient):
    """A client without an alias shows an invitation for a minute."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Shorten the offer."""
        if isinstance(message, Offer) and self.device.spec.identity.alias is None:
            message = replace(message, ttl_us=min(message.ttl_us, MINUTE_US))
        super().receive(sender, message)


# Too long, or without end.


class OnlyTheFirstEnds(Lives):
    """Lets only the first invitation of a client expire."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever, except for the first invitation."""
        first = not self.invitations or invitation.id in self.invitations
        return super().lifetime_us(invitation) if first else FOREVER_US


class ChangedNeverEnds(Lives):
    """Never lets a changed invitation expire."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever, once changed."""
        changed = invitation.revision > 1
        return FOREVER_US if changed else super().lifetime_us(invitation)


# Notifications that remain.


def _is_over(event: guest.GuestEvent) -> bool:
    expired = isinstance(event, Withdraw) and event.state is State.EXPIRED
    return expired or isinstance(event, guest.LifetimeOver)


class TimerOnlyAtTheHost(Recipient):
    """Keeps showing an invitation that has expired."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the expiry."""
        return None if _is_over(event) else super().happen(id_, event)


class ClearedLater(Recipient):
    """Removes an expired invitation ten seconds late."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Delay the expiry."""
        if _is_over(event):
            self.device.after(LATE_US, self.clear, id_)
            return None
        return super().happen(id_, event)

    def clear(self, id_: str) -> None:
        """Remove the notification."""
        super().happen(id_, guest.LifetimeOver())


class ClearsTheFirst(Recipient):
    """Removes the oldest notification when any invitation expires."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Let the first notification expire."""
        if _is_over(event) and self.notifications:
            id_ = next(iter(self.notifications))
        return super().happen(id_, event)


class TimerOnlyAtTheGuest(Inviter):
    """Never lets the timer of the host fire."""

    def wake(self, id_: str) -> None:
        """Do nothing."""


def _asleep(*, from_revision: int = 1, from_number: int = 1) -> type[Inviter]:
    class Asleep(Inviter):
        """Inviter without a timer for some invitations."""

        def wake(self, id_: str) -> None:
            """Leave these in the list."""
            known = self.invitations[id_]
            number = list(self.invitations).index(id_) + 1
            if known.revision < from_revision or number < from_number:
                super().wake(id_)

    return Asleep


class LateAnswerReopens(Inviter):
    """Makes an expired invitation pending again at a late accept."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Set the record to pending."""
        super().happen(id_, event)
        known = self.invitations[id_]
        if isinstance(event, host.AnswerFrom) and known.state is State.EXPIRED:
            self.invitations[id_] = replace(known, state=State.PENDING)


class InviterAMillisecondLate(Inviter):
    """Lets invitations expire a millisecond later at the inviter."""

    def wake(self, id_: str) -> None:
        """Wait for it."""
        self.device.after(1000, super().wake, id_)


# Sessions.


class GuestLeaves(Recipient):
    """Leaves the session when the notification would have expired."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Schedule the end."""
        super().join(id_, session, permissions)
        until_us = self.notifications[id_].until_us
        self.device.at(until_us, self.leave_session, session)

    def leave_session(self, session: str) -> None:
        """Leave the session."""
        self.sessions.pop(session, None)


class Cuts(Inviter):
    """Ends a session at the end of the two minutes."""

    def end_us(self, session: Session) -> int:
        """When the session ends: with its invitation."""
        return self.invitations[session.invitation].deadline_us

    def start(self, session: Session) -> None:
        """Schedule the end of the session."""
        super().start(session)
        self.device.at(self.end_us(session), self.cut, session.id)

    def cut(self, id_: str) -> None:
        """End the session."""
        self.sessions[id_] = replace(self.sessions[id_], state=SessionState.ENDED)


class OnlyWatching(Cuts):
    """Reduces a session to watching at the end of the two minutes."""

    def cut(self, id_: str) -> None:
        """Leave only the permission to view."""
        only = frozenset({Permission.VIEW})
        self.sessions[id_] = replace(self.sessions[id_], permissions=only)


class CutsAnew(Cuts):
    """Ends a session two minutes after its start."""

    def end_us(self, session: Session) -> int:  # noqa: ARG002 - of any session
        """Two minutes from now."""
        return self.device.now_us + self.device.policy.lifetime_us


class CutsTheLate(Cuts):
    """Ends a session that was accepted in the last five seconds."""

    def end_us(self, session: Session) -> int:
        """With its invitation if that is soon, otherwise never."""
        end_us = super().end_us(session)
        return end_us if end_us - self.device.now_us < LAST_US else FOREVER_US


MUTANTS = (
    Mutant(
        name="modify-restarts-the-timer",
        clause="PENDING-6",
        defect="a modification gives another two minutes",
        make=variant(policy=Policy(modify_keeps_the_deadline=False)),
    ),
    Mutant(
        name="expires-at-118-s",
        clause="EXPIRY-1",
        defect="an invitation expires two seconds early",
        make=variant(policy=_lives(118)),
    ),
    Mutant(
        name="old-timer-ends-the-next",
        clause="EXPIRY-1",
        defect="the timer of an invitation that has ended ends the next one too",
        make=variant(inviter=OldTimer),
    ),
    Mutant(
        name="change-counts-twice",
        clause="EXPIRY-1",
        defect="a change takes the time that has passed off the two minutes again",
        make=variant(inviter=ChangeCountsTwice),
    ),
    Mutant(
        name="portable-recipient-has-a-minute",
        clause="EXPIRY-1",
        defect="a portable recipient can accept for one minute only",
        make=variant(recipient=PortableMinute),
    ),
    Mutant(
        name="expires-at-121-5-s",
        clause="EXPIRY-2",
        defect="an invitation expires a second and a half late",
        make=variant(policy=_lives(121.5)),
    ),
    Mutant(
        name="never-expires",
        clause="EXPIRY-2",
        defect="an invitation never ends by itself",
        make=variant(policy=Policy(lifetime_us=LIFETIME_US * 1000)),
    ),
    Mutant(
        name="only-the-first-expires",
        clause="EXPIRY-2",
        defect="only the first invitation that a client sends expires",
        make=variant(inviter=OnlyTheFirstEnds),
    ),
    Mutant(
        name="changed-never-expires",
        clause="EXPIRY-2",
        defect="an invitation that was changed never expires",
        make=variant(inviter=ChangedNeverEnds),
    ),
    Mutant(
        name="timer-only-at-the-host",
        clause="EXPIRY-3",
        defect="the recipient goes on seeing an expired invitation",
        make=variant(recipient=TimerOnlyAtTheHost),
    ),
    Mutant(
        name="expired-pop-up-stays",
        clause="EXPIRY-3",
        defect="an expired invitation leaves the client, and its pop-up stays",
        make=variant(recipient=leaving(Surface.POPUP, _is_over)),
    ),
    Mutant(
        name="expired-is-cleared-late",
        clause="EXPIRY-3",
        defect="an expired invitation is shown for ten more seconds",
        make=variant(recipient=ClearedLater),
    ),
    Mutant(
        name="expiry-clears-the-oldest",
        clause="EXPIRY-3",
        defect="expiry clears the oldest notification instead of its own",
        make=variant(recipient=ClearsTheFirst),
    ),
    Mutant(
        name="timer-only-at-the-guest",
        clause="EXPIRY-4",
        defect="the inviter goes on seeing an expired invitation as pending",
        make=variant(inviter=TimerOnlyAtTheGuest),
    ),
    Mutant(
        name="changed-stays-pending",
        clause="EXPIRY-4",
        defect="a changed invitation stays in the inviter's list as pending for ever",
        make=variant(inviter=_asleep(from_revision=2)),
    ),
    Mutant(
        name="next-stays-pending",
        clause="EXPIRY-4",
        defect="every expired invitation but the first stays pending in the list",
        make=variant(inviter=_asleep(from_number=2)),
    ),
    Mutant(
        name="late-accept-reopens",
        clause="EXPIRY-4",
        defect="an accept that comes too late makes the invitation pending again",
        make=variant(inviter=LateAnswerReopens, recipient=LateClicks),
    ),
    Mutant(
        name="expiry-ends-the-session",
        clause="EXPIRY-5",
        defect="the end of the two minutes ends a session that has started",
        make=variant(inviter=Cuts),
    ),
    Mutant(
        name="recipient-leaves-after-two-minutes",
        clause="EXPIRY-5",
        defect="the recipient's client leaves the session when its notification ends",
        make=variant(recipient=GuestLeaves),
    ),
    Mutant(
        name="two-minutes-leave-the-view",
        clause="EXPIRY-5",
        defect="at the end of the two minutes a running session is reduced to watching",
        make=variant(inviter=OnlyWatching),
    ),
    Mutant(
        name="session-lasts-two-minutes",
        clause="EXPIRY-5",
        defect="a session ends two minutes after its start",
        make=variant(inviter=CutsAnew),
    ),
    Mutant(
        name="late-session-cut",
        clause="EXPIRY-5",
        defect="the timer ends a session that was accepted in the last five seconds",
        make=variant(inviter=CutsTheLate),
    ),
    Mutant(
        name="expires-at-119-5-s",
        clause="EXPIRY-6",
        defect="an invitation expires half a second early",
        make=variant(policy=_lives(119.5)),
    ),
    Mutant(
        name="expires-at-120-5-s",
        clause="EXPIRY-6",
        defect="an invitation expires half a second late",
        make=variant(policy=_lives(120.5)),
    ),
    Mutant(
        name="inviter-a-millisecond-late",
        clause="EXPIRY-6",
        defect="the invitation expires a millisecond later for the inviter",
        make=variant(inviter=InviterAMillisecondLate),
    ),
)
