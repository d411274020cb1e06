"""The adapter protocol: its handshake, its lifecycle, and which scenario is meant."""

import asyncio
import sys
import traceback
from collections.abc import Callable
from enum import Enum
from functools import partial

from peers.desk import OPERATIONS
from peers.fields import BadFieldsError, Fields, JsonObject
from peers.jsonrpc import (
    IMPLEMENTATION_CRASHED,
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    OUT_OF_ORDER,
    UNKNOWN_NAME,
    UNSUPPORTED_PROTOCOL,
    CallError,
    Request,
    as_request,
    error_line,
    id_of,
    parse,
    result_line,
)
from peers.orders import Outcome
from peers.scenario import Scenario, UnknownNameError
from peers.switches import Switches

PROTOCOL = 1
RESOLUTION_MS = 10
BUSY_MS = 80  # how long a full house may keep a mailbox waiting
HOPS = 4  # no effect takes more messages one after another
LAST_ANSWERS_S = 2
CAPABILITIES = [
    "direct",
    "email",
    "menu",
    "popup",
    "presence",
    "profile-edit",
    "session-permissions",
    "tiles",
]

WriteLine = Callable[[bytes], None]


class Phase(Enum):
    """How far the lifecycle is."""

    FRESH = "fresh"
    READY = "ready"
    OVER = "over"


class Adapter:
    """Answers lines, each when its outcome is known."""

    def __init__(
        self, actors: asyncio.TaskGroup, write_line: WriteLine, switches: Switches
    ) -> None:
        self._actors = actors
        self._write_line = write_line
        self._switches = switches
        self._phase = Phase.FRESH
        self._scenarios: dict[str, Scenario] = {}
        self._waiting: set[asyncio.Future[JsonObject]] = set()
        self._lifecycle: dict[str, Callable[[Fields], JsonObject]] = {
            "initialize": self._initialize,
            "scenario.begin": self._begin,
            "scenario.end": self._end,
            "shutdown": self._shutdown,
        }

    def receive(self, line: bytes | None) -> None:
        """Take one line; None is one that was too long."""
        if line is not None and not line.strip():
            return
        value: object = None
        try:
            value = parse(line)
            request = as_request(value)
        except CallError as error:
            self._write_line(error_line(id_of(value), error))
            return
        try:
            outcome = self._outcome(request)
        except Exception as error:  # noqa: BLE001  every request gets an answer
            self._answer_error(request, error)
        else:
            self._answer_later(request, outcome)

    async def finish(self) -> None:
        """Wait for the last answers and stop every scenario."""
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=LAST_ANSWERS_S)
        self._end_all()
        await asyncio.sleep(0)  # so that the ended scenarios' orders are answered

    def _outcome(self, request: Request) -> JsonObject | Outcome:
        lifecycle = self._lifecycle.get(request.method)
        if lifecycle is None and request.method not in OPERATIONS:
            raise CallError(METHOD_NOT_FOUND, f"there is no {request.method}")
        if (request.method == "initialize") != (self._phase is Phase.FRESH):
            raise CallError(OUT_OF_ORDER, f"{request.method} when {self._stage.value}")
        if self._phase is Phase.OVER:
            raise CallError(OUT_OF_ORDER, f"{request.method} after shutdown")
        if lifecycle is not None:
            return lifecycle(request.params)
        scenario = self._scenario(request.params)
        return scenario.order(request.method, request.params)

    def _initialize(self, params: Fields) -> JsonObject:
        if params.values.get("protocol") != PROTOCOL:
            data: JsonObject = {"supported": [PROTOCOL]}
            raise CallError(UNSUPPORTED_PROTOCOL, "only version 1 is spoken", data)
        self._phase = Phase.READY
        return {
            "protocol": PROTOCOL,
            "implementation": {
                "name": "python-asyncio",
                "version": "1.0.0",
                "language": "python",
            },
            "clock": "real",
            "resolution_ms": RESOLUTION_MS,
            "settle_ms": BUSY_MS + HOPS * self._switches.latency_ms,
            "parallel": True,
            "capabilities": CAPABILITIES,
            "declines": [],
        }

    def _begin(self, params: Fields) -> JsonObject:
        name = params.text("scenario")
        if name in self._scenarios:
            raise CallError(OUT_OF_ORDER, f"scenario {name} is open already")
        self._scenarios[name] = Scenario(self._actors, params, self._switches)
        return {}

    def _end(self, params: Fields) -> JsonObject:
        self._scenario(params).end()
        del self._scenarios[params.text("scenario")]
        return {}

    def _shutdown(self, _params: Fields) -> JsonObject:
        self._end_all()
        self._phase = Phase.OVER
        return {}

    def _end_all(self) -> None:
        for scenario in self._scenarios.values():
            scenario.end()
        self._scenarios.clear()

    def _scenario(self, params: Fields) -> Scenario:
        name = params.text("scenario")
        if name not in self._scenarios:
            raise UnknownNameError(f"there is no scenario {name}")
        return self._scenarios[name]

    def _answer_later(self, request: Request, outcome: JsonObject | Outcome) -> None:
        if isinstance(outcome, asyncio.Future):
            self._waiting.add(outcome)
            outcome.add_done_callback(partial(self._answer_outcome, request))
        elif not request.is_notification:
            self._write_line(result_line(request.request_id, outcome))

    def _answer_outcome(self, request: Request, outcome: Outcome) -> None:
        self._waiting.discard(outcome)
        error = outcome.exception()
        if error is None:
            self._answer_later(request, outcome.result())
        else:
            self._answer_error(request, error)

    def _answer_error(self, request: Request, error: BaseException) -> None:
        line = error_line(request.request_id, _call_error(error))
        if not request.is_notification:
            self._write_line(line)


def _call_error(error: BaseException) -> CallError:
    match error:
        case CallError():
            return error
        case BadFieldsError():
            return CallError(INVALID_PARAMS, str(error))
        case UnknownNameError():
            return CallError(UNKNOWN_NAME, str(error))
        case _:
            traceback.print_exception(error, file=sys.stderr)
            return CallError(IMPLEMENTATION_CRASHED, repr(error))
