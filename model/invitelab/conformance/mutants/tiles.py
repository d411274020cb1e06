"""Sins in the tiles of the contact lists."""

from dataclasses import replace

from invitelab.conformance.mutants.base import Mutant, variant
from invitelab.protocol.menu import Offered
from invitelab.protocol.messages import FromHost, Offer
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    US_PER_S,
    Address,
    ClientId,
    ClientSpec,
    ContactList,
    EntryPoint,
    Identity,
    Invitation,
    Session,
)
from invitelab.world.client import Client
from invitelab.world.inviter import Inviter

MINUTE_US = 60 * US_PER_S
UNKNOWN = Refusal(Reason.UNKNOWN_RECIPIENT, "nobody has that address")


def _contact(client: Client, contact: str) -> ClientSpec | None:
    """Whoever is on the tile."""
    return client.site.relay.find(Address(contact))


def _has_no_alias(client: Client, contact: str) -> bool:
    known = _contact(client, contact)
    return known is not None and known.identity.alias is None


# What the tiles offer.


class FavoritesWithAlias(Client):
    """Favorites show aliases, and Invite belongs to the alias."""

    def menu(self) -> tuple[Offered, ...]:
        """Leave out who has none."""
        return tuple(
            row
            for row in super().menu()
            if row.entry is not EntryPoint.TILE_FAVORITES
            or row.contact is None
            or not _has_no_alias(self, row.contact)
        )


class OneInvitePerContact(Client):
    """A contact that is in two lists is the same object in both."""

    def menu(self) -> tuple[Offered, ...]:
        """Leave out what stands in an earlier list."""
        seen: set[ClientId] = set()
        rows: list[Offered] = []
        for row in super().menu():
            if row.contact is None or row.contact not in seen:
                rows.append(row)
            if row.contact is not None:
                seen.add(row.contact)
        return tuple(rows)


class DiscoveryOfTheAddressBook(Client):
    """Discovery holds the tiles of the Address Book too."""

    def menu(self) -> tuple[Offered, ...]:
        """Offer them once more."""
        rows = super().menu()
        others = (row for row in rows if row.entry is EntryPoint.TILE_ADDRESS_BOOK)
        return (
            *rows,
            *(replace(row, entry=EntryPoint.TILE_DISCOVERY) for row in others),
        )


# Whom they invite.


class FavoritesKeepTheFirst(Client):
    """The dialog behind Favorites is filled in once."""

    first: str | None = None

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Take the contact of the first time."""
        if entry is EntryPoint.TILE_FAVORITES:
            typed = self.first = self.first or typed
        return super().send(entry, typed, profile)


class RecentSessionsCutIds(Client):
    """Recent Sessions keep nine digits of an ID."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite whoever has those."""
        if entry is EntryPoint.TILE_RECENT_SESSIONS:
            typed = typed[:9]
        return super().send(entry, typed, profile)


class DiscoveryInvitesAll(Client):
    """Invite in Discovery is for the whole list."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Invite the others as well."""
        sent = super().send(entry, typed, profile)
        if entry is EntryPoint.TILE_DISCOVERY:
            for other in self.site.spec.contacts.get(ContactList.DISCOVERY, ()):
                if other != typed:
                    super().send(entry, other, profile)
        return sent


class AddressBookNeedsAlias(Client):
    """The Address Book looks its contacts up by alias."""

    def send(self, entry: EntryPoint, typed: str, profile: str) -> str | Refusal:
        """Not find who has none."""
        if entry is EntryPoint.TILE_ADDRESS_BOOK and _has_no_alias(self, typed):
            return UNKNOWN
        return super().send(entry, typed, profile)


class AnyTileInvites(Inviter):
    """Whether the contact is in the tile's list is not looked at."""

    def offers(self, entry: EntryPoint, recipient: ClientSpec | None) -> bool:
        """Take every tile for one that is there."""
        shows_tiles = super().offers(EntryPoint.ICON, recipient)
        tile = entry.contact_list is not None
        return shows_tiles if tile else super().offers(entry, recipient)


