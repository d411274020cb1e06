"""A transport to a process, one JSON object per line on its stdin and stdout."""

from collections.abc import Sequence

from invitelab.adapters.base import Limits
from invitelab.adapters.transports.lines import LineTransport
from invitelab.adapters.transports.process import Process


class StdioTransport(LineTransport):
    """Calls an adapter in a process of its own; `close` ends its process tree."""

    def __init__(self, argv: Sequence[str], limits: Limits) -> None:
        """Start the process. Raises CannotStartError."""
        process = Process(argv, limits)
        super().__init__(process, limits)
        self.pid = process.pid
