"""Steps of an inviter: send, change, cancel, write an email, edit a profile."""

import re

from pytest_bdd import given, when

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.outcomes import (
    Blocked,
    ExpectationFailed,
    WithoutEffect,
)
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.execution.scenario_state import Email, Sent
from invitelab.conformance.features.people import LISTS, Person
from invitelab.conformance.features.steps.phrases import (
    EMAIL_ENTRIES,
    EMAIL_ENTRY,
    HOW,
    NUMBER,
    PROFILE,
    TO,
    person,
    phrase,
)
from invitelab.errors import ScenarioTextError
from invitelab.protocol.values import Version

QUOTED = '"(?P<typed>[^"]*)"'
NEW_PROFILE = 'to the permission profile "(?P<profile>[^"]+)"'


def succeeded(outcome: wire.OutcomeBase, what: str, clause: str | None = None) -> None:
    """Raise Blocked if the operation of a Given step was refused.

    `clause` demands the operation; ExpectationFailed where no clause does.
    """
    if outcome.refused is not None:
        reason = outcome.refused.reason or "no reason given"
        msg = f"{what} was refused ({reason})"
        raise ExpectationFailed(msg) if clause is None else Blocked(clause, msg)


def typed_address(recipient: Person, form: str | None) -> str:
    """The address to type: the ID, unless the step names the alias."""
    if form != "alias":
        return recipient.id
    if recipient.alias is None:
        msg = f"{recipient.name} has no alias to be invited by"
        raise ScenarioTextError(msg)
    return recipient.alias


@when(
    phrase(f"{person('inviter')} invites {person('recipient')}{HOW}{PROFILE}"),
)
def invites(
    context: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    form: str | None,
    list_: str | None,
    profile: str | None,
) -> None:
    """Try to invite a person, by icon and ID unless the step says otherwise."""
    entry = "invitation-icon"
    if list_ is not None:
        context.require(Capability.TILES)
        entry = f"tile.{LISTS[list_]}"
    if form == "alias":
        context.require(Capability.ALIAS)
    to = context.person(recipient)
    context.send(
        context.person(inviter),
        to,
        entry=entry,
        to=typed_address(to, form),
        profile=profile or "Default",
    )


@when(
    phrase(
        f"{person('inviter')} invites {person('recipient')} through the entry point"
        f' "(?P<entry>[^"]+)"{PROFILE}'
    )
)
def invites_through(
    context: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    entry: str,
    profile: str | None,
) -> None:
    """Try to invite a person by ID, through an entry point of any name."""
    to = context.person(recipient)
    context.send(
        context.person(inviter),
        to,
        entry=entry,
        to=typed_address(to, None),
        profile=profile or "Default",
    )


def _clause_of(form: str | None, list_: str | None) -> str:
    """The clause that demands this way to invite."""
    if list_ is not None:
        return f"TILE-{list(LISTS).index(list_) + 1}"
    return "DIRECT-6" if form == "alias" else "DIRECT-5"


def _clause_of_email(author: Person, entry: str) -> str:
    """The clause that demands this way to an email."""
    if Version.parse(author.version).supports_direct:
        return "EMAIL-7"
    return "EMAIL-5" if "link" in EMAIL_ENTRIES[entry] else "EMAIL-6"


@given(
    phrase(f"{person('inviter')} has invited {person('recipient')}{HOW}{PROFILE}"),
)
def has_invited(
    context: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    form: str | None,
    list_: str | None,
    profile: str | None,
) -> None:
    """The invitation was sent, and its recipient has seen it."""
    invites(context, inviter, recipient, form=form, list_=list_, profile=profile)
    assert context.outcome is not None, "the attempt was made"
    clause = _clause_of(form, list_)
    succeeded(context.outcome, f"{inviter}'s invitation to {recipient}", clause)
    try:
        context.seen_by(recipient, inviter)
    except WithoutEffect as failed:
        if clause == "DIRECT-5" or failed.clause != "NOTIFY-1":
            raise
        # By alias or from a tile it may have gone elsewhere.
        raise WithoutEffect(clause, str(failed), failed.absent) from failed


@when(phrase(f"{person('inviter')} invites {QUOTED}{PROFILE}"))
def invites_typed(
    context: ScenarioContext, inviter: str, typed: str, profile: str | None
) -> None:
    """Try to invite the typed address, through the icon."""
    if "@" in typed:
        context.require(Capability.ALIAS)
    digits = typed.replace(" ", "")
    recipient = next(
        (
            entry
            for entry in context.people.values()
            if digits == entry.id or typed.lower() == (entry.alias or "").lower()
        ),
        None,
    )
    context.send(
        context.person(inviter),
        recipient,
        entry="invitation-icon",
        to=typed,
        profile=profile or "Default",
    )


WRITTEN = (
    "by (?P<form>the ID in groups of three|the alias in the other letter case"
    "|the first eight digits of the ID|the ID with digits up to eleven"
    "|the alias without its namespace|the alias with a second namespace)"
)


@when(phrase(f"{person('inviter')} invites {person('recipient')} {WRITTEN}{PROFILE}"))
def invites_as_written(
    context: ScenarioContext,
    inviter: str,
    recipient: str,
    *,
    form: str,
    profile: str | None,
) -> None:
    """Try to invite a person by the address as people write it, through the icon."""
    to = context.person(recipient)
    if "alias" in form:
        context.require(Capability.ALIAS)
    typed = written(to, form)
    context.send(
        context.person(inviter),
        to,
        entry="invitation-icon",
        to=typed,
        profile=profile or "Default",
    )


