"""The reference implementation: a simulated world behind the adapter's messages.

Each scenario is a world of its own with a clock of its own, which stands still between
calls. With no latency an operation answers once everything it caused at this instant
has happened; with latency (`settle_ms`) it answers at once, and what it causes shows at
the other clients a little later.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

import invitelab
from invitelab.adapters import messages as wire
from invitelab.adapters.base import (
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    OUT_OF_ORDER,
    UNKNOWN_NAME,
    UNSUPPORTED_VERSION,
    AdapterError,
    Json,
)
from invitelab.protocol.history import Fact
from invitelab.protocol.policy import Policy
from invitelab.protocol.refusals import Reason, Refusal
from invitelab.protocol.values import (
    US_PER_MS,
    ClientId,
    ClientSpec,
    ContactList,
    EntryPoint,
    Identity,
    Permission,
    Permissions,
    Platform,
    Profile,
    SessionState,
    Surface,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.simulation import Resident, World


@dataclass(frozen=True, slots=True)
class _Stage:
    """One open scenario: its world, its clients by token, and what happened."""

    world: World
    clients: Mapping[str, Client]
    facts: list[Fact]


class Reference:
    """The adapter. `world_class` and `policy` make variants of the implementation.

    `latency_ms` lies between any two clients; `finished` is called with every
    scenario's clients and facts when it ends.
    """

    name = "invitelab reference"
    world_class: type[World] = World

    def __init__(
        self,
        *,
        policy: Policy | None = None,
        latency_ms: int = 0,
        finished: Callable[[Mapping[ClientId, ClientSpec], list[Fact]], None]
        | None = None,
    ) -> None:
        self._policy = policy or Policy()
        self._latency_ms = latency_ms
        self._finished = finished
        self._stages: dict[str, _Stage] = {}
        self._initialized = False

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call; AdapterError is a JSON-RPC error, never a refusal."""
        known = wire.METHODS.get(method)
        if known is None:
            raise AdapterError(METHOD_NOT_FOUND, f"there is no method {method}")
        if not self._initialized and method != "initialize":
            raise AdapterError(OUT_OF_ORDER, "initialize comes first")
        try:
            call = known.params.model_validate(params)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "params"
            message = f"{where}: {first['msg']}"
            raise AdapterError(INVALID_PARAMS, message) from error
        return self._answer(method, call)

    def _answer(self, method: str, call: Any) -> Json:  # noqa: ANN401 - by METHODS
        if method in _LIFECYCLE:
            return _LIFECYCLE[method](self, call)
        stage = self._stages.get(call.scenario)
        if stage is None:
            raise AdapterError(UNKNOWN_NAME, f"no scenario {call.scenario} is open")
        if method == "clock.advance":
            stage.world.advance(call.ms * US_PER_MS)
            return {"now_ms": stage.world.now_us // US_PER_MS}
        client = stage.clients.get(call.client)
        if client is None:
            raise AdapterError(UNKNOWN_NAME, f"no client {call.client} is declared")
        if method == "client.view":
            return _view(client)
        return _OPERATIONS[method](stage.world, client, call)

    # Lifecycle.

    def initialize(self, call: wire.Initialize) -> Json:
        """The handshake: everything is declared, nothing declined."""
        if call.protocol != wire.PROTOCOL_VERSION:
            raise AdapterError(
                UNSUPPORTED_VERSION,
                f"protocol {call.protocol} is not spoken here",
                {"supported": [wire.PROTOCOL_VERSION]},
            )
        self._initialized = True
        return {
            "protocol": wire.PROTOCOL_VERSION,
            "implementation": {
                "name": self.name,
                "version": invitelab.__version__,
                "language": "python",
            },
            "clock": "virtual",
            "resolution_ms": 1,
            "settle_ms": self._latency_ms * SETTLE_TRIPS,
            "parallel": True,
            "capabilities": [capability.value for capability in wire.Capability],
            "declines": [],
        }

    def begin(self, call: wire.Begin) -> Json:
        """Open a scenario."""
        if call.scenario in self._stages:
            raise AdapterError(OUT_OF_ORDER, f"scenario {call.scenario} is open")
        facts: list[Fact] = []
        try:
            residents = [
                Resident(spec=_spec(declared), online=declared.online)
                for declared in call.clients
            ]
            world = self.world_class(
                residents,
                policy=self._policy,
                latency_us=self._latency_ms * US_PER_MS,
                record=facts.append,
            )
        except ValueError as error:
            raise AdapterError(INVALID_PARAMS, str(error)) from error
        clients = {
            declared.client: world.clients[ClientId(declared.id)]
            for declared in call.clients
        }
        self._stages[call.scenario] = _Stage(world, clients, facts)
        return {}

    def end(self, call: wire.Scenario) -> Json:
        """Close a scenario and forget it."""
        stage = self._stages.pop(call.scenario, None)
        if stage is None:
            raise AdapterError(UNKNOWN_NAME, f"no scenario {call.scenario} is open")
        if self._finished is not None:
            specs = {
                client.site.id: client.site.spec for client in stage.clients.values()
            }
            self._finished(specs, stage.facts)
        return {}

    def shutdown(self, _call: wire.Empty) -> Json:
        """Forget everything."""
        self._stages.clear()
        return {}


SETTLE_TRIPS = 3
"""An accept goes there, its session comes back, and a change of it goes there again."""


def create() -> Reference:
    """The factory `reference` and `py:invitelab.adapters.reference:create` name."""
    return Reference()


_LIFECYCLE: Mapping[str, Callable[[Reference, Any], Json]] = {
    "initialize": Reference.initialize,
    "scenario.begin": Reference.begin,
    "scenario.end": Reference.end,
    "shutdown": Reference.shutdown,
}


def _spec(declared: wire.ClientDeclaration) -> ClientSpec:
    """The wire's description of a client as the protocol's."""
    contacts = declared.contacts
    return ClientSpec(
        identity=Identity(id=ClientId(declared.id), alias=declared.alias),
        version=Version.parse(declared.version),
        platform=Platform(declared.platform),
        profiles=tuple(
            Profile(
                name=profile.name,
                permissions=_permissions(profile.permissions),
                enabled=profile.enabled,
            )
            for profile in declared.profiles
        ),
        locked={Permission(name): value for name, value in declared.locked.items()},
        contacts={
            ContactList.FAVORITES: _ids(contacts.favorites),
            ContactList.RECENT_SESSIONS: _ids(contacts.recent_sessions),
            ContactList.DISCOVERY: _ids(contacts.discovery),
            ContactList.ADDRESS_BOOK: _ids(contacts.address_book),
        },
    )


def _permissions(names: tuple[str, ...]) -> Permissions:
    return frozenset(Permission(name) for name in names)


def _ids(texts: tuple[str, ...]) -> tuple[ClientId, ...]:
    return tuple(ClientId(text) for text in texts)


def _listed(permissions: Permissions) -> list[Json]:
    """In the order of the enumeration, so that equal sets print equal bytes."""
    return [name.value for name in Permission if name in permissions]


# Observation.


def _view(client: Client) -> Json:
    """What a person at this client sees now."""
    return {
        "notifications": _notifications(client),
        "invitations": _invitations(client),
        "sessions": _sessions(client),
        "requests": [{"from": asker.id} for asker in client.inviter.requests],
    }


def _notifications(client: Client) -> list[Json]:
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
    if not client.site.policy.email_creates_no_invitation:
        rows.extend(_email_row(number) for number in range(1, client.emails + 1))
    return rows


def _email_row(number: int) -> Json:
    """What the other reading of EMAIL-9 lists."""
    name = f"email-{number}"
    return {"invitation": name, "to": "", "profile": "", "state": "pending"}


def _sessions(client: Client) -> list[Json]:
    running = itertools.chain(
        client.inviter.sessions.values(), client.recipient.sessions.values()
    )
    return [
        {
            "session": session.id,
            "host": session.host,
            "guest": session.guest,
            "permissions": _listed(session.permissions),
        }
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
    return _outcome(None, opened_with="default-browser", text=text)


def _send(world: World, client: Client, call: wire.Send) -> Json:
    entry = _entry_point(call.entry)
    if entry is None:
        return _not_offered(call.entry)
    sent = client.send(entry, call.to, call.profile)
    world.settle()
    if isinstance(sent, Refusal):
        return _outcome(sent)
    return _outcome(None, invitation=sent)


def _asked(
    world: World, client: Client, invitation: str, refusal: Refusal | None
) -> Json:
    """The verdict as far as this instant knows it."""
    world.settle()
    return _outcome(refusal or client.verdict(invitation))


def _modify(world: World, client: Client, call: wire.Modify) -> Json:
    refusal = client.modify(call.invitation, call.profile)
    return _asked(world, client, call.invitation, refusal)


def _cancel(world: World, client: Client, call: wire.InvitationCall) -> Json:
    return _asked(world, client, call.invitation, client.cancel(call.invitation))


def _accept(world: World, client: Client, call: wire.InvitationCall) -> Json:
    refusal = client.answer(call.invitation, accept=True)
    return _asked(world, client, call.invitation, refusal)


def _reject(world: World, client: Client, call: wire.InvitationCall) -> Json:
    refusal = client.answer(call.invitation, accept=False)
    return _asked(world, client, call.invitation, refusal)


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
        return _permissions(names)
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


_OPERATIONS: Mapping[str, Callable[[World, Client, Any], Json]] = {
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
