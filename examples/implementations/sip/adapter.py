#!/usr/bin/env python3
"""SIP as an implementation: an invitation is an INVITE, and each client a telephone.

Kamailio (registrar, proxy, timer of an INVITE that rings) and baresip are Debian's, as
installed. Nothing here decides what becomes of an invitation.
"""

import asyncio
import json
import signal
import sys
from argparse import ArgumentParser
from contextlib import AsyncExitStack, suppress
from typing import Any

from telephones.network import Network, StartRefusedError, versions
from telephones.phone import Call, Phone, PhoneError, RefusedError

Json = dict[str, Any]

RESOLUTION_MS = 400  # Kamailio ends an INVITE early, by 0.06 to 0.36 s
SETTLE_MS = 100
DECLINES = {
    "menu": "a telephone does not list its ways to call",
    "popup": "a telephone rings in one place",
    "tiles": "a telephone has no tiles of contacts",
    "email": "a telephone writes no email",
    "session-permissions": "a call has no permissions that could change",
    "profile-edit": "a telephone stores no permission profiles",
    "modify": "baresip cannot change an INVITE that rings",
    "old-versions": "all telephones are of one version",
    "other-platforms": "all telephones are on one platform",
}


class NoMethodError(Exception):
    """The protocol has no such method, or it belongs to a declined capability."""


CODES = {NoMethodError: -32601, PhoneError: 1004, TimeoutError: 1004}
ADAPTER_FAULT = 1003
REFUSED_START = 1


