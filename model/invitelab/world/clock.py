"""SimPy's environment on a calendar: far events wait unsorted until their day comes.

Most timers of an invitation are set and never go off: it is answered long before its
two minutes are over. A heap pays for every timer twice; here a far event is appended to
the list of its *day* (a quarter of a second), the list is sorted when its day comes,
and whatever was cancelled by then is dropped unseen. The order of events is SimPy's own
(time, priority, order of scheduling), which a test compares event by event.

Time is an integer of microseconds and `advance` includes its end: `run(until=t)` stops
before the events at t, which is the wrong side of every deadline.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.core import EmptySchedule, Infinity
from simpy.events import NORMAL, EventPriority

DAY_BITS = 18
"""A day is 2**18 us: longer than most messages travel, shorter than any timer."""

MAX_EVENTS_AT_ONCE = 10_000_000
"""More than any real scenario needs in one advance; fewer than a livelock makes."""


class LivelockError(RuntimeError):
    """Time stands still although events keep coming."""


class Call:
    """An action at an instant: the least that SimPy's queue takes for an event.

    An `Event` costs half a kilobyte with its dictionary, its list of callbacks and
    their closures; a hundred thousand pending invitations have three timers each.
    """

    __slots__ = ("action", "argument", "callbacks")

    _ok = True

    def __init__(self, action: Callable[[Any], None], argument: object) -> None:
        self.action = action
        self.argument = argument
        self.callbacks: tuple[Callable[[Any], None], ...] | None = RUN

    def cancel(self) -> None:
        """It will not happen; it costs nothing from now on. Twice is once."""
        self.callbacks = None
        self.argument = None


def _run(call: Call) -> None:
    call.action(call.argument)


RUN: tuple[Callable[[Any], None], ...] = (_run,)

Entry = tuple[int, int, int, Any]
"""Instant, priority, order, event: SimPy's own layout. Events are of any kind."""


class CalendarEnvironment(simpy.Environment):
    """A `simpy.Environment` on integer time, with cancellable calls."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._now: int = 0
        self._queue: list[Entry] = []  # the open day's late-comers, a heap
        self._today: list[Entry] = []  # the open day as it was opened, backwards
        self._day = 0
        self._far: dict[int, list[Entry]] = {}
        self._days: list[int] = []

    @property
    def now_us(self) -> int:
        """Now, as the whole number it is."""
        return self._now

    # Scheduling.

    def schedule(
        self, event: Any, priority: EventPriority = NORMAL, delay: float = 0
    ) -> None:
        """SimPy's own way in."""
        self._put((self._now + int(delay), priority, next(self._eid), event))

    def call_at(
        self, at_us: int, action: Callable[[Any], None], argument: object = None
    ) -> Call:
        """Call `action(argument)` at this instant, behind what is already due then."""
        call = Call(action, argument)
        self._put((at_us, NORMAL, next(self._eid), call))
        return call

    def _put(self, entry: Entry) -> None:
        day = entry[0] >> DAY_BITS
        if day <= self._day:
            heappush(self._queue, entry)
        elif day in self._far:
            self._far[day].append(entry)
        else:
            self._far[day] = [entry]
            heappush(self._days, day)

    # Running.

    def advance(self, until_us: int) -> None:
        """Run every event up to and including `until_us`, then stand there."""
        for _ in range(MAX_EVENTS_AT_ONCE):
            entry = self._pop(until_us)
            if entry is None:
                self._now = max(self._now, until_us)
                return
            self._happen(entry)
        if self.peek() <= until_us:
            msg = f"more than {MAX_EVENTS_AT_ONCE} events before {until_us} us"
            raise LivelockError(msg)
        self._now = max(self._now, until_us)

    def step(self) -> None:
        """The next event; EmptySchedule when there is none."""
        entry = self._pop(Infinity)
        if entry is None:
            raise EmptySchedule
        self._happen(entry)

    def peek(self) -> float:
        """The instant of the next event; infinity when there is none."""
        entry = self._pop(Infinity)
        if entry is None:
            return Infinity
        heappush(self._queue, entry)  # it stays the first one wherever it waits
        return entry[0]

    def _happen(self, entry: Entry) -> None:
        self._now = entry[0]
        event = entry[3]
        if event.__class__ is Call:
            event.callbacks = None
            event.action(event.argument)
            return
        # Everything else is SimPy's to run, with all it knows about failures.
        heappush(self._queue, entry)
        super().step()

    def _pop(self, until: float) -> Entry | None:
        """Take the next event that was not cancelled, unless it is after `until`."""
        while True:  # ends: every turn takes an entry or opens a day
            near, today = self._queue, self._today
            if near and (not today or near[0] < today[-1]):
                if near[0][0] > until:
                    return None
                entry = heappop(near)
            elif today:
                if today[-1][0] > until:
                    return None
                entry = today.pop()
            elif self._open_a_day(until):
                continue
            else:
                return None
            if entry[3].callbacks is not None:
                return entry

    def _open_a_day(self, until: float) -> bool:
        """Sort the next day's events, without those that were cancelled."""
        if not self._days or self._days[0] << DAY_BITS > until:
            return False
        self._day = heappop(self._days)
        entries = self._far.pop(self._day)
        self._today = [entry for entry in entries if entry[3].callbacks is not None]
        self._today.sort(reverse=True)
        return True
