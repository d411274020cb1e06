"""What an inviter does: send, change, cancel, write an email, edit a profile."""

import re

from pytest_bdd import given, when

from invitelab.adapters import messages as wire
from invitelab.adapters.messages import Capability
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.scenario_context import Email, ScenarioContext
from invitelab.conformance.features.people import LISTS, Person
from invitelab.conformance.features.steps.phrases import (
    EMAIL_ENTRIES,
    EMAIL_ENTRY,
    HOW,
    PROFILE,
    TO,
    person,
    phrase,
)
from invitelab.errors import HarnessError

QUOTED = '"(?P<typed>[^"]*)"'
NEW_PROFILE = 'to the permission profile "(?P<profile>[^"]+)"'


def succeeded(outcome: wire.OutcomeBase, what: str) -> None:
    """Unmet when a Given step was refused."""
    if outcome.refused is not None:
        reason = outcome.refused.reason or "no reason given"
        msg = f"{what} was refused ({reason})"
        raise ExpectationFailed(msg)


def typed_address(recipient: Person, form: str | None) -> str:
    """What the inviter types: the ID unless the alias was asked for."""
    if form != "alias":
        return recipient.id
    if recipient.alias is None:
        msg = f"{recipient.name} has no alias to be invited by"
        raise HarnessError(msg)
    return recipient.alias


@when(
    phrase(f"{person('inviter')} invites {person('recipient')}{HOW}{PROFILE}"),
)
def invites(
    stage: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    form: str | None,
    list_: str | None,
    profile: str | None,
) -> None:
    """Try to invite somebody: by icon and ID unless the sentence says otherwise."""
    entry = "invitation-icon"
    if list_ is not None:
        stage.needs(Capability.TILES)
        entry = f"tile.{LISTS[list_]}"
    to = stage.person(recipient)
    stage.send(
        stage.person(inviter),
        to,
        entry=entry,
        to=typed_address(to, form),
        profile=profile or "Default",
    )


@given(
    phrase(f"{person('inviter')} has invited {person('recipient')}{HOW}{PROFILE}"),
)
def has_invited(
    stage: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    form: str | None,
    list_: str | None,
    profile: str | None,
) -> None:
    """The invitation was sent, and its recipient has seen it."""
    invites(stage, inviter, recipient, form=form, list_=list_, profile=profile)
    assert stage.outcome is not None, "the attempt was made"
    succeeded(stage.outcome, f"{inviter}'s invitation to {recipient}")
    stage.seen_by(recipient, inviter)


@when(phrase(f"{person('inviter')} invites {QUOTED}{PROFILE}"))
def invites_typed(
    stage: ScenarioContext, inviter: str, typed: str, profile: str | None
) -> None:
    """Try to invite whoever has the typed address, through the icon."""
    digits = typed.replace(" ", "")
    recipient = next(
        (
            entry
            for entry in stage.people.values()
            if digits == entry.id or typed.lower() == entry.alias
        ),
        None,
    )
    stage.send(
        stage.person(inviter),
        recipient,
        entry="invitation-icon",
        to=typed,
        profile=profile or "Default",
    )


@when(phrase(f"{person('inviter')} changes the invitation{TO} {NEW_PROFILE}"))
def changes(
    stage: ScenarioContext, inviter: str, recipient: str | None, profile: str
) -> None:
    """Try to give a sent invitation another permission profile."""
    sent = stage.invitation(inviter, recipient)
    stage.remember(inviter)
    stage.attempt(
        "invitation.modify", sent.inviter, invitation=sent.id, profile=profile
    )


@given(phrase(f"{person('inviter')} has changed the invitation{TO} {NEW_PROFILE}"))
def has_changed(
    stage: ScenarioContext, inviter: str, recipient: str | None, profile: str
) -> None:
    """The invitation was given another permission profile."""
    changes(stage, inviter, recipient, profile)
    assert stage.outcome is not None, "the attempt was made"
    succeeded(stage.outcome, f"{inviter}'s change of the invitation")


@when(phrase(f"{person('inviter')} cancels the invitation{TO}"))
def cancels(stage: ScenarioContext, inviter: str, recipient: str | None) -> None:
    """Try to take a sent invitation back."""
    sent = stage.invitation(inviter, recipient)
    stage.remember(inviter)
    stage.attempt("invitation.cancel", sent.inviter, invitation=sent.id)


@given(phrase(f"{person('inviter')} has cancelled the invitation{TO}"))
def has_cancelled(stage: ScenarioContext, inviter: str, recipient: str | None) -> None:
    """The invitation was taken back."""
    cancels(stage, inviter, recipient)
    assert stage.outcome is not None, "the attempt was made"
    succeeded(stage.outcome, f"{inviter}'s cancelling of the invitation")


@when(phrase(f"{person('author')} starts an invitation email from {EMAIL_ENTRY}"))
def starts_email(stage: ScenarioContext, author: str, entry: str) -> None:
    """Try to open an invitation email."""
    writer = stage.person(author)
    outcome = stage.attempt(
        "invitation.email", writer, wire.EmailOutcome, entry=EMAIL_ENTRIES[entry]
    )
    if isinstance(outcome, wire.EmailOutcome) and outcome.ok is not None:
        stage.emails.append(Email(author=writer, opened=outcome.ok, at_ms=stage.now_ms))


@given(phrase(f"{person('author')} has started an invitation email from {EMAIL_ENTRY}"))
def has_started_email(stage: ScenarioContext, author: str, entry: str) -> None:
    """An invitation email was opened."""
    starts_email(stage, author, entry)
    assert stage.outcome is not None, "the attempt was made"
    succeeded(stage.outcome, f"{author}'s invitation email")


PERMISSIONS = '"(?P<permissions>[a-z, -]*)"'


@when(
    phrase(
        f"{person('owner')} edits the permission profile"
        f' "(?P<profile>[^"]+)" to {PERMISSIONS}'
    )
)
def edits_profile(
    stage: ScenarioContext, owner: str, profile: str, permissions: str
) -> None:
    """Try to give a stored profile other permissions."""
    stage.attempt(
        "profile.edit",
        stage.person(owner),
        profile=profile,
        permissions=re.findall("[a-z-]+", permissions),
    )
