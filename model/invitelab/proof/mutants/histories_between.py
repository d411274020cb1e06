"""Defects of what was before between clients: the other role, an end, an email."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol import host
from invitelab.protocol.guest import GuestState
from invitelab.protocol.messages import FromHost, Message, Offer
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    ClientId,
    EntryPoint,
    Identity,
    Session,
    State,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, addressee_of

TRIES = 2

# Invited in turn.


def _not_back_after(*ends: State | None) -> type[Client]:
    """Make a client with this defect; None is an end that the host has not told."""

    class NotBack(Client):
        """Client that cannot invite an inviter whose invitation ended like this."""

        def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
            """Take the ended invitation for a crossed one."""
            sent = super().send(entry, typed, profile)
            if isinstance(sent, Refusal):
                return sent
            ended = {
                known.sender.id
                for known in self.recipient.notifications.values()
                if known.state is GuestState.HIDDEN and known.outcome in ends
            }
            if addressee_of(sent) in ended:
                self.inviter.cancel(sent)
                return Refusal(Reason.ALREADY_PENDING, "that client has invited you")
            return sent

    return NotBack


class PairHasOneAlias(Client):
    """Keeps one conversation for two clients, with the alias of who began it."""

    def receive(self, sender: ClientId, message: Message) -> None:
        """Show the own alias for a client that was invited from here before."""
        invited = {known.recipient for known in self.inviter.invitations.values()}
        if isinstance(message, Offer) and sender in invited:
            first = Identity(
                id=message.sender.id, alias=self.device.spec.identity.alias
            )
            message = replace(message, sender=first)
        super().receive(sender, message)


# Invited again.


class TwoTries(Inviter):
    """Refuses a third invitation to the same recipient."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Refuse after two that came to nothing."""
        refusal = super().refusal(facts)
        ended = [
            known
            for known in self.invitations.values()
            if facts.recipient is not None
            and known.recipient == facts.recipient.id
            and known.state.terminal
        ]
        if refusal is None and len(ended) >= TRIES:
            return Refusal(Reason.ALREADY_PENDING, "that client was asked often enough")
        return refusal


class DefaultKeepsTheLast(Client):
    """Keeps the profile of the invitation before where the first is chosen."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take the first profile for none chosen."""
        sent = list(self.inviter.invitations.values())
        if sent and profile == self.device.spec.profiles[0].name:
            profile = sent[-1].profile
        return super().send(entry, typed, profile)


class EarlierInvitersHear(Recipient):
    """Passes an offer on to every earlier inviter of this client."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Send a copy to whoever is in the same room."""
        known = {known.sender.id for known in self.notifications.values()}
        super().receive(sender, message)
        if not isinstance(message, Offer) or message.sender.id != sender:
            return
        for earlier in sorted(known - {sender}):
            number = len(self.notifications)
            copy = replace(message, invitation=f"{self.device.id}-{earlier}-{number}")
            self.device.say(earlier, copy)


# Those who were invited before.


def _earlier_recipients(inviter: Inviter, id_: str) -> set[ClientId]:
    """The recipients of the invitations before this one, without its own."""
    known = inviter.invitations
    ids = list(known)
    before = {known[other].recipient for other in ids[: ids.index(id_)]}
    return before - {known[id_].recipient}


class EarlierRecipientAnswers(Inviter):
    """Takes an answer from any client that was invited before."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Take an earlier recipient for the addressee."""
        if isinstance(event, host.AnswerFrom):
            addressee = self.invitations[id_].recipient
            foreign = event.by in _earlier_recipients(self, id_)
            event = replace(event, by=addressee) if foreign else event
        super().happen(id_, event)


class EarlierRecipientChanges(Inviter):
    """Takes a change from any client that was invited before."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Take an earlier recipient for the inviter."""
        if isinstance(event, host.Modify | host.Cancel):
            foreign = event.by in _earlier_recipients(self, id_)
            event = replace(event, by=self.device.id) if foreign else event
        super().happen(id_, event)


class WhoRejectedJoins(Inviter):
    """Starts a session with every client that has rejected, too."""

    def start(self, session: Session) -> None:
        """Start the session, and one for each of them."""
        super().start(session)
        rejected = {
            known.recipient
            for known in self.invitations.values()
            if known.state is State.REJECTED
        }
        for other in sorted(rejected - {session.guest}):
            id_ = f"{session.id}-{other}"
            self.sessions[id_] = replace(session, id=id_, guest=other)


# Beside an email.


class EmailCancels(Client):
    """Cancels what is pending when an email is started."""

    def email(self, entry: EntryPoint) -> str | Refusal:
        """Take the email for another way to invite."""
        text = super().email(entry)
        if not isinstance(text, Refusal):
            for known in self.inviter.pending():
                self.inviter.cancel(known.id)
        return text


MUTANTS = (
    Mutant(
        name="cancelled-call-blocks-the-call-back",
        clause="DIRECT-1",
        defect="an inviter who has cancelled cannot be invited by the other side",
        make=variant(client=_not_back_after(State.CANCELLED)),
    ),
    Mutant(
        name="expired-call-blocks-the-call-back",
        clause="DIRECT-1",
        defect="an inviter whose invitation expired cannot be invited in turn",
        make=variant(client=_not_back_after(State.EXPIRED, None)),
    ),
    Mutant(
        name="third-try-refused",
        clause="DIRECT-1",
        defect="after two invitations that came to nothing a third one is refused",
        make=variant(inviter=TwoTries),
    ),
    Mutant(
        name="default-keeps-the-last-profile",
        clause="DIRECT-7",
        defect="choosing Default keeps the profile of the invitation before",
        make=variant(client=DefaultKeepsTheLast),
    ),
    Mutant(
        name="pair-has-one-alias",
        clause="NOTIFY-4",
        defect="who was invited before is shown with the alias of that inviter",
        make=variant(client=PairHasOneAlias),
    ),
    Mutant(
        name="earlier-inviters-are-notified-too",
        clause="NOTIFY-6",
        defect="an invitation is shown to everybody who has invited its recipient",
        make=variant(recipient=EarlierInvitersHear),
    ),
    Mutant(
        name="earlier-recipient-may-answer",
        clause="ANSWER-2",
        defect="who was invited earlier can answer the next recipient's invitation",
        make=variant(inviter=EarlierRecipientAnswers),
    ),
    Mutant(
        name="earlier-recipient-may-change",
        clause="PENDING-10",
        defect="who was invited earlier can change the next recipient's invitation",
        make=variant(inviter=EarlierRecipientChanges),
    ),
    Mutant(
        name="who-rejected-joins-too",
        clause="SESSION-4",
        defect="a session is started for everybody who has rejected an invitation",
        make=variant(inviter=WhoRejectedJoins),
    ),
    Mutant(
        name="email-cancels-what-is-pending",
        clause="EMAIL-9",
        defect="starting an email cancels the invitations that are pending",
        make=variant(client=EmailCancels),
    ),
)
