"""Calls of several threads over one stream of lines, answered in any order.

A thread reads the answers and hands each to the call with its id. A call without an
answer in time is given up, and its late answer is dropped: that costs one scenario, not
all that are open. If nothing else has been answered meanwhile and an earlier call was
given up as well, it is the target that does not answer any more; unless both called the
same operation, which may be the only one that hangs.

Whether several calls are under way at a time is the caller's choice.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from invitelab.adapters import traffic
from invitelab.adapters.base import BEGIN, Closing, Json, Limits
from invitelab.adapters.transports import framing
from invitelab.adapters.transports.channels import Channel, ended, hung
from invitelab.adapters.transports.streams import Sending
from invitelab.errors import HangError, HarnessError, LostError, MalformedError

LOOK_S = 0.1
"""Seconds after which the reading thread notices that it is to end."""

PAUSE_S = 0.0005
"""Seconds between two attempts to send while the reading thread is at work."""

LAST_S = 2.0
"""Seconds that the reading thread may take to end."""


class StuckError(LostError):
    """Nothing is answered since an earlier call hung: the target has to be ended."""


class GivenUpError(HangError):
    """One call was not answered in time; others are."""

    fatal = False


@dataclass(slots=True, eq=False)
class _Pending:
    """A call under way. `answer` and `error` are set before `done`."""

    number: int
    method: str
    answered_before: int = 0
    """How many answers had come when it was sent."""
    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes | None = None
    raw: bytes = b""
    """What was received instead of an answer."""
    error: Exception | None = None
    """None without an answer: the target has ended."""


class SharedLines(Closing):
    """A transport that threads may call at the same time."""

    def __init__(
        self, channel: Channel, limits: Limits, lines: framing.LineSplitter, number: int
    ) -> None:
        """`number` is the id of the last call, whose answer was the last line read."""
        self._channel = channel
        self._stream = channel.stream
        self._limits = limits
        self._lines = lines
        self._number = number
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._pending: dict[int, _Pending] = {}
        self._given_up: dict[int, tuple[int, str]] = {}
        """By the id of a call that nobody waits for any more: how many answers had come
        by then, and the method."""
        self._answered = 0
        self._chunk = b""
        """The newest bytes that were received."""
        self._over: Exception | None = None
        """Why nothing is read any more."""
        self._has_ended = False
        self._closing = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Make one call. See base.Transport; raises LostError as well.

        A LostError says that the connection ended by something else than this call.
        """
        if self._channel.closed:
            raise _lost()
        end_s = time.monotonic() + timeout_s
        pending = self._new(method)
        try:
            request = framing.call(pending.number, method, params)
        except ValueError as error:
            self._forget(pending)
            raise HarnessError(f"a request that is not JSON: {error}") from error
        traffic.sent(request)
        self._send(request, pending, end_s, timeout_s)
        if not pending.done.wait(max(0.0, end_s - time.monotonic())):
            self._give_up(pending, timeout_s)
        if pending.answer is not None:
            traffic.received(pending.answer + framing.LF)
            return framing.read_answer(pending.answer, pending.number, self._limits)
        traffic.received(pending.raw)
        if pending.error is not None:
            raise pending.error
        raise ended(self._channel, method)

    # One call.

    def _new(self, method: str) -> _Pending:
        with self._lock:
            self._number += 1
            pending = _Pending(self._number, method, self._answered)
            self._pending[pending.number] = pending
            if self._has_ended:
                self._end(pending, self._over)
            return pending

    def _forget(self, pending: _Pending) -> None:
        with self._lock:
            self._pending.pop(pending.number, None)

    def _send(
        self, request: bytes, pending: _Pending, end_s: float, timeout_s: float
    ) -> None:
        """Send the request after those of other threads. Raises HangError, StuckError.

        A request that was sent in part makes the connection unusable.
        """
        if not self._writing.acquire(timeout=max(0.0, end_s - time.monotonic())):
            self._give_up(pending, timeout_s)
            return
        try:
            self._stream.start_sending(request)
            while not pending.done.is_set():
                left_s = max(0.0, end_s - time.monotonic())
                match self._stream.wait_until_sent(left_s):
                    case Sending.DONE:
                        pending.answered_before = self._answered
                        return
                    case Sending.TIMED_OUT:
                        self._forget(pending)
                        raise hung(self._channel, pending.method, timeout_s)
                    case Sending.RECEIVED:
                        time.sleep(PAUSE_S)  # the reading thread takes it
        finally:
            self._writing.release()

    def _give_up(self, pending: _Pending, timeout_s: float) -> None:
        """Raise the error for a call without an answer, unless it has just come."""
        with self._lock:
            if pending.done.is_set():
                return
            del self._pending[pending.number]
            # Since this call was sent, and since another one was given up.
            silent = self._answered == pending.answered_before
            silent = silent and self._others_hung(pending.method)
            self._given_up[pending.number] = (self._answered, pending.method)
        error = hung(self._channel, pending.method, timeout_s)
        if not isinstance(error, HangError):  # the target has ended
            raise error
        if silent:
            raise StuckError("the target has answered nothing since another call hung")
        raise GivenUpError(str(error), hint=error.hint)

    def _others_hung(self, method: str) -> bool:
        """Whether another operation was given up since the last answer.

        Any two calls of `scenario.begin` count, each of which has a long limit.
        """
        return any(
            self._answered == answered and (method != earlier or method == BEGIN)
            for answered, earlier in self._given_up.values()
        )

    # The thread that reads.

    def _read(self) -> None:
        error: Exception | None = None
        try:
            while not self._closing:
                if self._stream.wait_to_receive(LOOK_S) and not self._receive():
                    break
        except MalformedError as malformed:
            error = malformed
        except OSError:
            pass  # a connection can also end by a reset
        with self._lock:
            self._over = _lost() if self._closing else error
            self._has_ended = True
            # The newest call is the likeliest to be the reason; only one is blamed.
            newest = max(self._pending, default=0)
            for pending in list(self._pending.values()):
                is_newest = pending.number == newest
                pending.raw = self._chunk if is_newest and error is not None else b""
                self._end(pending, self._over if is_newest else _lost())

    def _receive(self) -> bool:
        """Take the next bytes, and hand over whole lines; False at the end."""
        chunk = self._stream.receive()
        self._chunk = chunk
        self._lines.push(chunk)
        while (line := self._lines.pop()) is not None:
            self._deliver(line)
        return bool(chunk)

    def _deliver(self, line: bytes) -> None:
        """Hand an answer to its call. Raises MalformedError for any other line."""
        number = framing.decode(line, self._limits).get("id")
        with self._lock:
            if type(number) is not int:
                raise framing.unsolicited(line, self._limits)
            pending = self._pending.pop(number, None)
            if pending is None and number not in self._given_up:
                raise framing.unsolicited(line, self._limits)
            self._answered += 1
            self._given_up.pop(number, None)
            if pending is not None:
                pending.answer = line
                pending.done.set()

    def _end(self, pending: _Pending, error: Exception | None) -> None:
        """End a call without an answer; with the lock held."""
        self._pending.pop(pending.number, None)
        pending.error = error
        pending.done.set()

    # The end.

    @property
    def stderr(self) -> str:
        """The newest part of the target's stderr."""
        return self._channel.stderr

    def close(self) -> None:
        """End the reading thread, then close the channel."""
        self._closing = True
        self._reader.join(LAST_S)
        self._channel.close()


def _lost() -> LostError:
    return LostError("the target was ended by another scenario")
