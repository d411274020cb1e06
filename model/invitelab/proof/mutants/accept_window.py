"""Defects of the Accept window: permissions that are switched during a session."""

from dataclasses import replace
from typing import NamedTuple

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.permission_base import Grants
from invitelab.protocol.messages import FromHost, Message, SessionUpdate, UpdateSeen
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    ClientId,
    Invitation,
    Permission,
    Permissions,
    Session,
)
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

NO = Refusal(Reason.PERMISSION_LOCKED, "this permission cannot be switched")


# Switches.


class GuestNotTold(Inviter):
    """Does not send switches to the recipient's client."""

    def utter(self, to: ClientId, message: Message) -> None:
        """Send every message but a switch."""
        if not isinstance(message, SessionUpdate):
            super().utter(to, message)


class Switch(NamedTuple):
    """A permission of a session, and which way it is switched."""

    session: Session
    permission: Permission
    allowed: bool


class Switches(Inviter):
    """Acknowledges switches without effect."""

    def dead(self, switch: Switch) -> bool:  # noqa: ARG002 - others look at it
        """Whether this switch has no effect: here none has."""
        return True

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Acknowledge a switch without effect."""
        known = self.sessions.get(session)
        if known is not None and self.dead(Switch(known, permission, allowed)):
            return None
        return super().permit(session, permission, allowed=allowed)

    def invitation_of(self, session: Session) -> Invitation:
        """The invitation that the session was started from."""
        return self.invitations[session.invitation]


class NotBeyondTheProfile(Switches):
    """Ignores grants of permissions that the profile does not hold."""

    def dead(self, switch: Switch) -> bool:
        """Whether the switch grants what the session did not start with."""
        held = self.invitation_of(switch.session).permissions
        return switch.allowed and switch.permission not in held


class TakenForGood(Switches):
    """Ignores grants of permissions that were taken away."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.taken: set[Permission] = set()

    def dead(self, switch: Switch) -> bool:
        """Whether the permission was taken away before."""
        if not switch.allowed:
            self.taken.add(switch.permission)
        return switch.allowed and switch.permission in self.taken


class DeadAfterTwoMinutes(Switches):
    """Ignores switches after the two minutes of the invitation."""

    def dead(self, switch: Switch) -> bool:
        """Whether the two minutes are over."""
        return self.device.now_us >= self.invitation_of(switch.session).deadline_us


class DeadOnceChanged(Switches):
    """Ignores switches in the session of a changed invitation."""

    def dead(self, switch: Switch) -> bool:
        """Whether the invitation was changed."""
        return self.invitation_of(switch.session).revision > 1


class RefusesAndDoes(Inviter):
    """Refuses a switch that takes effect."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch, and refuse."""
        return super().permit(session, permission, allowed=allowed) or NO


class Toggles(Inviter):
    """Inverts the permission, whatever value was asked for."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Invert the current value."""
        known = self.sessions.get(session)
        if known is not None:
            allowed = permission not in known.permissions
        return super().permit(session, permission, allowed=allowed)


class RevisionsAsText(Recipient):
    """Compares revisions as text, so that the tenth comes before the ninth."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Drop a message that seems to be older."""
        if isinstance(message, SessionUpdate):
            known = self.sessions.get(message.session)
            revision = message.revision
            if known is not None and str(revision) <= str(known.revision):
                seen = UpdateSeen(
                    invitation=message.invitation,
                    session=message.session,
                    revision=revision,
                )
                self.device.say(sender, seen)
                return
        super().receive(sender, message)


class TwoMinutesRestore(Inviter):
    """Restores the first permissions at the end of the two minutes."""

    def start(self, session: Session) -> None:
        """Schedule the restoration."""
        super().start(session)
        deadline_us = self.invitations[session.invitation].deadline_us
        self.device.at(deadline_us, self.restore, session)

    def restore(self, first: Session) -> None:
        """Restore the first permissions."""
        running = self.sessions[first.id]
        restored = replace(running, permissions=first.permissions)
        self.sessions[first.id] = restored


# Other sessions.


class EverySession(Inviter):
    """Applies a switch to every session of the client."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch the permission in every session."""
        refusal = super().permit(session, permission, allowed=allowed)
        for other in [id_ for id_ in self.sessions if id_ != session]:
            super().permit(other, permission, allowed=allowed)
        return refusal


class GrantsRemembered(Grants):
    """Grants in the next session what was granted in one."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.remembered: Permissions = frozenset()

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Record the granted permission."""
        if allowed:
            self.remembered |= {permission}
        return super().permit(session, permission, allowed=allowed)

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - whoever it is
        permissions: Permissions,
    ) -> Permissions:
        """Add the recorded permissions."""
        return permissions | self.remembered


class PermitFindsThePair(Inviter):
    """Finds the session to switch by its guest."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch the first session with the same guest."""
        known = self.sessions.get(session)
        if known is not None:
            same = (one for one in self.sessions.values() if one.guest == known.guest)
            session = next(same).id
        return super().permit(session, permission, allowed=allowed)


MUTANTS = (
    Mutant(
        name="switches-do-nothing",
        clause="SESSION-5",
        defect="the Accept window's switches are acknowledged and have no effect",
        make=variant(inviter=Switches),
    ),
    Mutant(
        name="recipient-never-hears-of-a-switch",
        clause="SESSION-5",
        defect="a switch changes the inviter's end of the session only",
        make=variant(inviter=GuestNotTold),
    ),
    Mutant(
        name="nothing-beyond-the-profile",
        clause="SESSION-5",
        defect="what the profile does not hold cannot be granted during the session",
        make=variant(inviter=NotBeyondTheProfile),
    ),
    Mutant(
        name="taken-for-good",
        clause="SESSION-5",
        defect="a permission that was taken away cannot be given back",
        make=variant(inviter=TakenForGood),
    ),
    Mutant(
        name="switch-finds-the-pair",
        clause="SESSION-7",
        defect="of two sessions of the same two a switch in the second is in the first",
        make=variant(inviter=PermitFindsThePair),
    ),
    Mutant(
        name="switches-end-with-the-two-minutes",
        clause="SESSION-5",
        defect="after the two minutes of the invitation the switches have no effect",
        make=variant(inviter=DeadAfterTwoMinutes),
    ),
    Mutant(
        name="no-switches-once-changed",
        clause="SESSION-5",
        defect="in the session of a changed invitation the switches have no effect",
        make=variant(inviter=DeadOnceChanged),
    ),
    Mutant(
        name="switch-refused-and-done",
        clause="SESSION-5",
        defect="a switch is refused but takes effect",
        make=variant(inviter=RefusesAndDoes),
    ),
    Mutant(
        name="switches-toggle",
        clause="SESSION-5",
        defect="a switch turns to the other side, whichever was asked for",
        make=variant(inviter=Toggles),
    ),
    Mutant(
        name="revisions-as-text",
        clause="SESSION-5",
        defect="the recipient's client compares changes as text and misses the tenth",
        make=variant(recipient=RevisionsAsText),
    ),
    Mutant(
        name="two-minutes-restore-the-profile",
        clause="SESSION-5",
        defect="at the end of the two minutes what was switched is as it was before",
        make=variant(inviter=TwoMinutesRestore),
    ),
    Mutant(
        name="switches-reach-every-session",
        clause="SESSION-7",
        defect="a switch changes every session of the inviter",
        make=variant(inviter=EverySession),
    ),
    Mutant(
        name="grants-remembered",
        clause="SESSION-7",
        defect="what was granted in one session is granted in the next",
        make=variant(inviter=GrantsRemembered),
    ),
)
