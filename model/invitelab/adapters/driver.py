"""A typed connection to a target; requests and answers are validated.

The driver knows the protocol and no scenarios. An invalid request of the harness is a
`HarnessError`, an invalid answer of the adapter a `MalformedError`. A target that has
ended can be started again.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import ValidationError

import invitelab
from invitelab.adapters import base, handshake, messages, wire_types
from invitelab.adapters.base import (
    BEGIN,
    Adapter,
    AdapterError,
    Json,
    Limits,
    Transport,
)
from invitelab.adapters.traffic import Traffic, recorded
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.adapters.transports.lines import LineTransport
from invitelab.adapters.transports.shared_lines import SharedLines, StuckError
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import (
    Blame,
    CallError,
    CannotStartError,
    CrashError,
    FaultError,
    HandshakeError,
    HangError,
    HarnessError,
    InvitelabError,
    LostError,
    MalformedError,
    MethodMissingError,
    one_line,
)

Result = TypeVar("Result", bound=wire_types.Wire)

MOST_HUNG = 2
"""How many calls of `scenario.begin` get the whole of their limit in vain."""


class Reachable(Protocol):
    """A target that a driver can start: one named by the user, or an object."""

    @property
    def text(self) -> str:
        """The name of the target in reports."""
        ...

    def open(self, limits: Limits) -> Transport:
        """Connect to it. Raises CannotStartError."""
        ...


@dataclass(frozen=True, slots=True)
class InProcessTarget:
    """An adapter object of this process, such as one made by a test, as a target."""

    adapter: Adapter

    @property
    def text(self) -> str:
        """The qualified name of the adapter's class."""
        kind = type(self.adapter)
        return f"{kind.__module__}.{kind.__qualname__}"

    def open(self, limits: Limits) -> Transport:
        """Wrap the adapter; nothing has to be started."""
        return InProcessTransport(self.adapter, limits)