def written(person: Person, form: str) -> str:
    """An address of a person, written in that form."""
    if "ID" in form:
        id_ = typed_address(person, None)
        return {
            "the ID in groups of three": grouped(id_),
            "the first eight digits of the ID": id_[:8],
            "the ID with digits up to eleven": id_ + "00"[: 11 - len(id_)],
        }[form]
    alias = typed_address(person, "alias")
    name, _, namespace = alias.partition("@")
    return {
        "the alias in the other letter case": alias.swapcase(),
        "the alias without its namespace": f"{name}@",
        "the alias with a second namespace": f"{alias}@{namespace}",
    }[form]


def grouped(id_: str) -> str:
    """An ID in groups of three digits from the right, as in `1 100 220 033`."""
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", " ", id_)


@when(phrase(f"{person('inviter')} changes the invitation{TO} {NEW_PROFILE}"))
def changes(
    context: ScenarioContext, inviter: str, recipient: str | None, profile: str
) -> None:
    """Try to give a sent invitation another permission profile."""
    sent = context.invitation(inviter, recipient)
    context.remember(inviter)
    context.attempt(
        "invitation.modify", sent.inviter, invitation=sent.id, profile=profile
    )


@given(phrase(f"{person('inviter')} has changed the invitation{TO} {NEW_PROFILE}"))
def has_changed(
    context: ScenarioContext, inviter: str, recipient: str | None, profile: str
) -> None:
    """The invitation was given another permission profile."""
    changes(context, inviter, recipient, profile)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{inviter}'s change of the invitation", "PENDING-1")


@when(phrase(f"{person('inviter')} changes the invitation (?P<times>{NUMBER}) times"))
def changes_often(context: ScenarioContext, inviter: str, times: str) -> None:
    """Change the newest invitation to two built-in profiles in turn, until refused."""
    sent = context.invitation(inviter, None)
    names = ("Screen Sharing", "Default")
    for number in range(int(times)):
        outcome = context.attempt(
            "invitation.modify",
            sent.inviter,
            invitation=sent.id,
            profile=names[number % len(names)],
        )
        if outcome.refused is not None:
            msg = f"change {number + 1} was refused ({outcome.refused.reason})"
            raise ExpectationFailed(msg)


@when(phrase(f"{person('inviter')} changes the earlier invitation {NEW_PROFILE}"))
def changes_earlier(context: ScenarioContext, inviter: str, profile: str) -> None:
    """Try to change the invitation before the newest one."""
    sent = _earlier(context, inviter)
    context.attempt(
        "invitation.modify", sent.inviter, invitation=sent.id, profile=profile
    )


@when(phrase(f"{person('inviter')} cancels the earlier invitation"))
def cancels_earlier(context: ScenarioContext, inviter: str) -> None:
    """Try to cancel the invitation before the newest one."""
    sent = _earlier(context, inviter)
    cancel = "invitation.cancel"
    context.attempt(cancel, sent.inviter, ends=sent, invitation=sent.id)


def _earlier(context: ScenarioContext, inviter: str) -> Sent:
    """The last but one invitation of this inviter. Raises ExpectationFailed."""
    own = [sent for sent in context.sent if sent.inviter.name == inviter]
    if len(own) < 2:  # noqa: PLR2004 - two are needed for one to be the earlier
        msg = f"{inviter} has no earlier invitation"
        raise ExpectationFailed(msg)
    return own[-2]


@when(phrase(f"{person('inviter')} cancels the invitation{TO}"))
def cancels(context: ScenarioContext, inviter: str, recipient: str | None) -> None:
    """Try to cancel a sent invitation."""
    sent = context.invitation(inviter, recipient)
    context.remember(inviter)
    cancel = "invitation.cancel"
    context.attempt(cancel, sent.inviter, ends=sent, invitation=sent.id)


@given(phrase(f"{person('inviter')} has cancelled the invitation{TO}"))
def has_cancelled(
    context: ScenarioContext, inviter: str, recipient: str | None
) -> None:
    """The invitation was cancelled."""
    cancels(context, inviter, recipient)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{inviter}'s cancelling of the invitation", "PENDING-2")


@when(phrase(f"{person('author')} starts an invitation email from {EMAIL_ENTRY}"))
def starts_email(context: ScenarioContext, author: str, entry: str) -> None:
    """Try to open an invitation email."""
    writer = context.person(author)
    outcome = context.attempt(
        "invitation.email", writer, wire.EmailOutcome, entry=EMAIL_ENTRIES[entry]
    )
    if isinstance(outcome, wire.EmailOutcome) and outcome.ok is not None:
        context.emails.append(
            Email(author=writer, opened=outcome.ok, at_ms=context.now_ms)
        )


@given(phrase(f"{person('author')} has started an invitation email from {EMAIL_ENTRY}"))
def has_started_email(context: ScenarioContext, author: str, entry: str) -> None:
    """An invitation email was opened."""
    starts_email(context, author, entry)
    assert context.outcome is not None, "the attempt was made"
    clause = _clause_of_email(context.person(author), entry)
    succeeded(context.outcome, f"{author}'s invitation email", clause)


PERMISSIONS = '"(?P<permissions>[a-z, -]*)"'


@when(
    phrase(
        f"{person('owner')} edits the permission profile"
        f' "(?P<profile>[^"]+)" to {PERMISSIONS}'
    )
)
def edits_profile(
    context: ScenarioContext, owner: str, profile: str, permissions: str
) -> None:
    """Try to give a stored profile other permissions."""
    context.attempt(
        "profile.edit",
        context.person(owner),
        profile=profile,
        permissions=re.findall("[a-z-]+", permissions),
    )
