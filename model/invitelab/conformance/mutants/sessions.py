"""Sins against the session that an accept starts."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol import host
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    Permission,
    Permissions,
    Session,
)
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient


class ProfileIgnored(Inviter):
    """Every session starts with the permissions of the first profile."""

    def start(self, session: Session) -> None:
        """Take the default, whatever was chosen."""
        first = self.site.spec.profiles[0].permissions
        super().start(replace(session, permissions=first))


class ModificationForgotten(Inviter):
    """A modification changes what the list says, and not what the session gets."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Keep the permissions of the send."""
        sent = self.invitations[id_].permissions
        super().happen(id_, event)
        if isinstance(event, host.Modify):
            changed = replace(self.invitations[id_], permissions=sent)
            self.invitations[id_] = changed


class ReversedHost(Inviter):
    """The inviter controls the recipient's device."""

    def start(self, session: Session) -> None:
        """Swap the ends."""
        super().start(replace(session, host=session.guest, guest=session.host))


class ReversedGuest(Recipient):
    """The same mistake at the other end."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Swap the ends."""
        super().join(id_, session, permissions)
        known = self.sessions[session]
        swapped = replace(known, host=known.guest, guest=known.host)
        self.sessions[session] = swapped


class LockIgnored(Inviter):
    """A locked permission can be switched during the session."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Look at no lock."""
        spec = self.site.spec
        self.site.spec = replace(spec, locked={})
        refusal = super().permit(session, permission, allowed=allowed)
        self.site.spec = spec
        return refusal


class PermissionsFixed(Inviter):
    """The Accept window's switches do nothing."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Say yes, and put back what was there."""
        before = self.sessions.get(session)
        refusal = super().permit(session, permission, allowed=allowed)
        if before is not None:
            self.sessions[session] = before
        return refusal


MUTANTS = (
    Mutant(
        name="profile-ignored",
        clause="SESSION-2",
        sin="every session starts with the permissions of the first profile",
        make=variant(inviter=ProfileIgnored),
    ),
    Mutant(
        name="modification-forgotten",
        clause="SESSION-3",
        sin="after a modification the session starts with the first permissions",
        make=variant(inviter=ModificationForgotten),
    ),
    Mutant(
        name="session-reversed",
        clause="SESSION-4",
        sin="the inviter controls the recipient's device",
        make=variant(inviter=ReversedHost, recipient=ReversedGuest),
    ),
    Mutant(
        name="lock-ignored",
        clause="SESSION-6",
        sin="a locked permission can be switched during the session",
        make=variant(inviter=LockIgnored),
    ),
    Mutant(
        name="switches-do-nothing",
        clause="SESSION-5",
        sin="the Accept window's switches are acknowledged and have no effect",
        make=variant(inviter=PermissionsFixed),
    ),
)
