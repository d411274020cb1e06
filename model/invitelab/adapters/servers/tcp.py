"""Makes a server of an adapter: one JSON object per line, over TCP.

    serve_tcp(Acme, 7000)   # `invitelab check tcp://127.0.0.1:7000` finds it

Each connection has an adapter of its own, made when it opens, so that several may be
served at once; after `shutdown` was answered, the connection is closed.
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
    """Serve until interrupted; port 0 is any free one.

    Prints `listening on tcp://HOST:PORT` once it does. Raises UsageError if it cannot.
    """

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True  # an answer is one write

        def handle(self) -> None:
            """Answer line by line; who has gone needs no answer."""
            with contextlib.suppress(ConnectionError):
                converse(create(), self.rfile, self.wfile)

    serve("tcp", (host, port), Handler)
