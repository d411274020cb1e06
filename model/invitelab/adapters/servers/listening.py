"""The listening socket of a server, and a thread for each connection."""

import contextlib
import os
import socket
import socketserver
import sys

from invitelab.adapters.transports.addresses import SPELLING, Address, look_up, unknown
from invitelab.errors import UsageError

LOOPBACK = "127.0.0.1"
"""The default host: an adapter obeys any client, so only local ones may connect."""

BACKLOG = 64


class _Server(socketserver.ThreadingTCPServer):
    """Serves the connections of a socket that already listens."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        listener: socket.socket,
        handler: type[socketserver.BaseRequestHandler],
    ) -> None:
        super().__init__(("", 0), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener


def serve(
    scheme: str,
    place: tuple[str, int],
    handler: type[socketserver.BaseRequestHandler],
    path: str = "",
) -> None:
    """Print the address and serve until interrupted. Raises UsageError."""
    with _Server(listen(*place), handler) as server:
        host, port, *_ = server.socket.getsockname()
        address = Address(scheme=scheme, host=host, port=port, path=path)
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdout.write(f"listening on {address}\n")
            sys.stdout.flush()
            server.serve_forever()


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 is any free port. Raises UsageError."""
    try:
        family, place = look_up(host, port)[0]
    except UnicodeError as error:
        raise UsageError(f"{host!r} cannot be a host", hint=SPELLING) from error
    except OSError as error:
        raise UsageError(unknown(host, error), hint=SPELLING) from error
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Without it a port is unavailable for a minute after its server has ended.
            # On Windows the option would allow a second server on the same port.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        what = f"port {port} of {host} is not to be had ({error.strerror})"
        raise UsageError(what, hint="port 0 is any free one") from error
    return made
