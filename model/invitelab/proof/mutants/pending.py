"""Defects of changes and cancellations, of pending and of ended invitations."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import reviving
from invitelab.proof.mutants.notification_base import leaving
from invitelab.protocol import guest, host
from invitelab.protocol.messages import Offer, SessionEnded, Withdraw
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import US_PER_S, Invitation, State, Surface
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

NOT_NOW = Refusal(Reason.NOT_PENDING, "that is not possible now")


def pending(inviter: Inviter, invitation: str) -> Invitation | None:
    """The invitation, if it is known here and pending."""
    known = inviter.invitations.get(invitation)
    return known if known is not None and known.state is State.PENDING else None


# Changing what is pending.


class ModifyDoesNothing(Inviter):
    """Acknowledges changes without effect."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Acknowledge without effect if the invitation is pending."""
        known = pending(self, invitation)
        return super().modify(invitation, profile_name) if known is None else None


class OneChange(Inviter):
    """Accepts one change of an invitation only."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse a second change."""
        known = pending(self, invitation)
        if known is not None and known.revision > 1:
            return NOT_NOW
        return super().modify(invitation, profile_name)


class NoLateChange(Inviter):
    """Refuses changes in the last minute."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse a change if less than a minute is left."""
        known = pending(self, invitation)
        if known is not None and known.deadline_us - self.device.now_us < 60 * US_PER_S:
            return NOT_NOW
        return super().modify(invitation, profile_name)


class ChangeComesAnew(Recipient):
    """Shows a changed invitation as a second one."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Keep a notification for each revision."""
        if isinstance(event, Offer) and event.revision > 1:
            id_ = f"{id_}-{event.revision}"
            event = replace(event, invitation=id_)
        return super().happen(id_, event)


class ChangeRefusedAndMade(Inviter):
    """Refuses changes that take effect."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change, and refuse."""
        return super().modify(invitation, profile_name) or NOT_NOW


# Cancelling what is pending.


class CancelDoesNothing(Inviter):
    """Acknowledges cancellations without effect."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Acknowledge without effect if the invitation is pending."""
        known = pending(self, invitation)
        return super().cancel(invitation) if known is None else None


class ChangedIsThereToStay(Inviter):
    """Cannot cancel a changed invitation."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Refuse to cancel a changed invitation."""
        known = pending(self, invitation)
        if known is not None and known.revision > 1:
            return NOT_NOW
        return super().cancel(invitation)


class CancelsTheFirst(Inviter):
    """Cancels the first invitation to the recipient instead."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel the first invitation to the same recipient."""
        known = self.invitations.get(invitation)
        if known is None:
            return super().cancel(invitation)
        fitting = (
            other.id
            for other in self.invitations.values()
            if other.recipient == known.recipient
        )
        return super().cancel(next(fitting))


# What was cancelled.


def _is_cancel(event: guest.GuestEvent) -> bool:
    return isinstance(event, Withdraw) and event.state is State.CANCELLED


class CancelIsNotTold(Inviter):
    """Does not send cancellations to the recipient."""

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Send every message but a cancellation."""
        told = isinstance(effect, host.Say) and isinstance(effect.message, Withdraw)
        if not told or invitation.state is not State.CANCELLED:
            super().perform(invitation, effect)


class ChangeOutlivesTheCancel(Recipient):
    """Keeps showing a cancelled invitation that was changed before."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the cancellation of a changed invitation."""
        known = self.notifications.get(id_)
        if _is_cancel(event) and known is not None and known.revision > 1:
            return None
        return super().happen(id_, event)


# Changing what has ended.


class ChangesTheEnded(Inviter):
    """Accepts changes of invitations that have ended."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the record in any state."""
        known = self.invitations.get(invitation)
        if known is None:
            return super().modify(invitation, profile_name)
        profile = choose_profile(self.device.spec, profile_name, self.device.policy)
        if known.state.terminal and profile is not None:
            self.invitations[invitation] = replace(known, profile=profile.name)
            return None
        return super().modify(invitation, profile_name)


class ReachesTheSession(Inviter):
    """Refuses the change of an accepted invitation, but changes the session."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Pass it on to whatever runs."""
        profiles = {entry.name: entry for entry in self.device.spec.profiles}
        for session in list(self.sessions.values()):
            if session.invitation == invitation and profile_name in profiles:
                permissions = profiles[profile_name].permissions
                changed = replace(session, permissions=permissions)
                self.sessions[session.id] = changed
        return super().modify(invitation, profile_name)


class RenewsTheExpired(Inviter):
    """Renews an expired invitation that is changed."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Give it another two minutes."""
        known = self.invitations.get(invitation)
        if known is not None and known.state is State.EXPIRED:
            deadline_us = self.device.now_us + self.device.policy.lifetime_us
            renewed = replace(known, state=State.PENDING, deadline_us=deadline_us)
            self.invitations[invitation] = renewed
            self._pending += (invitation,)
        return super().modify(invitation, profile_name)


class OffersTheEnded(Inviter):
    """Refuses the change of an ended invitation, but offers it again."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Send it as a new offer, then refuse."""
        known = self.invitations.get(invitation)
        if known is not None and known.state in {State.REJECTED, State.CANCELLED}:
            offer = Offer(
                invitation=f"{invitation}-again",
                revision=1,
                ttl_us=self.device.policy.lifetime_us,
                sender=self.device.spec.identity,
            )
            self.device.say(known.recipient, offer)
        return super().modify(invitation, profile_name)


