"""A transport to a server over HTTP, one JSON-RPC request per POST.

One connection at a time, kept alive while the server allows it. No request is sent
twice, no redirect is followed and no proxy is used, so only the target itself answers.
The limit of a call covers the whole exchange, even if single bytes keep arriving.

The server is not stopped: `close` only closes the connection.
"""

import contextlib
import errno
import http.client
import io
import socket
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    HTTPError,
    InvalidChunkLength,
    ProtocolError,
    ReadTimeoutError,
)

import invitelab
from invitelab.adapters import traffic
from invitelab.adapters.base import Closing, Json, Limits
from invitelab.adapters.transports import framing
from invitelab.adapters.transports.addresses import Address, connect
from invitelab.errors import (
    CallError,
    CannotStartError,
    CrashError,
    HangError,
    HarnessError,
    MalformedError,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

OK = 200
CHUNK = 1 << 16
IDLE_S = 2.0
"""Seconds without a call after which a connection is not used again.

Servers close idle connections, Node's after five seconds, and a request sent at that
moment would look like a crash.
"""

OVERHEAD = 10
"""Most bytes of a response, headers and chunk marks included, in line limits."""

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": f"invitelab/{invitelab.__version__}",
}


class _Exchange(NamedTuple):
    """A call in progress; `end` is by time.monotonic()."""

    method: str
    timeout_s: float
    end: float


class _FloodError(Exception):
    """A response has more bytes than any answer needs."""


class _Reader(io.BufferedReader):
    """The file of one response; keeps what the HTTP library has left unread."""

    def __init__(self, raw: socket.SocketIO, wire: "_Wire") -> None:
        super().__init__(raw)
        self._wire = wire

    def close(self) -> None:
        """Close, after keeping what is buffered, which the library would drop."""
        if not self.closed:
            self._wire.keep(self)
        super().close()


