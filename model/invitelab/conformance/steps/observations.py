"""What people see: every Then. Each looks long enough, and says what it found."""

import re
from collections.abc import Callable

from pytest_bdd import then

from invitelab.adapters import messages as wire
from invitelab.adapters.messages import Capability
from invitelab.conformance.outcomes import Unmet
from invitelab.conformance.people import LISTS, Person
from invitelab.conformance.stage import Email, Stage
from invitelab.conformance.steps.phrases import (
    LIST,
    MENU_ENTRIES,
    MENU_ENTRY,
    WITH,
    joined_digits,
    person,
    phrase,
)

WEBSITE = re.compile(r"https?://([a-z0-9-]+\.)*anydesk\.com\b", re.IGNORECASE)
SURFACES = {"in the client": "client", "as a pop-up": "popup"}


# Outcomes.


@then(phrase("the attempt succeeds"))
def succeeds(stage: Stage) -> None:
    """The newest operation was answered with ok."""
    outcome = stage.outcome
    if outcome is None or outcome.refused is not None:
        reason = outcome.refused.reason if outcome and outcome.refused else None
        msg = f"expected the attempt to succeed, it was refused ({reason})"
        raise Unmet(msg)


@then(phrase("the attempt is refused"))
def is_refused(stage: Stage) -> None:
    """The newest operation was answered with a refusal."""
    if stage.outcome is None or stage.outcome.refused is None:
        msg = "expected a refusal, the answer was ok"
        raise Unmet(msg)


# Notifications.


def shown(
    stage: Stage, viewer: str, inviter: str | None, surface: str | None
) -> list[wire.NotificationView]:
    """The notifications a person sees now, from somebody, on a surface."""
    sender = None if inviter is None else stage.person(inviter).id
    return [
        row
        for row in stage.view(stage.person(viewer)).notifications
        if sender in {None, row.from_.id} and surface in {None, row.surface}
    ]


@then(
    phrase(
        f"{person('viewer')} sees the invitation from {person('inviter')}"
        "(?: (?P<place>in the client|as a pop-up in the bottom-right corner))?"
    )
)
def sees(stage: Stage, viewer: str, inviter: str, place: str | None) -> None:
    """It is there, on the surface that is named or on any."""
    surface = None
    if place is not None:
        surface = "client" if place == "in the client" else "popup"
    if surface == "popup":
        stage.needs(Capability.POPUP)

    def problem() -> str | None:
        rows = shown(stage, viewer, inviter, surface)
        corners = {row.corner for row in rows}
        if not rows:
            return f"expected {viewer} to see it {place or 'somewhere'}, found nothing"
        if surface == "popup" and corners != {"bottom-right"}:
            return f"expected the bottom-right corner, found {corners}"
        return None

    stage.expect(problem)


@then(
    phrase(
        f"{person('viewer')} sees no invitation(?: from {person('inviter')})?"
        "(?: (?P<place>in the client|as a pop-up))?"
    )
)
def sees_none(
    stage: Stage, viewer: str, inviter: str | None, place: str | None
) -> None:
    """It is not there, once the target has settled."""
    surface = None if place is None else SURFACES[place]
    if surface == "popup":
        stage.needs(Capability.POPUP)

    def problem() -> str | None:
        rows = shown(stage, viewer, inviter, surface)
        where = sorted({row.surface for row in rows})
        return f"expected no invitation, {viewer} sees one: {where}" if rows else None

    stage.expect_settled(problem)


@then(
    phrase(
        f"{person('viewer')} sees exactly one invitation from {person('inviter')}"
        " in the client"
    )
)
def sees_one(stage: Stage, viewer: str, inviter: str) -> None:
    """One, not none and not two."""

    def problem() -> str | None:
        count = len(shown(stage, viewer, inviter, "client"))
        return None if count == 1 else f"expected one invitation, found {count}"

    stage.expect(problem)
    stage.expect_settled(problem)


@then(
    phrase(
        f"the notification shows {person('viewer')}"
        f" (?P<what>the ID|the alias|no alias)(?: of {person('inviter')})?"
    )
)
def shows_identity(stage: Stage, viewer: str, what: str, inviter: str | None) -> None:
    """Every surface that shows the invitation shows who it is from."""
    author = stage.invitation(inviter, viewer).inviter

    def problem() -> str | None:
        wrong: dict[str, str] = {}
        rows = stage.view(stage.person(viewer)).notifications
        for row in rows:
            found = _wrong_identity(row.from_, author, what)
            if found:
                wrong[row.invitation] = f"{found} on the surface {row.surface}"
        if not rows:
            return f"expected {viewer} to see an invitation, found nothing"
        # Others may be shown beside it: one invitation must be right everywhere.
        right = {row.invitation for row in rows} - set(wrong)
        return None if right else next(iter(wrong.values()))

    stage.expect(problem)


