"""Defects that only some permission profiles and locks show."""

import re
from collections.abc import Callable

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import FOREVER_US, Lives
from invitelab.proof.mutants.permission_base import Grants, spec_of
from invitelab.proof.mutants.permissions import Changes
from invitelab.proof.mutants.sessions import Asks
from invitelab.proof.mutants.values_base import (
    BUILT_IN,
    NO_PROFILE,
    Row,
    deaf,
    refusing,
    told,
)
from invitelab.protocol import host
from invitelab.protocol.messages import Started
from invitelab.protocol.profiles import choose_profile
from invitelab.protocol.refusals import SendFacts
from invitelab.protocol.values import (
    US_PER_S,
    Invitation,
    Permission,
    Permissions,
    with_locks,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

MINUTE_US = 60 * US_PER_S
COLUMN = 40
MOST_BYTES = 64
"""Width of a column in characters."""


def _is_own(invitation: Invitation) -> bool:
    """Whether the profile is none of the built-in ones."""
    return invitation.profile not in BUILT_IN


# The profile.


class ViewersStayOutside(Recipient):
    """Joins a session only with the permission to control something."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Stay outside where nothing can be controlled."""
        if Permission.INPUT in permissions:
            super().join(id_, session, permissions)


class FullAccessAsks(Asks):
    """Asks the inviter before a session with Full Access starts."""

    def asks(self, invitation: Invitation) -> bool:
        """Whether it is that profile."""
        return invitation.profile == "Full Access"


class UnattendedStays(Lives):
    """Never lets an invitation with Unattended Access expire."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever with that profile."""
        unattended = invitation.profile == "Unattended Access"
        return FOREVER_US if unattended else super().lifetime_us(invitation)


def _own_profile(_inviter: Inviter, invitation: Invitation) -> bool:
    return _is_own(invitation)


# The name of a custom profile.


def _named(where: Callable[[str], bool]) -> Callable[[Inviter, SendFacts], bool]:
    """Whether the chosen profile is a custom one with such a name."""

    def check(_inviter: Inviter, facts: SendFacts) -> bool:
        name = "" if facts.profile is None else facts.profile.name
        return bool(name) and name not in BUILT_IN and where(name)

    return check


def _ascii(row: Row, _client: Client) -> Row:
    name = str(row["profile"])
    return {**row, "profile": name.encode("ascii", "replace").decode("ascii")}


def _in_a_column(row: Row, _client: Client) -> Row:
    return {**row, "profile": str(row["profile"])[:COLUMN]}


# The permissions of a custom profile.


def _none(_inviter: Inviter, invitation: Invitation) -> bool:
    return not invitation.permissions


class OneIsNoList(Inviter):
    """Sends the permissions of a custom profile only if there are several."""

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """Do not tell the guest of a session with one permission."""
        started = isinstance(effect, host.Say) and isinstance(effect.message, Started)
        one = _is_own(invitation) and len(invitation.permissions) == 1
        if not (started and one):
            super().perform(invitation, effect)


class EverythingForAMinute(Lives):
    """Lets an invitation with all permissions expire after a minute."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """A minute for a custom profile that holds everything."""
        everything = _is_own(invitation) and len(invitation.permissions) == len(
            Permission
        )
        return MINUTE_US if everything else super().lifetime_us(invitation)


class ChangedToTheRecipients(Changes):
    """Looks up a profile that was changed to at the recipient."""

    def given(self, before: Invitation, after: Invitation) -> Permissions:  # noqa: ARG002 - whatever it was
        """What the recipient has under that name."""
        recipient = spec_of(self.device, after.recipient)
        profile = choose_profile(recipient, after.profile, self.device.policy)
        return after.permissions if profile is None else profile.permissions


# Locks.


def _lock_adds(inviter: Inviter, invitation: Invitation) -> bool:
    locked = inviter.device.spec.locked
    return any(
        value and name not in invitation.permissions for name, value in locked.items()
    )


def _lock_takes(_inviter: Inviter, facts: SendFacts) -> bool:
    denied = [name for name, value in facts.sender.locked.items() if not value]
    return facts.profile is not None and any(
        name in facts.profile.permissions for name in denied
    )


class FirstLockOnly(Grants):
    """Applies the first lock at the start of a session."""

    def granted(
        self,
        invitation: Invitation,
        permissions: Permissions,  # noqa: ARG002 - with all locks
    ) -> Permissions:
        """The permissions of the profile after the first lock."""
        first = dict(list(self.device.spec.locked.items())[:1])
        return with_locks(invitation.permissions, first)


def _is_long_in_bytes(name: str) -> bool:
    return len(name.encode()) > MOST_BYTES


def _does_not_fit_itself(name: str) -> bool:
    try:
        return re.fullmatch(name, name) is None
    except re.error:
        return True


MUTANTS = (
    Mutant(
        name="viewers-stay-outside",
        clause="SESSION-4",
        value="profile: Screen Sharing",
        defect="a guest joins a session only if it may control something",
        make=variant(recipient=ViewersStayOutside),
    ),
    Mutant(
        name="full-access-asks",
        clause="SESSION-1",
        value="profile: Full Access",
        defect="the inviter has to agree before a session with Full Access",
        make=variant(inviter=FullAccessAsks),
    ),
    Mutant(
        name="unattended-never-expires",
        clause="EXPIRY-2",
        value="profile: Unattended Access",
        defect="an invitation with Unattended Access never expires",
        make=variant(inviter=UnattendedStays),
    ),
    Mutant(
        name="own-profiles-start-nothing",
        clause="SESSION-1",
        value="profile: custom",
        defect="an accept finds the built-in profiles only, and no session starts",
        make=variant(inviter=deaf(_own_profile)),
    ),
    Mutant(
        name="profile-of-one-word",
        clause="DIRECT-7",
        value="name of the custom profile: spaces",
        defect="a custom profile with a space in its name cannot be chosen",
        make=variant(inviter=refusing(NO_PROFILE, _named(lambda name: " " in name))),
    ),
    Mutant(
        name="profile-listed-in-ascii",
        clause="DIRECT-7",
        value="name of the custom profile: not ASCII",
        defect="the inviter's list shows a profile with question marks for letters",
        make=told("invitations", _ascii),
    ),
    Mutant(
        name="profile-measured-in-bytes",
        clause="DIRECT-7",
        value="name of the custom profile: 64 characters, not ASCII",
        defect="a custom profile whose name takes more than 64 bytes cannot be chosen",
        make=variant(inviter=refusing(NO_PROFILE, _named(_is_long_in_bytes))),
    ),
    Mutant(
        name="profile-name-is-a-pattern",
        clause="DIRECT-7",
        value="name of the custom profile: signs",
        defect="the name of a profile is looked up as a regular expression",
        make=variant(inviter=refusing(NO_PROFILE, _named(_does_not_fit_itself))),
    ),
    Mutant(
        name="profile-of-one-letter",
        clause="DIRECT-7",
        value="name of the custom profile: 1 character",
        defect="a custom profile with a name of one character cannot be chosen",
        make=variant(inviter=refusing(NO_PROFILE, _named(lambda name: len(name) < 2))),  # noqa: PLR2004 - the shortest that works
    ),
    Mutant(
        name="profile-listed-in-a-column",
        clause="DIRECT-7",
        value="name of the custom profile: 64 characters",
        defect="the inviter's list cuts the name of a profile at forty characters",
        make=told("invitations", _in_a_column),
    ),
    Mutant(
        name="empty-profile-starts-nothing",
        clause="SESSION-1",
        value="permissions of the custom profile: none",
        defect="an empty set of permissions counts as missing, and no session starts",
        make=variant(inviter=deaf(_none)),
    ),
    Mutant(
        name="one-permission-is-no-list",
        clause="SESSION-1",
        value="permissions of the custom profile: one",
        defect="with one permission in a custom profile the guest is not let in",
        make=variant(inviter=OneIsNoList),
    ),
    Mutant(
        name="everything-for-a-minute",
        clause="EXPIRY-1",
        value="permissions of the custom profile: all",
        defect="an invitation with all permissions expires after a minute",
        make=variant(inviter=EverythingForAMinute),
    ),
    Mutant(
        name="changed-to-the-recipients-profile",
        clause="SESSION-3",
        value="profile of the same name elsewhere: other permissions",
        defect="after a change the session has what the recipient's profile holds",
        make=variant(inviter=ChangedToTheRecipients),
    ),
    Mutant(
        name="adding-lock-starts-nothing",
        clause="SESSION-8",
        value="locks: some allowed",
        defect="where a lock adds a permission to the profile no session starts",
        make=variant(inviter=deaf(_lock_adds)),
    ),
    Mutant(
        name="locked-profile-refused",
        clause="SESSION-8",
        value="locks: some denied",
        defect="a profile with a permission that is locked as denied cannot be chosen",
        make=variant(inviter=refusing(NO_PROFILE, _lock_takes)),
    ),
    Mutant(
        name="first-lock-only",
        clause="SESSION-8",
        value="locks: both",
        defect="of several locks only the first is applied at the start",
        make=variant(inviter=FirstLockOnly),
    ),
)
