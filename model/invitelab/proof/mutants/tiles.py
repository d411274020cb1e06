"""Defects of the tiles of the contact lists."""

from dataclasses import replace

from invitelab.proof.mutants.base import Mutant, variant
from invitelab.protocol.menu import Offered
from invitelab.protocol.refusals import Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Address,
    ClientId,
    ClientSpec,
    ContactList,
    EntryPoint,
    Session,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter

MINUTE_US = 60 * US_PER_S


def _contact(client: Client, contact: str) -> ClientSpec | None:
    """Whoever is on the tile."""
    return client.device.relay.find(Address(contact))


def _has_no_alias(client: Client, contact: str) -> bool:
    known = _contact(client, contact)
    return known is not None and known.identity.alias is None


# What the tiles offer.


class FavoritesWithAlias(Client):
    """Offers no Invite in Favorites for contacts without an alias."""

    def menu(self) -> tuple[Offered, ...]:
        """The menu without these tiles."""
        return tuple(
            row
            for row in super().menu()
            if row.entry is not EntryPoint.TILE_FAVORITES
            or row.contact is None
            or not _has_no_alias(self, row.contact)
        )


class OneInvitePerContact(Client):
    """Offers Invite only in the first list of a contact."""

    def menu(self) -> tuple[Offered, ...]:
        """The menu without later tiles of a contact."""
        seen: set[ClientId] = set()
        rows: list[Offered] = []
        for row in super().menu():
            if row.contact is None or row.contact not in seen:
                rows.append(row)
            if row.contact is not None:
                seen.add(row.contact)
        return tuple(rows)


class DiscoveryOfTheAddressBook(Client):
    """Offers the tiles of the Address Book in Discovery, too."""

    def menu(self) -> tuple[Offered, ...]:
        """The menu with these tiles twice."""
        rows = super().menu()
        others = (row for row in rows if row.entry is EntryPoint.TILE_ADDRESS_BOOK)
        return (
            *rows,
            *(replace(row, entry=EntryPoint.TILE_DISCOVERY) for row in others),
        )


class AddressBookForgotten(Client):
    """Offers no Invite in the Address Book."""

    def menu(self) -> tuple[Offered, ...]:
        """The menu without these tiles."""
        entry = EntryPoint.TILE_ADDRESS_BOOK
        return tuple(row for row in super().menu() if row.entry is not entry)


# Recipients of tiles.


class FavoritesKeepTheFirst(Client):
    """Invites the first contact from every tile in Favorites."""

    first: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the contact of the first time."""
        if entry is EntryPoint.TILE_FAVORITES:
            typed = self.first = self.first or typed
        return super().send(entry, typed, profile)


class RecentSessionsCutIds(Client):
    """Cuts IDs to nine digits in Recent Sessions."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the client with these nine digits."""
        if entry is EntryPoint.TILE_RECENT_SESSIONS:
            typed = typed[:9]
        return super().send(entry, typed, profile)


class DiscoveryInvitesAll(Client):
    """Invites all contacts in Discovery."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the others as well."""
        sent = super().send(entry, typed, profile)
        if entry is EntryPoint.TILE_DISCOVERY:
            for other in self.device.spec.contacts.get(ContactList.DISCOVERY, ()):
                if other != typed:
                    super().send(entry, other, profile)
        return sent


class AddressBookInvitesTheFirst(Client):
    """Every tile of the Address Book invites the first contact of the list."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the first contact."""
        if entry is EntryPoint.TILE_ADDRESS_BOOK:
            book = self.device.spec.contacts.get(ContactList.ADDRESS_BOOK)
            typed = book[0] if book else typed
        return super().send(entry, typed, profile)


class AnyTileInvites(Inviter):
    """Does not check whether the contact is in the list of the tile."""

    def offers(self, entry: EntryPoint, recipient: ClientSpec | None) -> bool:
        """Whether the client offers Invite at all."""
        shows_tiles = super().offers(EntryPoint.ICON, recipient)
        tile = entry.contact_list is not None
        return shows_tiles if tile else super().offers(entry, recipient)


# What becomes of it.


class AliasLivesAMinute(Client):
    """Cancels an invitation by alias after one minute."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Schedule the cancellation."""
        sent = super().send(entry, typed, profile)
        if "@" in typed and not isinstance(sent, Refusal):
            self.device.after(MINUTE_US, self.take_back, sent)
        return sent

    def take_back(self, sent: str) -> None:
        """Cancel the invitation if it is pending."""
        self.inviter.cancel(sent)


class TileStartsWithTheFirst(Inviter):
    """Starts a session from a tile with the first profile."""

    from_tile = False

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Record the entry point."""
        self.from_tile = entry.contact_list is not None
        return super().send(entry, typed, profile_name, pending_from=pending_from)

    def start(self, session: Session) -> None:
        """Start with the first profile if it came from a tile."""
        if self.from_tile:
            first = self.device.spec.profiles[0].permissions
            session = replace(session, permissions=first)
        super().start(session)


MUTANTS = (
    Mutant(
        name="any-tile-invites",
        clause="DIRECT-9",
        defect="a tile invites a client that is not in its list",
        make=variant(inviter=AnyTileInvites),
    ),
    Mutant(
        name="favorites-need-an-alias",
        clause="TILE-1",
        defect="in Favorites the tile of a contact without an alias lacks Invite",
        make=variant(client=FavoritesWithAlias),
    ),
    Mutant(
        name="favorites-keep-the-first-contact",
        clause="TILE-1",
        defect="after the first time every tile in Favorites invites the same contact",
        make=variant(client=FavoritesKeepTheFirst),
    ),
    Mutant(
        name="one-invite-per-contact",
        clause="TILE-2",
        defect="a contact in two lists has Invite in the first one only",
        make=variant(client=OneInvitePerContact),
    ),
    Mutant(
        name="recent-sessions-cut-long-ids",
        clause="TILE-2",
        defect="a tile in Recent Sessions invites the first nine digits of its ID",
        make=variant(client=RecentSessionsCutIds),
    ),
    Mutant(
        name="discovery-invites-everybody",
        clause="TILE-3",
        defect="a tile in Discovery invites all discovered clients",
        make=variant(client=DiscoveryInvitesAll),
    ),
    Mutant(
        name="discovery-shows-the-address-book",
        clause="TILE-3",
        defect="the tiles of the Address Book offer Invite in Discovery too",
        make=variant(client=DiscoveryOfTheAddressBook),
    ),
    Mutant(
        name="address-book-forgotten",
        clause="TILE-4",
        defect="the tiles of the Address Book lack the Invite that all others have",
        make=variant(client=AddressBookForgotten),
    ),
    Mutant(
        name="tile-invites-the-first",
        clause="TILE-4",
        defect="every tile of the Address Book invites its first contact",
        make=variant(client=AddressBookInvitesTheFirst),
    ),
    Mutant(
        name="alias-invitations-live-a-minute",
        clause="TILE-5",
        defect="an invitation to an alias ends after one minute",
        make=variant(client=AliasLivesAMinute),
    ),
    Mutant(
        name="tile-sessions-get-the-first-profile",
        clause="TILE-5",
        defect="a session from a tile starts with the permissions of the first profile",
        make=variant(inviter=TileStartsWithTheFirst),
    ),
)