class Driver:
    """One target, which can be started again after it has ended.

    Thread-safe: calls are serialized, unless the target says that it is pipelined.
    """

    def __init__(
        self,
        target: Reachable,
        limits: Limits | None = None,
        *,
        note: Callable[[MalformedError], None] = lambda _: None,
        traffic: Traffic | None = None,
    ) -> None:
        """`note` is called with each malformed answer to an operation.

        `traffic` keeps the bytes of the calls that belong to no scenario.
        """
        self.target = target
        self.limits = limits or Limits()
        self.starts = 0
        self.traffic = traffic
        self._note = note
        self._transport: Transport | None = None
        self._last_stderr = ""
        self._begins_hung = 0
        self._begins_slowly = False
        self._turn = threading.RLock()
        """Held during a call that has to be the only one."""
        self._state = threading.Lock()
        self._pipelined = False

    @property
    def turn(self) -> AbstractContextManager[object]:
        """Held during a call; hold it to make several calls without others between.

        Several calls of a pipelined target are under way at once: nothing is held.
        """
        return nullcontext() if self._pipelined else self._turn

    def start(self) -> handshake.Initialized:
        """Start the target and return its answer to `initialize`.

        Raises CannotStartError or HandshakeError, after the target was stopped.
        """
        with self._turn:  # no other call before the handshake is over
            self.stop()
            self.starts += 1
            self._transport = self.target.open(self.limits)
            request = handshake.Initialize(
                protocol=handshake.PROTOCOL_VERSION,
                harness=handshake.Harness(
                    name="invitelab", version=invitelab.__version__
                ),
            )
            try:
                answer = self._call(
                    self._transport, "initialize", request, self.limits.start_s
                )
                assert isinstance(answer, handshake.Initialized), "by METHODS"
                _check_version(answer)
            except CallError as error:
                self.kill()
                raise _start_error(error) from error
            except HandshakeError:
                self.kill()
                raise
            self._share(self._transport, answer)
            return answer

    def _share(self, transport: Transport, answer: handshake.Initialized) -> None:
        """Let a call that hangs cost one scenario where others are open meanwhile."""
        shared = answer.parallel and answer.clock == "real"
        if shared and isinstance(transport, LineTransport):
            self._transport = transport.shared()
            self._pipelined = answer.pipelined

    def call(
        self,
        method: str,
        params: wire_types.Wire,
        result: type[Result],
        timeout_s: float | None = None,
        *,
        start: int | None = None,
    ) -> Result:
        """Make one call and return its result, an instance of `result`.

        `timeout_s`, in seconds, is by default the method's limit. With `start`, the
        target has to be the one of that number. Raises a CallError; after one that is
        `fatal` the target has been killed. Raises LostError if another call ended it.
        """
        with self.turn:
            with self._state:
                transport, current = self._transport, start in {None, self.starts}
            if not current or (start is not None and transport is None):
                raise LostError("the target was ended by another scenario")
            if transport is None:
                msg = "the target is not running"
                raise CrashError(msg)
            limit_s = timeout_s or self.limit_s(method)
            try:
                answer = self._call(transport, method, params, limit_s)
            except MalformedError as error:
                self._note(error)
                raise
        assert isinstance(answer, result), f"{method} does not answer {result.__name__}"
        return answer

    def limit_s(self, method: str) -> float:
        """The limit of a call, in seconds.

        That of `scenario.begin` is long for the sake of targets that need it: where two
        have run into it, and none was ever slow and answered, it is that of any call.
        """
        hopeless = self._begins_hung >= MOST_HUNG and not self._begins_slowly
        return self.limits.call_s if hopeless else self.limits.of(method)

    def _note_begin(self, took_s: float, *, hung: bool) -> None:
        self._begins_hung += hung
        self._begins_slowly |= not hung and took_s > self.limits.call_s / 2

    @property
    def running(self) -> bool:
        """Whether the target has been started and not stopped since."""
        return self._transport is not None

    @property
    def is_shared(self) -> bool:
        """Whether a call that hangs ends neither the target nor other scenarios."""
        return isinstance(self._transport, SharedLines)

    def stop(self) -> None:
        """Ask the target to shut down, then make sure that it has."""
        transport = self._transport
        if transport is not None:
            # The target is being stopped; its answer does not matter.
            with suppress(CallError, LostError):
                self._call(
                    transport, "shutdown", wire_types.Empty(), self.limits.call_s
                )
        self.kill()

    def kill(self) -> None:
        """Stop the target without a `shutdown` call."""
        self._kill(self._transport)

    def _kill(self, transport: Transport | None) -> None:
        """Stop the target of a connection, if no other thread has done so."""
        with self._state:
            if transport is None or transport is not self._transport:
                return
            self._transport = None
        self._last_stderr = transport.stderr
        transport.close()

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr, also after it was stopped."""
        return self._last_stderr if self._transport is None else self._transport.stderr

    def _call(
        self,
        transport: Transport,
        method: str,
        params: wire_types.Wire,
        timeout_s: float,
    ) -> wire_types.Wire:
        known = messages.METHODS[method]
        request = _encode(method, known.params, params)
        began_s, hung = monotonic_s(), False
        try:
            with recorded(self.traffic, method):
                answer = transport.call(method, request, timeout_s)
            return _decode(method, known.result, answer)
        except AdapterError as error:
            raise _rpc_error(method, error) from error
        except CallError as error:
            hung = isinstance(error, HangError)
            if error.fatal:
                self._kill(transport)
            raise
        except StuckError:
            hung = True
            self._kill(transport)
            raise
        finally:
            if method == BEGIN:
                self._note_begin(monotonic_s() - began_s, hung=hung)


def _encode(
    method: str, kind: type[wire_types.Wire], params: wire_types.Wire
) -> Mapping[str, Json]:
    """The request as JSON. Raises HarnessError when it is not of the type `kind`.

    Models are validated when they are made, and frozen, so checking the type suffices.
    """
    if type(params) is not kind:
        msg = f"our own {method} is a {type(params).__name__}, not a {kind.__name__}"
        raise HarnessError(msg, hint="please report this")
    encoded: dict[str, Json] = params.model_dump(mode="json", by_alias=True)
    return encoded


def _decode(method: str, kind: type[wire_types.Wire], answer: Json) -> wire_types.Wire:
    """The answer as a model. Raises MalformedError when it does not fit the schema."""
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        msg = f"the answer to {method} does not fit the schema: {_first(error)}"
        line = json.dumps(answer, ensure_ascii=False)[:400]
        raise MalformedError(
            msg, line=line, hint="`invitelab schema` prints it"
        ) from error


def _first(error: ValidationError) -> str:
    """The first mistake that pydantic found, as `place: message`."""
    first, *_ = error.errors(
        include_url=False, include_context=False, include_input=False
    )
    where = ".".join(str(part) for part in first["loc"]) or "the whole"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"


def _rpc_error(method: str, error: AdapterError) -> CallError:
    """The CallError for a JSON-RPC error, by its code."""
    said = f"{method}: {one_line(str(error))}" if str(error) else method
    if error.code in {base.METHOD_NOT_FOUND, base.DECLINED_METHOD}:
        msg = f"{said} (code {error.code}), although its capability is declared"
        return MethodMissingError(msg)
    if error.code == base.IMPLEMENTATION_CRASHED:
        return _ReportedCrashError(
            f"{said} (the adapter reports that the implementation crashed)"
        )
    return FaultError(f"{said} (code {error.code})", rpc_code=error.code)


class _ReportedCrashError(CrashError):
    """The implementation has crashed; the adapter still runs and can be called."""

    fatal = False


def _check_version(answer: handshake.Initialized) -> None:
    if answer.protocol != handshake.PROTOCOL_VERSION:
        msg = (
            f"the target speaks protocol {answer.protocol}, "
            f"this harness speaks {handshake.PROTOCOL_VERSION}"
        )
        raise HandshakeError(msg, hint="use a release that speaks the same protocol")


def _start_error(error: CallError) -> InvitelabError:
    """The error for a failed handshake, with the party to blame."""
    if isinstance(error, CrashError | HangError):
        return CannotStartError(
            f"the target did not start: {error}", hint=error.hint, blame=Blame.ADAPTER
        )
    return HandshakeError(f"the handshake failed: {error.told}", hint=error.hint)
