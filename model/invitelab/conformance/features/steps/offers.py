"""Steps: menus, invitation emails, and session requests."""

import re
from unicodedata import category
from urllib.parse import urlsplit

from pytest_bdd import then

from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.outcomes import Blocked, ExpectationFailed
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_state import Email
from invitelab.conformance.features.people import LISTS, Person
from invitelab.conformance.features.steps.absence import arriving
from invitelab.conformance.features.steps.phrases import (
    LIST,
    MENU_ENTRIES,
    MENU_ENTRY,
    joined_digits,
    person,
    phrase,
    words,
)
from invitelab.formats.run import Absent

URL = re.compile(r"(?<![a-z0-9])https?://[^\s<>\"]+", re.IGNORECASE | re.ASCII)
WEBSITE = re.compile(r"([a-z0-9-]+\.)*anydesk\.com\.?", re.ASCII)
"""The host name of the website, or of a subdomain."""


def _needs_for(context: ScenarioContext, entry: str) -> None:
    icon = entry == "invitation-icon"
    context.require(Capability.DIRECT if icon else Capability.EMAIL)


@then(phrase(f"{person('name')} (?P<how>is|is not) offered {MENU_ENTRY}"))
def is_offered(context: ScenarioContext, name: str, how: str, entry: str) -> None:
    """The client's menu has, or has not, this entry point."""
    wanted = MENU_ENTRIES[entry]
    _needs_for(context, wanted)
    entries = {row.entry for row in context.menu(context.person(name)).entries}
    if (wanted in entries) != (how == "is"):
        msg = f"{name} {'lacks' if how == 'is' else 'is offered'} {entry}"
        raise ExpectationFailed(msg)


@then(
    phrase(
        f"{person('name')} (?P<how>is|is not) offered"
        ' the entry point "(?P<entry>[^"]+)"'
    )
)
def is_offered_further(
    context: ScenarioContext, name: str, how: str, entry: str
) -> None:
    """The client's menu has, or has not, an entry point by the name it has there."""
    entries = {row.entry for row in context.menu(context.person(name)).entries}
    if (entry in entries) != (how == "is"):
        msg = f"{name} {'lacks' if how == 'is' else 'is offered'} the entry {entry}"
        raise ExpectationFailed(msg)


@then(
    phrase(
        f"{person('name')} (?P<how>is|is not) offered Invite on the tile of"
        f" {person('contact')} in (?P<list_>{LIST})"
    )
)
def is_offered_tile(
    context: ScenarioContext, name: str, how: str, contact: str, list_: str
) -> None:
    """Invite in the context menu of one contact's tile."""
    context.require(Capability.TILES)
    context.require(Capability.DIRECT)
    wanted = (f"tile.{LISTS[list_]}", context.person(contact).id)
    rows = context.menu(context.person(name)).entries
    if (wanted in {(row.entry, row.contact) for row in rows}) != (how == "is"):
        lacks = "lacks" if how == "is" else "is offered"
        msg = f"{name} {lacks} Invite on the tile of {contact} in {list_}"
        raise ExpectationFailed(msg)


@then(phrase(f"{person('name')} is offered no Invite on any tile"))
def is_offered_no_tile(context: ScenarioContext, name: str) -> None:
    """No tile offers it."""
    rows = context.menu(context.person(name)).entries
    tiles = sorted(row.entry for row in rows if row.entry.startswith("tile."))
    if tiles:
        msg = f"{name} is offered Invite on a tile: {words(tiles)}"
        raise ExpectationFailed(msg)


@then(phrase(f"{person('name')} is offered no entry point"))
def is_offered_nothing(context: ScenarioContext, name: str) -> None:
    """No entry point at all."""
    entries = [row.entry for row in context.menu(context.person(name)).entries]
    if entries:
        msg = f"{name} is offered {words(entries)}"
        raise ExpectationFailed(msg)


@then(phrase("an email opens"))
def opens(context: ScenarioContext) -> None:
    """The email was opened, with whatever program."""
    email = context.email()
    if not email.opened.opened_with.strip():
        msg = "expected an email to open, it was opened with nothing"
        raise ExpectationFailed(msg)
    address_in(email)


