"""Sins in the permissions that a session starts with."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.grants import Grants, spec_of
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
        """Take the default, whatever was chosen."""
        return self.default()


class RecipientsProfile(Grants):
    """The profile is looked up at the wrong end."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """What the recipient has under that name."""
        recipient = spec_of(self.site, invitation.recipient)
        profile = choose_profile(recipient, invitation.profile, self.site.policy)
        return permissions if profile is None else profile.permissions


class EarlierPermissions(Grants):
    """What somebody was once offered stays with them."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The first that the same recipient was sent."""
        earlier = self.earlier(invitation)
        return earlier[0].permissions if earlier else permissions


class DefaultHoldsAll(Grants):
    """Default is no restriction."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """Everything, by that name."""
        default = invitation.profile == self.site.spec.profiles[0].name
        return frozenset(Permission) if default else permissions


class NewestNever(Grants):
    """The two permissions beyond Default are not known to the start."""

    def granted(
        self,
        invitation: Invitation,  # noqa: ARG002 - one and all
        permissions: Permissions,
    ) -> Permissions:
        """Leave them out."""
        return permissions - {Permission.PRIVACY_MODE, Permission.TCP_TUNNEL}


class GuestHasDefault(ProfileIgnored):
    """The recipient is told the default, whatever was chosen."""

    def changed(
        self, invitation: Invitation, effect: host.HostEffect
    ) -> host.HostEffect:
        """Change the message alone."""
        if isinstance(effect, host.StartSession):
            return effect
        return super().changed(invitation, effect)


class AliasLosesTheProfile(Client):
    """Whoever is named by alias loses the profile on the way to the session."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Put the default in its place."""
        sent = super().send(entry, typed, profile)
        if isinstance(sent, str) and "@" in typed:
            default = self.site.spec.profiles[0].permissions
            known = self.inviter.invitations[sent]
            self.inviter.invitations[sent] = replace(known, permissions=default)
        return sent


# What a change does to it.


class Changes(Inviter):
    """Has its own idea of what a change gives."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """What a session is to have after the change."""
        raise NotImplementedError

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Write that into the record."""
        before = self.invitations[id_]
        super().happen(id_, event)
        after = self.invitations[id_]
        if after.revision > before.revision:
            permissions = self.given(before, after)
            self.invitations[id_] = replace(after, permissions=permissions)


class ModificationForgotten(Changes):
    """A modification changes what the list says, and not what the session gets."""

    def given(
        self,
        before: Invitation,
        after: Invitation,  # noqa: ARG002 - whatever it says
    ) -> Permissions:
        """What it was sent with."""
        return before.permissions


class OnlyAdds(Changes):
    """A change takes nothing away."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """Both."""
        return before.permissions | after.permissions


class FirstChangeOnly(Changes):
    """The second change and all later ones are not applied."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The first."""
        return (before if before.revision > 1 else after).permissions


class EarlyChangesOnly(Changes):
    """Changes are applied in the first half minute only."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:
        """The new ones only while it is early."""
        early = self.site.now_us - after.sent_us < EARLY_US
        return (after if early else before).permissions


class CarriedOver(Grants):
    """A change stays with the recipient."""

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """What an earlier one was changed to."""
        changed = [known for known in self.earlier(invitation) if known.revision > 1]
        return changed[-1].permissions if changed else permissions


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

    def __init__(self, site: Device) -> None:
        super().__init__(site)
        self.profiles = site.spec.profiles

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Look into the old list."""
        old = replace(self.site.spec, profiles=self.profiles)
        profile = choose_profile(old, profile_name, self.site.policy)
        return self.change(invitation, host.Modify(by=self.site.id, profile=profile))


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
