"""Sins against locks: permissions that a custom build keeps as they are."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol.messages import SessionUpdate
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import Permission, Session
from invitelab.world.inviter import Inviter
from invitelab.world.site import Site


class Locks(Inviter):
    """Looks at some of its locks only, when a permission is switched."""

    def holds(
        self,
        session: Session,  # noqa: ARG002 - what others look at hangs on these
        permission: Permission,  # noqa: ARG002
        *,
        allowed: bool,  # noqa: ARG002
    ) -> bool:
        """Whether this switch meets a lock at all."""
        return True

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch what no lock is held against."""
        known = self.sessions.get(session)
        if known is None or self.holds(known, permission, allowed=allowed):
            return super().permit(session, permission, allowed=allowed)
        return self.force(session, permission, allowed=allowed)

    def force(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Switch it as if nothing was locked."""
        spec = self.site.spec
        self.site.spec = replace(spec, locked={})
        refusal = Inviter.permit(self, session, permission, allowed=allowed)
        self.site.spec = spec
        return refusal


class RefusesLockedAndDoes(Locks):
    """A locked permission is refused, and switched."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Say no, after the fact."""
        refusal = super().permit(session, permission, allowed=allowed)
        if refusal is not None and refusal.reason is Reason.PERMISSION_LOCKED:
            self.force(session, permission, allowed=allowed)
        return refusal


class DenyingOnly(Locks):
    """A lock can keep a permission off, and not on."""

    def holds(
        self,
        session: Session,  # noqa: ARG002 - of any session
        permission: Permission,  # noqa: ARG002
        *,
        allowed: bool,
    ) -> bool:
        """Whether it is to be granted."""
        return allowed


class HoldsOnce(Locks):
    """A lock gives in when it is tried again."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.tried: set[tuple[str, Permission]] = set()

    def holds(
        self,
        session: Session,
        permission: Permission,
        *,
        allowed: bool,  # noqa: ARG002 - whichever way
    ) -> bool:
        """Whether it is the first time."""
        attempt = (session.id, permission)
        first = attempt not in self.tried
        self.tried.add(attempt)
        return first


class FirstLockOnly(Locks):
    """Only one permission can be locked."""

    def holds(
        self,
        session: Session,  # noqa: ARG002 - of any session
        permission: Permission,
        *,
        allowed: bool,  # noqa: ARG002 - whichever way
    ) -> bool:
        """Whether it is the first of them."""
        return permission == next(iter(self.site.spec.locked), None)


class LocksEnd(Locks):
    """Locks are gone when the two minutes are over."""

    def holds(
        self,
        session: Session,
        permission: Permission,  # noqa: ARG002 - all of them
        *,
        allowed: bool,  # noqa: ARG002
    ) -> bool:
        """Whether they still run."""
        deadline_us = self.invitations[session.invitation].deadline_us
        return self.site.now_us < deadline_us


class ChangeUnlocks(Locks):
    """Another profile is another set of locks: none."""

    def holds(
        self,
        session: Session,
        permission: Permission,  # noqa: ARG002 - all of them
        *,
        allowed: bool,  # noqa: ARG002
    ) -> bool:
        """Whether the invitation was left as it was."""
        return self.invitations[session.invitation].revision == 1


class FirstInvitationLocked(Locks):
    """Locks are read for the first invitation only."""

    def holds(
        self,
        session: Session,
        permission: Permission,  # noqa: ARG002 - all of them
        *,
        allowed: bool,  # noqa: ARG002
    ) -> bool:
        """Whether it was the first."""
        return session.invitation == next(iter(self.invitations))


class GuestGetsTheLocked(Inviter):
    """What is refused at the inviter has been said to the recipient already."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Say it first."""
        refusal = super().permit(session, permission, allowed=allowed)
        known = self.sessions.get(session)
        if refusal is None or known is None:
            return refusal
        held = known.permissions
        changed = held | {permission} if allowed else held - {permission}
        update = SessionUpdate(
            session=session, revision=known.revision + 1, permissions=changed
        )
        self.site.say(known.guest, update)
        return refusal


MUTANTS = (
    Mutant(
        name="locked-refused-and-done",
        clause="SESSION-6",
        sin="switching a locked permission is refused and has its effect anyway",
        make=variant(inviter=RefusesLockedAndDoes),
    ),
    Mutant(
        name="locked-on-can-be-denied",
        clause="SESSION-6",
        sin="a permission locked as allowed can be taken away",
        make=variant(inviter=DenyingOnly),
    ),
    Mutant(
        name="lock-holds-once",
        clause="SESSION-6",
        sin="a lock holds the first time, and gives in the second",
        make=variant(inviter=HoldsOnce),
    ),
    Mutant(
        name="first-lock-only",
        clause="SESSION-6",
        sin="of several locks only the first is honoured",
        make=variant(inviter=FirstLockOnly),
    ),
    Mutant(
        name="locks-end-with-the-two-minutes",
        clause="SESSION-6",
        sin="after the two minutes of the invitation the locks are gone",
        make=variant(inviter=LocksEnd),
    ),
    Mutant(
        name="change-unlocks",
        clause="SESSION-6",
        sin="a change of the invitation undoes the locks",
        make=variant(inviter=ChangeUnlocks),
    ),
    Mutant(
        name="locks-of-the-first-invitation-only",
        clause="SESSION-6",
        sin="the locks hold in the session of the first invitation only",
        make=variant(inviter=FirstInvitationLocked),
    ),
    Mutant(
        name="recipient-gets-the-locked",
        clause="SESSION-6",
        sin="a locked permission is switched at the recipient's end of the session",
        make=variant(inviter=GuestGetsTheLocked),
    ),
)
