"""Sins in what locks and edited profiles do to the permissions at the start."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.conformance.mutants.halves import Grants, spec_of
from invitelab.protocol import host
from invitelab.protocol.policy import Policy
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import Invitation, Permissions, with_locks
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.site import Site

# Locks at the start.


class DenyingLocksOnly(Grants):
    """At the start a lock can take away, and not add."""

    def granted(
        self,
        invitation: Invitation,
        permissions: Permissions,  # noqa: ARG002 - with all locks
    ) -> Permissions:
        """What it denies is left out."""
        locked = self.site.spec.locked
        denied = {name: value for name, value in locked.items() if not value}
        return with_locks(invitation.permissions, denied)


class RecipientsLocksToo(Grants):
    """The recipient's build has a say."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """Apply its locks as well."""
        recipient = spec_of(self.site, invitation.recipient)
        return with_locks(permissions, recipient.locked)


class ChangeSkipsLocks(Grants):
    """Locks are applied when an invitation is sent, and not when it is changed."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The profile as it stands, once changed."""
        return invitation.permissions if invitation.revision > 1 else permissions


# Profiles that are edited.


class EditsReachSessions(Client):
    """Editing a profile changes the sessions it was chosen for."""

    def edit_profile(self, name: str, permissions: Permissions) -> Refusal | None:
        """Change them too."""
        refusal = super().edit_profile(name, permissions)
        sessions, invitations = self.inviter.sessions, self.inviter.invitations
        for id_, running in sessions.items():
            if refusal is None and invitations[running.invitation].profile == name:
                sessions[id_] = replace(running, permissions=permissions)
        return refusal


class ProfilesOfTheStart(Inviter):
    """A change takes the profile as it was when the client was started."""

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self.profiles = site.spec.profiles

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Look into the old list."""
        old = replace(self.site.spec, profiles=self.profiles)
        profile = choose_profile(old, profile_name, self.site.policy)
        return self.change(invitation, host.Modify(by=self.site.id, profile=profile))


MUTANTS = (
    Mutant(
        name="locks-not-at-the-start",
        clause="SESSION-8",
        sin="locks hold during the session, and not at its start",
        make=variant(policy=Policy(locks_win_at_the_start=False)),
    ),
    Mutant(
        name="denying-locks-only",
        clause="SESSION-8",
        sin="a permission locked as allowed is not added at the start",
        make=variant(inviter=DenyingLocksOnly),
    ),
    Mutant(
        name="recipients-locks-count",
        clause="SESSION-8",
        sin="at the start the locks of the recipient's client are applied as well",
        make=variant(inviter=RecipientsLocksToo),
    ),
    Mutant(
        name="change-skips-the-locks",
        clause="SESSION-8",
        sin="the session of a changed invitation starts without the locks",
        make=variant(inviter=ChangeSkipsLocks),
    ),
    Mutant(
        name="profile-looked-up-at-the-start",
        clause="SESSION-9",
        sin="the session has what the profile holds when it is accepted",
        make=variant(policy=Policy(permissions_are_a_snapshot=False)),
    ),
    Mutant(
        name="edits-reach-running-sessions",
        clause="SESSION-9",
        sin="editing a profile changes the running session it was chosen for",
        make=variant(client=EditsReachSessions),
    ),
    Mutant(
        name="change-takes-an-old-profile",
        clause="SESSION-9",
        sin="a change takes the profile as it was before it was edited",
        make=variant(inviter=ProfilesOfTheStart),
    ),
)
