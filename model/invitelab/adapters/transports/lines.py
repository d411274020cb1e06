"""The exchange of lines, whatever carries them: a process's pipes or a connection.

One thread, no buffering by the library, one deadline per call for writing and reading
together. While a request does not fit into the pipe, answers are read as well, so that
two full pipes cannot wait for each other.

An adapter only answers: a line that is there before a call is as wrong as one with the
id of another call. Lines after the last answer go unread.
"""

import os
import select
import time
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from invitelab.adapters.base import Closing, Json, Limits
from invitelab.adapters.transports import framing
from invitelab.errors import CrashError, HangError, HarnessError

CHUNK = 1 << 16
"""Bytes per read: what a pipe holds."""

SPINS = 100
"""How often an answer is looked for before going to sleep.

To be woken takes longer than a quick answer: with this, a call takes about half the
time (benchmarks/stdio_call.py). The processor is offered to others at each look.
"""

EXIT_S = 0.5
"""How long a target whose answers ended may take to end itself."""


class Channel(Protocol):
    """Two descriptors, and what is known of who is behind them."""

    incoming: int
    """Read from here, which may block."""
    outgoing: int
    """Written to, which never blocks; it may be the same descriptor."""
    closed: bool
    shut: str
    """What it did if there will be no answers although it lives."""

    def ending(self, timeout_s: float) -> str:
        """Say how it ended, waiting a little for that; empty while it lives."""
        ...

    @property
    def stderr(self) -> str:
        """The newest part of what it wrote to stderr."""
        ...

    def close(self) -> None:
        """Close the descriptors, and end what was started; never raises."""
        ...


class _Exchange(NamedTuple):
    """A call that is under way."""

    method: str
    timeout_s: float
    end: float

    def left_ms(self) -> float:
        """How long it may still take."""
        return max(0.0, self.end - time.monotonic()) * 1000


class LineTransport(Closing):
    """Calls an adapter, one line for the request and one for the answer."""

    def __init__(self, channel: Channel, limits: Limits) -> None:
        """Take a channel that is open, to close it."""
        self._channel = channel
        self._limits = limits
        self._number = 0
        self._lines = framing.LineSplitter(limits.line_bytes)
        self._answers = select.poll()
        self._answers.register(channel.incoming, select.POLLIN)
        self._both = select.poll()
        self._both.register(channel.outgoing, select.POLLOUT)
        other = select.POLLOUT if channel.incoming == channel.outgoing else 0
        self._both.register(channel.incoming, select.POLLIN | other)

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """One exchange; returns the result. See base.Transport."""
        if self._channel.closed:
            raise HarnessError(f"{method} after the connection was closed")
        self._number += 1
        end = time.monotonic() + timeout_s
        exchange = _Exchange(method, timeout_s, end)
        try:
            request = framing.call(self._number, method, params)
        except ValueError as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        self._refuse_unasked()
        if self._answers.poll(0):
            self._read(exchange)
            self._refuse_unasked()
        self._send(request, exchange)
        line = self._receive(exchange)
        return framing.read_answer(line, self._number, self._limits)

    def _refuse_unasked(self) -> None:
        """Raise MalformedError for a line that is there before it can be an answer."""
        line = self._lines.pop()
        if line is not None:
            raise framing.unasked(line, self._limits)

    def _send(self, request: bytes, exchange: _Exchange) -> None:
        """Write the request, reading what comes while it waits to be read."""
        rest = memoryview(request)
        while rest:
            try:
                rest = rest[os.write(self._channel.outgoing, rest) :]
            except BlockingIOError:
                self._wait_to_send(exchange)
            except OSError:
                return  # reading says how it ended

    def _wait_to_send(self, exchange: _Exchange) -> None:
        """Wait until the target reads. To a request in part there is no answer."""
        ready = self._both.poll(exchange.left_ms())
        if not ready:
            raise self._overdue(exchange)
        if any(
            descriptor == self._channel.incoming and events != select.POLLOUT
            for descriptor, events in ready
        ):
            self._read(exchange)
            self._refuse_unasked()

    def _receive(self, exchange: _Exchange) -> bytes:
        """Read the next line."""
        while (line := self._lines.pop()) is None:
            # Once it is late only what is there already counts.
            soon = exchange.left_ms() > 0 and self._soon()
            if not soon and not self._answers.poll(exchange.left_ms()):
                raise self._overdue(exchange)
            self._read(exchange)
        return line

    def _soon(self) -> bool:
        """Look for an answer without going to sleep."""
        for _ in range(SPINS):
            if self._answers.poll(0):
                return True
            os.sched_yield()
        return False

    def _read(self, exchange: _Exchange) -> None:
        """Take what is there, once there is something; the end is a crash."""
        try:
            chunk = os.read(self._channel.incoming, CHUNK)
        except OSError as error:  # a connection can also end by a reset
            raise self._ended(exchange) from error
        if not chunk:
            raise self._ended(exchange)
        self._lines.push(chunk)

    def _overdue(self, exchange: _Exchange) -> HangError | CrashError:
        """No answer in time, perhaps because only a child still holds the pipe."""
        if self._channel.ending(0):
            return self._ended(exchange)
        return HangError(
            f"no answer to {exchange.method} within {exchange.timeout_s:g} s",
            hint=self._last_words() or "is every line flushed once it is written?",
        )

    def _ended(self, exchange: _Exchange) -> CrashError:
        """Say how the target ended."""
        how = self._channel.ending(EXIT_S) or self._channel.shut
        return CrashError(
            f"the target {how} instead of answering {exchange.method}",
            hint=self._last_words(),
        )

    def _last_words(self) -> str:
        """The last line on stderr, which often says why."""
        lines = self.stderr.strip().splitlines()
        return f"its last line on stderr: {framing.shown(lines[-1])}" if lines else ""

    @property
    def stderr(self) -> str:
        """The newest part of what the target wrote to stderr."""
        return self._channel.stderr

    def close(self) -> None:
        """Close the channel; see there what that ends."""
        self._channel.close()
