"""Parts of step texts that several steps share, as regular expressions."""

import re
from collections.abc import Iterable

from pytest_bdd import parsers

NAME = "[A-Z][a-z]+"
LIST = "Favorites|Recent Sessions|Discovery|Address Book"
NUMBER = r"\d+"


def words(values: Iterable[str | None]) -> str:
    """An enumeration: `a`, `a and b`, `a, b and c`; `none` for an empty one."""
    *first, last = sorted({value or "none" for value in values}) or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def joined_digits(text: str) -> str:
    """The text without spaces between digits, so that a grouped ID is one number."""
    return re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", text)


def person(group: str) -> str:
    """Pattern of a person's name, as the named group `group`."""
    return f"(?P<{group}>{NAME})"


def phrase(pattern: str) -> parsers.re:
    """Parser of a step text; the pattern has to match the whole text."""
    return parsers.re(pattern)


PROFILE = '(?: with the permission profile "(?P<profile>[^"]+)")?'
HOW = f"(?: by (?P<form>ID|alias))?(?: from the tile in (?P<list_>{LIST}))?"
FROM = f"(?: from {person('inviter')})?"
TO = f"(?: to {person('recipient')})?"
WITH = f"(?: with {person('guest')})?"
EMAIL_ENTRY = "(?P<entry>the Invitation Email link|the context menu of the own ID)"
EMAIL_ENTRIES = {
    "the Invitation Email link": "invitation-email-link",
    "the context menu of the own ID": "id-menu.invite-via-email",
}
MENU_ENTRY = (
    "(?P<entry>the invitation icon|the Invitation Email link"
    "|the email option in the context menu of the own ID)"
)
MENU_ENTRIES = {
    "the invitation icon": "invitation-icon",
    "the Invitation Email link": "invitation-email-link",
    "the email option in the context menu of the own ID": "id-menu.invite-via-email",
}
