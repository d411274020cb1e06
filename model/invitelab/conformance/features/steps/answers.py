"""Steps: answers, attempts of strangers, presence, and permissions in a session."""

from pytest_bdd import given, when

from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.invitations import succeeded
from invitelab.conformance.features.steps.phrases import (
    FROM,
    WITH,
    joined_digits,
    person,
    phrase,
)
from invitelab.conformance.features.steps.sessions import controls

ANSWER = "(?P<answer>accepts|rejects)"
PLACE = "(?: (?P<place>in the client|in the pop-up))?"
PRESSED = {"in the client": "client", "in the pop-up": "popup"}


@when(phrase(f"{person('recipient')} {ANSWER} the invitation{FROM}{PLACE}"))
def answers(
    context: ScenarioContext,
    recipient: str,
    answer: str,
    *,
    inviter: str | None,
    place: str | None = None,
) -> None:
    """Try to answer the newest invitation that was seen."""
    if place is not None:
        context.require(Capability.POPUP)
    id_ = context.seen_by(recipient, inviter)
    context.remember(context.invitation(inviter, recipient).inviter.name)
    method = f"invitation.{answer.removesuffix('s')}"
    surface = PRESSED.get(place or "")
    context.attempt(method, context.person(recipient), invitation=id_, surface=surface)


@given(phrase(f"{person('recipient')} has accepted the invitation{FROM}"))
def has_accepted(context: ScenarioContext, recipient: str, inviter: str | None) -> None:
    """The invitation was accepted, and the session runs."""
    answers(context, recipient, "accepts", inviter=inviter)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{recipient}'s accept", "SESSION-1")
    controls(context, recipient, context.invitation(inviter, recipient).inviter.name)


@given(phrase(f"{person('recipient')} has rejected the invitation{FROM}"))
def has_rejected(context: ScenarioContext, recipient: str, inviter: str | None) -> None:
    """The invitation was rejected."""
    answers(context, recipient, "rejects", inviter=inviter)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{recipient}'s reject", "ANSWER-1")


@when(phrase(f"{person('recipient')} closes the pop-up"))
def closes_popup(context: ScenarioContext, recipient: str) -> None:
    """Try to close the pop-up of the newest invitation."""
    id_ = context.seen_by(recipient)
    context.attempt("popup.dismiss", context.person(recipient), invitation=id_)


# Strangers: only here does an id pass from one client to another.

MEANT_FOR = f"the invitation meant for {person('addressee')}"


@when(phrase(f"{person('stranger')} (?P<verb>accepts|rejects|cancels) {MEANT_FOR}"))
def meddles(context: ScenarioContext, stranger: str, verb: str, addressee: str) -> None:
    """Try it as a client that was not invited, with the id the addressee has seen."""
    id_ = context.seen_by(addressee)
    context.remember(context.invitation(to=addressee).inviter.name)
    method = f"invitation.{verb.removesuffix('s')}"
    context.attempt(method, context.person(stranger), invitation=id_)


@when(
    phrase(
        f"{person('stranger')} changes {MEANT_FOR}"
        ' to the permission profile "(?P<profile>[^"]+)"'
    )
)
def meddles_with_profile(
    context: ScenarioContext, stranger: str, addressee: str, profile: str
) -> None:
    """Try to change an invitation that another client has sent."""
    id_ = context.seen_by(addressee)
    context.remember(context.invitation(to=addressee).inviter.name)
    context.attempt(
        "invitation.modify", context.person(stranger), invitation=id_, profile=profile
    )


# The main window's Connect, and the network.


def address_in(text: str, author: Person) -> str:
    """The address in an email. Raises ExpectationFailed if there is none."""
    if author.alias is not None and author.alias in text:
        return author.alias
    if author.id in joined_digits(text):
        return author.id
    msg = f"the email holds no address of {author.name}"
    raise ExpectationFailed(msg)


@when(phrase(f"{person('caller')} connects to the address in the email"))
def connects(context: ScenarioContext, caller: str) -> None:
    """Try the ordinary Connect of the main window."""
    email = context.email()
    context.attempt(
        "session.request",
        context.person(caller),
        to=address_in(email.opened.text, email.author),
    )


@when(phrase(f"{person('caller')} connects to {person('host')}"))
def connects_to(context: ScenarioContext, caller: str, host: str) -> None:
    """Try the ordinary Connect of the main window, with the host's ID."""
    caller_ = context.person(caller)
    context.attempt("session.request", caller_, to=context.person(host).id)


@when(phrase(f"{person('name')} (?P<how>goes offline|comes back online)"))
def changes_presence(context: ScenarioContext, name: str, how: str) -> None:
    """Try to leave the network, or to return."""
    online = how == "comes back online"
    context.attempt("client.online", context.person(name), online=online)


@given(phrase(f"{person('name')} has gone offline"))
def has_gone_offline(context: ScenarioContext, name: str) -> None:
    """The client has left the network."""
    changes_presence(context, name, "goes offline")
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{name}'s going offline")


# The Accept window.

PERMISSION = '"(?P<permission>[a-z-]+)" in the session'


@when(phrase(f"{person('name')} (?P<verb>allows|denies) {PERMISSION}{WITH}"))
def permits(
    context: ScenarioContext, name: str, verb: str, permission: str, guest: str | None
) -> None:
    """Try to switch a permission of the running session."""
    someone = context.person(name)
    guest_id = None if guest is None else context.person(guest).id
    running = [
        session
        for session in context.view(someone).sessions
        if guest_id in {None, session.guest}
    ]
    if not running:
        msg = f"{name} sees no session to change"
        raise ExpectationFailed(msg)
    context.attempt(
        "session.permit",
        someone,
        session=running[-1].session,
        permission=permission,
        allowed=verb == "allows",
    )
