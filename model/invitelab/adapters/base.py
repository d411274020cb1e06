"""The two interfaces of this package: what an author writes, what a transport is.

An *adapter* is any object with `request(method, params) -> result`, JSON values in and
out. A *transport* carries the same call to wherever the adapter lives and turns every
way in which that can go wrong into one of `errors.CallError`'s children.
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


class AdapterError(Exception):
    """What an adapter raises to answer with a JSON-RPC error (never to refuse)."""

    def __init__(self, code: int, message: str, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class Adapter(Protocol):
    """What an author writes, in Python; the same call crosses every transport."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call. Raises AdapterError for a JSON-RPC error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Wall-clock limits, in seconds; never mixed with protocol time."""

    start_s: float = 10.0
    call_s: float = 5.0
    scenario_s: float = 30.0
    grace_s: float = 0.5
    """How long a target may take to end by itself, and again after TERM."""
    line_bytes: int = 1 << 20
    depth: int = 32
    stderr_bytes: int = field(default=64 << 10)


class Transport(Protocol):
    """A connection to one adapter. Not thread-safe; closed exactly once."""

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """One exchange; returns the JSON-RPC result.

        Raises AdapterError for a JSON-RPC error, CrashError, HangError or
        MalformedError when there was no answer, in time, that is one, and
        HarnessError for params that are not JSON.
        """
        ...

    @property
    def stderr(self) -> str:
        """The newest part of what the target wrote to stderr, decoded leniently.

        Empty for a server, whose stderr belongs to whoever started it.
        """
        ...

    def close(self) -> None:
        """Stop the target and everything it started; never raises, never hangs.

        A server is not ours to stop: there only the connection is closed.
        """
        ...

    def __enter__(self) -> Self:
        """Itself."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """`close`."""
        ...


class Closing(ABC):
    """Makes a context manager of what can be closed."""

    @abstractmethod
    def close(self) -> None:
        """See Transport."""

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """`close`."""
        self.close()
