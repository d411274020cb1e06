"""What the user of a client can do and see, by the names of the adapter protocol."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from peers.fields import JsonObject
from peers.inviting import Inviting, find_other
from peers.menu import EMAIL_ENTRIES, Contacts, Entry, email_text, entries
from peers.messages import SessionRequest
from peers.orders import Order, RefusalError, done
from peers.profiles import Profiles
from peers.receiving import Receiving
from peers.sessions import Hosting, Joining
from peers.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a client is made of."""

    station: Station
    profiles: Profiles
    contacts: Contacts
    hosting: Hosting
    inviting: Inviting
    receiving: Receiving
    joining: Joining
    requests: list[str] = field(default_factory=list[str])


# An operation answers None when the verdict of another client will be its outcome.
Operation = Callable[[Parts, Order], JsonObject | None]


def perform(parts: Parts, order: Order) -> None:
    """Do what is ordered; raise BadFieldsError if it makes no sense."""
    try:
        answer = OPERATIONS[order.operation](parts, order)
    except RefusalError as error:
        answer = parts.station.refused(error)
    if answer is not None:
        order.give(answer)


def _menu(parts: Parts, _order: Order) -> JsonObject:
    return done(entries=[_written(entry) for entry in _entries(parts)])


def _email(parts: Parts, order: Order) -> JsonObject:
    name = order.fields.text("entry")
    if name not in EMAIL_ENTRIES or Entry(name) not in _entries(parts):
        raise RefusalError("not-offered", f"{name} is not offered here")
    text = email_text(parts.station.member)
    return done(opened_with="default-browser", text=text)


def _send(parts: Parts, order: Order) -> JsonObject:
    return done(invitation=parts.inviting.send(order.fields))


def _modify(parts: Parts, order: Order) -> JsonObject:
    _need_sent(parts, order)
    parts.inviting.modify(order.fields)
    return done()


def _cancel(parts: Parts, order: Order) -> JsonObject:
    _need_sent(parts, order)
    parts.inviting.cancel(order.fields)
    return done()


def _accept(parts: Parts, order: Order) -> None:
    _need_received(parts, order)
    parts.receiving.answer(order.fields, order.outcome, accepted=True)


def _reject(parts: Parts, order: Order) -> None:
    _need_received(parts, order)
    parts.receiving.answer(order.fields, order.outcome, accepted=False)


def _dismiss(parts: Parts, order: Order) -> JsonObject:
    _need_received(parts, order)
    parts.receiving.dismiss(order.fields)
    return done()


def _request(parts: Parts, order: Order) -> JsonObject:
    parts.station.need_online()
    host = find_other(parts.station, order.fields.text("to"))
    if not parts.station.directory.is_online(host.id):
        raise RefusalError("recipient-offline", f"{host.id} is offline")
    parts.station.post(host.id, SessionRequest())
    return done()


def _permit(parts: Parts, order: Order) -> JsonObject:
    name = order.fields.text("session")
    if not parts.hosting.hosts(name):
        if parts.joining.has(name):
            raise RefusalError("not-host", "only the host changes permissions")
        raise RefusalError("unknown-session", f"there is no session {name}")
    parts.hosting.permit(order.fields)
    return done()


def _edit(parts: Parts, order: Order) -> JsonObject:
    parts.profiles.edit(order.fields)
    return done()


def _online(parts: Parts, order: Order) -> JsonObject:
    station, online = parts.station, order.fields.flag("online")
    if online == station.is_online():
        return done()
    if online:
        station.directory.set_online(station.member.id, online=True)
        station.relay.announce_return(station.member.id)
    else:
        parts.inviting.cancel_all()
        parts.receiving.leave()
        station.directory.set_online(station.member.id, online=False)
    return done()


def _view(parts: Parts, _order: Order) -> JsonObject:
    return {
        "notifications": parts.receiving.listed(),
        "invitations": parts.inviting.listed(),
        "sessions": [*parts.joining.listed(), *parts.hosting.listed()],
        "requests": [{"from": guest} for guest in parts.requests],
        "sky": "clear",
    }


OPERATIONS: Mapping[str, Operation] = {
    "client.menu": _menu,
    "client.online": _online,
    "client.view": _view,
    "invitation.accept": _accept,
    "invitation.cancel": _cancel,
    "invitation.email": _email,
    "invitation.modify": _modify,
    "invitation.reject": _reject,
    "invitation.send": _send,
    "popup.dismiss": _dismiss,
    "profile.edit": _edit,
    "session.permit": _permit,
    "session.request": _request,
}


def _entries(parts: Parts) -> list[Entry]:
    station = parts.station
    return entries(station.member, parts.contacts, station.directory)


def _written(entry: Entry) -> JsonObject:
    if entry.contact is None:
        return {"entry": entry.name}
    return {"entry": entry.name, "contact": entry.contact}


def _need_sent(parts: Parts, order: Order) -> None:
    name = order.fields.text("invitation")
    if parts.inviting.has(name):
        return
    if parts.receiving.has(name):
        raise RefusalError("not-inviter", "only the inviter may do that")
    raise RefusalError("unknown-invitation", f"there is no invitation {name}")


def _need_received(parts: Parts, order: Order) -> None:
    name = order.fields.text("invitation")
    if parts.receiving.has(name):
        return
    if parts.inviting.has(name):
        raise RefusalError("not-recipient", "only the recipient may do that")
    raise RefusalError("unknown-invitation", f"there is no invitation {name}")
