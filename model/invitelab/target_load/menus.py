"""What a client must offer in its menus, by the required clauses."""

import re
from collections.abc import Callable, Iterator

from invitelab.adapters import messages
from invitelab.protocol.observed import Broken
from invitelab.protocol.values import ClientId, ClientSpec, EntryPoint, Platform

PHONES = frozenset({Platform.ANDROID, Platform.IOS})
EMAILS = frozenset({EntryPoint.EMAIL_LINK.value, EntryPoint.EMAIL_MENU.value})
TILES = {entry: entry.contact_list for entry in EntryPoint if entry.contact_list}
TILE_CLAUSES = {
    EntryPoint.TILE_FAVORITES: "TILE-1",
    EntryPoint.TILE_RECENT_SESSIONS: "TILE-2",
    EntryPoint.TILE_DISCOVERY: "TILE-3",
    EntryPoint.TILE_ADDRESS_BOOK: "TILE-4",
}

WEBSITE = re.compile(
    r"(?<![a-z0-9])https?://(?:[a-z0-9-]+\.)*anydesk\.com(?![a-z0-9-])", re.IGNORECASE
)
"""A link to the website (EMAIL-3)."""


def broken_by_menu(
    spec: ClientSpec, menu: messages.Menu, invitable: Callable[[ClientId], bool]
) -> Iterator[Broken]:
    """Every clause that the menu of a client breaks.

    `invitable` says of a contact whether its tile has to offer an invitation: whether
    that of a client below version 7 does is not judged.
    """
    entries = {row.entry for row in menu.entries}
    direct = {row.entry for row in menu.entries if row.entry not in EMAILS}
    if spec.platform is not Platform.WINDOWS:
        if direct or (spec.platform in PHONES and entries):
            what = f"a client on {spec.platform.value} offers {min(entries)}"
            yield Broken("PLATFORM-1", what)
    elif not spec.supports_direct:
        yield from _old(spec, entries, direct)
    else:
        yield from _new(spec, entries)
        yield from _tiles(spec, menu, invitable)


def _old(spec: ClientSpec, entries: set[str], direct: set[str]) -> Iterator[Broken]:
    if direct:
        yield Broken("DIRECT-2", f"version {spec.version} offers {min(direct)}")
    for entry, clause in (
        (EntryPoint.EMAIL_LINK, "EMAIL-5"),
        (EntryPoint.EMAIL_MENU, "EMAIL-6"),
    ):
        if entry.value not in entries:
            yield Broken(clause, f"version {spec.version} offers no {entry.value}")


def _new(spec: ClientSpec, entries: set[str]) -> Iterator[Broken]:
    for entry, clause in (
        (EntryPoint.ICON, "DIRECT-4"),
        (EntryPoint.EMAIL_MENU, "EMAIL-7"),
    ):
        if entry.value not in entries:
            yield Broken(clause, f"version {spec.version} offers no {entry.value}")


def _tiles(
    spec: ClientSpec, menu: messages.Menu, invitable: Callable[[ClientId], bool]
) -> Iterator[Broken]:
    for entry, list_ in TILES.items():
        contacts = {row.contact for row in menu.entries if row.entry == entry.value}
        own = spec.contacts.get(list_, ())
        for contact in own:
            if contact not in contacts and invitable(contact):
                what = f"{entry.value} does not offer to invite {contact}"
                yield Broken(TILE_CLAUSES[entry], what)
        for stranger in contacts.difference(own):
            what = f"{entry.value} offers to invite {stranger}, who is not in that list"
            yield Broken(TILE_CLAUSES[entry], what)


def broken_by_email(spec: ClientSpec, email: messages.EmailOpened) -> Iterator[Broken]:
    """Every clause that an email of a client breaks."""
    joined = email.text.replace(" ", "")
    addresses = [spec.id, spec.identity.alias or spec.id]
    if not any(address in joined for address in addresses):
        yield Broken("EMAIL-2", "the email has neither the ID nor the alias")
    if not spec.supports_direct:
        if not WEBSITE.search(email.text):
            yield Broken("EMAIL-3", "the email has no link to the website")
        if email.opened_with != "default-browser":
            what = f"the email opens in {email.opened_with}"
            yield Broken("EMAIL-4", what)