def _wrong_identity(party: wire.Party, author: Person, what: str) -> str | None:
    if what == "the ID":
        digits = party.id.replace(" ", "")
        return (
            None if digits == author.id else f"expected {author.id}, found {party.id}"
        )
    expected = author.alias if what == "the alias" else None
    if party.alias == expected:
        return None
    return f"expected the alias {expected}, found {party.alias}"


@then(phrase(f"the notification lets {person('viewer')} accept and reject"))
def offers_answers(stage: Stage, viewer: str) -> None:
    """Both actions, on every surface that shows it."""

    def problem() -> str | None:
        rows = shown(stage, viewer, None, None)
        if not rows:
            return f"expected {viewer} to see an invitation, found nothing"
        for row in rows:
            missing = {"accept", "reject"} - set(row.actions)
            if missing:
                return f"{' and '.join(sorted(missing))} missing on {row.surface}"
        return None

    stage.expect(problem)


# The inviter's list.


def listed(view: wire.View, id_: str) -> wire.InvitationView | None:
    """The inviter's entry of one invitation, if it is there."""
    return next((row for row in view.invitations if row.invitation == id_), None)


@then(
    phrase(
        f"{person('inviter')} sees the invitation to {person('recipient')} as pending"
    )
)
def is_pending(stage: Stage, inviter: str, recipient: str) -> None:
    """The inviter's list has it, pending."""
    sent = stage.invitation(inviter, recipient)

    def problem() -> str | None:
        row = listed(stage.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.state
        return None if found == "pending" else f"expected it pending, found {found}"

    stage.expect(problem)


@then(
    phrase(
        f"{person('inviter')} no longer sees the invitation to {person('recipient')}"
        " as pending"
    )
)
def is_not_pending(stage: Stage, inviter: str, recipient: str) -> None:
    """The list has it in another state, or no longer at all."""
    sent = stage.invitation(inviter, recipient)

    def problem() -> str | None:
        row = listed(stage.view(sent.inviter), sent.id)
        pending = row is not None and row.state == "pending"
        return f"{inviter} still sees it as pending" if pending else None

    stage.expect_settled(problem)


@then(
    phrase(
        f"{person('inviter')} sees the invitation to {person('recipient')} unchanged"
    )
)
def is_unchanged(stage: Stage, inviter: str, recipient: str) -> None:
    """The entry is what it was before the latest attempt, or is left out."""
    sent = stage.invitation(inviter, recipient)
    if inviter not in stage.before:
        msg = f"nothing was attempted that could change {inviter}'s list"
        raise Unmet(msg)
    before = listed(stage.before[inviter], sent.id)

    def problem() -> str | None:
        after = listed(stage.view(sent.inviter), sent.id)
        left_out = after is None and (before is None or before.state != "pending")
        if after == before or left_out:
            return None
        was = "nothing" if before is None else f"{before.state}, {before.profile}"
        now = "nothing" if after is None else f"{after.state}, {after.profile}"
        return f"expected its entry to stay ({was}), found ({now})"

    stage.expect_settled(problem)


@then(
    phrase(
        f"the invitation to {person('recipient')}"
        ' has the permission profile "(?P<profile>[^"]+)"'
    )
)
def has_profile(stage: Stage, recipient: str, profile: str) -> None:
    """The inviter's list names that profile."""
    sent = stage.invitation(to=recipient)

    def problem() -> str | None:
        row = listed(stage.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.profile
        return None if found == profile else f"expected {profile!r}, found {found!r}"

    stage.expect(problem)


@then(phrase(f"{person('inviter')}'s list shows the ID of {person('recipient')}"))
def lists_id(stage: Stage, inviter: str, recipient: str) -> None:
    """Whatever was typed, the list has the recipient's ID."""
    sent = stage.invitation(inviter, recipient)
    expected = stage.person(recipient).id

    def problem() -> str | None:
        row = listed(stage.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.to
        return None if found == expected else f"expected {expected}, found {found!r}"

    stage.expect(problem)


@then(phrase(f"{person('inviter')} lists no invitation"))
def lists_none(stage: Stage, inviter: str) -> None:
    """Nothing is pending in the inviter's list."""

    def problem() -> str | None:
        rows = stage.view(stage.person(inviter)).invitations
        pending = [row for row in rows if row.state == "pending"]
        return f"{inviter} lists {len(pending)} pending" if pending else None

    stage.expect_settled(problem)


# Sessions.


def sessions(
    stage: Stage, viewer: Person, host: str | None = None, guest: str | None = None
) -> list[wire.SessionView]:
    """The sessions a person sees, of that host and that guest."""
    return [
        row
        for row in stage.view(viewer).sessions
        if host in {None, row.host} and guest in {None, row.guest}
    ]


@then(phrase(f"{person('guest')} controls the device of {person('host')}"))
def controls(stage: Stage, guest: str, host: str) -> None:
    """A session of that host and that guest is in both views."""
    parties = (stage.person(host), stage.person(guest))

    def problem() -> str | None:
        for viewer in parties:
            if not sessions(stage, viewer, parties[0].id, parties[1].id):
                return f"expected {guest} to control {host}, {viewer.name} sees no such"
        return None

    stage.expect(problem)


@then(phrase(f"{person('guest')} does not control the device of {person('host')}"))
def does_not_control(stage: Stage, guest: str, host: str) -> None:
    """No such session in either view, once settled."""
    parties = (stage.person(host), stage.person(guest))

    def problem() -> str | None:
        for viewer in parties:
            if sessions(stage, viewer, parties[0].id, parties[1].id):
                return f"{guest} controls the device of {host}: {viewer.name} sees it"
        return None

    stage.expect_settled(problem)


@then(phrase("no session has started"))
def no_session(stage: Stage) -> None:
    """Nobody sees a session, once settled."""

    def problem() -> str | None:
        for viewer in stage.people.values():
            for row in sessions(stage, viewer):
                guest, host = (
                    stage.trace.name_of(end) for end in (row.guest, row.host)
                )
                return f"expected no session, found {guest} controlling {host}"
        return None

    stage.expect_settled(problem)


@then(phrase("exactly one session has started"))
def one_session(stage: Stage) -> None:
    """Each of two parties sees one session, and it is the same."""

    def problem() -> str | None:
        seen = {
            viewer.name: [(row.host, row.guest) for row in sessions(stage, viewer)]
            for viewer in stage.people.values()
        }
        counts = sorted(len(rows) for rows in seen.values() if rows)
        pairs = {pair for rows in seen.values() for pair in rows}
        if counts == [1, 1] and len(pairs) == 1:
            return None
        told = ", ".join(f"{name} {len(rows)}" for name, rows in seen.items())
        return f"expected exactly one session, people see: {told}"

    stage.expect(problem)
    stage.expect_settled(problem)


def _the_session(
    stage: Stage, guest: str | None, wrong: Callable[[frozenset[str]], str | None]
) -> None:
    """Judge the permissions of the session, as its host and its guest see them."""
    guest_id = None if guest is None else stage.person(guest).id

    def problem() -> str | None:
        viewers = 0
        for viewer in stage.people.values():
            for row in sessions(stage, viewer, None, guest_id):
                viewers += 1
                found = wrong(frozenset(row.permissions))
                if found:
                    return f"{found} (as {viewer.name} sees it)"
        return None if viewers else "expected a session, found none"

    stage.expect(problem)
    stage.expect_settled(problem)


def _exactly(expected: frozenset[str]) -> Callable[[frozenset[str]], str | None]:
    def wrong(found: frozenset[str]) -> str | None:
        missing, extra = sorted(expected - found), sorted(found - expected)
        if not missing and not extra:
            return None
        return f"permissions missing: {missing}, too many: {extra}"

    return wrong


SESSION_HAS = f"the session{WITH} has exactly the permissions"


@then(phrase(SESSION_HAS + ' of the permission profile "(?P<profile>[^"]+)"'))
def has_permissions_of(stage: Stage, guest: str | None, profile: str) -> None:
    """The profile's permissions as the host declared them at the start."""
    to = None if guest is None else guest
    host = stage.invitation(to=to).inviter
    _the_session(stage, guest, _exactly(host.permissions_of(profile)))


@then(phrase(SESSION_HAS + ' "(?P<permissions>[a-z, -]*)"'))
def has_permissions(stage: Stage, guest: str | None, permissions: str) -> None:
    """These and no others."""
    expected = frozenset(re.findall("[a-z-]+", permissions))
    _the_session(stage, guest, _exactly(expected))


@then(phrase(f'the session{WITH} (?P<verb>allows|denies) "(?P<permission>[a-z-]+)"'))
def allows(stage: Stage, guest: str | None, verb: str, permission: str) -> None:
    """One permission, whatever the others are."""

    def wrong(found: frozenset[str]) -> str | None:
        if (permission in found) == (verb == "allows"):
            return None
        return f"expected the session to {verb.removesuffix('s')} {permission!r}"

    _the_session(stage, guest, wrong)


# Menus.


def _needs_for(stage: Stage, entry: str) -> None:
    icon = entry == "invitation-icon"
    stage.needs(Capability.DIRECT if icon else Capability.EMAIL)


@then(phrase(f"{person('name')} (?P<how>is|is not) offered {MENU_ENTRY}"))
def is_offered(stage: Stage, name: str, how: str, entry: str) -> None:
    """An entry point of the client."""
    wanted = MENU_ENTRIES[entry]
    _needs_for(stage, wanted)
    entries = {row.entry for row in stage.menu(stage.person(name)).entries}
    if (wanted in entries) != (how == "is"):
        msg = f"{name} {'lacks' if how == 'is' else 'is offered'} {entry}"
        raise Unmet(msg)


@then(
    phrase(
        f"{person('name')} (?P<how>is|is not) offered Invite on the tile of"
        f" {person('contact')} in (?P<list_>{LIST})"
    )
)
def is_offered_tile(
    stage: Stage, name: str, how: str, contact: str, list_: str
) -> None:
    """Invite in the context menu of one contact's tile."""
    stage.needs(Capability.TILES)
    stage.needs(Capability.DIRECT)
    wanted = (f"tile.{LISTS[list_]}", stage.person(contact).id)
    rows = stage.menu(stage.person(name)).entries
    if (wanted in {(row.entry, row.contact) for row in rows}) != (how == "is"):
        lacks = "lacks" if how == "is" else "is offered"
        msg = f"{name} {lacks} Invite on the tile of {contact} in {list_}"
        raise Unmet(msg)


@then(phrase(f"{person('name')} is offered no Invite on any tile"))
def is_offered_no_tile(stage: Stage, name: str) -> None:
    """No tile offers it."""
    rows = stage.menu(stage.person(name)).entries
    tiles = sorted(row.entry for row in rows if row.entry.startswith("tile."))
    if tiles:
        msg = f"{name} is offered Invite on a tile: {tiles}"
        raise Unmet(msg)


@then(phrase(f"{person('name')} is offered no entry point"))
def is_offered_nothing(stage: Stage, name: str) -> None:
    """No entry point at all."""
    entries = [row.entry for row in stage.menu(stage.person(name)).entries]
    if entries:
        msg = f"{name} is offered {entries}"
        raise Unmet(msg)


# Emails and requests.


def _email(stage: Stage) -> Email:
    if not stage.emails:
        msg = "expected an email, none was opened"
        raise Unmet(msg)
    return stage.emails[-1]


@then(phrase("an email opens in the default browser"))
def opens_in_browser(stage: Stage) -> None:
    """Opened, and with the default browser."""
    opened_with = _email(stage).opened.opened_with
    if opened_with != "default-browser":
        msg = f"expected the default browser, found {opened_with!r}"
        raise Unmet(msg)


@then(
    phrase(
        "the email contains (?P<what>the ID|the alias|the ID or the alias)"
        f" of {person('name')}"
    )
)
def contains_address(stage: Stage, what: str, name: str) -> None:
    """The address stands in the text; spaces within an ID do not count."""
    someone = stage.person(name)
    has_id = _has_id(stage, someone)
    has_alias = someone.alias is not None and someone.alias in _email(stage).opened.text
    found = {
        "the ID": has_id,
        "the alias": has_alias,
        "the ID or the alias": has_id or has_alias,
    }
    if not found[what]:
        msg = f"expected {what} of {name} in the email"
        raise Unmet(msg)


def _has_id(stage: Stage, someone: Person) -> bool:
    own_id = rf"(?<!\d){someone.id}(?!\d)"
    return re.search(own_id, joined_digits(_email(stage).opened.text)) is not None


@then(phrase(f"the email does not contain the ID of {person('name')}"))
def lacks_id(stage: Stage, name: str) -> None:
    """Not beside the alias either."""
    if _has_id(stage, stage.person(name)):
        msg = f"expected no ID of {name} in the email"
        raise Unmet(msg)


@then(phrase("the email contains a link to the AnyDesk website"))
def contains_link(stage: Stage) -> None:
    """An http or https address of the website."""
    if not WEBSITE.search(_email(stage).opened.text):
        msg = "expected a link to the website in the email"
        raise Unmet(msg)


@then(phrase(f"{person('host')} sees a session request from {person('caller')}"))
def sees_request(stage: Stage, host: str, caller: str) -> None:
    """The host is asked."""
    caller_id = stage.person(caller).id

    def problem() -> str | None:
        asked = [row.from_ for row in stage.view(stage.person(host)).requests]
        return None if caller_id in asked else f"expected a request, found {asked}"

    stage.expect(problem)


@then(phrase(f"{person('host')} sees no session request"))
def sees_no_request(stage: Stage, host: str) -> None:
    """Nobody asks, once settled."""

    def problem() -> str | None:
        asked = stage.view(stage.person(host)).requests
        return f"expected no request, found {len(asked)}" if asked else None

    stage.expect_settled(problem)
