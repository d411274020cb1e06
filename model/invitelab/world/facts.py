"""Facts as clients tell them: what was done, by whom, at which instant of its clock."""

from invitelab.protocol.guest import Notification
from invitelab.protocol.history import Fact, FactKind
from invitelab.protocol.values import Invitation, Permission, Session, Surface
from invitelab.world.site import Site


def of_invitation(site: Site, invitation: Invitation, kind: FactKind) -> Fact:
    """At the host, about its record."""
    chosen = kind is FactKind.SENT or kind is FactKind.MODIFIED
    return Fact(
        at_us=site.now_us,
        kind=kind,
        client=site.id,
        invitation=invitation.id,
        other=invitation.recipient,
        revision=invitation.revision,
        deadline_us=invitation.deadline_us if chosen else None,
        permissions=invitation.permissions if chosen else None,
        state=invitation.state if kind is FactKind.ENDED else None,
    )


def of_session(
    site: Site, session: Session, kind: FactKind, permission: Permission | None = None
) -> Fact:
    """About a session, at either end of it."""
    return Fact(
        at_us=site.now_us,
        kind=kind,
        client=site.id,
        invitation=session.invitation,
        other=session.guest if site.id == session.host else None,
        session=session.id,
        permission=permission,
        permissions=session.permissions,
    )


def of_notification(
    site: Site, known: Notification, kind: FactKind, surface: Surface | None
) -> Fact:
    """At the guest, about what it shows."""
    return Fact(
        at_us=site.now_us,
        kind=kind,
        client=site.id,
        invitation=known.invitation,
        identity=known.sender if kind is FactKind.SHOWN else None,
        surface=surface,
        revision=known.revision,
        accept=known.accept if kind is FactKind.CLICKED else None,
        state=known.outcome if kind is FactKind.TOLD else None,
    )
