"""Where in the client an invitation can be started."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from peers.directory import Directory, Member

ICON = "invitation-icon"
EMAIL_LINK = "invitation-email-link"
EMAIL_MENU = "id-menu.invite-via-email"
CONTACT_LISTS = ("favorites", "recent-sessions", "discovery", "address-book")
EMAIL_ENTRIES = frozenset({EMAIL_LINK, EMAIL_MENU})

Contacts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point; a tile's Invite is there for one contact."""

    name: str
    contact: str | None = None


def entries(member: Member, contacts: Contacts, directory: Directory) -> list[Entry]:
    """Give what the client offers, from the bottom of the window to its top."""
    if not member.windows:
        return []
    email = [Entry(EMAIL_MENU), Entry(EMAIL_LINK)]
    if not member.direct:
        return email
    return [*_tiles(contacts, directory), *email, Entry(ICON)]


def _tiles(contacts: Contacts, directory: Directory) -> Iterator[Entry]:
    for name in CONTACT_LISTS:
        for contact in contacts.get(name, ()):
            known = directory.member(contact)
            # A contact before 7 could not be invited, so its tile has no Invite.
            if known is None or known.direct:
                yield Entry(f"tile.{name}", contact)


def email_text(member: Member) -> str:
    """Write the email: an address to connect to, and where to get the client."""
    return (
        f"Please connect to my device.\n\n"
        f"My AnyDesk address: {member.alias or _in_threes(member.id)}\n"
        f"Download AnyDesk: https://anydesk.com/\n"
    )


def _in_threes(member_id: str) -> str:
    head = len(member_id) % 3
    groups = [member_id[at : at + 3] for at in range(head, len(member_id), 3)]
    return " ".join([member_id[:head], *groups]).strip()
