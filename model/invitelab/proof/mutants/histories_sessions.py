"""Defects of sessions that were, or are, running beside a new one."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.permission_base import Grants
from invitelab.protocol.messages import Message, SessionEnded
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    ClientId,
    Invitation,
    Permission,
    Permissions,
    Session,
    SessionState,
    State,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

# Sessions that were or are running.


class DeniedForThePerson(Grants):
    """Denies a guest what was taken away from it before."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.denied: dict[ClientId, Permissions] = {}

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Remember it for this guest."""
        known = self.sessions.get(session)
        if known is not None and not allowed:
            denied = self.denied.get(known.guest, frozenset())
            self.denied[known.guest] = denied | {permission}
        return super().permit(session, permission, allowed=allowed)

    def granted(self, invitation: Invitation, permissions: Permissions) -> Permissions:
        """The permissions without what was taken away from this guest."""
        return permissions - self.denied.get(invitation.recipient, frozenset())


def _hosted_by(client: Client, other: ClientId) -> Session | None:
    """The session that this client has joined at that host."""
    joined = client.recipient.sessions.values()
    return next((one for one in joined if one.host == other), None)


class GrantsWhatItHas(Client):
    """Starts a session the other way with the permissions of the one that runs."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """Change what was granted once the session has started."""
        super().receive(sender, message)
        running = _hosted_by(self, sender)
        if running is None:
            return
        for session in self.inviter.sessions.values():
            if session.guest == sender:
                same = replace(session, permissions=running.permissions)
                self.inviter.sessions[session.id] = same


class SwitchesBothWays(Client):
    """Switches a permission in both of two sessions with the same client."""

    def permit(
        self, session: str, permission: Permission, *, allowed: bool
    ) -> Refusal | None:
        """Show the switch in the session the other way, too."""
        refusal = super().permit(session, permission, allowed=allowed)
        known = self.inviter.sessions.get(session)
        other = None if known is None else _hosted_by(self, known.guest)
        if refusal is None and other is not None:
            held = other.permissions - {permission}
            switched = held | {permission} if allowed else held
            self.recipient.sessions[other.id] = replace(other, permissions=switched)
        return refusal


def _switching(where: Callable[[Client, Session], bool]) -> type[Reference]:
    class GuestSwitches(Reference):
        """The guest switches permissions of some sessions as the host does."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:
            """Let the host's client do it."""
            if method == "session.permit":
                clients = self._scenarios[str(params["scenario"])].clients
                client = clients[str(params["client"])]
                session = client.recipient.sessions.get(str(params["session"]))
                if session is not None and where(client, session):
                    token = next(
                        token
                        for token, other in clients.items()
                        if other.device.id == session.host
                    )
                    params = {**params, "client": token}
            return super().request(method, params)

    return GuestSwitches


def _has_invited_the_host(client: Client, session: Session) -> bool:
    sent = client.inviter.invitations.values()
    return any(known.recipient == session.host for known in sent)


def _hosts_a_session(client: Client, _session: Session) -> bool:
    return bool(client.inviter.sessions)


def _ending(end: State) -> type[Inviter]:
    class EndsWhatRuns(Inviter):
        """Inviter that ends its sessions when another invitation ends like this."""

        def _close(self, ended: Invitation) -> None:
            super()._close(ended)
            if ended.state is not end:
                return
            for session in list(self.sessions.values()):
                if session.state is SessionState.ACTIVE:
                    self._end(session)
                    over = SessionEnded(
                        invitation=session.invitation, session=session.id
                    )
                    self.device.say(session.guest, over)

    return EndsWhatRuns


MUTANTS = (
    Mutant(
        name="denied-for-the-person",
        clause="SESSION-7",
        defect="what was taken away in a session is denied in that person's next one",
        make=variant(inviter=DeniedForThePerson),
    ),
    Mutant(
        name="session-back-has-the-same-permissions",
        clause="SESSION-7",
        defect="a session the other way has the permissions of the one that runs",
        make=variant(client=GrantsWhatItHas),
    ),
    Mutant(
        name="switch-goes-both-ways",
        clause="SESSION-7",
        defect="a switch changes the session the other way as well",
        make=variant(client=SwitchesBothWays),
    ),
    Mutant(
        name="host-of-one-switches-both",
        clause="SESSION-7",
        defect="who hosts a session can switch permissions of one joined elsewhere",
        make=_switching(_hosts_a_session),
    ),
    Mutant(
        name="reject-ends-what-runs",
        clause="SESSION-7",
        defect="the reject of a later invitation ends the inviter's session",
        make=variant(inviter=_ending(State.REJECTED)),
    ),
    Mutant(
        name="cancel-ends-what-runs",
        clause="SESSION-7",
        defect="cancelling a later invitation ends the inviter's session",
        make=variant(inviter=_ending(State.CANCELLED)),
    ),
    Mutant(
        name="expiry-ends-what-runs",
        clause="SESSION-7",
        defect="the expiry of a later invitation ends the inviter's session",
        make=variant(inviter=_ending(State.EXPIRED)),
    ),
    Mutant(
        name="former-inviter-switches",
        clause="SESSION-10",
        defect="a recipient who has invited the host before can switch permissions",
        make=_switching(_has_invited_the_host),
    ),
)