class Adapter:
    """The calls of the protocol."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._scenarios: dict[str, dict[str, Phone]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def perform(self, method: str, params: Json) -> Json:
        """Do what a call of the protocol says. Raises NoMethodError."""
        operation = getattr(self, f"_{method.replace('.', '_')}", None)
        if operation is None:
            raise NoMethodError(method)
        result: Json = await operation(params)
        return result

    async def _initialize(self, _call: Json) -> Json:
        return {
            "protocol": 1,
            "implementation": {"name": "SIP", "version": versions()},
            "clock": "real",
            "resolution_ms": RESOLUTION_MS,
            "settle_ms": SETTLE_MS,
            "parallel": True,
            "capabilities": ["direct", "presence"],
            "declines": [{"capability": c, "reason": r} for c, r in DECLINES.items()],
        }

    async def _scenario_begin(self, call: Json) -> Json:
        name = call["scenario"]
        phones = {c["client"]: Phone(self._network, name, c) for c in call["clients"]}
        self._scenarios[name] = phones
        on = (one for one in phones.values() if one.client.get("online", True))
        await asyncio.gather(*(one.switch_on() for one in on))
        return {}

    async def _scenario_end(self, call: Json) -> Json:
        """Put the telephones away, without waiting until they have said goodbye."""
        for phone in self._scenarios.pop(call["scenario"]).values():
            self._ending.add(task := asyncio.create_task(phone.put_away()))
            task.add_done_callback(self._ending.discard)
        return {}

    async def _shutdown(self, _call: Json) -> Json:
        for name in list(self._scenarios):
            await self._scenario_end({"scenario": name})
        await asyncio.gather(*self._ending)
        return {}

    def _phone(self, call: Json) -> Phone:
        phone = self._scenarios[call["scenario"]][call["client"]]
        if not phone.is_on:
            raise RefusedError("the telephone is off")
        return phone

    def _ringing(self, call: Json, *, is_outgoing: bool) -> Phone:
        """The telephone, if it has that button: only while the call rings."""
        phone = self._phone(call)
        found = phone.calls.get((is_outgoing, call["invitation"]))
        if found is None or found.state != "pending":
            raise RefusedError("nothing to press")
        return phone

    async def _invitation_send(self, call: Json) -> Json:
        phone = self._phone(call)
        for position, profile in enumerate(phone.client["profiles"]):
            if profile["enabled"] and profile["name"] == call["profile"]:
                return {"ok": {"invitation": await phone.dial(call["to"], position)}}
        raise RefusedError("no such profile")

    async def _invitation_cancel(self, call: Json) -> Json:
        phone = self._ringing(call, is_outgoing=True)
        return await phone.press("hangup", call["invitation"])

    async def _invitation_accept(self, call: Json) -> Json:
        return await self._phone(call).press("accept", call["invitation"])

    async def _invitation_reject(self, call: Json) -> Json:
        phone = self._ringing(call, is_outgoing=False)
        return await phone.press("hangup", call["invitation"])

    async def _client_online(self, call: Json) -> Json:
        phone = self._scenarios[call["scenario"]][call["client"]]
        await (phone.switch_on() if call["online"] else phone.switch_off())
        return {"ok": {}}

    async def _client_view(self, call: Json) -> Json:
        phones = self._scenarios[call["scenario"]]
        own = phones[call["client"]]
        calls = [(call_id, one) for (_, call_id), one in own.calls.items()]
        return {
            "notifications": [
                {
                    "invitation": call_id,
                    "surface": "client",
                    "from": {"id": one.peer, "alias": one.peer_name},
                    "actions": ["accept", "reject"],
                }
                for call_id, one in calls
                if not one.is_outgoing and one.state == "pending"
            ],
            "invitations": [
                {
                    "invitation": call_id,
                    "to": one.peer,
                    "profile": own.client["profiles"][one.profile]["name"],
                    "state": "accepted" if one.state == "over" else one.state,
                }
                for call_id, one in calls
                if one.is_outgoing and one.has_rung
            ],
            "sessions": [
                self._session(call_id, one, own, list(phones.values()))
                for call_id, one in calls
                if one.state == "accepted"
            ],
            "requests": [],
        }

    @staticmethod
    def _session(call_id: str, one: Call, own: Phone, phones: list[Phone]) -> Json:
        """A call that was answered; what its profile permits only the caller knows."""
        ids = {phone.client["alias"]: phone.client["id"] for phone in phones}
        ends = [own.client["id"], ids.get(one.peer, one.peer)]
        host, guest = ends if one.is_outgoing else reversed(ends)
        permissions = [
            phone.client["profiles"][sent.profile]["permissions"]
            for phone in phones
            if (sent := phone.calls.get((True, call_id)))
        ]
        return {
            "session": call_id,
            "host": host,
            "guest": guest,
            "permissions": permissions[0] if permissions else [],
        }


async def answer(adapter: Adapter, line: bytes) -> Json:
    """The answer to one line."""
    call = json.loads(line)
    said: Json = {"jsonrpc": "2.0", "id": call["id"]}
    try:
        result = await adapter.perform(call["method"], call.get("params", {}))
        return said | {"result": result}
    except RefusedError as error:
        return said | {"result": {"refused": {"reason": str(error)}}}
    except Exception as error:  # noqa: BLE001  every call gets an answer
        code = CODES.get(type(error), ADAPTER_FAULT)
        message = f"{call['method']}: {error!r}"
        return said | {"error": {"code": code, "message": message}}


async def serve(network: Network) -> None:
    """Answer lines until the input ends, then end all that was started."""
    loop = asyncio.get_running_loop()
    if (task := asyncio.current_task()) is not None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
    adapter, lines = Adapter(network), asyncio.StreamReader(limit=1 << 20)
    async with AsyncExitStack() as ending:
        ending.push_async_callback(network.close)
        await network.open()
        ending.push_async_callback(adapter.perform, "shutdown", {})
        protocol = asyncio.StreamReaderProtocol(lines)
        await loop.connect_read_pipe(lambda: protocol, sys.stdin)
        while line := await lines.readline():
            sys.stdout.write(json.dumps(await answer(adapter, line)) + "\n")
            sys.stdout.flush()


def main() -> int:
    """Give the exit status: 0 at the end of the input, 1 for a refused start."""
    parser = ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--literal", action="store_true", help="see the README")
    network = Network(literal=parser.parse_args().literal)
    try:
        with suppress(asyncio.CancelledError):
            asyncio.run(serve(network))
    except StartRefusedError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED_START
    return 0


if __name__ == "__main__":
    sys.exit(main())
