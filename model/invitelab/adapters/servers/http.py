"""Serves an adapter over HTTP: one JSON-RPC request per POST, to any path.

    serve_http(Acme, 7000)  # for `invitelab check http://127.0.0.1:7000/`

All connections share one adapter, which is called by one of them at a time. Each
`initialize` makes a new adapter, because a client that was interrupted could not call
`shutdown`.
"""

import contextlib
import re
import threading
from collections.abc import Callable, Mapping
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from invitelab.adapters.base import Adapter, Json
from invitelab.adapters.servers.listening import LOOPBACK, serve
from invitelab.adapters.servers.stdio import LIMITS, respond, written


def serve_http(
    create: Callable[[], Adapter], port: int, *, host: str = LOOPBACK
) -> None:
    """Serve until interrupted; port 0 is any free port.

    Prints `listening on http://HOST:PORT/` when it is ready. Raises UsageError if the
    port is not available. A request that cannot be read gets the status 400; every
    other answer, errors included, the status 200.
    """
    shared = _Shared(create)

    class Handler(_Handler):
        adapter = shared

    serve("http", (host, port), Handler, "/")


class _Shared:
    """One adapter for all connections; each `initialize` makes a new one."""

    def __init__(self, create: Callable[[], Adapter]) -> None:
        self._create = create
        self._adapter = create()
        self._lock = threading.Lock()

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call; calls are serialized."""
        with self._lock:
            if method == "initialize":
                self._adapter = self._create()
            return self._adapter.request(method, params)


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open as long as the client wants."""

    adapter: Adapter
    protocol_version = "HTTP/1.1"
    server_version = "invitelab"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one write

    def do_POST(self) -> None:
        """Answer one request."""
        length = _length(self.headers)
        if isinstance(length, HTTPStatus):
            self._refuse(length)
            return
        request, response = respond(self.adapter, self.rfile.read(length))
        status = HTTPStatus.OK if request else HTTPStatus.BAD_REQUEST
        self._send(status, written(response), {"Content-Type": "application/json"})

    def __getattr__(self, name: str) -> Callable[[], None]:
        """A handler for any method other than POST (`do_NAME`)."""
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self._not_allowed

    def _not_allowed(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})

    def _refuse(
        self, status: HTTPStatus, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send an error status and close, since a body may be left unread."""
        self.close_connection = True
        told = "" if self.command == "HEAD" else f"{status.phrase}\n"
        more = {"Content-Type": "text/plain", "Connection": "close"}
        self._send(status, told.encode(), more | dict(headers or {}))

    def _send(
        self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        """Answer requests until the client closes the connection."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        """Flush what is left, unless the client has closed the connection."""
        with contextlib.suppress(ConnectionError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing: stderr is for the adapter."""


def _length(headers: Message) -> int | HTTPStatus:
    """The length of the request's body in bytes, or the status that refuses it."""
    told = headers.get("Content-Length", "")
    if "Transfer-Encoding" in headers or not told:
        return HTTPStatus.LENGTH_REQUIRED
    if not re.fullmatch(r"[0-9]{1,20}", told):
        return HTTPStatus.BAD_REQUEST
    length = int(told)
    if length > LIMITS.line_bytes:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return length
