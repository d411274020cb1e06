"""The clock of a room: virtual time that is advanced, or wall time.

World time is in microseconds from the beginning of the run. In virtual time an instant
is a whole millisecond, as the adapter protocol has it, and calls at one instant are
told apart by microseconds, so that which of two came first is never in doubt.
"""

from collections.abc import Callable
from typing import Protocol

from invitelab.adapters.clocks.virtual import advance
from invitelab.errors import MalformedError
from invitelab.protocol.observed import Span
from invitelab.protocol.values import US_PER_MS
from invitelab.target_load.calls import Calls


def rounded_up(at_us: int) -> int:
    """The first whole millisecond that is not before an instant."""
    return -(-at_us // US_PER_MS) * US_PER_MS


class RoomClock(Protocol):
    """The time of one room."""

    def reach(self, at_us: int) -> None:
        """Bring the room to that instant of world time. Raises CallError."""
        ...

    def before_call(self) -> int:
        """The instant at which the next call is made."""
        ...

    def after_call(self, begun_us: int) -> Span:
        """The interval of the call that began then, and has been answered."""
        ...

    def instant_of(self, span: Span) -> int:
        """The instant, for measurements, of what a look has shown."""
        ...


class VirtualRoomClock:
    """A room whose clock is advanced by calls."""

    def __init__(self, calls: Calls, token: str, begun_us: int) -> None:
        self._calls = calls
        self._token = token
        self._begun_us = begun_us
        self._now_ms = 0
        self._made = 0
        """The number of calls at the present instant."""

    def reach(self, at_us: int) -> None:
        """Advance to that instant; raises CallError, for another time as well."""
        at_ms = -(-(at_us - self._begun_us) // US_PER_MS)
        if at_ms <= self._now_ms:
            return
        reached_ms = advance(self._calls, self._token, at_ms - self._now_ms)
        if reached_ms != at_ms:
            msg = f"the clock stands at {reached_ms} ms, not at {at_ms} ms"
            raise MalformedError(msg)
        self._now_ms, self._made = at_ms, 0

    def before_call(self) -> int:
        """The present instant, and a microsecond for each call before."""
        self._made = min(self._made + 1, US_PER_MS - 1)
        return self._begun_us + self._now_ms * US_PER_MS + self._made

    def after_call(self, begun_us: int) -> Span:
        """No time has passed."""
        return Span(begun_us, begun_us)

    def instant_of(self, span: Span) -> int:
        """The millisecond."""
        return span.end_us // US_PER_MS * US_PER_MS


class RealRoomClock:
    """A room in wall time; `now_us` is the world's."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us

    def reach(self, at_us: int) -> None:
        """Do nothing: wall time passes by itself."""

    def before_call(self) -> int:
        """Now."""
        return self._now_us()

    def after_call(self, begun_us: int) -> Span:
        """From then to now."""
        return Span(begun_us, self._now_us())

    def instant_of(self, span: Span) -> int:
        """When it was answered."""
        return span.end_us
