"""The operations and the view of the reference implementation."""

import itertools
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from invitelab.adapters import messages as wire
from invitelab.adapters.base import INVALID_PARAMS, AdapterError, Json
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    EntryPoint,
    Permission,
    Permissions,
    Session,
    SessionState,
    Surface,
)
from invitelab.world.client import Client
from invitelab.world.simulation import World


@lru_cache
def permissions_of(names: tuple[str, ...]) -> Permissions:
    """The permissions of these names. Raises ValueError for an unknown name."""
    return frozenset(Permission(name) for name in names)


def _listed(permissions: Permissions) -> list[Json]:
    """The names in the order of the enumeration, so that equal sets print alike."""
    return [name.value for name in Permission if name in permissions]


# Observation.


def view(client: Client) -> Json:
    """The answer to `client.view`."""
    return {
        "notifications": _notifications(client),
        "invitations": _invitations(client),
        "sessions": _sessions(client),
        "requests": [{"from": asker.id} for asker in client.inviter.requests],
    }


def _notifications(client: Client) -> list[Json]:
    policy = client.device.policy
    rows: list[Json] = []
    for known in client.recipient.notifications.values():
        for surface in (entry for entry in Surface if entry in known.surfaces):
            row: dict[str, Json] = {
                "invitation": known.invitation,
                "surface": surface.value,
                "from": {"id": known.sender.id, "alias": known.sender.alias},
                "actions": ["accept", "reject"],
            }
            if surface is Surface.POPUP:
                row["corner"] = "bottom-right"
            rows.append(row)
            if known.revision > 1 and not policy.one_notification_after_a_change:
                rows.append(row)
    return rows


def _invitations(client: Client) -> list[Json]:
    rows: list[Json] = [
        {
            "invitation": sent.id,
            "to": sent.listed_to,
            "profile": sent.profile,
            "state": sent.state.value,
        }
        for sent in client.inviter.invitations.values()
    ]
    if not client.device.policy.email_creates_no_invitation:
        rows.extend(_email_row(number) for number in range(1, client.emails + 1))
    return rows


def _email_row(number: int) -> Json:
    """An entry that only the other interpretation of EMAIL-9 lists."""
    name = f"email-{number}"
    return {"invitation": name, "to": "", "profile": "", "state": "pending"}


def session_row(session: Session) -> Json:
    """A session as a view shows it."""
    return {
        "session": session.id,
        "host": session.host,
        "guest": session.guest,
        "permissions": _listed(session.permissions),
    }


def _sessions(client: Client) -> list[Json]:
    running = itertools.chain(
        client.inviter.sessions.values(), client.recipient.sessions.values()
    )
    return [
        session_row(session)
        for session in running
        if session.state is SessionState.ACTIVE
    ]


# Operations.


def _outcome(refusal: Refusal | None, **ok: Json) -> Json:
    if refusal is None:
        return {"ok": ok}
    return {"refused": {"reason": refusal.reason.value, "message": refusal.message}}


def _not_offered(entry: str) -> Json:
    return _outcome(Refusal(Reason.NOT_OFFERED, f"there is no entry point {entry}"))


def _entry_point(name: str) -> EntryPoint | None:
    return next((entry for entry in EntryPoint if entry.value == name), None)


def _menu(_world: World, client: Client, _call: wire.ClientCall) -> Json:
    entries: list[Json] = []
    for offered in client.menu():
        row: dict[str, Json] = {"entry": offered.entry.value}
        if offered.contact is not None:
            row["contact"] = offered.contact
        entries.append(row)
    return _outcome(None, entries=entries)


def _email(_world: World, client: Client, call: wire.Email) -> Json:
    entry = _entry_point(call.entry)
    if entry is None:
        return _not_offered(call.entry)
    text = client.email(entry)
    if isinstance(text, Refusal):
        return _outcome(text)
    old = not client.device.spec.supports_direct
    browser = old or client.device.policy.new_email_opens_in_the_browser
    opened_with = "default-browser" if browser else "mail-program"
    return _outcome(None, opened_with=opened_with, text=text)


def _send(world: World, client: Client, call: wire.Send) -> Json:
    entry = _entry_point(call.entry)
    if entry is None:
        return _not_offered(call.entry)
    sent = client.send(entry, call.to, call.profile)
    world.settle()
    if isinstance(sent, Refusal):
        return _outcome(sent)
    return _outcome(None, invitation=sent)


def _modify(world: World, client: Client, call: wire.Modify) -> Json:
    refusal = client.modify(call.invitation, call.profile)
    world.settle()
    return _outcome(refusal or client.change_verdict(call.invitation))


def _cancel(world: World, client: Client, call: wire.InvitationCall) -> Json:
    refusal = client.cancel(call.invitation)
    world.settle()
    return _outcome(refusal or client.change_verdict(call.invitation))


def _accept(world: World, client: Client, call: wire.Answer) -> Json:
    refusal = client.answer(call.invitation, accept=True)
    world.settle()
    return _outcome(refusal or client.verdict(call.invitation))


def _reject(world: World, client: Client, call: wire.Answer) -> Json:
    refusal = client.answer(call.invitation, accept=False)
    world.settle()
    return _outcome(refusal or client.verdict(call.invitation))


def _dismiss(world: World, client: Client, call: wire.InvitationCall) -> Json:
    refusal = client.dismiss(call.invitation)
    world.settle()
    return _outcome(refusal)


def _request_session(world: World, client: Client, call: wire.RequestSession) -> Json:
    refusal = client.request_session(call.to)
    world.settle()
    return _outcome(refusal)


def _permit(world: World, client: Client, call: wire.Permit) -> Json:
    (permission,) = _known((call.permission,))
    refusal = client.permit(call.session, permission, allowed=call.allowed)
    world.settle()
    return _outcome(refusal)


def _known(names: tuple[str, ...]) -> Permissions:
    try:
        return permissions_of(names)
    except ValueError as error:
        raise AdapterError(INVALID_PARAMS, str(error)) from error


def _edit_profile(world: World, client: Client, call: wire.EditProfile) -> Json:
    refusal = client.edit_profile(call.profile, _known(call.permissions))
    world.settle()
    return _outcome(refusal)


def _online(world: World, client: Client, call: wire.Online) -> Json:
    client.set_online(online=call.online)
    world.settle()
    return _outcome(None)


OPERATIONS: Mapping[str, Callable[[World, Client, Any], Json]] = {
    "client.menu": _menu,
    "invitation.email": _email,
    "invitation.send": _send,
    "invitation.modify": _modify,
    "invitation.cancel": _cancel,
    "invitation.accept": _accept,
    "invitation.reject": _reject,
    "popup.dismiss": _dismiss,
    "session.request": _request_session,
    "session.permit": _permit,
    "profile.edit": _edit_profile,
    "client.online": _online,
}
