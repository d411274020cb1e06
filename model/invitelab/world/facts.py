"""Constructors of facts: what a client did, when, and the time on its own clock."""

from invitelab.protocol.guest import Notification
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.values import (
    ClientSpec,
    Invitation,
    Permission,
    Permissions,
    Session,
    Surface,
)
from invitelab.world.device import Device


def chosen(spec: ClientSpec, profile: str) -> Permissions | None:
    """The permissions of the profile as it is now; None where there is no such one."""
    named = (one.permissions for one in spec.profiles if one.name == profile)
    return next(named, None)


def of_invitation(
    device: Device, invitation: Invitation, kind: FactKind, profile: str | None = None
) -> Fact:
    """A fact at the host; `profile` is the one its user chose, if that was granted."""
    return Fact(
        at_us=device.env.now_us,
        clock_us=device.now_us,
        kind=kind,
        client=device.id,
        invitation=invitation.id,
        other=invitation.recipient,
        revision=invitation.revision,
        deadline_us=None if profile is None else invitation.deadline_us,
        permissions=None if profile is None else chosen(device.spec, profile),
        state=invitation.state if kind is FactKind.ENDED else None,
    )


def of_session(
    device: Device,
    session: Session,
    kind: FactKind,
    permission: Permission | None = None,
) -> Fact:
    """A fact about a session, at its host or at its guest."""
    return Fact(
        at_us=device.env.now_us,
        clock_us=device.now_us,
        kind=kind,
        client=device.id,
        invitation=session.invitation,
        other=session.guest if device.id == session.host else None,
        session=session.id,
        permission=permission,
        permissions=session.permissions,
    )


def of_notification(
    device: Device,
    known: Notification,
    kind: FactKind,
    *,
    surface: Surface | None = None,
    accept: bool | None = None,
) -> Fact:
    """A fact at the guest: a notification that it shows or clears, or a click."""
    return Fact(
        at_us=device.env.now_us,
        clock_us=device.now_us,
        kind=kind,
        client=device.id,
        invitation=known.invitation,
        identity=known.sender if kind is FactKind.SHOWN else None,
        surface=surface,
        revision=known.revision,
        accept=accept,
        state=known.outcome if kind is FactKind.TOLD else None,
    )
