"""A SimPy environment on a calendar queue: distant events stay unsorted.

Most timers of an invitation are cancelled before they fire, as it is answered within
its two minutes. A heap pays for such a timer twice, on insertion and on removal. Here a
distant event is appended to the list of its *day* (a quarter of a second). A list is
sorted when its day begins, without the timers that are cancelled by then. After R.
Brown, "Calendar queues: a fast O(1) priority queue implementation for the simulation
event set problem", Communications of the ACM 31 (1988), page 1220, with an unbounded
year. The order of events is SimPy's (time, priority, order of scheduling), which a test
compares event by event; `post_in_order` has an order of its own after all others of its
instant, so that no engine has to know what was scheduled first.

Time is an integer of microseconds. `advance` includes the events at its end, where a
deadline is due; SimPy's `run(until=t)` stops before those at t.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.core import EmptySchedule, Infinity
from simpy.events import NORMAL, URGENT, Event, EventPriority

DAY_BITS = 18
"""A day has 2**18 us: longer than most latencies, shorter than any timer."""

MAX_EVENTS_AT_ONCE = 10_000_000
"""The limit of one `advance`: no real scenario reaches it, a livelock always does."""


IN_ORDER = NORMAL + 1
"""The priority of what is posted with an order of its own."""

_TELLS_APART = (1 << 16) - 1


class LivelockError(Exception):
    """Events keep being scheduled for the present instant, so time does not advance."""


class Call:
    """A cancellable function call at an instant; an event without SimPy's overhead.

    A SimPy `Event` takes half a kilobyte with its dictionary, its list of callbacks and
    their closures, and 100,000 pending invitations have two timers each. A method is
    given as plain function and `owner`, because a bound method is another object that
    lives as long as the timer.
    """

    __slots__ = ("action", "argument", "owner")

    def __init__(
        self, action: Callable[..., None], argument: object, owner: object
    ) -> None:
        self.action: Callable[..., None] | None = action
        self.argument = argument
        self.owner = owner

    def cancel(self) -> None:
        """Cancel the call and release what it refers to; without effect if done."""
        self.action = self.argument = self.owner = None

    def happen(self) -> None:
        """Make the call; it can be made once."""
        action, argument, owner = self.action, self.argument, self.owner
        self.action = None
        assert action is not None, "the call is cancelled, or was made before"
        if owner is None:
            action(argument)
        else:
            action(owner, argument)


class _First(Event):
    """SimPy's `Timeout`, but ahead of what is due at the same instant."""

    def __init__(self, env: simpy.Environment, delay_us: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, URGENT, delay_us)


Entry = tuple[int, int, int, Any]
"""Instant in us, priority, sequence number, event: SimPy's own layout.

The event is one of SimPy's, a `Call`, or (action, argument) if it is never cancelled.
"""


class CalendarEnvironment(simpy.Environment):
    """A `simpy.Environment` with integer time and cancellable calls."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self.now_us = 0
        """SimPy's `now`, as a plain attribute because it is read twice an event."""
        self.events = 0
        """The number of events processed so far."""
        # What was scheduled for the current day after it began; a heap.
        self._queue: list[Entry] = []  # type: ignore[assignment]
        self._today: list[Entry] = []  # the rest of the current day, latest first
        self._day = 0
        self._far: dict[int, list[Entry]] = {}
        self._days: list[int] = []

    # Scheduling.

    def schedule(
        self, event: Event, priority: EventPriority = NORMAL, delay: float = 0
    ) -> None:
        """Schedule one of SimPy's own events; `delay` is in whole microseconds."""
        self._put((self.now_us + int(delay), priority, next(self._eid), event))

    def post(self, at_us: int, action: Callable[[Any], None], argument: object) -> None:
        """Call `action(argument)` at `at_us`, after what is already due then."""
        entry = (at_us, NORMAL, next(self._eid), (action, argument))
        if at_us >> DAY_BITS <= self._day:
            heappush(self._queue, entry)
        else:
            self._put(entry)

    def post_in_order(
        self, at_us: int, order: int, action: Callable[[Any], None], argument: object
    ) -> None:
        """Call `action(argument)` at `at_us`, after all that has no order.

        Of several at one instant the one with the least order comes first.
        """
        place = order << 16 | next(self._eid) & _TELLS_APART
        entry = (at_us, IN_ORDER, place, (action, argument))
        if at_us >> DAY_BITS <= self._day:
            heappush(self._queue, entry)
        else:
            self._put(entry)

    def first_at(self, at_us: int) -> Event:
        """A SimPy event for a process to wait for, before all others of its instant."""
        return _First(self, at_us - self.now_us)

    def call_at(
        self,
        at_us: int,
        action: Callable[..., None],
        argument: object = None,
        owner: object = None,
    ) -> Call:
        """Like `post`, but cancellable; with an owner: `action(owner, argument)`."""
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

    def scheduled(self) -> Iterator[object]:
        """The arguments of all calls that are still to be made."""
        for entries in (self._queue, self._today, *self._far.values()):
            for entry in entries:
                event = entry[3]
                if event.__class__ is tuple:
                    yield event[1]
                elif event.__class__ is Call and event.action is not None:
                    yield event.argument

    # Running.

    def advance(self, until_us: int) -> None:
        """Run every event up to and including `until_us`, where the time then is.

        Raises LivelockError after MAX_EVENTS_AT_ONCE events.
        """
        ran = self._run(until_us, MAX_EVENTS_AT_ONCE)
        if ran == MAX_EVENTS_AT_ONCE and self.peek() <= until_us:
            msg = f"more than {MAX_EVENTS_AT_ONCE} events before {until_us} us"
            raise LivelockError(msg)
        self._now = self.now_us = max(self.now_us, until_us)

    def step(self) -> None:
        """Run the next event; raises SimPy's EmptySchedule when there is none."""
        if not self._run(self.peek(), 1):
            raise EmptySchedule

    def peek(self) -> float:
        """The time of the next event in microseconds; infinity when there is none."""
        near = self._queue
        while True:  # ends: each iteration removes an entry or begins a day
            today = self._today
            if near and not _is_live(near[0]):
                heappop(near)
            elif today and not _is_live(today[-1]):
                today.pop()
            elif near or today:
                return min(entry[0] for entry in (*near[:1], *today[-1:]))
            elif not self._begin_day(Infinity):
                return Infinity

    def _run(self, until: float, at_most: int) -> int:
        """Run the events due by `until`, at most `at_most`; return their number.

        All in one function: a function call would double the cost of an event.
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
            elif self._begin_day(until):
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
                # SimPy runs it, as it handles failed events. The heap's first entry.
                heappush(near, entry)
                self.now_us = entry[0]
                super().step()
            ran += 1
        self.events += ran
        return ran

    def _begin_day(self, until: float) -> bool:
        """Sort the events of the next day, without the cancelled ones."""
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
