"""Defects that only some ways to invite show: the icon, and tiles in their lists."""

from collections.abc import Sequence

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.proof.mutants.pending import NOT_NOW, pending
from invitelab.proof.mutants.sessions import Asks
from invitelab.proof.mutants.values_base import Row, refusing, told, typing
from invitelab.protocol.refusals import Reason, Refusal, SendFacts
from invitelab.protocol.values import (
    ClientId,
    ContactList,
    EntryPoint,
    Invitation,
    State,
)
from invitelab.world.client import Client
from invitelab.world.device import Device
from invitelab.world.inviter import Inviter

NOT_HERE = Refusal(Reason.NOT_OFFERED, "that contact has no tile")


class KnowsTheWay(Inviter):
    """Records through which entry point each invitation was sent."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.ways: dict[str, EntryPoint] = {}
        self.by_alias: set[str] = set()

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Record the way of an invitation that was sent."""
        sent = super().send(entry, typed, profile_name, pending_from=pending_from)
        if not isinstance(sent, Refusal):
            self.ways[sent] = entry
            if "@" in typed:
                self.by_alias.add(sent)
        return sent


# What becomes of it.


def _not_by_alias(row: Row, client: Client) -> Row | None:
    inviter = client.inviter
    assert isinstance(inviter, KnowsTheWay), "the mutant has this inviter"
    return None if row["invitation"] in inviter.by_alias else row


def _favorites_never_expire(row: Row, client: Client) -> Row:
    inviter = client.inviter
    assert isinstance(inviter, KnowsTheWay), "the mutant has this inviter"
    way = inviter.ways.get(str(row["invitation"]))
    expired = row["state"] == State.EXPIRED.value
    kept = expired and way is EntryPoint.TILE_FAVORITES
    return {**row, "state": State.PENDING.value} if kept else row


class RecentSessionsCannotModify(KnowsTheWay):
    """Cannot modify an invitation from a tile in Recent Sessions."""

    def modify(self, invitation: str, profile_name: str) -> Refusal | None:
        """Refuse it."""
        way = self.ways.get(invitation)
        if way is EntryPoint.TILE_RECENT_SESSIONS and pending(self, invitation):
            return NOT_NOW
        return super().modify(invitation, profile_name)


class DiscoveryCannotCancel(KnowsTheWay):
    """Loses the cancel of an invitation from a tile in Discovery."""

    def cancel(self, invitation: str) -> Refusal | None:
        """Acknowledge it without effect."""
        way = self.ways.get(invitation)
        if way is EntryPoint.TILE_DISCOVERY and pending(self, invitation):
            return None
        return super().cancel(invitation)


class AddressBookAsks(KnowsTheWay, Asks):
    """Asks the inviter before somebody from the Address Book is let in."""

    def asks(self, invitation: Invitation) -> bool:
        """Whether the invitation came from such a tile."""
        return self.ways.get(invitation.id) is EntryPoint.TILE_ADDRESS_BOOK


# The place on the list.


def _contacts(client: Client, entry: EntryPoint) -> Sequence[str]:
    """The contacts on the list of a tile; none for the icon."""
    list_ = entry.contact_list
    return () if list_ is None else client.device.spec.contacts.get(list_, ())


def _zero_is_none(client: Client, entry: EntryPoint, typed: str) -> str:
    contacts = _contacts(client, entry)
    return contacts[-1] if contacts and typed == contacts[0] else typed


def _last_is_first(client: Client, entry: EntryPoint, typed: str) -> str:
    contacts = _contacts(client, entry)
    return contacts[0] if contacts and typed == contacts[-1] else typed


def _lists_with(facts: SendFacts) -> list[ContactList]:
    """The contact lists that have the recipient."""
    recipient = facts.recipient
    return [
        list_
        for list_, contacts in facts.sender.contacts.items()
        if recipient is not None and recipient.id in contacts
    ]


def _single(_inviter: Inviter, facts: SendFacts) -> bool:
    list_ = facts.entry.contact_list
    return list_ is not None and len(facts.sender.contacts.get(list_, ())) == 1


def _in_several(_inviter: Inviter, facts: SendFacts) -> bool:
    return facts.entry.contact_list is not None and len(_lists_with(facts)) > 1


MUTANTS = (
    Mutant(
        name="invitations-by-alias-not-listed",
        clause="DIRECT-1",
        value="way to invite: icon by alias",
        defect="the inviter's list lacks the invitations that were sent by alias",
        make=variant(inviter=KnowsTheWay, reference=told("invitations", _not_by_alias)),
    ),
    Mutant(
        name="favorites-stay-pending",
        clause="EXPIRY-4",
        value="way to invite: tile in Favorites",
        defect="the inviter sees an expired invitation from Favorites as pending",
        make=variant(
            inviter=KnowsTheWay,
            reference=told("invitations", _favorites_never_expire),
        ),
    ),
    Mutant(
        name="recent-sessions-cannot-modify",
        clause="PENDING-1",
        value="way to invite: tile in Recent Sessions",
        defect="an invitation from a tile in Recent Sessions cannot be modified",
        make=variant(inviter=RecentSessionsCannotModify),
    ),
    Mutant(
        name="discovery-cannot-cancel",
        clause="PENDING-2",
        value="way to invite: tile in Discovery",
        defect="cancelling an invitation from a tile in Discovery has no effect",
        make=variant(inviter=DiscoveryCannotCancel),
    ),
    Mutant(
        name="address-book-asks",
        clause="SESSION-1",
        value="way to invite: tile in Address Book",
        defect="the inviter has to agree to an accept by a contact of the Address Book",
        make=variant(inviter=AddressBookAsks),
    ),
    Mutant(
        name="one-contact-is-no-list",
        clause="DIRECT-7",
        value="place in the list: only",
        defect="the tile of the only contact in a list does not invite",
        make=variant(inviter=refusing(NOT_HERE, _single)),
    ),
    Mutant(
        name="first-tile-invites-the-last",
        clause="NOTIFY-1",
        value="place in the list: first",
        defect="number 0 counts as none, so the first tile invites the last contact",
        make=variant(client=typing(_zero_is_none)),
    ),
    Mutant(
        name="last-tile-invites-the-first",
        clause="NOTIFY-2",
        value="place in the list: last",
        defect="the last tile of a list invites the first contact",
        make=variant(client=typing(_last_is_first)),
    ),
    Mutant(
        name="several-lists-are-none",
        clause="NOTIFY-5",
        value="lists with the contact: all",
        defect="the tile of a contact that is in several lists does not invite",
        make=variant(inviter=refusing(NOT_HERE, _in_several)),
    ),
)
