"""Defects of notifications: where they are shown, of which inviter, to which client."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.notification_base import Row, retold
from invitelab.protocol import guest
from invitelab.protocol.messages import FromHost, Message, Offer
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    ClientId,
    ContactList,
    EntryPoint,
    Identity,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter
from invitelab.world.recipient import Recipient

FORGOTTEN_AFTER_US = 60 * US_PER_S


# Surfaces.


def _only_on(surface: Surface) -> type[Recipient]:
    class OneSurface(Recipient):
        """Recipient that shows invitations on one surface only."""

        def keep(
            self, after: guest.Notification, before: guest.Notification | None
        ) -> None:
            """Forget the other place."""
            one = after.surfaces & {surface}
            super().keep(replace(after, surfaces=one), before)

    return OneSurface


class PortableHasNoList(Recipient):
    """Shows no invitation in a portable client, only as a pop-up."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Show a pop-up at most."""
        if self.device.spec.identity.alias is None:
            after = replace(after, surfaces=after.surfaces & {Surface.POPUP})
        super().keep(after, before)


class ListForgets(Recipient):
    """Removes an invitation from the client after a minute."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Schedule the removal."""
        super().keep(after, before)
        if before is None:
            self.device.after(FORGOTTEN_AFTER_US, self.forget, after.invitation)

    def forget(self, id_: str) -> None:
        """Remove the entry in the client."""
        known = self.notifications[id_]
        left = known.surfaces & {Surface.POPUP}
        self.notifications[id_] = replace(known, surfaces=left)


class PopsUpOnce(Recipient):
    """Shows a pop-up for the first invitation only."""

    def keep(
        self, after: guest.Notification, before: guest.Notification | None
    ) -> None:
        """Show no pop-up for a later one."""
        if before is None and self.notifications:
            after = replace(after, surfaces=frozenset({Surface.CLIENT}))
        super().keep(after, before)


def _in_another_corner(row: Row, _known: guest.Notification, _client: Client) -> Row:
    return {**row, "corner": "bottom-left"} if row["surface"] == "popup" else row


# Who it is from, and what can be done.


def _own_id(row: Row, known: guest.Notification, client: Client) -> Row:
    if row["surface"] != "popup":
        return row
    return {**row, "from": {"id": client.device.id, "alias": known.sender.alias}}


def _nameless(row: Row, known: guest.Notification, _client: Client) -> Row:
    if row["surface"] != "popup" or known.sender.alias is not None:
        return row
    return {**row, "from": {"id": "portable client", "alias": None}}


def _of_the_first(row: Row, known: guest.Notification, client: Client) -> Row:
    first = next(iter(client.recipient.notifications.values()))
    return {**row, "from": {"id": first.sender.id, "alias": known.sender.alias}}


def _unnamed_once_changed(row: Row, known: guest.Notification, _client: Client) -> Row:
    alias = known.sender.alias if known.revision == 1 else None
    return {**row, "from": {"id": known.sender.id, "alias": alias}}


def _accept_only(row: Row, _known: guest.Notification, _client: Client) -> Row:
    return {**row, "actions": ["accept"]}


def _no_buttons_once_changed(
    row: Row, known: guest.Notification, _client: Client
) -> Row:
    return row if known.revision == 1 else {**row, "actions": []}


class AnonymousOffer(Recipient):
    """The inviter's alias is not shown."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Remove the alias from the offer."""
        if isinstance(message, Offer):
            anonymous = Identity(id=message.sender.id, alias=None)
            message = replace(message, sender=anonymous)
        super().receive(sender, message)


class BorrowedAlias(Recipient):
    """Shows the alias of an earlier inviter for one without an alias."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Fill in the last alias."""
        if isinstance(message, Offer) and message.sender.alias is None:
            seen = [known.sender.alias for known in self.notifications.values()]
            alias = seen[-1] if seen else None
            message = replace(message, sender=Identity(id=sender, alias=alias))
        super().receive(sender, message)


class FilledAlias(Recipient):
    """Shows an invented alias for an inviter without one."""

    def receive(self, sender: ClientId, message: FromHost) -> None:
        """Fill in an alias made from the ID."""
        if isinstance(message, Offer) and message.sender.alias is None:
            made_up = Identity(id=sender, alias=f"{sender}@ad")
            message = replace(message, sender=made_up)
        super().receive(sender, message)


# Recipients.


class EchoesToTheSender(Client):
    """Shows an invitation to its inviter, too."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Send the offer to the own client as well."""
        sent = super().send(entry, typed, profile)
        if not isinstance(sent, Refusal):
            device = self.device
            offer = Offer(
                invitation=sent,
                revision=1,
                ttl_us=device.policy.lifetime_us,
                sender=device.spec.identity,
            )
            self.recipient.receive(device.id, offer)
        return sent


