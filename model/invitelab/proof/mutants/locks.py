"""Defects of locks: permissions that a custom build fixes."""

from dataclasses import replace

from invitelab.proof.mutants.accept_window import Switch
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.permission_base import Grants, spec_of
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    Invitation,
    Permission,
    Permissions,
    with_locks,
)
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

# Locks during a session.


class Locks(Inviter):
    """Ignores locks when a permission is switched."""

    def holds(self, switch: Switch) -> bool:  # noqa: ARG002 - others look at it
        """Whether a lock prevents this switch: here none does."""
        return False

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch the permission if no lock prevents it."""
        known = self.sessions.get(session)
        if known is None or self.holds(Switch(known, permission, allowed)):
            return super().permit(session, permission, allowed=allowed)
        return self.force(session, permission, allowed=allowed)

    def force(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch it as if nothing was locked."""
        spec = self.device.spec
        self.device.spec = replace(spec, locked={})
        refusal = Inviter.permit(self, session, permission, allowed=allowed)
        self.device.spec = spec
        return refusal


class RefusesLockedAndDoes(Locks):
    """Refuses the switch of a locked permission, but switches it."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch, then refuse."""
        refusal = Inviter.permit(self, session, permission, allowed=allowed)
        if refusal is not None and refusal.reason is Reason.PERMISSION_LOCKED:
            self.force(session, permission, allowed=allowed)
        return refusal


class DenyingOnly(Locks):
    """Applies only locks that deny a permission."""

    def holds(self, switch: Switch) -> bool:
        """Whether the switch is a grant."""
        return switch.allowed


class HoldsOnce(Locks):
    """Applies a lock only the first time."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.tried: set[Permission] = set()

    def holds(self, switch: Switch) -> bool:
        """Whether it is the first time."""
        first = switch.permission not in self.tried
        self.tried.add(switch.permission)
        return first


class LocksEnd(Locks):
    """Ignores locks after the two minutes of the invitation."""

    def holds(self, switch: Switch) -> bool:
        """Whether the two minutes are not over."""
        deadline_us = self.invitations[switch.session.invitation].deadline_us
        return self.device.now_us < deadline_us


class ChangeUnlocks(Locks):
    """Ignores locks in the session of a changed invitation."""

    def holds(self, switch: Switch) -> bool:
        """Whether the invitation was not changed."""
        return self.invitations[switch.session.invitation].revision == 1


# Locks at the start.


class DenyingLocksOnly(Grants):
    """Applies only locks that deny at the start of a session."""

    def granted(
        self,
        invitation: Invitation,
        permissions: Permissions,  # noqa: ARG002 - with all locks
    ) -> Permissions:
        """What it denies is left out."""
        locked = self.device.spec.locked
        denied = {name: value for name, value in locked.items() if not value}
        return with_locks(invitation.permissions, denied)


class RecipientsLocksToo(Grants):
    """Applies the locks of the recipient as well."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """Apply its locks as well."""
        recipient = spec_of(self.device, invitation.recipient)
        return with_locks(permissions, recipient.locked)


class ChangeSkipsLocks(Grants):
    """Ignores locks at the start of the session of a changed invitation."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The permissions of the profile, if the invitation was changed."""
        return invitation.permissions if invitation.revision > 1 else permissions


MUTANTS = (
    Mutant(
        name="lock-ignored",
        clause="SESSION-6",
        defect="a locked permission can be switched during the session",
        make=variant(inviter=Locks),
    ),
    Mutant(
        name="locked-refused-and-done",
        clause="SESSION-6",
        defect="switching a locked permission is refused but takes effect",
        make=variant(inviter=RefusesLockedAndDoes),
    ),
    Mutant(
        name="locked-on-can-be-denied",
        clause="SESSION-6",
        defect="a permission locked as allowed can be taken away",
        make=variant(inviter=DenyingOnly),
    ),
    Mutant(
        name="lock-holds-once",
        clause="SESSION-6",
        defect="a lock holds the first time, and gives in the second",
        make=variant(inviter=HoldsOnce),
    ),
    Mutant(
        name="locks-end-with-the-two-minutes",
        clause="SESSION-6",
        defect="after the two minutes of the invitation the locks are gone",
        make=variant(inviter=LocksEnd),
    ),
    Mutant(
        name="change-unlocks",
        clause="SESSION-6",
        defect="a change of the invitation undoes the locks",
        make=variant(inviter=ChangeUnlocks),
    ),
    Mutant(
        name="locks-not-at-the-start",
        clause="SESSION-8",
        defect="locks hold during the session, and not at its start",
        make=variant(policy=Policy(locks_win_at_the_start=False)),
    ),
    Mutant(
        name="denying-locks-only",
        clause="SESSION-8",
        defect="a permission locked as allowed is not added at the start",
        make=variant(inviter=DenyingLocksOnly),
    ),
    Mutant(
        name="recipients-locks-count",
        clause="SESSION-8",
        defect="at the start the locks of the recipient's client are applied as well",
        make=variant(inviter=RecipientsLocksToo),
    ),
    Mutant(
        name="change-skips-the-locks",
        clause="SESSION-8",
        defect="the session of a changed invitation starts without the locks",
        make=variant(inviter=ChangeSkipsLocks),
    ),
)
