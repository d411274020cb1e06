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
from simpy.events import NORMAL, Event, EventPriority

DAY_BITS = 18
"""A day is 2**18 us: longer than most messages travel, shorter than any timer."""

MAX_EVENTS_AT_ONCE = 10_000_000
"""More than any real scenario needs in one advance; fewer than a livelock makes."""


class LivelockError(RuntimeError):
    """Time stands still although events keep coming."""


class Call:
    """An action at an instant: the least that SimPy's queue takes for an event.

    An `Event` costs half a kilobyte with its dictionary, its list of callbacks and
    their closures; a hundred thousand pending invitations have two timers each. For the
    same reason a call can name the owner of a plain function apart: a bound method is
    an object of its own, which lives as long as the timer.
    """

    __slots__ = ("action", "argument", "owner")

    def __init__(
        self, action: Callable[..., None], argument: object, owner: object
    ) -> None:
        self.action: Callable[..., None] | None = action
        self.argument = argument
        self.owner = owner

    def cancel(self) -> None:
        """It will not happen; it costs nothing from now on. Twice is once."""
        self.action = self.argument = self.owner = None

    def happen(self) -> None:
        """Call it, once."""
        action, argument, owner = self.action, self.argument, self.owner
        self.action = None
        assert action is not None, "what was cancelled does not happen"
        if owner is None:
            action(argument)
        else:
            action(owner, argument)


Entry = tuple[int, int, int, Any]
"""Instant, priority, order, event: SimPy's own layout.

An event is SimPy's, a `Call`, or where nobody will cancel it (action, argument).
"""


class CalendarEnvironment(simpy.Environment):
    """A `simpy.Environment` on integer time, with cancellable calls."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.now_us = 0
        """`now`, as a plain attribute: it is read twice an event."""
        self.events = 0
        """How many have happened."""
        # The open day's late-comers, a heap. SimPy knows nothing of calls in it.
        self._queue: list[Entry] = []  # type: ignore[assignment]
        self._today: list[Entry] = []  # the open day as it was opened, backwards
        self._day = 0
        self._far: dict[int, list[Entry]] = {}
        self._days: list[int] = []

    # Scheduling.

    def schedule(
        self, event: Event, priority: EventPriority = NORMAL, delay: float = 0
    ) -> None:
        """SimPy's own way in."""
        self._put((self.now_us + int(delay), priority, next(self._eid), event))

    def post(self, at_us: int, action: Callable[[Any], None], argument: object) -> None:
        """Call `action(argument)` at this instant, behind what is already due then."""
        entry = (at_us, NORMAL, next(self._eid), (action, argument))
        if at_us >> DAY_BITS <= self._day:
            heappush(self._queue, entry)
        else:
            self._put(entry)

    def call_at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> Call:
        """The same, unless it is cancelled; of an owner: `action(owner, argument)`."""
        call = Call(action, argument, owner)
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
        ran = self._run(until_us, MAX_EVENTS_AT_ONCE)
        if ran == MAX_EVENTS_AT_ONCE and self.peek() <= until_us:
            msg = f"more than {MAX_EVENTS_AT_ONCE} events before {until_us} us"
            raise LivelockError(msg)
        self._now = self.now_us = max(self.now_us, until_us)

    def step(self) -> None:
        """The next event; EmptySchedule when there is none."""
        if not self._run(self.peek(), 1):
            raise EmptySchedule

    def peek(self) -> float:
        """The instant of the next event; infinity when there is none."""
        near = self._queue
        while True:  # ends: every turn takes an entry or opens a day
            today = self._today
            if near and not _is_live(near[0]):
                heappop(near)
            elif today and not _is_live(today[-1]):
                today.pop()
            elif near or today:
                return min(lane[0] for lane in (*near[:1], *today[-1:]))
            elif not self._open_a_day(Infinity):
                return Infinity

    def _run(self, until: float, at_most: int) -> int:
        """Run what is due by `until`, but no more than so many; how many it were.

        Everything happens in here: a call for each event would cost as much as it does.
        """
        near = self._queue
        ran = 0
        while ran < at_most:
            today = self._today
            if near and (not today or near[0] < today[-1]):
                if near[0][0] > until:
                    break
                entry = heappop(near)
            elif today:
                if today[-1][0] > until:
                    break
                entry = today.pop()
            elif self._open_a_day(until):
                continue
            else:
                break
            event = entry[3]
            kind = event.__class__
            if kind is tuple:
                self._now = self.now_us = entry[0]
                event[0](event[1])
            elif not _is_live(entry):
                continue
            elif kind is Call:
                self._now = self.now_us = entry[0]
                event.happen()
            else:
                # SimPy's to run, with all it knows about failures. It is the first.
                heappush(near, entry)
                self.now_us = entry[0]
                super().step()
            ran += 1
        self.events += ran
        return ran

    def _open_a_day(self, until: float) -> bool:
        """Sort the next day's events, without those that were cancelled."""
        if not self._days or self._days[0] << DAY_BITS > until:
            return False
        self._day = heappop(self._days)
        self._today = [entry for entry in self._far.pop(self._day) if _is_live(entry)]
        self._today.sort(reverse=True)
        return True


def _is_live(entry: Entry) -> bool:
    event = entry[3]
    if event.__class__ is Call:
        return event.action is not None
    return event.__class__ is tuple or event.callbacks is not None
