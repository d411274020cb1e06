"""Serves an adapter over TCP: one JSON object per line.

    serve_tcp(Acme, 7000)   # for `invitelab check tcp://127.0.0.1:7000`

Each connection gets an adapter of its own, so several can be served at once. After
`shutdown` was answered, the connection is closed.
"""

import contextlib
import socketserver
from collections.abc import Callable

from invitelab.adapters.base import Adapter
from invitelab.adapters.servers.listening import LOOPBACK, serve
from invitelab.adapters.servers.stdio import converse


def serve_tcp(
    create: Callable[[], Adapter], port: int, *, host: str = LOOPBACK
) -> None:
    """Serve until interrupted; port 0 is any free port.

    Prints `listening on tcp://HOST:PORT` when it is ready. Raises UsageError if the
    port is not available.
    """

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True  # an answer is one write

        def handle(self) -> None:
            """Answer line by line, until the client closes the connection."""
            with contextlib.suppress(ConnectionError):
                converse(create(), self.rfile, self.wfile)

    serve("tcp", (host, port), Handler)
