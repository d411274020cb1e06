"""A transport to an address, one JSON object per line over one connection.

Who listens there is not ours: closing ends the connection and nothing else.
"""

from invitelab.adapters.base import Limits
from invitelab.adapters.transports.addresses import Address, connect
from invitelab.adapters.transports.lines import LineTransport


class Connection:
    """A connection as a channel of lines."""

    shut = "closed the connection"
    stderr = ""

    def __init__(self, address: Address, limits: Limits) -> None:
        """Connect. Raises CannotStartError."""
        self._socket = connect(address, limits.start_s)
        self._socket.settimeout(0)
        self.incoming = self.outgoing = self._socket.fileno()
        self.closed = False

    def ending(self, timeout_s: float) -> str:  # noqa: ARG002 - the interface's
        """Nothing is known but what arrives."""
        return ""

    def close(self) -> None:
        """End the connection; twice does no harm."""
        self.closed = True
        self._socket.close()


class TcpTransport(LineTransport):
    """Calls an adapter that listens somewhere."""

    def __init__(self, address: Address, limits: Limits) -> None:
        """Connect. Raises CannotStartError."""
        super().__init__(Connection(address, limits), limits)