class TellsTheFavorites(Inviter):
    """Sends every offer to the Favorites as well."""

    def utter(self, to: ClientId, message: Message) -> None:
        """Whoever is on it hears of it."""
        listed = self.device.spec.contacts.get(ContactList.FAVORITES, ())
        told = dict.fromkeys((to, *listed)) if isinstance(message, Offer) else (to,)
        for each in told:
            super().utter(each, message)


class TellsEarlierOnes(Inviter):
    """Sends every offer to all earlier recipients as well."""

    def utter(self, to: ClientId, message: Message) -> None:
        """Send the offer to every earlier recipient."""
        everybody = dict.fromkeys(one.recipient for one in self.invitations.values())
        for each in everybody if isinstance(message, Offer) else (to,):
            super().utter(each, message)


MUTANTS = (
    Mutant(
        name="popup-only",
        clause="NOTIFY-1",
        defect="an invitation is shown as a pop-up and never in the client",
        make=variant(recipient=_only_on(Surface.POPUP)),
    ),
    Mutant(
        name="portable-client-has-no-list",
        clause="NOTIFY-1",
        defect="a portable recipient sees no invitation in the client",
        make=variant(recipient=PortableHasNoList),
    ),
    Mutant(
        name="list-forgets-after-a-minute",
        clause="NOTIFY-1",
        defect="an invitation leaves the client after a minute, though it is pending",
        make=variant(recipient=ListForgets),
    ),
    Mutant(
        name="no-popup",
        clause="NOTIFY-2",
        defect="an invitation is shown in the client and never as a pop-up",
        make=variant(recipient=_only_on(Surface.CLIENT)),
    ),
    Mutant(
        name="pops-up-once",
        clause="NOTIFY-2",
        defect="only the first invitation that a client gets pops up",
        make=variant(recipient=PopsUpOnce),
    ),
    Mutant(
        name="popup-in-another-corner",
        clause="NOTIFY-2",
        defect="the pop-up is in the bottom-left corner",
        make=retold(_in_another_corner),
    ),
    Mutant(
        name="popup-shows-own-id",
        clause="NOTIFY-3",
        defect="the pop-up shows the recipient's own ID",
        make=retold(_own_id),
    ),
    Mutant(
        name="portable-inviter-has-no-id",
        clause="NOTIFY-3",
        defect="the pop-up of a portable inviter has a description in place of the ID",
        make=retold(_nameless),
    ),
    Mutant(
        name="first-inviter-for-ever",
        clause="NOTIFY-3",
        defect="every notification shows the ID of the first inviter there was",
        make=retold(_of_the_first),
    ),
    Mutant(
        name="alias-missing",
        clause="NOTIFY-4",
        defect="the notification never shows an alias",
        make=variant(recipient=AnonymousOffer),
    ),
    Mutant(
        name="change-drops-the-alias",
        clause="NOTIFY-4",
        defect="the alias is no longer shown once the invitation was changed",
        make=retold(_unnamed_once_changed),
    ),
    Mutant(
        name="accept-is-the-only-button",
        clause="NOTIFY-5",
        defect="the notification offers to accept and not to reject",
        make=retold(_accept_only),
    ),
    Mutant(
        name="change-takes-the-buttons",
        clause="NOTIFY-5",
        defect="once it was changed the notification offers no answer",
        make=retold(_no_buttons_once_changed),
    ),
    Mutant(
        name="inviter-is-notified-too",
        clause="NOTIFY-6",
        defect="the inviter is shown the own invitation as received",
        make=variant(client=EchoesToTheSender),
    ),
    Mutant(
        name="favorites-are-notified-too",
        clause="NOTIFY-6",
        defect="every favorite of the inviter is notified of any invitation",
        make=variant(inviter=TellsTheFavorites),
    ),
    Mutant(
        name="earlier-recipients-are-notified-too",
        clause="NOTIFY-6",
        defect="an invitation is shown to everybody the inviter has ever invited",
        make=variant(inviter=TellsEarlierOnes),
    ),
    Mutant(
        name="alias-is-borrowed",
        clause="NOTIFY-7",
        defect="an inviter without an alias is shown with that of the one before",
        make=variant(recipient=BorrowedAlias),
    ),
    Mutant(
        name="alias-is-made-up",
        clause="NOTIFY-7",
        defect="an inviter without an alias is shown with one made of the ID",
        make=variant(recipient=FilledAlias),
    ),
)
