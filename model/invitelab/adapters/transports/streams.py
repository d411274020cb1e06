"""Streams of bytes to and from a target: a process's pipes, or a connection.

There are two implementations. `polled` waits in poll(2), which is fast, and is used on
POSIX. `threaded` has a thread for reading and one for writing, and is used on Windows,
which cannot wait for a pipe. `stream_choice` chooses.
"""

from enum import Enum
from typing import Protocol

CHUNK = 1 << 16
"""Bytes per read: the capacity of a pipe on Linux."""


class Sending(Enum):
    """The state of what is being sent."""

    DONE = "done"
    """All was sent, or the other side no longer reads."""
    RECEIVED = "received"
    """Not all was sent, and something can be received meanwhile."""
    TIMED_OUT = "timed out"


class Stream(Protocol):
    """Sends and receives bytes; used by one thread at a time."""

    def start_sending(self, data: bytes) -> None:
        """Begin to send; `wait_until_sent` continues. Nothing else is being sent."""
        ...

    def wait_until_sent(self, timeout_s: float) -> Sending:
        """Wait until all was sent, something is received, or the time is over."""
        ...

    def wait_to_receive(self, timeout_s: float) -> bool:
        """Wait until bytes, or the end, can be received; False if the time is over."""
        ...

    def receive(self) -> bytes:
        """The next bytes; none at the end. Waits for them. Raises OSError."""
        ...

    def end_sending(self) -> None:
        """Close a process's stdin."""
        ...

    def close(self) -> None:
        """Close the pipes or the connection; a second call does nothing."""
        ...
