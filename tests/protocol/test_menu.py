"""What a client offers, by version and platform, and what its email says."""

from dataclasses import replace

import pytest

from invitelab.protocol import menu
from invitelab.protocol.menu import WEBSITE, Offered, email_text, entry_points
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    ClientId,
    ClientSpec,
    ContactList,
    EntryPoint,
    Platform,
    Version,
)

BEA = ClientId("400500600")
CLEO = ClientId("700800900")
CONTACTS = {
    ContactList.FAVORITES: (BEA, CLEO),
    ContactList.RECENT_SESSIONS: (CLEO,),
    ContactList.DISCOVERY: (BEA,),
    ContactList.ADDRESS_BOOK: (BEA,),
}
TILES = (
    Offered(EntryPoint.TILE_FAVORITES, BEA),
    Offered(EntryPoint.TILE_FAVORITES, CLEO),
    Offered(EntryPoint.TILE_RECENT_SESSIONS, CLEO),
    Offered(EntryPoint.TILE_DISCOVERY, BEA),
    Offered(EntryPoint.TILE_ADDRESS_BOOK, BEA),
)
OLD = Version(6, 9, 9)


@pytest.fixture
def known(ada: ClientSpec) -> ClientSpec:
    """Give Ada with contacts in every list."""
    return replace(ada, contacts=CONTACTS)


def test_seven_offers_icon_email_and_tiles(known: ClientSpec) -> None:
    """One tile for each contact of each list (DIRECT-4, EMAIL-7, TILE-1 to TILE-4)."""
    expected = (
        Offered(EntryPoint.ICON),
        Offered(EntryPoint.EMAIL_MENU),
        *TILES,
    )
    assert expected == entry_points(known)


def test_without_contacts_there_are_no_tiles(ada: ClientSpec) -> None:
    """A tile is a contact's."""
    expected = (Offered(EntryPoint.ICON), Offered(EntryPoint.EMAIL_MENU))
    assert expected == entry_points(ada)


def test_before_seven_only_emails_are_offered(known: ClientSpec) -> None:
    """The link and the menu, and nothing direct (EMAIL-5, EMAIL-6, DIRECT-2)."""
    expected = (Offered(EntryPoint.EMAIL_LINK), Offered(EntryPoint.EMAIL_MENU))
    assert expected == entry_points(replace(known, version=OLD))


@pytest.mark.parametrize("version", [OLD, Version(7, 0, 0), Version(10, 0, 0)], ids=str)
@pytest.mark.parametrize("platform", [p for p in Platform if p is not Platform.WINDOWS])
def test_off_windows_nothing_is_offered(
    known: ClientSpec, platform: Platform, version: Version
) -> None:
    """Whatever the version (PLATFORM-1)."""
    assert () == entry_points(replace(known, platform=platform, version=version))


@pytest.mark.parametrize(
    ("prefers_alias", "alias", "expected"),
    [
        (True, "ada@ad", "ada@ad"),
        (True, None, "100200300"),
        (False, "ada@ad", "100200300"),
        (False, None, "100200300"),
    ],
)
def test_an_email_has_the_address(
    ada: ClientSpec, *, prefers_alias: bool, alias: str | None, expected: str
) -> None:
    """The alias where there is one, else the ID, unless flipped (EMAIL-2, EMAIL-10)."""
    spec = replace(ada, identity=replace(ada.identity, alias=alias))
    text = email_text(spec, Policy(email_prefers_the_alias=prefers_alias))
    assert [expected] == [name for name in ("ada@ad", "100200300") if name in text]


def test_an_email_has_the_website(ada: ClientSpec, policy: Policy) -> None:
    """A link that can be clicked (EMAIL-3)."""
    assert "https://anydesk.com" == WEBSITE
    assert WEBSITE in email_text(ada, policy).split()


@pytest.mark.parametrize("entry", EntryPoint)
@pytest.mark.parametrize("platform", [Platform.WINDOWS, Platform.MACOS])
@pytest.mark.parametrize("version", [Version(6, 9, 9), Version(7, 0, 0)])
@pytest.mark.parametrize(
    "contact", [None, ClientId("400500600"), ClientId("111111111")]
)
def test_what_is_offered_is_what_the_menu_shows(
    ada: ClientSpec,
    entry: EntryPoint,
    platform: Platform,
    version: Version,
    contact: ClientId | None,
) -> None:
    """`is_offered` and `entry_points` never differ."""
    contacts = {ContactList.FAVORITES: (BEA,)}
    spec = replace(ada, platform=platform, version=version, contacts=contacts)
    shown = any(
        offered.entry is entry and offered.contact in {None, contact}
        for offered in entry_points(spec)
    )
    assert shown == menu.is_offered(spec, entry, contact)
