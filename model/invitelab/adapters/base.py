"""The two interfaces of this package: Adapter and Transport.

An *adapter* is any object with `request(method, params) -> result`, which takes and
returns JSON values. A *transport* carries that call to the adapter, in this process or
elsewhere, and reports every failure as a subclass of `errors.CallError`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A JSON value."""

# JSON-RPC's own codes, then the protocol's.
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
UNSUPPORTED_VERSION = 1001
DECLINED_METHOD = 1002
ADAPTER_FAULT = 1003
IMPLEMENTATION_CRASHED = 1004
OUT_OF_ORDER = 1005
UNKNOWN_NAME = 1006


BEGIN = "scenario.begin"
BEGIN_CALLS = 6
"""How many call limits it may take by default: 30 s."""


NO_LIMIT_S = 86_400.0
"""A day, in seconds, in place of no limit: timers of the system need a number."""


class AdapterError(Exception):
    """An adapter raises it to answer with a JSON-RPC error; a refusal is a result."""

    def __init__(self, code: int, message: str, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class Adapter(Protocol):
    """The interface that the author of a Python adapter implements."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call. Raises AdapterError for a JSON-RPC error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one target. Times are wall-clock seconds, not protocol time."""

    start_s: float = 10.0
    call_s: float = 5.0
    scenario_s: float = 30.0
    begin_s: float | None = None
    """The limit of `scenario.begin`, which may boot a world; None: six calls."""
    grace_s: float = 0.5
    """Time for the target to exit after its stdin was closed, and again after TERM."""
    line_bytes: int = 1 << 20
    """Longest line, in bytes, without its LF."""
    depth: int = 32
    """Deepest nesting of arrays and objects in one line."""
    stderr_bytes: int = field(default=64 << 10)
    """Bytes of stderr that are kept, the newest ones."""

    def of(self, method: str) -> float:
        """The limit of a call of that method."""
        if method != BEGIN:
            return self.call_s
        if self.begin_s is None:
            return min(BEGIN_CALLS * self.call_s, max(NO_LIMIT_S, self.call_s))
        return self.begin_s


class Transport(Protocol):
    """A connection to one adapter. Not thread-safe; closed exactly once."""

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Send one request and return the JSON-RPC result, within `timeout_s` seconds.

        Raises AdapterError for a JSON-RPC error, CrashError when the target ended,
        HangError when no answer came in time, MalformedError for an answer that is not
        valid, and HarnessError for params that are not JSON.
        """
        ...

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr; invalid UTF-8 is replaced.

        Empty for a server, whose stderr is not connected to this process.
        """
        ...

    def close(self) -> None:
        """Stop the target and its process tree; never raises, never hangs.

        A server keeps running: only the connection to it is closed.
        """
        ...

    def __enter__(self) -> Self:
        """Return the transport."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the transport."""
        ...


class Closing(ABC):
    """A context manager that closes itself on exit."""

    @abstractmethod
    def close(self) -> None:
        """See Transport.close."""

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close self."""
        self.close()
