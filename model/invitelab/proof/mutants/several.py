"""Defects with several invitations, and with clients that take no part in one."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.notification_base import Row, retold
from invitelab.protocol import guest, host
from invitelab.protocol.refusals import Refusal, SendFacts
from invitelab.protocol.values import ClientId, EntryPoint, Surface
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient, addressee_of, host_of

# Beside those of others.


class OnePopUp(Recipient):
    """Shows one pop-up at a time."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Remove the other pop-ups."""
        if before is None:
            for known in list(self.notifications.values()):
                left = known.surfaces & {Surface.CLIENT}
                self.notifications[known.invitation] = replace(known, surfaces=left)
        super().keep(after, before)


class ExpiryClearsTheRest(Recipient):
    """Hides all notifications when one invitation expires."""

    def happen(self, id_: str, event: guest.GuestEvent) -> Refusal | None:
        """Hide the others as well."""
        refusal = super().happen(id_, event)
        if isinstance(event, guest.LifetimeOver):
            for known in list(self.notifications.values()):
                hidden = replace(known, surfaces=guest.NO_SURFACE)
                self.notifications[known.invitation] = hidden
        return refusal


class CancelsAll(Inviter):
    """Cancels all invitations of the inviter."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Cancel every pending invitation."""
        for known in self.pending():
            if known.id != invitation:
                super().cancel(known.id)
        return super().cancel(invitation)


class ChangesTheNewest(Inviter):
    """Changes the newest invitation instead."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Change the newest invitation."""
        if invitation in self.invitations:
            invitation = next(reversed(self.invitations))
        return super().modify(invitation, profile_name)


class AcceptsTheNewest(Recipient):
    """Accepts the newest notification instead."""

    def answer(self, id_: str, *, accept: bool) -> Refusal | None:
        """Answer the newest one, if the invitation is shown."""
        shown = [
            known.invitation for known in self.notifications.values() if known.surfaces
        ]
        if accept and id_ in shown:
            id_ = shown[-1]
        return super().answer(id_, accept=accept)


def _of_the_last(row: Row, _known: guest.Notification, client: Client) -> Row:
    shown = [
        known.sender
        for known in client.recipient.notifications.values()
        if known.surfaces
    ]
    return {**row, "from": {"id": shown[-1].id, "alias": shown[-1].alias}}


# Beside one of the same pair.


class Replaces(Inviter):
    """Replaces a pending invitation by the second one."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Cancel the first, unless the second is refused for another reason."""
        refusal = super().refusal(replace(facts, pending_to_recipient=False))
        if refusal is None and facts.recipient is not None:
            for known in self.pending(facts.recipient.id):
                self.cancel(known.id)
        return refusal


class ComparesWhatWasTyped(Inviter):
    """Compares the addresses as typed to find a pending invitation."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.earlier: set[str] = set()
        self.other_form = True

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Record the address as typed."""
        self.other_form = typed not in self.earlier
        self.earlier.add(typed)
        return super().send(entry, typed, profile_name, pending_from=pending_from)

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Ignore a pending invitation with another form of the address."""
        if self.other_form:
            facts = replace(facts, pending_to_recipient=False)
        return super().refusal(facts)


class ChangeMakesRoom(Inviter):
    """Does not count a changed invitation as pending."""

    def refusal(self, facts: SendFacts) -> Refusal | None:
        """Ignore the refusal for a changed invitation."""
        unchanged = any(
            known.revision == 1
            for known in self.pending()
            if facts.recipient is not None and known.recipient == facts.recipient.id
        )
        return super().refusal(replace(facts, pending_to_recipient=unchanged))


# Crossed.


class AcceptEndsTheCrossed(Client):
    """Cancels the own invitation to an inviter whose invitation is accepted."""

    def answer(self, invitation: str, *, accept: bool) -> Refusal | None:
        """Accept, and cancel the own invitation."""
        refusal = super().answer(invitation, accept=accept)
        if refusal is None and accept:
            for crossed in self.inviter.pending(host_of(invitation)):
                self.inviter.cancel(crossed.id)
        return refusal


class InvitingBackAccepts(Client):
    """Accepts a pending invitation when its inviter is invited."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Accept instead of sending."""
        sent = super().send(entry, typed, profile)
        if not isinstance(sent, Refusal):
            for known in list(self.recipient.notifications.values()):
                if known.surfaces and known.sender.id == addressee_of(sent):
                    self.recipient.answer(known.invitation, accept=True)
        return sent


