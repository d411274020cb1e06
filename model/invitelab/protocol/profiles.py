"""Which profile a name means, and which permissions a session starts with."""

from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    ClientSpec,
    Invitation,
    Permissions,
    Profile,
    with_locks,
)


def choose_profile(spec: ClientSpec, name: str, policy: Policy) -> Profile | None:
    """The profile of that name as it can be used now, or None (REFUSE-5, REFUSE-6)."""
    found = next((entry for entry in spec.profiles if entry.name == name), None)
    if found is None:
        fall_back = not policy.unknown_profile_is_refused and spec.profiles
        return spec.profiles[0] if fall_back else None
    usable = found.enabled or not policy.disabled_profile_is_refused
    return found if usable else None


def start_permissions(
    invitation: Invitation, host: ClientSpec, policy: Policy
) -> Permissions:
    """The permissions a session starts with: the invitation's, then the locks."""
    permissions = invitation.permissions
    if not policy.permissions_are_a_snapshot:
        now = choose_profile(host, invitation.profile, policy)
        permissions = now.permissions if now else permissions
    if policy.locks_win_at_the_start:
        permissions = with_locks(permissions, host.locked)
    return permissions