@then(phrase("an email opens in the default browser"))
def opens_in_browser(context: ScenarioContext) -> None:
    """The email was opened with the default browser."""
    email = context.email()
    if email.opened.opened_with != "default-browser":
        msg = f"expected the default browser, found {email.opened.opened_with}"
        raise ExpectationFailed(msg)
    address_in(email)


@then(
    phrase(
        "the email contains (?P<what>the ID|the alias|the ID or the alias)"
        f" of {person('name')}"
    )
)
def contains_address(context: ScenarioContext, what: str, name: str) -> None:
    """The text contains the address; spaces within an ID are ignored."""
    if what == "the alias":
        context.require(Capability.ALIAS)
    someone, text = context.person(name), context.email().opened.text
    with_id, with_alias = has_id(text, someone), has_alias(text, someone)
    found = {
        "the ID": with_id,
        "the alias": with_alias,
        "the ID or the alias": with_id or with_alias,
    }
    if not found[what]:
        msg = f"expected {what} of {name} in the email"
        neither = not with_id and not with_alias
        raise Blocked("EMAIL-2", msg) if neither else ExpectationFailed(msg)


def has_id(text: str, someone: Person) -> bool:
    """Whether a text contains the ID, and not as a part of a longer number."""
    own_id = rf"(?<!\d){someone.id}(?!\d)"
    return re.search(own_id, joined_digits(text)) is not None


def has_alias(text: str, someone: Person) -> bool:
    """Whether a text contains the alias, and not as a part of another one."""
    if someone.alias is None:
        return False
    whole = rf"(?<![\w@])(?<!\w[.-]){re.escape(someone.alias)}(?![\w@]|[.-]\w)"
    return re.search(whole, text, re.ASCII) is not None


def address_in(email: Email) -> str:
    """The sender's alias, otherwise the ID, in the text of an email.

    Raises Blocked if it contains neither: that is not the email of this sender, and
    nothing else that is said of it is proven.
    """
    text, author = email.opened.text, email.author
    if author.alias is not None and has_alias(text, author):
        return author.alias
    if has_id(text, author):
        return author.id
    msg = f"the email contains neither the ID nor the alias of {author.name}"
    raise Blocked("EMAIL-2", msg)


@then(phrase("the email contains a link to the AnyDesk website"))
def contains_link(context: ScenarioContext) -> None:
    """The text contains an http or https address whose host is the website's."""
    email = context.email()
    if not has_link(email.opened.text):
        msg = "expected a link to the website in the email"
        raise ExpectationFailed(msg)
    address_in(email)


def has_link(text: str) -> bool:
    """Whether a text contains an address whose host is the website's."""
    return any(WEBSITE.fullmatch(_host(link)) for link in URL.findall(text))


def _host(link: str) -> str:
    """The host of a link, in lower case; empty if the link is not acceptable.

    Punctuation at the end belongs to the sentence around the link. A link with a user
    name before an @, a backslash (which browsers read as a slash) or control characters
    hides its host, and is not acceptable.
    """
    while link and category(link[-1])[0] in "PS" and link[-1] != "/":
        link = link[:-1]
    if "\\" in link or any(category(letter)[0] == "C" for letter in link):
        return ""
    try:
        parts = urlsplit(link)
        leads = parts.username is None and parts.port != 0
    except ValueError:  # half a bracket, no port, characters that turn into delimiters
        return ""
    return (parts.hostname or "") if leads else ""


@then(phrase(f"{person('host')} sees a session request from {person('caller')}"))
def sees_request(context: ScenarioContext, host: str, caller: str) -> None:
    """The host has a session request from the caller."""
    caller_id = context.person(caller).id

    def problem() -> str | None:
        asked = [row.from_ for row in context.view(context.person(host)).requests]
        return (
            None if caller_id in asked else f"expected a request, found {words(asked)}"
        )

    with arriving(Absent(source=caller, target=host, what="request"), ()):
        context.expect(problem)


@then(phrase(f"{person('host')} sees no session request"))
def sees_no_request(context: ScenarioContext, host: str) -> None:
    """The host has no session request after settling."""

    def problem() -> str | None:
        asked = context.view(context.person(host)).requests
        return f"expected no request, found {len(asked)}" if asked else None

    context.expect_settled(problem)
