"""Defects that only what happened before shows, or what happens beside it."""

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.expiry_base import FOREVER_US, Lives
from invitelab.proof.mutants.notification_base import Row, retold
from invitelab.proof.mutants.pending import pending
from invitelab.proof.mutants.values_base import (
    deaf,
    ended,
    everybody,
    losing_accepts,
    refusing,
    showing,
    told,
)
from invitelab.protocol import guest
from invitelab.protocol.guest import GuestState, Notification
from invitelab.protocol.history import FactKind
from invitelab.protocol.messages import Message, Offer, Withdraw
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    Address,
    ClientId,
    EntryPoint,
    Invitation,
    SessionState,
    State,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

IN_THE_CLIENT = frozenset({Surface.CLIENT})
AS_A_POPUP = frozenset({Surface.POPUP})
NOT_AGAIN = Refusal(Reason.ALREADY_PENDING, "that client does not want to be invited")
BUSY = Refusal(Reason.RECIPIENT_OFFLINE, "there is a session already")
TWICE = 2
FOUR_CHANGES = 5
TWO_CHANGES = 3
"""Revisions after so many changes."""

# Earlier invitations.


def _earlier(recipient: Recipient, shown: Notification) -> list[Notification]:
    """The other notifications of the same inviter."""
    return [
        known
        for known in recipient.notifications.values()
        if known.sender == shown.sender and known.invitation != shown.invitation
    ]


def _no_reject_after_one(row: Row, known: Notification, client: Client) -> Row:
    rejected = any(
        one.outcome is State.REJECTED for one in _earlier(client.recipient, known)
    )
    return {**row, "actions": ["accept"]} if rejected else row


def _after_a_cancel(recipient: Recipient, shown: Notification) -> bool:
    return any(one.outcome is State.CANCELLED for one in _earlier(recipient, shown))


def _after_an_expiry(recipient: Recipient, shown: Notification) -> bool:
    return any(
        one.state is GuestState.HIDDEN and one.outcome is not State.CANCELLED
        for one in _earlier(recipient, shown)
    )


def _rejected_twice(inviter: Inviter, facts: SendFacts) -> bool:
    recipient = facts.recipient
    return (
        recipient is not None
        and len(ended(inviter, State.REJECTED, recipient.id)) >= TWICE
    )


class RejectedIsBlocked(Client):
    """Cannot invite a client whose invitation was rejected here."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse to invite such a client."""
        address = Address.parse(typed, lenient=True)
        to = None if address is None else self.device.relay.find(address)
        rejected = {
            known.sender.id
            for known in self.recipient.notifications.values()
            if known.outcome is State.REJECTED
        }
        if to is not None and to.id in rejected:
            return NOT_AGAIN
        return super().send(entry, typed, profile)


def _hosts_a_session(inviter: Inviter, _facts: SendFacts) -> bool:
    return any(one.state is SessionState.ACTIVE for one in inviter.sessions.values())


# Changes.


class ChangeTogglesTheTimer(Lives):
    """Switches the timer off with a change, and on with the next."""

    def lifetime_us(self, invitation: Invitation) -> int:
        """For ever after an odd number of changes."""
        odd = invitation.revision % 2 == 0
        return FOREVER_US if odd else super().lifetime_us(invitation)


class SecondChangeStaysInSight(Recipient):
    """Goes on showing an invitation that was changed twice."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Ignore the expiry after two changes."""
        known = self.notifications.get(id_)
        expired = isinstance(event, Withdraw) and event.state is State.EXPIRED
        over = expired or isinstance(event, guest.LifetimeOver)
        if over and known is not None and known.revision == TWO_CHANGES:
            return None
        return super().happen(id_, event)


class FourChangesEndIt(Inviter):
    """Ends an invitation with its fourth change."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change it, and end it after four changes."""
        refusal = super().modify(invitation, profile_name)
        known = pending(self, invitation)
        if known is not None and known.revision == FOUR_CHANGES:
            self.cancel(invitation)
        return refusal


