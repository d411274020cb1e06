"""A transport to a web address, one JSON-RPC request per POST.

One connection at a time, kept while both sides like to. Nothing is sent twice, nobody
is followed to another address, and no proxy is asked: what answers is the target. The
limit of a call is one for the whole exchange, however slowly its bytes drip.

Who listens there is not ours: closing ends the connection and nothing else.
"""

import contextlib
import errno
import http.client
import io
import select
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
"""After this long a connection is not used again.

Servers close what is idle, Node's after five seconds, and a request that meets such an
end on its way would look like a crash.
"""

OVERHEAD = 10
"""How many times a line's limit may arrive, headers and the ends of chunks included."""

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": f"invitelab/{invitelab.__version__}",
}


class _Exchange(NamedTuple):
    """A call that is under way."""

    method: str
    timeout_s: float
    end: float


class _FloodError(Exception):
    """More arrives than any answer needs."""


class _Reader(io.BufferedReader):
    """The library's view of one response; what it leaves unread is kept."""

    def __init__(self, raw: socket.SocketIO, wire: "_Wire") -> None:
        super().__init__(raw)
        self._wire = wire

    def close(self) -> None:
        """Close, once; the library drops what its buffer still holds."""
        if not self.closed:
            self._wire.keep(self)
        super().close()


class _Wire(socket.socket):
    """A connection whose waits all end at one instant, and that reads only so much."""

    end = 0.0
    left = 0
    ended = False
    """Whether the other side has said that there is no more."""
    unread = b""
    """The beginning of what came with an answer and was no part of it."""
    _dry = False

    def makefile(self, *_args: object, **_options: object) -> _Reader:  # type: ignore[override]
        """Make the file that a response is read from."""
        return _Reader(super().makefile("rb", buffering=0), self)

    def keep(self, reader: _Reader) -> None:
        """Keep what a reader has in its buffer, without reading more."""
        self._dry = True
        with contextlib.suppress(OSError):  # nothing is read after a time-out
            self.unread = self.unread or reader.peek()[: framing.SHOWN]
        self._dry = False

    def allow(self, end: float, most: int) -> None:
        """Set until when, by time.monotonic(), and how many bytes may be read."""
        self.end, self.left = end, most

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0
    ) -> int:
        """Read. Raises TimeoutError and _FloodError."""
        if self._dry:
            raise BlockingIOError(errno.EAGAIN, "nothing is read any more")
        self._hurry()
        count = super().recv_into(buffer, nbytes, flags)
        self.ended = self.ended or not count
        self.left -= count
        if self.left < 0:
            raise _FloodError
        return count

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """Write. Raises TimeoutError."""
        self._hurry()
        super().sendall(data, flags)

    def _hurry(self) -> None:
        left_s = self.end - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self.settimeout(left_s)

    def heard(self) -> bytes | None:
        """Look at what has come unasked: nothing (None), the end (empty), or bytes."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        if not poll.poll(0):
            return None
        try:
            return self.recv(framing.SHOWN, socket.MSG_PEEK)
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
"""What asking may raise."""


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
        """Make a connection and give it to the library."""
        made = connect(self._address, timeout_s)
        self._wire = self._connection.sock = _Wire(fileno=made.detach())
        return self._wire

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """One exchange; returns the result. See base.Transport."""
        if self._closed:
            raise HarnessError(f"{method} after the connection was closed")
        self._number += 1
        exchange = _Exchange(method, timeout_s, time.monotonic() + timeout_s)
        try:
            request = framing.call(self._number, method, params)
        except ValueError as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        self._be_connected(exchange)
        try:
            status, body, moved_to = self._ask(request, exchange)
        except _FAILURES as error:
            raise self._failure(error, exchange) from error
        self._used_at = time.monotonic()
        return self._read(status, body, moved_to)

    def _be_connected(self, exchange: _Exchange) -> None:
        """Connect again if the target, or we, had enough of the last connection."""
        ours = self._connection.sock is self._wire
        heard = self._wire.unread or (self._wire.heard() if ours else b"")
        if heard:
            raise framing.malformed("an answer that nobody asked for", heard)
        idle_s = time.monotonic() - self._used_at
        if heard is None and idle_s < IDLE_S:
            return
        self._connection.close()
        try:
            self._connect(exchange.timeout_s)
        except CannotStartError as error:
            raise CrashError(
                f"the target cannot be reached any more: {error}", hint=error.hint
            ) from error

    def _ask(self, request: bytes, exchange: _Exchange) -> tuple[int, bytes, str]:
        """Post the request; give the status, the body and where it sends us."""
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
                break  # whoever reads it says that it is too long
        if self._wire.ended and not body:
            raise EOFError  # also in the middle of the headers
        return response.status, bytes(body), response.headers.get("Location", "")

    def _read(self, status: int, body: bytes, moved_to: str) -> Json:
        """Read the answer. An error may come with any status, a result with 200."""
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
        """Say what became of the answer."""
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
                told = f"{type(other).__name__}: {other}"
                return framing.malformed("an answer that is not HTTP", told.encode())

    @property
    def stderr(self) -> str:
        """Nothing: what the target writes goes elsewhere."""
        return ""

    def close(self) -> None:
        """End the connection; twice does no harm."""
        self._closed = True
        self._connection.close()


def _crash(method: str) -> CrashError:
    return CrashError(f"the target closed the connection instead of answering {method}")


def _unwanted(status: int, body: bytes, moved_to: str) -> MalformedError:
    """An answer without a result that counts."""
    hint = ""
    if moved_to:
        hint = f"the target is said to be at {framing.shown(moved_to)}"
    line = framing.shown(body)
    return MalformedError(f"an answer with the status {status}", line=line, hint=hint)
