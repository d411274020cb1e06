"""Changes of the permissions of a running session."""

from collections.abc import Mapping
from dataclasses import replace

from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import ClientId, Permission, Session, SessionState


def permit(
    session: Session,
    by: ClientId,
    permission: Permission,
    *,
    allowed: bool,
    locked: Mapping[Permission, bool],
) -> Session | Refusal:
    """Change a permission in the Accept window: for the host, unless it is locked."""
    if session.state is not SessionState.ACTIVE:
        return Refusal(Reason.UNKNOWN_SESSION, "the session has ended")
    if by != session.host:
        return Refusal(Reason.NOT_HOST, "only the host changes permissions")
    if permission in locked:
        return Refusal(
            Reason.PERMISSION_LOCKED, f"{permission.value} is locked by this build"
        )
    held = session.permissions
    changed = held | {permission} if allowed else held - {permission}
    return replace(session, permissions=changed, revision=session.revision + 1)