class BackUndoesAll(Inviter):
    """Takes a change to the first profile for one that undoes everything."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.first: dict[str, str] = {}

    def record(self, invitation: Invitation, kind: FactKind) -> None:
        """Keep the profile that was chosen at first."""
        super().record(invitation, kind)
        self.first.setdefault(invitation.id, invitation.profile)

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """End the invitation at a change to the first profile."""
        refusal = super().modify(invitation, profile_name)
        known = pending(self, invitation)
        back = self.first.get(invitation) == profile_name
        if known is not None and known.revision >= TWO_CHANGES and back:
            self.cancel(invitation)
        return refusal


# Others.


def _last_to_connect(row: Row, client: Client) -> Row:
    others = [
        spec.id for spec in everybody(client.inviter) if spec.id != str(row["host"])
    ]
    return {**row, "guest": others[-1]} if others else row


def _others_pending(inviter: Inviter, _invitation: Invitation) -> bool:
    return len(inviter.pending()) > 1


def _others_shown(recipient: Recipient, _known: Notification) -> bool:
    return len(recipient.shows_from()) > 1


class Busy(Client):
    """Takes no part in an invitation while it has a session of any kind."""

    def busy(self) -> bool:
        """Whether a session runs at this client, in either direction."""
        hosted = self.inviter.sessions.values()
        running = any(one.state is SessionState.ACTIVE for one in hosted)
        return running or bool(self.recipient.sessions)

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Refuse while there is a session."""
        return BUSY if self.busy() else super().send(entry, typed, profile)

    def receive(self, sender: ClientId, message: Message) -> None:
        """Drop an offer while there is a session."""
        if not (isinstance(message, Offer) and self.busy()):
            super().receive(sender, message)


MUTANTS = (
    Mutant(
        name="no-reject-after-a-rejection",
        clause="NOTIFY-5",
        value="history: rejected",
        defect="after a rejection the next notification does not offer to reject",
        make=retold(_no_reject_after_one),
    ),
    Mutant(
        name="no-popup-after-a-cancel",
        clause="NOTIFY-2",
        value="history: cancelled",
        defect="after a cancelled invitation the next one does not pop up",
        make=variant(recipient=showing(IN_THE_CLIENT, _after_a_cancel)),
    ),
    Mutant(
        name="popup-alone-after-an-expiry",
        clause="NOTIFY-1",
        value="history: expired",
        defect="after an expired invitation the next one is not in the client",
        make=variant(recipient=showing(AS_A_POPUP, _after_an_expiry)),
    ),
    Mutant(
        name="two-rejections-are-for-good",
        clause="DIRECT-1",
        value="history: two rejected",
        defect="a recipient that has rejected twice cannot be invited again",
        make=variant(inviter=refusing(NOT_AGAIN, _rejected_twice)),
    ),
    Mutant(
        name="rejected-cannot-be-invited-back",
        clause="DIRECT-6",
        value="history: rejected the other way",
        defect="who has rejected an invitation cannot invite its inviter",
        make=variant(client=RejectedIsBlocked),
    ),
    Mutant(
        name="hosts-invite-nobody",
        clause="SESSION-7",
        value="history: session running",
        defect="an inviter with a running session is refused a further invitation",
        make=variant(inviter=refusing(BUSY, _hosts_a_session)),
    ),
    Mutant(
        name="change-toggles-the-timer",
        clause="EXPIRY-2",
        value="changes: one",
        defect="a change switches the timer off, and the next one on again",
        make=variant(inviter=ChangeTogglesTheTimer),
    ),
    Mutant(
        name="changed-twice-stays-in-sight",
        clause="EXPIRY-3",
        value="changes: two",
        defect="an invitation that was changed twice is shown after its expiry",
        make=variant(recipient=SecondChangeStaysInSight),
    ),
    Mutant(
        name="four-changes-end-it",
        clause="SESSION-1",
        value="changes: four",
        defect="the fourth change of an invitation ends it",
        make=variant(inviter=FourChangesEndIt),
    ),
    Mutant(
        name="back-undoes-the-invitation",
        clause="EXPIRY-1",
        value="changes: back to the first",
        defect="a change back to the first profile undoes the invitation itself",
        make=variant(inviter=BackUndoesAll),
    ),
    Mutant(
        name="last-to-connect-is-the-guest",
        clause="SESSION-4",
        value="bystander: third client",
        defect="the session names whoever connected last as its guest",
        make=told("sessions", _last_to_connect),
    ),
    Mutant(
        name="accept-lost-beside-another-recipient",
        clause="PENDING-7",
        value="bystander: pending with the inviter",
        defect="an accept is lost while another recipient's invitation is pending",
        make=variant(inviter=deaf(_others_pending)),
    ),
    Mutant(
        name="accept-lost-beside-another-inviter",
        clause="PENDING-7",
        value="bystander: pending with the recipient",
        defect="an accept is lost while another inviter's invitation is shown",
        make=variant(recipient=losing_accepts(_others_shown)),
    ),
    Mutant(
        name="busy-in-a-session",
        clause="SESSION-7",
        value="bystander: session with the recipient",
        defect="a client in a session neither sends nor shows an invitation",
        make=variant(client=Busy),
    ),
)
