"""A stream that waits in poll(2), without a thread or a buffer of its own; for POSIX.

While something does not fit into the pipe, receiving is possible as well, so that two
full pipes cannot wait for each other.
"""

import os
import select
import sys
import time
from collections.abc import Callable

from invitelab.adapters.transports.streams import CHUNK, Sending

assert sys.platform != "win32", "it has no poll(2)"

SPINS = 100
"""How often an answer is looked for before going to sleep.

Waking up takes longer than a fast answer: with this, a call takes about half the time
(benchmarks/stdio_call.py). The processor is yielded to others between two looks.
"""


class PolledStream:
    """A Stream over two descriptors, which may be the same one."""

    def __init__(
        self,
        incoming: int,
        outgoing: int,
        *,
        end_reading: Callable[[], object],
        end_writing: Callable[[], object] = lambda: None,
    ) -> None:
        """`outgoing` is made non-blocking; the callables close the descriptors."""
        self._incoming = incoming
        self._outgoing = outgoing
        self._end_reading = end_reading
        self._end_writing = end_writing
        self._unsent = memoryview(b"")
        os.set_blocking(outgoing, False)
        self._readable = select.poll()
        self._readable.register(incoming, select.POLLIN)
        self._either = select.poll()
        self._either.register(outgoing, select.POLLOUT)
        other = select.POLLOUT if incoming == outgoing else 0
        self._either.register(incoming, select.POLLIN | other)

    def start_sending(self, data: bytes) -> None:
        """Set what to send."""
        self._unsent = memoryview(data)

    def wait_until_sent(self, timeout_s: float) -> Sending:
        """Write; wait where the descriptor takes no more."""
        while self._unsent:
            try:
                self._unsent = self._unsent[os.write(self._outgoing, self._unsent) :]
            except BlockingIOError:
                ready = self._either.poll(timeout_s * 1000)
                if not ready:
                    return Sending.TIMED_OUT
                if any(
                    number == self._incoming and events != select.POLLOUT
                    for number, events in ready
                ):
                    return Sending.RECEIVED
            except OSError:
                break  # receiving finds out how it ended
        return Sending.DONE

    def wait_to_receive(self, timeout_s: float) -> bool:
        """Look a few times, then sleep."""
        if timeout_s > 0 and self._soon():
            return True
        return bool(self._readable.poll(timeout_s * 1000))

    def _soon(self) -> bool:
        for _ in range(SPINS):
            if self._readable.poll(0):
                return True
            _yield_processor()
        return False

    def receive(self) -> bytes:
        """Read once."""
        return os.read(self._incoming, CHUNK)

    def end_sending(self) -> None:
        """Close a process's stdin."""
        self._end_writing()

    def close(self) -> None:
        """Close the descriptors."""
        self._end_writing()
        self._end_reading()


if sys.platform == "linux":
    _yield_processor = os.sched_yield
else:

    def _yield_processor() -> None:
        """Let other threads and processes run."""
        time.sleep(0)
