"""Steps: outcomes, notifications, and the list of the inviter."""

from pytest_bdd import then, when

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.outcomes import Blocked, ExpectationFailed
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.absence import arriving
from invitelab.conformance.features.steps.phrases import person, phrase, words
from invitelab.formats.run import Absent

SURFACES = {"in the client": "client", "as a pop-up": "popup"}


# Looking.


@when(phrase("everybody looks at their client"))
def everybody_looks(context: ScenarioContext) -> None:
    """Ask for every view, and expect nothing of it."""
    for viewer in context.people.values():
        context.view(viewer)


# Outcomes.


@then(phrase("the attempt succeeds"))
def succeeds(context: ScenarioContext) -> None:
    """The newest operation was answered with ok."""
    outcome = context.outcome
    if outcome is None or outcome.refused is not None:
        reason = outcome.refused.reason if outcome and outcome.refused else None
        msg = f"expected the attempt to succeed, it was refused ({reason})"
        raise ExpectationFailed(msg)


@then(phrase("the attempt is refused"))
def is_refused(context: ScenarioContext) -> None:
    """The newest operation was answered with a refusal."""
    if context.outcome is None or context.outcome.refused is None:
        msg = "expected a refusal, the answer was ok"
        raise ExpectationFailed(msg)


# Notifications.


def shown(
    context: ScenarioContext, viewer: str, inviter: str | None, surface: str | None
) -> list[wire.NotificationView]:
    """The notifications in a view, from this inviter and on this surface if given."""
    sender = None if inviter is None else context.person(inviter).id
    return [
        row
        for row in context.view(context.person(viewer)).notifications
        if sender in {None, row.from_.id} and surface in {None, row.surface}
    ]


@then(
    phrase(
        f"{person('viewer')} sees the invitation from {person('inviter')}"
        "(?: (?P<place>in the client|as a pop-up in the bottom-right corner))?"
    )
)
def sees(
    context: ScenarioContext, viewer: str, inviter: str, place: str | None
) -> None:
    """The invitation is shown, on the named surface or on any."""
    surface = None
    if place is not None:
        surface = "client" if place == "in the client" else "popup"
    if surface == "popup":
        context.require(Capability.POPUP)

    rows: list[wire.NotificationView] = []

    def problem() -> str | None:
        rows[:] = shown(context, viewer, inviter, surface)
        corners = {row.corner for row in rows}
        if not rows:
            return f"expected {viewer} to see it {place or 'somewhere'}, found nothing"
        if surface == "popup" and corners != {"bottom-right"}:
            return f"expected the bottom-right corner, found {words(corners)}"
        return None

    what = "pop-up" if surface == "popup" else "invitation"
    with arriving(Absent(source=inviter, target=viewer, what=what), rows):
        context.expect(problem)


@then(
    phrase(
        f"{person('viewer')} sees no invitation(?: from {person('inviter')})?"
        "(?: (?P<place>in the client|as a pop-up))?"
    )
)
def sees_none(
    context: ScenarioContext, viewer: str, inviter: str | None, place: str | None
) -> None:
    """The invitation is not shown after settling."""
    surface = None if place is None else SURFACES[place]
    if surface == "popup":
        context.require(Capability.POPUP)

    def problem() -> str | None:
        rows = shown(context, viewer, inviter, surface)
        where = sorted({row.surface for row in rows})
        places = " and ".join(where)
        return f"expected no invitation, {viewer} sees one: {places}" if rows else None

    context.expect_settled(problem)


@then(
    phrase(
        f"{person('viewer')} sees exactly one invitation from {person('inviter')}"
        " (?P<place>in the client|as a pop-up)"
    )
)
def sees_one(context: ScenarioContext, viewer: str, inviter: str, place: str) -> None:
    """The invitation is shown exactly once on that surface."""
    surface = SURFACES[place]
    if surface == "popup":
        context.require(Capability.POPUP)
    rows: list[wire.NotificationView] = []

    def problem() -> str | None:
        rows[:] = shown(context, viewer, inviter, surface)
        count = len(rows)
        return None if count == 1 else f"expected one invitation, found {count}"

    with arriving(Absent(source=inviter, target=viewer, what="invitation"), rows):
        context.expect(problem)
        context.expect_settled(problem)


@then(
    phrase(
        f"the notification shows {person('viewer')}"
        f" (?P<what>the ID|the alias|no alias)(?: of {person('inviter')})?"
    )
)
def shows_identity(
    context: ScenarioContext, viewer: str, what: str, inviter: str | None
) -> None:
    """Every surface that shows the invitation shows its inviter."""
    if what == "the alias":
        context.require(Capability.ALIAS)
    author = context.invitation(inviter, viewer).inviter
    rows: list[wire.NotificationView] = []

    def problem() -> str | None:
        wrong: dict[str, str] = {}
        rows[:] = context.view(context.person(viewer)).notifications
        for row in rows:
            found = _wrong_identity(row.from_, author, what)
            if found:
                wrong[row.invitation] = f"{found} on the surface {row.surface}"
        if not rows:
            return f"expected {viewer} to see an invitation, found nothing"
        # Others may be shown beside it: one invitation must be right everywhere.
        right = {row.invitation for row in rows} - set(wrong)
        return None if right else next(iter(wrong.values()))

    with arriving(Absent(source=author.name, target=viewer, what="invitation"), rows):
        context.expect(problem)


