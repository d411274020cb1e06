"""A typed connection to a target; requests and answers are validated.

The driver knows the protocol and no scenarios. An invalid request of the harness is a
`HarnessError`, an invalid answer of the adapter a `MalformedError`. A target that has
ended can be started again.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import ValidationError

import invitelab
from invitelab.adapters import base, handshake, messages, wire_types
from invitelab.adapters.base import Adapter, AdapterError, Json, Limits, Transport
from invitelab.adapters.transports.inprocess import InProcessTransport
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

    Thread-safe: calls are serialized.
    """

    def __init__(
        self,
        target: Reachable,
        limits: Limits | None = None,
        *,
        note: Callable[[MalformedError], None] = lambda _: None,
    ) -> None:
        """`note` is called with each malformed answer to an operation."""
        self.target = target
        self.limits = limits or Limits()
        self.starts = 0
        self._note = note
        self._transport: Transport | None = None
        self._last_stderr = ""
        self.turn = threading.RLock()
        """Held during a call; hold it to make several calls without others between."""

    def start(self) -> handshake.Initialized:
        """Start the target and return its answer to `initialize`.

        Raises CannotStartError or HandshakeError, after the target was stopped.
        """
        with self.turn:  # no other call before the handshake is over
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
                answer = self._call("initialize", request, self.limits.start_s)
                assert isinstance(answer, handshake.Initialized), "by METHODS"
                _check_version(answer)
            except CallError as error:
                self.kill()
                raise _start_error(error) from error
            except HandshakeError:
                self.kill()
                raise
            return answer

    def call(
        self,
        method: str,
        params: wire_types.Wire,
        result: type[Result],
        timeout_s: float | None = None,
    ) -> Result:
        """Make one call and return its result, an instance of `result`.

        `timeout_s`, in seconds, is by default the call limit. Raises a CallError; after
        one that is `fatal` the target has been killed.
        """
        with self.turn:
            if self._transport is None:
                msg = "the target is not running"
                raise CrashError(msg)
            try:
                answer = self._call(method, params, timeout_s or self.limits.call_s)
            except MalformedError as error:
                self._note(error)
                raise
        assert isinstance(answer, result), f"{method} does not answer {result.__name__}"
        return answer

    @property
    def running(self) -> bool:
        """Whether the target has been started and not stopped since."""
        return self._transport is not None

    def stop(self) -> None:
        """Ask the target to shut down, then make sure that it has."""
        if self._transport is not None:
            # The target is being stopped; its answer does not matter.
            with suppress(CallError):
                self._call("shutdown", wire_types.Empty(), self.limits.call_s)
        self.kill()

    def kill(self) -> None:
        """Stop the target without a `shutdown` call."""
        transport, self._transport = self._transport, None
        if transport is not None:
            self._last_stderr = transport.stderr
            transport.close()

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr, also after it was stopped."""
        return self._last_stderr if self._transport is None else self._transport.stderr

    def _call(
        self, method: str, params: wire_types.Wire, timeout_s: float
    ) -> wire_types.Wire:
        known = messages.METHODS[method]
        request = _encode(method, known.params, params)
        transport = self._transport
        assert transport is not None, "checked by the callers"
        try:
            answer = transport.call(method, request, timeout_s)
            return _decode(method, known.result, answer)
        except AdapterError as error:
            raise _rpc_error(method, error) from error
        except CallError as error:
            if error.fatal:
                self.kill()
            raise


class ScenarioSession:
    """The calls of one scenario, within the scenario's limit of wall time."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._start = driver.starts
        self._deadline_s = monotonic_s() + driver.limits.scenario_s

    @property
    def turn(self) -> AbstractContextManager[object]:
        """The driver's lock: while it is held, no other thread makes calls."""
        return self._driver.turn

    def extend(self, seconds: float) -> None:
        """Move the scenario's deadline, as after a wait in wall time."""
        self._deadline_s += seconds

    def call(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> Result:
        """Make one call; see `Driver.call`.

        Raises HangError when the scenario's time is over, and LostError when another
        scenario has stopped or restarted the target.
        """
        driver = self._driver
        asked_s = monotonic_s()
        with driver.turn:
            self._deadline_s += monotonic_s() - asked_s  # the wait for the lock
            if driver.starts != self._start or not driver.running:
                raise LostError("the target was ended by another scenario")
            left_s = self._deadline_s - monotonic_s()
            if left_s <= 0:
                msg = f"the scenario took longer than {driver.limits.scenario_s:g} s"
                driver.kill()
                raise HangError(msg, hint="the limit is wall time")
            timeout_s = min(driver.limits.call_s, left_s)
            return driver.call(method, params, result, timeout_s)


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