# By other clients.


class RecipientMayChange(Inviter):
    """Lets the recipient change and cancel the invitation."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Act in the name of the inviter."""
        if isinstance(event, host.Modify | host.Cancel):
            both = {self.device.id, self.invitations[id_].recipient}
            event = replace(event, by=self.device.id) if event.by in both else event
        super().happen(id_, event)


class RefusesAndObeys(Inviter):
    """Refuses the cancellation by another client, but cancels."""

    def happen(self, id_: str, event: host.HostEvent) -> None:
        """Refuse, and cancel."""
        super().happen(id_, event)
        if isinstance(event, host.Cancel) and event.by != self.device.id:
            super().happen(id_, replace(event, by=self.device.id))


MUTANTS = (
    Mutant(
        name="one-popup-at-a-time",
        clause="PENDING-7",
        defect="a pop-up takes the place of another inviter's",
        make=variant(recipient=OnePopUp),
    ),
    Mutant(
        name="expiry-clears-the-rest",
        clause="PENDING-7",
        defect="when one inviter's invitation expires those of all others are hidden",
        make=variant(recipient=ExpiryClearsTheRest),
    ),
    Mutant(
        name="cancels-all",
        clause="PENDING-7",
        defect="cancelling one invitation cancels those to all other recipients",
        make=variant(inviter=CancelsAll),
    ),
    Mutant(
        name="changes-the-newest",
        clause="PENDING-7",
        defect="modifying takes the newest invitation, whichever was meant",
        make=variant(inviter=ChangesTheNewest),
    ),
    Mutant(
        name="accepts-the-newest",
        clause="PENDING-7",
        defect="with two notifications an accept goes to the newer one's inviter",
        make=variant(recipient=AcceptsTheNewest),
    ),
    Mutant(
        name="two-notifications-one-inviter",
        clause="PENDING-7",
        defect="with two notifications both show the newer one's inviter",
        make=retold(_of_the_last),
    ),
    Mutant(
        name="second-replaces-the-first",
        clause="PENDING-8",
        defect="inviting the same recipient again cancels the first invitation",
        make=variant(inviter=Replaces),
    ),
    Mutant(
        name="alias-makes-another-pair",
        clause="PENDING-8",
        defect="a client that was invited by ID can be invited again by alias",
        make=variant(inviter=ComparesWhatWasTyped),
    ),
    Mutant(
        name="change-makes-room",
        clause="PENDING-8",
        defect="a modified invitation does not prevent a second one",
        make=variant(inviter=ChangeMakesRoom),
    ),
    Mutant(
        name="accept-ends-the-crossed-one",
        clause="PENDING-9",
        defect="accepting an invitation cancels the own one to its inviter",
        make=variant(client=AcceptEndsTheCrossed),
    ),
    Mutant(
        name="inviting-back-accepts",
        clause="PENDING-9",
        defect="inviting a client accepts its own pending invitation",
        make=variant(client=InvitingBackAccepts),
    ),
    Mutant(
        name="recipient-may-change",
        clause="PENDING-10",
        defect="the recipient can modify and cancel the invitation",
        make=variant(inviter=RecipientMayChange),
    ),
    Mutant(
        name="stranger-refused-and-obeyed",
        clause="PENDING-10",
        defect="a cancel by another client is refused but takes effect",
        make=variant(inviter=RefusesAndObeys),
    ),
)
