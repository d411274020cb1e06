"""The bytes of calls in both directions, as transports send and receive them.

A caller opens a `Call`; what the transport then sends and receives in that thread is
noted in it. Nothing is noted outside of a call, so transports need not know whether
anybody listens. Bytes are bounded: of a direction of a call, and of all its calls.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Protocol, Self

from invitelab.adapters.wall_clock import monotonic_s

MOST_BYTES = 1 << 16
"""Bytes of one direction of a call that are kept, the first ones."""

MOST_BYTES_OF_ALL = 1 << 20
"""Bytes of all calls of a scenario that are kept."""

MOST_CALLS = 5000
"""Calls of a scenario that are kept."""


class Clock(Protocol):
    """What tells the time of a scenario."""

    @property
    def now_ms(self) -> int:
        """Protocol time in milliseconds."""
        ...


class Call(AbstractContextManager["Call"]):
    """One call: when it was made, what was sent, and what came back."""

    __slots__ = (
        "_encode",
        "at_ms",
        "began_s",
        "error",
        "method",
        "received",
        "received_bytes",
        "room",
        "sent",
        "sent_bytes",
        "took_s",
    )

    def __init__(self, method: str, at_ms: int | None, room: int) -> None:
        """`room` is how many bytes of it are kept at most, in each direction."""
        self.method = method
        self.at_ms = at_ms
        """Protocol time when it was made; None outside of a scenario."""
        self.began_s = 0.0
        """By `monotonic_s`."""
        self.took_s = 0.0
        self.room = room
        self.sent = b""
        """The first bytes that were sent; `sent_bytes` says how many there were."""
        self.sent_bytes = 0
        self.received = b""
        self.received_bytes = 0
        self.error: BaseException | None = None
        """The exception that the call has ended with."""
        self._encode: Callable[[], bytes] | None = None

    def __enter__(self) -> Self:
        """Note in it what this thread sends and receives from now on."""
        _here.call = self
        self.began_s = monotonic_s()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Note nothing more."""
        self.took_s = monotonic_s() - self.began_s
        self.error = error
        _here.call = None

    def send(self, data: bytes) -> None:
        """Note bytes that were sent."""
        self.sent_bytes += len(data)
        if len(self.sent) < self.room:
            self.sent = (self.sent + data)[: self.room]

    def send_as(self, encode: Callable[[], bytes]) -> None:
        """Note a message that is put into bytes only if somebody asks for them."""
        self._encode = encode

    def receive(self, data: bytes) -> None:
        """Note bytes that were received."""
        self.received_bytes += len(data)
        if len(self.received) < self.room:
            self.received = (self.received + data)[: self.room]

    def settle(self) -> None:
        """Put a message into bytes that was noted by `send_as`."""
        if self._encode is not None:
            encode, self._encode = self._encode, None
            self.send(encode())


class _Here(threading.local):
    """The call of this thread that is under way."""

    call: Call | None = None


_here = _Here()


def sent(data: bytes) -> None:
    """Note that a transport sends these bytes, for the call of this thread."""
    if _here.call is not None:
        _here.call.send(data)


def sent_as(encode: Callable[[], bytes]) -> None:
    """Note that a transport sends a message which `encode` puts into bytes."""
    if _here.call is not None:
        _here.call.send_as(encode)


def received(data: bytes) -> None:
    """Note that a transport has received these bytes."""
    if _here.call is not None:
        _here.call.receive(data)


class Traffic:
    """The calls of one scenario, or those outside of all scenarios."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.left_out = 0
        """How many calls came after the first MOST_CALLS."""
        self.clock: Clock | None = None
        """The scenario's clock, once there is one."""

    def call(self, method: str) -> Call:
        """A call that is about to be made, to be used as a context."""
        at_ms = None if self.clock is None else self.clock.now_ms
        made = Call(method, at_ms, MOST_BYTES)
        if len(self.calls) < MOST_CALLS:
            self.calls.append(made)
        else:
            self.left_out += 1
        return made

    def take(self) -> list[Call]:
        """The calls so far, which are then forgotten."""
        taken, self.calls = self.calls, []
        return taken


def recorded(traffic: Traffic | None, method: str) -> AbstractContextManager[object]:
    """The context of a call.

    It does nothing where nobody listens, or where the call is recorded already.
    """
    if traffic is None or _here.call is not None:
        return _NOTHING
    return traffic.call(method)


_NOTHING = nullcontext()
