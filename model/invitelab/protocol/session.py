"""A running session: who may change its permissions, and which never change."""

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
    """The Accept window's switch: the host's alone, and not over a lock."""
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
