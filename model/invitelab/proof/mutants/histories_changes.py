"""Defects of the third or fourth change, of the last one, and of closed pop-ups."""

from dataclasses import replace

from invitelab.proof.mutants.accept_window import Switch, Switches
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import Lives
from invitelab.proof.mutants.pending import ChangeComesAnew
from invitelab.proof.mutants.permissions import Changes
from invitelab.protocol import guest
from invitelab.protocol.messages import Offer, Withdraw
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Invitation,
    Permission,
    Permissions,
    State,
    Surface,
)
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

FEW_US = 5 * US_PER_S
LAST_US = 10 * US_PER_S
FOURTH = 5
"""The revision after the fourth change; an invitation is sent as revision 1."""
MANY = 3

# The third, the fourth.


class FourthChangeLost(Inviter):
    """Acknowledges a fourth change without effect."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change at most three times."""
        known = self.invitations.get(invitation)
        pending = known is not None and known.state is State.PENDING
        if known is not None and pending and known.revision > MANY:
            return None
        return super().modify(invitation, profile_name)


class FourthChangeListed(Changes):
    """Lists a fourth change without an effect on the session."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The permissions of the third change."""
        return (before if after.revision >= FOURTH else after).permissions


class LastChangeListed(Changes):
    """Lists a change in the last ten seconds without an effect on the session."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The permissions before, if little time is left."""
        last = after.deadline_us - self.device.now_us <= LAST_US
        return (before if last else after).permissions


class ThirdChangeRestarts(Lives):
    """Starts the two minutes again with the third change."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """Two minutes from the third change and from those after it."""
        if invitation.revision <= MANY:
            return super().lifetime_us(invitation)
        passed_us = self.device.now_us - invitation.sent_us
        return passed_us + self.device.policy.lifetime_us


class FourthChangeComesAnew(ChangeComesAnew):
    """Shows an invitation a second time after the fourth change."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Keep another notification for it."""
        if isinstance(event, Offer) and event.revision < FOURTH:
            return Recipient.happen(self, id_, event)
        return super().happen(id_, event)


class ChangedIsShownTwiceLater(Recipient):
    """Shows a changed invitation a second time after a while."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Schedule the second one."""
        if isinstance(event, Offer) and event.revision > 1:
            again = replace(event, ttl_us=event.ttl_us - FEW_US)
            self.device.after(FEW_US, self.show_again, again)
        return super().happen(id_, event)

    def show_again(self, offer: Offer) -> None:
        """Take it for a new one, unless it is shown no longer."""
        if self.notifications[offer.invitation].surfaces:
            id_ = f"{offer.invitation}-again"
            super().happen(id_, replace(offer, invitation=id_))


class ThirdSwitchLost(Switches):
    """Acknowledges the third switch of a permission without effect."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.switched: dict[tuple[str, Permission], int] = {}

    def dead(self, switch: Switch) -> bool:
        """Whether it is the third one of this permission or a later one."""
        key = (switch.session.id, switch.permission)
        self.switched[key] = self.switched.get(key, 0) + 1
        return self.switched[key] >= MANY


# After the pop-up was closed.


def _was_closed(known: guest.Notification | None) -> bool:
    return known is not None and known.surfaces == frozenset({Surface.CLIENT})


class CancelMissesTheClosed(Recipient):
    """Keeps showing a cancelled invitation whose pop-up was closed."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the cancellation of such an invitation."""
        cancelled = isinstance(event, Withdraw) and event.state is State.CANCELLED
        if cancelled and _was_closed(self.notifications.get(id_)):
            return None
        return super().happen(id_, event)


class ChangeHidesTheClosed(Recipient):
    """Hides a changed invitation whose pop-up was closed."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Draw it in its pop-up alone."""
        closed = _was_closed(self.notifications.get(id_))
        refusal = super().happen(id_, event)
        if closed and isinstance(event, Offer):
            known = self.notifications[id_]
            self.notifications[id_] = replace(known, surfaces=guest.NO_SURFACE)
        return refusal


MUTANTS = (
    Mutant(
        name="fourth-change-lost",
        clause="PENDING-1",
        defect="a fourth change is acknowledged and has no effect",
        make=variant(inviter=FourthChangeLost),
    ),
    Mutant(
        name="fourth-change-misses-the-session",
        clause="SESSION-3",
        defect="the session has the permissions of the third of four changes",
        make=variant(inviter=FourthChangeListed),
    ),
    Mutant(
        name="last-change-misses-the-session",
        clause="SESSION-3",
        defect="a change in the last ten seconds does not reach the session",
        make=variant(inviter=LastChangeListed),
    ),
    Mutant(
        name="third-change-restarts-the-timer",
        clause="PENDING-6",
        defect="the third change of an invitation gives another two minutes",
        make=variant(inviter=ThirdChangeRestarts),
    ),
    Mutant(
        name="fourth-change-comes-anew",
        clause="NOTIFY-8",
        defect="with the fourth change the invitation is shown a second time",
        make=variant(recipient=FourthChangeComesAnew),
    ),
    Mutant(
        name="changed-is-shown-twice-later",
        clause="NOTIFY-8",
        defect="five seconds after a change the invitation is shown a second time",
        make=variant(recipient=ChangedIsShownTwiceLater),
    ),
    Mutant(
        name="third-switch-lost",
        clause="SESSION-5",
        defect="the third switch of the same permission has no effect",
        make=variant(inviter=ThirdSwitchLost),
    ),
    Mutant(
        name="cancel-misses-the-closed-pop-up",
        clause="ANSWER-4",
        defect="a cancelled invitation stays in the client if its pop-up was closed",
        make=variant(recipient=CancelMissesTheClosed),
    ),
    Mutant(
        name="change-hides-what-was-closed",
        clause="ANSWER-4",
        defect="an invitation whose pop-up was closed is hidden by a change",
        make=variant(recipient=ChangeHidesTheClosed),
    ),
)
