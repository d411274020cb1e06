"""Sins against how a session starts, and who controls whom."""

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
    """The inviter is asked once more."""

    def asks(self, invitation: Invitation) -> bool:  # noqa: ARG002 - others look at it
        """Whether this accept has to be confirmed."""
        return True

    def perform(self, invitation: Invitation, effect: host.HostEffect) -> None:
        """List a request, and start nothing."""
        if not (_starts(effect) and self.asks(invitation)):
            super().perform(invitation, effect)
        elif isinstance(effect, host.StartSession):
            guest = Identity(id=effect.session.guest, alias=None)
            self.requests.append(guest)


class AsksAfterARejection(Asks):
    """Whoever has rejected once has to be confirmed."""

    def asks(self, invitation: Invitation) -> bool:
        """Look at what the same recipient has said before."""
        return any(
            known.state is State.REJECTED and known.recipient == invitation.recipient
            for known in self.invitations.values()
        )


class ChangedLost(Inviter):
    """An accept of what was changed is taken for one of the old offer."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Wait for one of the new."""
        accept = isinstance(event, host.AnswerFrom) and event.accept
        if not accept or self.invitations[id_].revision == 1:
            super().happen(id_, event)


class HostAlone(Recipient):
    """The recipient's client never gets into the session."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Stay outside."""


class Twice(Inviter):
    """One accept starts two sessions."""

    def start(self, session: Session) -> None:
        """Once more under another name."""
        super().start(session)
        twin = replace(session, id=f"{session.id}-again")
        self.sessions[twin.id] = twin


class RequestsToo(Inviter):
    """The session starts, and the inviter is asked whether it may."""

    def start(self, session: Session) -> None:
        """List a request as well."""
        super().start(session)
        self.requests.append(Identity(id=session.guest, alias=None))


class PortableConnects(Recipient):
    """The accept of a portable client is the main window's Connect."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Ask for a session."""
        to = host_of(id_)
        identity = self.site.spec.identity
        if not accept or identity.alias is not None or to is None:
            return super().answer(id_, accept=accept)
        self.site.say(to, SessionRequest(sender=identity))
        return None


# Who controls whom.


class ReversedHost(Inviter):
    """The inviter controls the recipient's device."""

    def start(self, session: Session) -> None:
        """Swap the ends."""
        super().start(replace(session, host=session.guest, guest=session.host))


class ReversedGuest(Recipient):
    """The same mistake at the other end."""

    def join(self, id_: str, session: str, permissions: Permissions) -> None:
        """Swap the ends."""
        super().join(id_, session, permissions)
        known = self.sessions[session]
        swapped = replace(known, host=known.guest, guest=known.host)
        self.sessions[session] = swapped


class BothWays(Inviter):
    """Each side controls the other."""

    def start(self, session: Session) -> None:
        """Open the way back."""
        super().start(session)
        id_ = f"{session.id}-back"
        self.sessions[id_] = replace(
            session, id=id_, host=session.guest, guest=session.host
        )


class OnceInviter(Client):
    """Whoever has once invited the other is the one who is controlled."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """Swap the ends if it was this client."""
        super().receive(sender, message)
        sent = {known.recipient for known in self.inviter.invitations.values()}
        sessions = self.recipient.sessions
        if not isinstance(message, Started) or sender not in sent:
            return
        known = sessions.get(message.session)
        if known is not None:
            swapped = replace(known, host=self.site.id, guest=sender)
            sessions[message.session] = swapped


class LowerHost(Inviter):
    """The client with the lower ID is the one that is controlled."""

    def start(self, session: Session) -> None:
        """Sort the ends."""
        first, last = sorted((session.host, session.guest))
        super().start(replace(session, host=first, guest=last))


class LowerGuest(Recipient):
    """The same mistake at the other end."""

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
        defect="an accept asks the inviter for a session, who has to agree",
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
        defect="a recipient who had invited the other before is the one controlled",
        make=variant(client=OnceInviter),
    ),
    Mutant(
        name="lower-id-is-controlled",
        clause="SESSION-4",
        defect="the client whose ID sorts first as text is the one controlled",
        make=variant(inviter=LowerHost, recipient=LowerGuest),
    ),
)
