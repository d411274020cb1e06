"""Defects of the permissions that a session starts with."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.permission_base import Grants, spec_of
from invitelab.protocol import host
from invitelab.protocol.policy import Policy
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    EntryPoint,
    Invitation,
    Permission,
    Permissions,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

EARLY_US = 30 * US_PER_S


# The chosen profile.


class ProfileIgnored(Grants):
    """Every session starts with the permissions of the first profile."""

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - one and all
        permissions: Permissions,  # noqa: ARG002
    ) -> Permissions:
        """The permissions of the first profile."""
        return self.default()


class RecipientsProfile(Grants):
    """Uses the recipient's profile of the same name."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """What the recipient has under that name."""
        recipient = spec_of(self.device, invitation.recipient)
        profile = choose_profile(recipient, invitation.profile, self.device.policy)
        return permissions if profile is None else profile.permissions


class EarlierPermissions(Grants):
    """Uses the permissions of the first invitation to the recipient."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The permissions of the first invitation to the recipient."""
        earlier = self.earlier(invitation)
        return earlier[0].permissions if earlier else permissions


class DefaultHoldsAll(Grants):
    """Grants all permissions with the profile Default."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """Everything, by that name."""
        default = invitation.profile == self.device.spec.profiles[0].name
        return frozenset(Permission) if default else permissions


class NewestNever(Grants):
    """Leaves privacy mode and TCP tunnels out of every session."""

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - one and all
        permissions: Permissions,
    ) -> Permissions:
        """The permissions without these two."""
        return permissions - {Permission.PRIVACY_MODE, Permission.TCP_TUNNEL}


class GuestHasDefault(ProfileIgnored):
    """Sends the permissions of the first profile to the recipient."""

    def changed(
        self, invitation: Invitation, effect: host.HostEffect
    ) -> host.HostEffect:
        """Change the message only."""
        if isinstance(effect, host.StartSession):
            return effect
        return super().changed(invitation, effect)


class AliasLosesTheProfile(Client):
    """Uses the default permissions for an invitation by alias."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Replace the permissions by the default ones."""
        sent = super().send(entry, typed, profile)
        if isinstance(sent, str) and "@" in typed:
            default = self.device.spec.profiles[0].permissions
            known = self.inviter.invitations[sent]
            self.inviter.invitations[sent] = replace(known, permissions=default)
        return sent


# What a change does to it.


class Changes(Inviter):
    """Applies changes with other permissions."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The permissions of the invitation after the change."""
        raise NotImplementedError

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Record the other permissions."""
        before = self.invitations[id_]
        super().happen(id_, event)
        after = self.invitations[id_]
        if after.revision > before.revision:
            permissions = self.given(before, after)
            self.invitations[id_] = replace(after, permissions=permissions)


class ModificationForgotten(Changes):
    """Applies a change to the list and not to the session."""

    def given(
        self,
        before: Invitation,
        after: Invitation,  # noqa: ARG002 - whatever it says
    ) -> Permissions:
        """The permissions before the change."""
        return before.permissions


class OnlyAdds(Changes):
    """Applies only the permissions that a change adds."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The permissions of both."""
        return before.permissions | after.permissions


class FirstChangeOnly(Changes):
    """Applies only the first change."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The permissions of the first change."""
        return (before if before.revision > 1 else after).permissions


class EarlyChangesOnly(Changes):
    """Changes are applied in the first half minute only."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The new ones only while it is early."""
        early = self.device.now_us - after.sent_us < EARLY_US
        return (after if early else before).permissions


class CarriedOver(Grants):
    """Uses what an earlier invitation to the recipient was changed to."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The permissions of the earlier change."""
        changed = [known for known in self.earlier(invitation) if known.revision > 1]
        return changed[-1].permissions if changed else permissions


# Profiles that are edited.


class EditsReachSessions(Client):
    """Applies an edit of a profile to running sessions."""

    def edit_profile(self, name: str, permissions: Permissions) -> Refusal | None:
        """Change the sessions as well."""
        refusal = super().edit_profile(name, permissions)
        sessions, invitations = self.inviter.sessions, self.inviter.invitations
        for id_, running in sessions.items():
            if refusal is None and invitations[running.invitation].profile == name:
                sessions[id_] = replace(running, permissions=permissions)
        return refusal


class ProfilesOfTheStart(Inviter):
    """Uses the profiles as they were at the start of the client for changes."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.profiles = device.spec.profiles

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Look into the old list."""
        old = replace(self.device.spec, profiles=self.profiles)
        profile = choose_profile(old, profile_name, self.device.policy)
        return self.change(invitation, host.Modify(by=self.device.id, profile=profile))


MUTANTS = (
    Mutant(
        name="profile-ignored",
        clause="SESSION-2",
        defect="every session starts with the permissions of the first profile",
        make=variant(inviter=ProfileIgnored),
    ),
    Mutant(
        name="recipients-profile",
        clause="SESSION-2",
        defect="the session has what the recipient's profile of that name holds",
        make=variant(inviter=RecipientsProfile),
    ),
    Mutant(
        name="permissions-of-an-earlier-invitation",
        clause="SESSION-2",
        defect="the session has the permissions of the first invitation to that person",
        make=variant(inviter=EarlierPermissions),
    ),
    Mutant(
        name="default-holds-everything",
        clause="SESSION-2",
        defect="a session with the profile Default has all permissions",
        make=variant(inviter=DefaultHoldsAll),
    ),
    Mutant(
        name="beyond-default-never-granted",
        clause="SESSION-2",
        defect="privacy mode and TCP tunnels are left out of every session",
        make=variant(inviter=NewestNever),
    ),
    Mutant(
        name="recipient-is-told-the-default",
        clause="SESSION-2",
        defect="the recipient's end of the session has the default permissions",
        make=variant(inviter=GuestHasDefault),
    ),
    Mutant(
        name="alias-loses-the-profile",
        clause="SESSION-2",
        defect="invited by alias, the session has the default permissions",
        make=variant(client=AliasLosesTheProfile),
    ),
    Mutant(
        name="modification-forgotten",
        clause="SESSION-3",
        defect="after a modification the session starts with the first permissions",
        make=variant(inviter=ModificationForgotten),
    ),
    Mutant(
        name="change-takes-nothing-away",
        clause="SESSION-3",
        defect="a change adds permissions to the session and takes none away",
        make=variant(inviter=OnlyAdds),
    ),
    Mutant(
        name="only-the-first-change-counts",
        clause="SESSION-3",
        defect="of several changes the session has the permissions of the first",
        make=variant(inviter=FirstChangeOnly),
    ),
    Mutant(
        name="late-change-forgotten",
        clause="SESSION-3",
        defect="a change after half a minute does not reach the session",
        make=variant(inviter=EarlyChangesOnly),
    ),
    Mutant(
        name="change-carried-over",
        clause="SESSION-3",
        defect="the session has what an earlier invitation was changed to",
        make=variant(inviter=CarriedOver),
    ),
    Mutant(
        name="profile-looked-up-at-the-start",
        clause="SESSION-9",
        defect="the session has what the profile holds when it is accepted",
        make=variant(policy=Policy(permissions_are_a_snapshot=False)),
    ),
    Mutant(
        name="edits-reach-running-sessions",
        clause="SESSION-9",
        defect="editing a profile changes the running session it was chosen for",
        make=variant(client=EditsReachSessions),
    ),
    Mutant(
        name="change-takes-an-old-profile",
        clause="SESSION-9",
        defect="a change takes the profile as it was before it was edited",
        make=variant(inviter=ProfilesOfTheStart),
    ),
)
