"""A stream with a thread for reading and one for writing; for any system.

The reader holds a few chunks at most, so a target that only writes fills no memory. A
thread that waits for the target cannot be interrupted: it ends, and closes its pipe,
when the target has ended.

An answer may be received before the writing thread could report that the request was
sent. So what is received counts as early only if the request is still not sent when the
time is over, or when the reader can hold no more, or at the end.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from invitelab.adapters.transports.streams import Sending

MOST_CHUNKS = 4
"""Chunks that the reader holds before it waits."""

REPORT_S = 1.0
"""Seconds that the writing thread may take to report that all was sent."""

LAST_S = 0.5
"""Seconds that the threads may take to end after `close`."""


class ThreadedStream:
    """A Stream over a function that reads, and one that writes."""

    def __init__(
        self,
        read: Callable[[], bytes],
        write: Callable[[memoryview], int],
        *,
        end_reading: Callable[[], object],
        end_writing: Callable[[], object] = lambda: None,
        interrupt: Callable[[], object] = lambda: None,
    ) -> None:
        """Start the threads.

        `read` gives the next bytes, none at the end; `write` gives how many bytes it
        took. Both may block and raise OSError. Each `end_` function is called by the
        thread of its direction; `interrupt` wakes both threads where that is possible.
        """
        self._read, self._write = read, write
        self._end_reading, self._end_writing = end_reading, end_writing
        self._interrupt = interrupt
        self._changed = threading.Condition()
        self._received: deque[bytes] = deque()
        self._has_ended = False
        self._error: OSError | None = None
        self._unsent: bytes | None = None
        self._has_waited = False
        self._sends_no_more = False
        self._is_closed = False
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._receive_all, self._send_all)
        ]
        for thread in self._threads:
            thread.start()

    def start_sending(self, data: bytes) -> None:
        """Hand the bytes to the writing thread."""
        with self._changed:
            self._unsent = data
            self._has_waited = False
            self._changed.notify_all()

    def wait_until_sent(self, timeout_s: float) -> Sending:
        """Wait for the writing thread, unless the reading thread cannot continue."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_sent() or not self._can_read_on(), timeout_s
            )
            if not self._is_sent() and not self._has_waited:
                self._has_waited = True
                self._changed.wait_for(self._is_sent, min(timeout_s, REPORT_S))
            if self._is_sent():
                return Sending.DONE
            return Sending.RECEIVED if self._can_receive() else Sending.TIMED_OUT

    def _is_sent(self) -> bool:
        return self._unsent is None

    def _can_read_on(self) -> bool:
        return not self._has_ended and len(self._received) < MOST_CHUNKS

    def wait_to_receive(self, timeout_s: float) -> bool:
        """Wait for the reading thread."""
        if timeout_s <= 0:
            time.sleep(0)  # the thread may be about to hand over what has arrived
        with self._changed:
            return self._changed.wait_for(self._can_receive, timeout_s)

    def _can_receive(self) -> bool:
        return bool(self._received) or self._has_ended

    def receive(self) -> bytes:
        """The next chunk."""
        with self._changed:
            self._changed.wait_for(self._can_receive)
            if self._received:
                self._changed.notify_all()
                return self._received.popleft()
            if self._error is not None:
                raise self._error
            return b""

    def end_sending(self) -> None:
        """Have the writing thread close its side, once it has written all."""
        with self._changed:
            self._sends_no_more = True
            self._changed.notify_all()

    def close(self) -> None:
        """End both threads, as far as they can be woken."""
        with self._changed:
            self._is_closed = self._sends_no_more = True
            self._changed.notify_all()
        with suppress(OSError):  # the other side has closed it already
            self._interrupt()
        for thread in self._threads:
            thread.join(LAST_S)

    # The threads.

    def _receive_all(self) -> None:
        try:
            while chunk := self._read():
                with self._changed:
                    self._received.append(chunk)
                    self._changed.notify_all()
                    self._changed.wait_for(self._has_room)
                    if self._is_closed:
                        break
        except OSError as error:
            self._error = error
        with suppress(OSError):
            self._end_reading()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return self._is_closed or len(self._received) < MOST_CHUNKS

    def _send_all(self) -> None:
        while (data := self._next()) is not None:
            rest = memoryview(data)
            with suppress(OSError):  # receiving finds out how it ended
                while rest:
                    rest = rest[self._write(rest) :]
            with self._changed:
                self._unsent = None
                self._changed.notify_all()
        with suppress(OSError):
            self._end_writing()

    def _next(self) -> bytes | None:
        """The next bytes to send; None when there will be none."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._unsent is not None or self._sends_no_more
            )
            return self._unsent