# What becomes of it.


class FromATile(Inviter):
    """An invitation from a tile is another kind of invitation."""

    from_tile = False

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Remember where the newest one came from."""
        self.from_tile = entry.contact_list is not None
        return super().send(entry, typed, profile_name, pending_from=pending_from)


class TileLivesAMinute(FromATile):
    """It has half the time."""

    def send(
        self,
        entry: EntryPoint,
        typed: str,
        profile_name: str,
        *,
        pending_from: frozenset[ClientId],
    ) -> str | Refusal:
        """Take it back after a minute."""
        sent = super().send(entry, typed, profile_name, pending_from=pending_from)
        if isinstance(sent, str) and self.from_tile:
            self.site.after(MINUTE_US, self.take_back, sent)
        return sent

    def take_back(self, sent: str) -> None:
        """Cancel it, unless it has ended."""
        self.cancel(sent)


class TileStartsWithTheFirst(FromATile):
    """The session is started with the first profile."""

    def start(self, session: Session) -> None:
        """Forget what was chosen."""
        if self.from_tile:
            first = self.site.spec.profiles[0].permissions
            session = replace(session, permissions=first)
        super().start(session)


class TileHidesTheAlias(FromATile):
    """The notification is filled in from the contact list, which has IDs only."""

    def tell(self, invitation: Invitation, to: ClientId, message: FromHost) -> None:
        """Send no alias along."""
        if self.from_tile and isinstance(message, Offer):
            anonymous = Identity(id=message.sender.id, alias=None)
            message = replace(message, sender=anonymous)
        super().tell(invitation, to, message)


MUTANTS = (
    Mutant(
        name="favorites-need-an-alias",
        clause="TILE-1",
        sin="in Favorites the tile of a contact without an alias lacks Invite",
        make=variant(client=FavoritesWithAlias),
    ),
    Mutant(
        name="favorites-keep-the-first-contact",
        clause="TILE-1",
        sin="after the first time every tile in Favorites invites the same contact",
        make=variant(client=FavoritesKeepTheFirst),
    ),
    Mutant(
        name="one-invite-per-contact",
        clause="TILE-2",
        sin="a contact who is in Favorites has no Invite in the other lists",
        make=variant(client=OneInvitePerContact),
    ),
    Mutant(
        name="recent-sessions-cut-long-ids",
        clause="TILE-2",
        sin="a tile in Recent Sessions invites the first nine digits of its ID",
        make=variant(client=RecentSessionsCutIds),
    ),
    Mutant(
        name="discovery-invites-everybody",
        clause="TILE-3",
        sin="a tile in Discovery invites all who were discovered",
        make=variant(client=DiscoveryInvitesAll),
    ),
    Mutant(
        name="discovery-shows-the-address-book",
        clause="TILE-3",
        sin="the tiles of the Address Book offer Invite in Discovery too",
        make=variant(client=DiscoveryOfTheAddressBook),
    ),
    Mutant(
        name="address-book-needs-an-alias",
        clause="TILE-4",
        sin="a tile in the Address Book finds nobody who has no alias",
        make=variant(client=AddressBookNeedsAlias),
    ),
    Mutant(
        name="tile-invitations-live-a-minute",
        clause="TILE-5",
        sin="an invitation from a tile ends after one minute",
        make=variant(inviter=TileLivesAMinute),
    ),
    Mutant(
        name="tile-sessions-get-the-first-profile",
        clause="TILE-5",
        sin="a session from a tile starts with the permissions of the first profile",
        make=variant(inviter=TileStartsWithTheFirst),
    ),
    Mutant(
        name="tiles-hide-the-alias",
        clause="TILE-5",
        sin="an invitation from a tile shows no alias of its inviter",
        make=variant(inviter=TileHidesTheAlias),
    ),
    Mutant(
        name="any-tile-invites",
        clause="DIRECT-9",
        sin="a tile invites somebody who is not in its list",
        make=variant(inviter=AnyTileInvites),
    ),
)
