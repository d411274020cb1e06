"""A transport to a TCP server, one JSON object per line over one connection.

The server is not stopped: `close` only closes the connection.
"""

from invitelab.adapters.base import Limits
from invitelab.adapters.transports.addresses import Address, connect
from invitelab.adapters.transports.lines import LineTransport
from invitelab.adapters.transports.stream_choice import socket_stream


class Connection:
    """A connection as a Channel."""

    shut = "closed the connection"
    stderr = ""

    def __init__(self, address: Address, limits: Limits) -> None:
        """Connect. Raises CannotStartError."""
        self.stream = socket_stream(connect(address, limits.start_s))
        self.closed = False

    is_in_front = False

    def note_programs(self) -> None:
        """Do nothing: the server's processes are not seen."""

    def ending(self, timeout_s: float) -> str:  # noqa: ARG002 - the interface's
        """Empty: nothing is known of the server."""
        return ""

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self.closed = True
        self.stream.close()


class TcpTransport(LineTransport):
    """Calls an adapter that is served over TCP."""

    def __init__(self, address: Address, limits: Limits) -> None:
        """Connect. Raises CannotStartError."""
        super().__init__(Connection(address, limits), limits)
