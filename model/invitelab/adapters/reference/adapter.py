"""The reference implementation: a simulated world behind the adapter protocol.

Each scenario has a world and a clock of its own, which stands still between calls.
Without latency an operation is answered after all its effects at this time. With
latency (`settle_ms`) it is answered at once, and its effects show at other clients
later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

import invitelab
from invitelab.adapters import handshake, wire_types
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
from invitelab.adapters.reference.operations import OPERATIONS, permissions_of, view
from invitelab.protocol.history import Fact
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    US_PER_MS,
    ClientId,
    ClientSpec,
    ContactList,
    Identity,
    Permission,
    Platform,
    Profile,
    Version,
)
from invitelab.world.client import Client
from invitelab.world.simulation import ClientSetup, World


@dataclass(frozen=True, slots=True)
class _OpenScenario:
    """One open scenario: its world, its clients by token, and its history."""

    world: World
    clients: Mapping[str, Client]
    facts: list[Fact]


class Reference:
    """The adapter. `world_class` and `policy` make variants of the implementation.

    `latency_ms` is the delay between any two clients. `entries` has further entry
    points, each with the one that it is like. `finished` is called at the end
    of each scenario with its clients and facts.
    """

    name = "invitelab reference"
    world_class: type[World] = World

    def __init__(
        self,
        *,
        policy: Policy | None = None,
        latency_ms: int = 0,
        entries: Mapping[str, str] | None = None,
        finished: Callable[[Mapping[ClientId, ClientSpec], list[Fact]], None]
        | None = None,
    ) -> None:
        self._policy = policy or Policy()
        self._latency_ms = latency_ms
        self._entries = entries or {}
        self._finished = finished
        self._scenarios: dict[str, _OpenScenario] = {}
        self._initialized = False

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call. Raises AdapterError for a JSON-RPC error."""
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
        scenario = self._scenarios.get(call.scenario)
        if scenario is None:
            raise AdapterError(UNKNOWN_NAME, f"no scenario {call.scenario} is open")
        if method == "clock.advance":
            scenario.world.advance(call.ms * US_PER_MS)
            return {"now_ms": scenario.world.now_us // US_PER_MS}
        client = scenario.clients.get(call.client)
        if client is None:
            raise AdapterError(UNKNOWN_NAME, f"no client {call.client} is declared")
        if method == "client.view":
            return view(client)
        like = self._entries.get(getattr(call, "entry", ""))
        if like is not None:
            call = call.model_copy(update={"entry": like})
        answer = OPERATIONS[method](scenario.world, client, call)
        return self._with_entries(answer) if method == "client.menu" else answer

    def _with_entries(self, answer: Json) -> Json:
        """A menu with the further entry points, each where the one it is like is."""
        menu = cast("dict[str, dict[str, list[dict[str, Json]]]]", answer)
        offered = {str(row["entry"]) for row in menu.get("ok", {}).get("entries", ())}
        for name, like in self._entries.items():
            if like in offered:
                menu["ok"]["entries"].append({"entry": name})
        return answer

    # Lifecycle.

    def initialize(self, call: handshake.Initialize) -> Json:
        """Answer the handshake: all capabilities are declared."""
        if call.protocol != handshake.PROTOCOL_VERSION:
            raise AdapterError(
                UNSUPPORTED_VERSION,
                f"protocol {call.protocol} is not spoken here",
                {"supported": [handshake.PROTOCOL_VERSION]},
            )
        self._initialized = True
        return {
            "protocol": handshake.PROTOCOL_VERSION,
            "implementation": {
                "name": self.name,
                "version": invitelab.__version__,
                "language": "python",
            },
            "clock": "virtual",
            "resolution_ms": 1,
            "settle_ms": self._latency_ms * SETTLE_TRIPS,
            "parallel": True,
            "capabilities": [capability.value for capability in handshake.Capability],
            "declines": [],
        }

    def begin(self, call: wire.Begin) -> Json:
        """Open a scenario."""
        if call.scenario in self._scenarios:
            raise AdapterError(OUT_OF_ORDER, f"scenario {call.scenario} is open")
        if len({declared.client for declared in call.clients}) < len(call.clients):
            raise AdapterError(INVALID_PARAMS, "two clients have the same name")
        facts: list[Fact] = []
        try:
            residents = [
                ClientSetup(spec=_spec(declared), online=declared.online)
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
        self._scenarios[call.scenario] = _OpenScenario(world, clients, facts)
        return {}

    def end(self, call: wire.Scenario) -> Json:
        """Close a scenario and discard it."""
        scenario = self._scenarios.pop(call.scenario, None)
        if scenario is None:
            raise AdapterError(UNKNOWN_NAME, f"no scenario {call.scenario} is open")
        if self._finished is not None:
            specs = {
                client.device.id: client.device.spec
                for client in scenario.clients.values()
            }
            self._finished(specs, scenario.facts)
        return {}

    def shutdown(self, _call: wire_types.Empty) -> Json:
        """Discard all scenarios."""
        self._scenarios.clear()
        return {}


SETTLE_TRIPS = 3
"""Trips until an effect is seen: an accept, then its session, then a change of that."""


def create() -> Reference:
    """The factory of the target `reference`."""
    return Reference()


_LIFECYCLE: Mapping[str, Callable[[Reference, Any], Json]] = {
    "initialize": Reference.initialize,
    "scenario.begin": Reference.begin,
    "scenario.end": Reference.end,
    "shutdown": Reference.shutdown,
}


def _spec(declared: wire.ClientDeclaration) -> ClientSpec:
    """The ClientSpec for a client of `scenario.begin`."""
    contacts = declared.contacts
    return ClientSpec(
        identity=Identity(id=ClientId(declared.id), alias=declared.alias),
        version=Version.parse(declared.version),
        platform=Platform(declared.platform),
        profiles=tuple(
            Profile(
                name=profile.name,
                permissions=permissions_of(profile.permissions),
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


def _ids(texts: tuple[str, ...]) -> tuple[ClientId, ...]:
    return tuple(ClientId(text) for text in texts)
