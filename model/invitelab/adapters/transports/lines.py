"""The exchange of lines over a stream: one request, one answer.

One deadline per call covers sending and receiving. While a request is being sent,
answers are received as well, so that two full pipes cannot wait for each other.

An adapter only answers: a line that came before a call is as wrong as one with the id
of another call. Lines after the last answer are not read.
"""

import time
from collections.abc import Mapping
from typing import NamedTuple

from invitelab.adapters import traffic
from invitelab.adapters.base import Closing, Json, Limits
from invitelab.adapters.transports import framing
from invitelab.adapters.transports.channels import Channel, ended, hung
from invitelab.adapters.transports.shared_lines import SharedLines
from invitelab.adapters.transports.streams import Sending
from invitelab.errors import HarnessError

FIRST_WORK = "scenario.begin"
"""The call by whose first answer an adapter has started what it stands in front of."""


class _Exchange(NamedTuple):
    """A call in progress; `end` is by time.monotonic()."""

    method: str
    timeout_s: float
    end: float

    def left_s(self) -> float:
        """How long it may still take."""
        return max(0.0, self.end - time.monotonic())


class LineTransport(Closing):
    """Calls an adapter, with one line for the request and one for the answer."""

    def __init__(self, channel: Channel, limits: Limits) -> None:
        """`channel` is open, and closed by this transport."""
        self._channel = channel
        self._stream = channel.stream
        self._limits = limits
        self._number = 0
        self._has_begun = False
        self._lines = framing.LineSplitter(limits.line_bytes)

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Make one call. See base.Transport."""
        if self._channel.closed:
            raise HarnessError(f"{method} after the connection was closed")
        self._number += 1
        end = time.monotonic() + timeout_s
        exchange = _Exchange(method, timeout_s, end)
        try:
            request = framing.call(self._number, method, params)
        except ValueError as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        self._refuse_unsolicited()
        while self._stream.wait_to_receive(0):  # all of a line, which may be in pieces
            self._receive(exchange)
            self._refuse_unsolicited()
        self._send(request, exchange)
        line = self._answer(exchange)
        if method == FIRST_WORK and not self._has_begun:
            self._has_begun = True
            self._channel.note_programs()
        return framing.read_answer(line, self._number, self._limits)

    def shared(self) -> SharedLines:
        """The same connection, for several threads; this object is used no more."""
        return SharedLines(self._channel, self._limits, self._lines, self._number)

    def _refuse_unsolicited(self) -> None:
        """Raise MalformedError for a line that came before it can be an answer."""
        line = self._lines.pop()
        if line is not None:
            raise framing.unsolicited(line, self._limits)

    def _send(self, request: bytes, exchange: _Exchange) -> None:
        """Send the request. A line that comes before its end cannot be an answer."""
        traffic.sent(request)
        self._stream.start_sending(request)
        while True:
            match self._stream.wait_until_sent(exchange.left_s()):
                case Sending.DONE:
                    return
                case Sending.TIMED_OUT:
                    raise hung(self._channel, exchange.method, exchange.timeout_s)
                case Sending.RECEIVED:
                    self._receive(exchange)
                    self._refuse_unsolicited()

    def _answer(self, exchange: _Exchange) -> bytes:
        """The next line."""
        while (line := self._lines.pop()) is None:
            # After the deadline, only what has already arrived counts.
            if not self._stream.wait_to_receive(exchange.left_s()):
                raise hung(self._channel, exchange.method, exchange.timeout_s)
            self._receive(exchange)
        return line

    def _receive(self, exchange: _Exchange) -> None:
        """Take the next bytes, and wait for them. Raises CrashError at the end."""
        try:
            chunk = self._stream.receive()
        except OSError as error:  # a connection can also end by a reset
            raise ended(self._channel, exchange.method) from error
        if not chunk:
            raise ended(self._channel, exchange.method)
        traffic.received(chunk)
        self._lines.push(chunk)

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr."""
        return self._channel.stderr

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()
