"""Steps about sessions as the clients show them: host, guest and permissions."""

import re
from collections.abc import Callable

from pytest_bdd import then

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.absence import arriving
from invitelab.conformance.features.steps.phrases import WITH, person, phrase, words
from invitelab.formats.run import Absent


def sessions(
    context: ScenarioContext,
    viewer: Person,
    host: str | None = None,
    guest: str | None = None,
) -> list[wire.SessionView]:
    """The sessions in a person's view, of this host and this guest if given."""
    return [
        row
        for row in context.view(viewer).sessions
        if host in {None, row.host} and guest in {None, row.guest}
    ]


@then(phrase(f"{person('guest')} controls the device of {person('host')}"))
def controls(context: ScenarioContext, guest: str, host: str) -> None:
    """Both views have a session of that host and that guest."""
    parties = (context.person(host), context.person(guest))

    def problem() -> str | None:
        for viewer in parties:
            if not sessions(context, viewer, parties[0].id, parties[1].id):
                return f"expected {guest} to control {host}, {viewer.name} sees no such"
        return None

    with arriving(Absent(source=guest, target=host, what="session"), ()):
        context.expect(problem)


@then(phrase(f"{person('guest')} does not control the device of {person('host')}"))
def does_not_control(context: ScenarioContext, guest: str, host: str) -> None:
    """Neither view has such a session after settling."""
    parties = (context.person(host), context.person(guest))

    def problem() -> str | None:
        for viewer in parties:
            if sessions(context, viewer, parties[0].id, parties[1].id):
                return f"{guest} controls the device of {host}: {viewer.name} sees it"
        return None

    context.expect_settled(problem)


@then(phrase("no session has started"))
def no_session(context: ScenarioContext) -> None:
    """No view has a session after settling."""

    def problem() -> str | None:
        for viewer in context.people.values():
            for row in sessions(context, viewer):
                guest, host = (
                    context.trace.name_of(end) for end in (row.guest, row.host)
                )
                return f"expected no session, found {guest} controlling {host}"
        return None

    context.expect_settled(problem)


@then(phrase("exactly one session has started"))
def one_session(context: ScenarioContext) -> None:
    """Exactly two views have a session, and it is the same one."""

    def problem() -> str | None:
        seen = {
            viewer.name: [(row.host, row.guest) for row in sessions(context, viewer)]
            for viewer in context.people.values()
        }
        counts = sorted(len(rows) for rows in seen.values() if rows)
        pairs = {pair for rows in seen.values() for pair in rows}
        if counts == [1, 1] and len(pairs) == 1:
            return None
        told = ", ".join(f"{name} {len(rows)}" for name, rows in seen.items())
        return f"expected exactly one session, the views have: {told}"

    context.expect(problem)
    context.expect_settled(problem)


def _the_session(
    context: ScenarioContext,
    guest: str | None,
    wrong: Callable[[frozenset[str]], str | None],
) -> None:
    """Check the permissions of the session in each view that has it."""
    context.require(Capability.SESSION_PERMISSIONS)
    guest_id = None if guest is None else context.person(guest).id

    def problem() -> str | None:
        viewers = 0
        for viewer in context.people.values():
            for row in sessions(context, viewer, None, guest_id):
                viewers += 1
                found = wrong(frozenset(row.permissions))
                if found:
                    return f"{found} (as {viewer.name} sees it)"
        return None if viewers else "expected a session, found none"

    context.expect(problem)
    context.expect_settled(problem)


def _exactly(expected: frozenset[str]) -> Callable[[frozenset[str]], str | None]:
    def wrong(found: frozenset[str]) -> str | None:
        missing, extra = sorted(expected - found), sorted(found - expected)
        if not missing and not extra:
            return None
        return f"permissions missing: {words(missing)}; too many: {words(extra)}"

    return wrong


SESSION_HAS = f"the session{WITH} has exactly the permissions"


@then(phrase(SESSION_HAS + ' of the permission profile "(?P<profile>[^"]+)"'))
def has_permissions_of(
    context: ScenarioContext, guest: str | None, profile: str
) -> None:
    """The session has the profile's permissions, as the host declared them."""
    to = None if guest is None else guest
    host = context.invitation(to=to).inviter
    _the_session(context, guest, _exactly(host.permissions_of(profile)))


@then(
    phrase(
        "the new session has exactly the permissions"
        ' of the permission profile "(?P<profile>[^"]+)"'
    )
)
def new_session_has_permissions_of(context: ScenarioContext, profile: str) -> None:
    """The session that the latest answer has started has the profile's permissions.

    As its host sees it: there the views before and after the answer are compared.
    """
    context.require(Capability.SESSION_PERMISSIONS)
    host = context.invitation().inviter
    wrong = _exactly(host.permissions_of(profile))

    def problem() -> str | None:
        new, _ = new_and_earlier(context, host)
        if not new:
            return f"expected a new session, {host.name} sees none"
        found = (wrong(frozenset(row.permissions)) for row in new)
        return next((text for text in found if text is not None), None)

    context.expect(problem)
    context.expect_settled(problem)


Rows = list[wire.SessionView]


def new_and_earlier(context: ScenarioContext, host: Person) -> tuple[Rows, Rows]:
    """The sessions that the latest answer has started, and those before, as shown."""
    before = context.before.get(host.name) or context.shown_before.get(host.name)
    known = set[str]() if before is None else {row.session for row in before.sessions}
    rows = sessions(context, host)
    return (
        [row for row in rows if row.session not in known],
        [row for row in rows if row.session in known],
    )


@then(
    phrase(
        "the (?P<which>new|earlier) session"
        ' (?P<verb>allows|denies) "(?P<permission>[a-z-]+)"(?P<both> at both ends)?'
    )
)
def new_or_earlier_allows(
    context: ScenarioContext, which: str, verb: str, permission: str, both: str | None
) -> None:
    """One of two sessions of the same two allows, or denies, this permission.

    As its host sees it, or as both do.
    """
    context.require(Capability.SESSION_PERMISSIONS)
    host = context.invitation().inviter

    def problem() -> str | None:
        everybody = context.people.values()
        ends = [one for one in everybody if sessions(context, one, host.id)]
        for viewer in ends if both and len(ends) > 1 else [host]:
            new, earlier = new_and_earlier(context, viewer)
            rows = new if which == "new" else earlier
            if not rows:
                return f"expected the {which} session, {viewer.name} sees none"
            if any((permission in r.permissions) != (verb == "allows") for r in rows):
                says = f"expected that the {which} session {verb} {permission}"
                return f"{says} (as {viewer.name} sees it)" if both else says
        return None

    context.expect(problem)
    context.expect_settled(problem)


@then(phrase(SESSION_HAS + ' "(?P<permissions>[a-z, -]*)"'))
def has_permissions(
    context: ScenarioContext, guest: str | None, permissions: str
) -> None:
    """The session has these permissions and no others."""
    expected = frozenset(re.findall("[a-z-]+", permissions))
    _the_session(context, guest, _exactly(expected))


@then(phrase(f'the session{WITH} (?P<verb>allows|denies) "(?P<permission>[a-z-]+)"'))
def allows(
    context: ScenarioContext, guest: str | None, verb: str, permission: str
) -> None:
    """The session allows, or denies, this permission."""

    def wrong(found: frozenset[str]) -> str | None:
        if (permission in found) == (verb == "allows"):
            return None
        return f"expected that the session {verb} {permission}"

    _the_session(context, guest, wrong)