def _wrong_identity(party: wire.Party, author: Person, what: str) -> str | None:
    if what == "the ID":
        digits = party.id.replace(" ", "")
        return (
            None if digits == author.id else f"expected {author.id}, found {party.id}"
        )
    expected = author.alias if what == "the alias" else None
    if party.alias == expected:
        return None
    alias = "no alias" if expected is None else f"the alias {expected}"
    return f"expected {alias}, found {party.alias or 'none'}"


@then(phrase(f"the notification lets {person('viewer')} accept and reject"))
def offers_answers(context: ScenarioContext, viewer: str) -> None:
    """Both actions are offered, on every surface that shows the invitation."""
    context.seen_by(viewer)  # it is that of somebody who takes part

    def problem() -> str | None:
        rows = shown(context, viewer, None, None)
        if not rows:
            return f"expected {viewer} to see an invitation, found nothing"
        for row in rows:
            missing = {"accept", "reject"} - set(row.actions)
            if missing:
                return f"{' and '.join(sorted(missing))} missing on {row.surface}"
        return None

    context.expect(problem)


@then(phrase(f"{person('name')} has got nothing of it"))
def has_nothing(context: ScenarioContext, name: str) -> None:
    """Nobody's invitation, session or request shows at somebody who takes no part."""
    seen: list[str] = []

    def problem() -> str | None:
        view = context.view(context.person(name))
        found = {
            "an invitation": view.notifications,
            "a session": view.sessions,
            "a request": view.requests,
        }
        seen[:] = [what for what, rows in found.items() if rows]
        return f"{name} takes no part, and sees {words(seen)}" if seen else None

    try:
        context.expect_settled(problem)
    except ExpectationFailed as failed:
        raise Blocked(OF_OTHERS[seen[0]], str(failed)) from failed


OF_OTHERS = {
    "an invitation": "NOTIFY-6",
    "a session": "SESSION-4",
    "a request": "EMAIL-8",
}
"""The clause by which somebody who takes no part sees nothing of it."""


# The inviter's list.


def listed(view: wire.View, id_: str) -> wire.InvitationView | None:
    """The inviter's entry of one invitation, if it is there."""
    return next((row for row in view.invitations if row.invitation == id_), None)


@then(
    phrase(
        f"{person('inviter')} sees the invitation to {person('recipient')} as pending"
    )
)
def is_pending(context: ScenarioContext, inviter: str, recipient: str) -> None:
    """The inviter's list has it as pending."""
    sent = context.invitation(inviter, recipient)

    def problem() -> str | None:
        row = listed(context.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.state
        return None if found == "pending" else f"expected it pending, found {found}"

    context.expect(problem)


@then(
    phrase(
        f"{person('inviter')} no longer sees the invitation to {person('recipient')}"
        " as pending"
    )
)
def is_not_pending(context: ScenarioContext, inviter: str, recipient: str) -> None:
    """The list has it in another state, or not at all."""
    sent = context.invitation(inviter, recipient)

    def problem() -> str | None:
        row = listed(context.view(sent.inviter), sent.id)
        pending = row is not None and row.state == "pending"
        return f"{inviter} still sees it as pending" if pending else None

    context.expect_settled(problem)


@then(
    phrase(
        f"{person('inviter')} sees the invitation to {person('recipient')} unchanged"
    )
)
def is_unchanged(context: ScenarioContext, inviter: str, recipient: str) -> None:
    """The entry is as before the latest attempt; one that had ended may be gone."""
    sent = context.invitation(inviter, recipient)
    if inviter not in context.before:
        msg = f"nothing was attempted that could change {inviter}'s list"
        raise ExpectationFailed(msg)
    before = listed(context.before[inviter], sent.id)

    def problem() -> str | None:
        after = listed(context.view(sent.inviter), sent.id)
        left_out = after is None and (before is None or before.state != "pending")
        if after == before or left_out:
            return None
        was = "nothing" if before is None else f"{before.state}, {before.profile}"
        now = "nothing" if after is None else f"{after.state}, {after.profile}"
        return f"expected its entry to stay ({was}), found ({now})"

    context.expect_settled(problem)


@then(
    phrase(
        f"the invitation to {person('recipient')}"
        ' has the permission profile "(?P<profile>[^"]+)"'
    )
)
def has_profile(context: ScenarioContext, recipient: str, profile: str) -> None:
    """The inviter's list names that profile."""
    sent = context.invitation(to=recipient)

    def problem() -> str | None:
        row = listed(context.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.profile
        return None if found == profile else f'expected "{profile}", found "{found}"'

    context.expect(problem)


@then(phrase(f"{person('inviter')}'s list shows the ID of {person('recipient')}"))
def lists_id(context: ScenarioContext, inviter: str, recipient: str) -> None:
    """The list has the recipient's ID, in whatever form it was typed."""
    sent = context.invitation(inviter, recipient)
    expected = context.person(recipient).id

    def problem() -> str | None:
        row = listed(context.view(sent.inviter), sent.id)
        found = "nothing" if row is None else row.to
        return None if found == expected else f"expected {expected}, found {found}"

    context.expect(problem)


@then(phrase(f"{person('inviter')} lists no invitation"))
def lists_none(context: ScenarioContext, inviter: str) -> None:
    """Nothing is pending in the inviter's list."""

    def problem() -> str | None:
        rows = context.view(context.person(inviter)).invitations
        pending = [row for row in rows if row.state == "pending"]
        return f"{inviter} lists {len(pending)} pending" if pending else None

    context.expect_settled(problem)