# Cancelling what has ended.


class EndsTheSession(Inviter):
    """Ends the session when an accepted invitation is cancelled."""

    def cancel(self, invitation: str) -> Refusal | None:
        """End its session, then refuse."""
        for session in list(self.sessions.values()):
            if session.invitation == invitation:
                del self.sessions[session.id]
                over = SessionEnded(invitation=invitation, session=session.id)
                self.device.say(session.guest, over)
        return super().cancel(invitation)


class RewritesTheEnd(Inviter):
    """Lists an ended invitation as cancelled after a cancel."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Set the record to cancelled, and refuse."""
        known = self.invitations.get(invitation)
        refusal = super().cancel(invitation)
        if known is not None and known.state in {State.REJECTED, State.EXPIRED}:
            self.invitations[invitation] = replace(known, state=State.CANCELLED)
        return refusal


class CancelsTheCancel(Inviter):
    """Makes a cancelled invitation pending again at a second cancel."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Set the record to pending."""
        known = self.invitations.get(invitation)
        if known is None or known.state is not State.CANCELLED:
            return super().cancel(invitation)
        self.invitations[invitation] = replace(known, state=State.PENDING)
        self._pending += (invitation,)
        return None


BEATS = reviving(State.CANCELLED, for_us=5 * US_PER_S)


MUTANTS = (
    Mutant(
        name="modify-does-nothing",
        clause="PENDING-1",
        defect="modifying is acknowledged and has no effect",
        make=variant(inviter=ModifyDoesNothing),
    ),
    Mutant(
        name="one-change-only",
        clause="PENDING-1",
        defect="a pending invitation can be modified once and not again",
        make=variant(inviter=OneChange),
    ),
    Mutant(
        name="no-change-in-the-second-minute",
        clause="PENDING-1",
        defect="an invitation can be modified in the first of its two minutes only",
        make=variant(inviter=NoLateChange),
    ),
    Mutant(
        name="change-comes-anew",
        clause="NOTIFY-8",
        defect="a modified invitation is shown a second time beside the first",
        make=variant(recipient=ChangeComesAnew),
    ),
    Mutant(
        name="change-refused-and-made",
        clause="PENDING-1",
        defect="a change is refused but takes effect",
        make=variant(inviter=ChangeRefusedAndMade),
    ),
    Mutant(
        name="cancel-does-nothing",
        clause="PENDING-2",
        defect="cancelling is acknowledged and has no effect",
        make=variant(inviter=CancelDoesNothing),
    ),
    Mutant(
        name="changed-cannot-be-cancelled",
        clause="PENDING-2",
        defect="what was modified can no longer be cancelled",
        make=variant(inviter=ChangedIsThereToStay),
    ),
    Mutant(
        name="cancels-the-first",
        clause="PENDING-2",
        defect="cancelling takes the first invitation ever sent to that recipient",
        make=variant(inviter=CancelsTheFirst),
    ),
    Mutant(
        name="ghost-after-cancel",
        clause="PENDING-3",
        defect="a cancelled invitation stays as a pop-up, though not in the client",
        make=variant(recipient=leaving(Surface.POPUP, _is_cancel)),
    ),
    Mutant(
        name="cancel-is-not-told",
        clause="PENDING-3",
        defect="a cancellation does not reach the recipient's client and pop-up",
        make=variant(inviter=CancelIsNotTold),
    ),
    Mutant(
        name="accept-beats-cancel",
        clause="PENDING-3",
        defect="for five seconds after a cancellation an accept still starts a session",
        make=variant(inviter=BEATS.inviter, recipient=BEATS.recipient),
    ),
    Mutant(
        name="change-outlives-the-cancel",
        clause="PENDING-3",
        defect="a cancelled invitation stays in sight if it was modified before",
        make=variant(recipient=ChangeOutlivesTheCancel),
    ),
    Mutant(
        name="changes-the-ended",
        clause="PENDING-4",
        defect="an invitation that has ended can still be modified",
        make=variant(inviter=ChangesTheEnded),
    ),
    Mutant(
        name="late-change-reaches-the-session",
        clause="PENDING-4",
        defect="modifying an accepted invitation is refused and changes the session",
        make=variant(inviter=ReachesTheSession),
    ),
    Mutant(
        name="late-change-renews-the-expired",
        clause="PENDING-4",
        defect="modifying an expired invitation gives it another two minutes",
        make=variant(inviter=RenewsTheExpired),
    ),
    Mutant(
        name="late-change-is-offered",
        clause="PENDING-4",
        defect="modifying what was rejected or cancelled is refused and shown again",
        make=variant(inviter=OffersTheEnded),
    ),
    Mutant(
        name="late-cancel-ends-the-session",
        clause="PENDING-5",
        defect="cancelling an accepted invitation is refused and ends the session",
        make=variant(inviter=EndsTheSession),
    ),
    Mutant(
        name="late-cancel-rewrites-the-end",
        clause="PENDING-5",
        defect="what was rejected or has expired is listed as cancelled after a cancel",
        make=variant(inviter=RewritesTheEnd),
    ),
    Mutant(
        name="cancelling-twice-takes-it-back",
        clause="PENDING-5",
        defect="cancelling a cancelled invitation makes it pending again",
        make=variant(inviter=CancelsTheCancel),
    ),
)
