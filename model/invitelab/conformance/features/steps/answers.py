"""Steps: answers, attempts of strangers, presence, and permissions in a session."""

from collections.abc import Sequence

from pytest_bdd import given, when

from invitelab.adapters import messages as wire
from invitelab.adapters.handshake import Capability
from invitelab.conformance.execution.outcomes import ExpectationFailed, WithoutEffect
from invitelab.conformance.execution.scenario_context import ScenarioContext
from invitelab.conformance.features.people import Person
from invitelab.conformance.features.steps.invitations import succeeded
from invitelab.conformance.features.steps.offers import address_in
from invitelab.conformance.features.steps.phrases import (
    FROM,
    WITH,
    person,
    phrase,
)
from invitelab.conformance.features.steps.sessions import controls, new_and_earlier

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
    sent = context.invitation(inviter, recipient)
    context.remember(sent.inviter.name)
    method = f"invitation.{answer.removesuffix('s')}"
    presses = context.person(recipient)
    surface = PRESSED.get(place or "")
    context.attempt(method, presses, ends=sent, invitation=id_, surface=surface)


@given(phrase(f"{person('recipient')} has accepted the invitation{FROM}"))
def has_accepted(context: ScenarioContext, recipient: str, inviter: str | None) -> None:
    """The invitation was accepted, and the session runs."""
    answers(context, recipient, "accepts", inviter=inviter)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{recipient}'s accept", "SESSION-1")
    host = context.invitation(inviter, recipient).inviter.name
    try:
        controls(context, recipient, host)
    except ExpectationFailed as failed:
        raise WithoutEffect("SESSION-1", str(failed), failed.absent) from failed


@given(phrase(f"{person('recipient')} has rejected the invitation{FROM}{PLACE}"))
def has_rejected(
    context: ScenarioContext, recipient: str, inviter: str | None, place: str | None
) -> None:
    """The invitation was rejected."""
    answers(context, recipient, "rejects", inviter=inviter, place=place)
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{recipient}'s reject", "ANSWER-1")


@when(phrase(f"{person('recipient')} closes the pop-up{FROM}"))
def closes_popup(context: ScenarioContext, recipient: str, inviter: str | None) -> None:
    """Try to close the pop-up of the newest invitation that was seen."""
    id_ = context.seen_by(recipient, inviter)
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


@when(phrase(f"{person('caller')} connects to the address in the email"))
def connects(context: ScenarioContext, caller: str) -> None:
    """Try the ordinary Connect of the main window."""
    to = address_in(context.email())
    context.attempt("session.request", context.person(caller), to=to)


@when(phrase(f"{person('caller')} connects to {person('host')}"))
def connects_to(context: ScenarioContext, caller: str, host: str) -> None:
    """Try the ordinary Connect of the main window, with the host's ID."""
    caller_ = context.person(caller)
    context.attempt("session.request", caller_, to=context.person(host).id)


@when(phrase(f"{person('name')} (?P<how>goes offline|comes back online)"))
def changes_presence(context: ScenarioContext, name: str, how: str) -> None:
    """Try to leave the network, or to return."""
    online = how == "comes back online"
    if not online:
        context.remember(name)
    context.attempt("client.online", context.person(name), online=online)


@given(phrase(f"{person('name')} has gone offline"))
def has_gone_offline(context: ScenarioContext, name: str) -> None:
    """The client has left the network."""
    changes_presence(context, name, "goes offline")
    assert context.outcome is not None, "the attempt was made"
    succeeded(context.outcome, f"{name}'s going offline")


@given(phrase(f"{person('name')} has come back online"))
def has_come_back(context: ScenarioContext, name: str) -> None:
    """The client has returned to the network; the latest attempt is another one."""
    outcome = context.operate(
        "client.online", context.person(name), wire.Done, online=True
    )
    succeeded(outcome, f"{name}'s coming back online")


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
    _permit(context, someone, running, permission, allowed=verb == "allows")


@when(
    phrase(
        f"{person('name')} (?P<verb>allows|denies)"
        ' "(?P<permission>[a-z-]+)" in the new session'
    )
)
def permits_in_new(
    context: ScenarioContext, name: str, verb: str, permission: str
) -> None:
    """Try to switch a permission of the session that the latest answer has started."""
    someone = context.person(name)
    new: list[wire.SessionView] = []

    def problem() -> str | None:
        new[:], _ = new_and_earlier(context, someone)
        return None if new else f"{name} sees no new session to change"

    context.expect(problem)
    _permit(context, someone, new, permission, allowed=verb == "allows")


def _permit(
    context: ScenarioContext,
    someone: Person,
    running: Sequence[wire.SessionView],
    permission: str,
    *,
    allowed: bool,
) -> None:
    """Switch a permission of the last of these sessions."""
    if not running:
        msg = f"{someone.name} sees no session to change"
        raise ExpectationFailed(msg)
    context.attempt(
        "session.permit",
        someone,
        session=running[-1].session,
        permission=permission,
        allowed=allowed,
    )
