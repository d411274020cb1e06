"""Defects of the start of a session, and of its direction."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol import host
from invitelab.protocol.messages import Message, SessionRequest, Started
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    ClientId,
    Identity,
    Invitation,
    Permissions,
    Session,
    State,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, host_of

# How it starts.


def _starts(effect: host.HostEffect) -> bool:
    say = isinstance(effect, host.Say) and isinstance(effect.message, Started)
    return say or isinstance(effect, host.StartSession)


class Asks(Inviter):
    """Turns an accept into a session request."""

    def asks(self, invitation: Invitation) -> bool:  # noqa: ARG002 - others look at it
        """Whether the inviter has to confirm this accept: here always."""
        return True

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """List a request instead of a session."""
        if not (_starts(effect) and self.asks(invitation)):
            super().perform(invitation, effect)
        elif isinstance(effect, host.StartSession):
            guest = Identity(id=effect.session.guest, alias=None)
            self.requests.append(guest)


class AsksAfterARejection(Asks):
    """Turns an accept into a request after an earlier rejection."""

    def asks(self, invitation: Invitation) -> bool:
        """Whether the same recipient has rejected an invitation."""
        return any(
            known.state is State.REJECTED and known.recipient == invitation.recipient
            for known in self.invitations.values()
        )


class ChangedLost(Inviter):
    """Ignores the accept of a changed invitation."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Acknowledge without effect."""
        accept = isinstance(event, host.AnswerFrom) and event.accept
        if not accept or self.invitations[id_].revision == 1:
            super().happen(id_, event)


class HostAlone(Recipient):
    """Never joins the session at the recipient."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Do nothing."""


class Twice(Inviter):
    """Starts two sessions at one accept."""

    def start(self, session: Session) -> None:
        """Start the session, and another one."""
        super().start(session)
        twin = replace(session, id=f"{session.id}-again")
        self.sessions[twin.id] = twin


class RequestsToo(Inviter):
    """Lists a session request beside the session."""

    def start(self, session: Session) -> None:
        """Start the session, and list a request."""
        super().start(session)
        self.requests.append(Identity(id=session.guest, alias=None))


class PortableConnects(Recipient):
    """Turns the accept of a portable client into a session request."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Ask for a session."""
        to = host_of(id_)
        identity = self.device.spec.identity
        if not accept or identity.alias is not None or to is None:
            return super().answer(id_, accept=accept)
        self.device.say(to, SessionRequest(sender=identity))
        return None


# Direction.


class ReversedHost(Inviter):
    """Reverses the direction of the session at the host."""

    def start(self, session: Session) -> None:
        """Swap the ends."""
        super().start(replace(session, host=session.guest, guest=session.host))


class ReversedGuest(Recipient):
    """The same at the guest."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Swap the ends."""
        super().join(id_, session, permissions)
        known = self.sessions[session]
        swapped = replace(known, host=known.guest, guest=known.host)
        self.sessions[session] = swapped


class BothWays(Inviter):
    """Starts a session in each direction."""

    def start(self, session: Session) -> None:
        """Start a second session in the other direction."""
        super().start(session)
        id_ = f"{session.id}-back"
        self.sessions[id_] = replace(
            session, id=id_, host=session.guest, guest=session.host
        )


class OnceInviter(Client):
    """Reverses the session if the recipient had invited the inviter before."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """Swap the ends in that case."""
        super().receive(sender, message)
        sent = {known.recipient for known in self.inviter.invitations.values()}
        sessions = self.recipient.sessions
        if not isinstance(message, Started) or sender not in sent:
            return
        known = sessions.get(message.session)
        if known is not None:
            swapped = replace(known, host=self.device.id, guest=sender)
            sessions[message.session] = swapped


class LowerHost(Inviter):
    """Makes the client with the lower ID the host of the session."""

    def start(self, session: Session) -> None:
        """Sort the ends."""
        first, last = sorted((session.host, session.guest))
        super().start(replace(session, host=first, guest=last))


class LowerGuest(Recipient):
    """The same at the guest."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Sort the ends."""
        super().join(id_, session, permissions)
        known = self.sessions[session]
        first, last = sorted((known.host, known.guest))
        self.sessions[session] = replace(known, host=first, guest=last)


MUTANTS = (
    Mutant(
        name="accept-only-asks",
        clause="SESSION-1",
        defect="after an accept the inviter has to agree to the session",
        make=variant(inviter=Asks),
    ),
    Mutant(
        name="asks-after-a-rejection",
        clause="SESSION-1",
        defect="after a rejection the inviter has to agree to the next accept",
        make=variant(inviter=AsksAfterARejection),
    ),
    Mutant(
        name="accept-of-a-changed-one-lost",
        clause="SESSION-1",
        defect="the accept of a changed invitation is acknowledged and starts nothing",
        make=variant(inviter=ChangedLost),
    ),
    Mutant(
        name="recipient-never-gets-in",
        clause="SESSION-1",
        defect="the session starts at the inviter, and the recipient is never in it",
        make=variant(recipient=HostAlone),
    ),
    Mutant(
        name="session-started-twice",
        clause="SESSION-1",
        defect="one accept starts two sessions",
        make=variant(inviter=Twice),
    ),
    Mutant(
        name="session-and-a-request",
        clause="SESSION-1",
        defect="the session starts, and the inviter sees a session request as well",
        make=variant(inviter=RequestsToo),
    ),
    Mutant(
        name="portable-recipient-only-connects",
        clause="SESSION-1",
        defect="an accept of a portable client acts as Connect in the main window",
        make=variant(recipient=PortableConnects),
    ),
    Mutant(
        name="session-reversed",
        clause="SESSION-4",
        defect="the inviter controls the recipient's device",
        make=variant(inviter=ReversedHost, recipient=ReversedGuest),
    ),
    Mutant(
        name="control-both-ways",
        clause="SESSION-4",
        defect="the inviter controls the recipient's device as well",
        make=variant(inviter=BothWays),
    ),
    Mutant(
        name="once-an-inviter-always-controlled",
        clause="SESSION-4",
        defect="a recipient that had invited the inviter before is controlled",
        make=variant(client=OnceInviter),
    ),
    Mutant(
        name="lower-id-is-controlled",
        clause="SESSION-4",
        defect="the client whose ID sorts first as text is the one controlled",
        make=variant(inviter=LowerHost, recipient=LowerGuest),
    ),
)