class _Wire(socket.socket):
    """A socket with one deadline and a limit of bytes for a whole response."""

    end = 0.0
    left = 0
    ended = False
    """Whether the server has closed its side."""
    unread = b""
    """The beginning of what came after an answer and is no part of it."""
    _paused = False

    def makefile(self, *_args: object, **_options: object) -> _Reader:  # type: ignore[override]
        """The file that a response is read from."""
        return _Reader(super().makefile("rb", buffering=0), self)

    def keep(self, reader: _Reader) -> None:
        """Keep the content of a reader's buffer, without reading more."""
        self._paused = True
        with contextlib.suppress(OSError):  # nothing is read after a time-out
            self.unread = self.unread or reader.peek()[: framing.SHOWN]
        self._paused = False

    def allow(self, end: float, most: int) -> None:
        """Set the deadline, by time.monotonic(), and how many bytes may be read."""
        self.end, self.left = end, most

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0
    ) -> int:
        """Read. Raises TimeoutError and _FloodError."""
        if self._paused:
            raise BlockingIOError(errno.EAGAIN, "reading is paused")
        self._set_timeout()
        count = super().recv_into(buffer, nbytes, flags)
        self.ended = self.ended or not count
        traffic.received(memoryview(buffer).cast("B")[:count].tobytes())
        self.left -= count
        if self.left < 0:
            raise _FloodError
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Write. Raises TimeoutError."""
        self._set_timeout()
        traffic.sent(bytes(data))
        super().sendall(data, flags)

    def _set_timeout(self) -> None:
        left_s = self.end - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self.settimeout(left_s)

    def unsolicited(self) -> bytes | None:
        """What came without a request: nothing (None), the end (empty), or bytes."""
        self.settimeout(0)
        try:
            return self.recv(framing.SHOWN, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:
            return b""


_FAILURES = (
    OSError,
    EOFError,
    ValueError,  # of the standard library, for a chunk of less than nothing
    http.client.HTTPException,
    HTTPError,
    _FloodError,
)
"""The exceptions of an exchange."""


class HttpTransport(Closing):
    """Calls an adapter that is served over HTTP."""

    def __init__(self, address: Address, limits: Limits) -> None:
        """Connect. Raises CannotStartError."""
        self._address = address
        self._limits = limits
        self._number = 0
        self._closed = False
        self._connection = HTTPConnection(address.host, address.port)
        self._used_at = time.monotonic()
        self._wire = self._connect(limits.start_s)

    def _connect(self, timeout_s: float) -> _Wire:
        """Open a connection for the HTTP library. Raises CannotStartError."""
        made = connect(self._address, timeout_s)
        self._wire = self._connection.sock = _Wire(fileno=made.detach())
        return self._wire

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Make one call. See base.Transport."""
        if self._closed:
            raise HarnessError(f"{method} after the connection was closed")
        self._number += 1
        exchange = _Exchange(method, timeout_s, time.monotonic() + timeout_s)
        try:
            request = framing.call(self._number, method, params)
        except ValueError as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        self._reconnect_if_needed(exchange)
        try:
            status, body, moved_to = self._ask(request, exchange)
        except _FAILURES as error:
            raise self._failure(error, exchange) from error
        self._used_at = time.monotonic()
        return self._read(status, body, moved_to)

    def _reconnect_if_needed(self, exchange: _Exchange) -> None:
        """Connect again if the connection was closed, or idle for long.

        Raises CrashError if it cannot, and MalformedError for an unsolicited answer.
        """
        is_open = self._connection.sock is self._wire
        received = self._wire.unread or (self._wire.unsolicited() if is_open else b"")
        if received:
            raise framing.malformed("an unsolicited answer", received)
        idle_s = time.monotonic() - self._used_at
        if received is None and idle_s < IDLE_S:
            return
        self._connection.close()
        try:
            self._connect(exchange.timeout_s)
        except CannotStartError as error:
            raise CrashError(
                f"the target cannot be reached any more: {error}", hint=error.hint
            ) from error

    def _ask(self, request: bytes, exchange: _Exchange) -> tuple[int, bytes, str]:
        """Post the request; returns the status, the body and the Location header."""
        self._wire.allow(exchange.end, OVERHEAD * self._limits.line_bytes)
        self._connection.request(
            "POST",
            self._address.path,
            body=request,
            headers=HEADERS,
            preload_content=False,
            decode_content=False,
        )
        response = self._connection.getresponse()
        body = bytearray()
        for piece in response.stream(CHUNK, decode_content=False):
            body += piece
            if len(body) > self._limits.line_bytes + len(framing.LF):
                break  # _read reports that it is too long
        if self._wire.ended and not body:
            raise EOFError  # also in the middle of the headers
        return response.status, bytes(body), response.headers.get("Location", "")

    def _read(self, status: int, body: bytes, moved_to: str) -> Json:
        """The result. An error may come with any status, a result with 200 only."""
        try:
            result = framing.read_answer(body, self._number, self._limits)
        except MalformedError as error:
            if status == OK:
                raise
            raise _unwanted(status, body, moved_to) from error
        if status != OK:
            raise _unwanted(status, body, moved_to)
        return result

    def _failure(self, error: Exception, exchange: _Exchange) -> CallError:
        """The CallError for an exception of an exchange."""
        cause = error.__cause__ if isinstance(error, ProtocolError) else error
        match cause or error:
            case TimeoutError() | ReadTimeoutError():
                return HangError(
                    f"no answer to {exchange.method} within {exchange.timeout_s:g} s"
                )
            case _FloodError():
                most = OVERHEAD * self._limits.line_bytes
                return MalformedError(f"an answer of more than {most} bytes")
            case InvalidChunkLength():
                return MalformedError("an answer in chunks of no length")
            case EOFError() | OSError() | http.client.IncompleteRead():
                return _crash(exchange.method)
            case ProtocolError() if self._wire.ended:
                return _crash(exchange.method)
            case other:
                text = f"{type(other).__name__}: {other}"
                return framing.malformed("an answer that is not HTTP", text.encode())

    @property
    def stderr(self) -> str:
        """Empty: a server's stderr is not connected to this process."""
        return ""

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self._closed = True
        self._connection.close()


def _crash(method: str) -> CrashError:
    return CrashError(f"the target closed the connection instead of answering {method}")


def _unwanted(status: int, body: bytes, moved_to: str) -> MalformedError:
    """The error for a status that is not 200, without a JSON-RPC error."""
    hint = ""
    if moved_to:
        hint = f"the target is said to be at {framing.shown(moved_to)}"
    line = framing.shown(body)
    return MalformedError(f"an answer with the status {status}", line=line, hint=hint)
