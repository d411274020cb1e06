"""Few scenarios make their first calls at a time; a scenario that waits lets others.

All scenarios of a run in real time begin together, as their waits pass together. If all
of them called the target at once, each would be late by the calls of all others, and
what it observes a second after its beginning could not be judged.
"""

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager

from invitelab.adapters.clocks.base import Caller, Clock, ClockDriver, Terms
from invitelab.adapters.driver import Driver

AT_ONCE = 16
"""How many scenarios are in their first calls at the same time."""

LONG_MS = 100
"""Shorter waits are a part of the first calls: the target settles."""


class Openings:
    """Gives scenarios leave to begin."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = threading.Semaphore(at_once)

    @contextmanager
    def place(self) -> Generator[Callable[[], None]]:
        """Wait for a place; what it gives leaves it before the end, if it is called."""
        with ExitStack() as held:
            self._places.acquire()
            held.callback(self._places.release)
            yield held.close  # a second call does nothing


class LeavingClocks:
    """A clock driver whose clocks call `leave` before a long wait."""

    def __init__(self, clocks: ClockDriver, leave: Callable[[], None]) -> None:
        self._clocks = clocks
        self._leave = leave

    @property
    def terms(self) -> Terms:
        """Those of the clocks."""
        return self._clocks.terms

    @property
    def tolerance_ms(self) -> int:
        """That of the clocks."""
        return self._clocks.tolerance_ms

    def prove(self, driver: Driver) -> bool:
        """Prove the clocks."""
        return self._clocks.prove(driver)

    def clock(self, caller: Caller, scenario: str) -> Clock:
        """The clock of a scenario, which leaves its place."""
        return _LeavingClock(self._clocks.clock(caller, scenario), self._leave)

    def close(self) -> None:
        """Close the clocks."""
        self._clocks.close()


class _LeavingClock:
    """A clock that calls `leave` before a long wait."""

    def __init__(self, clock: Clock, leave: Callable[[], None]) -> None:
        self._clock = clock
        self._leave = leave

    def begin(self, clients: Sequence[str]) -> None:
        """Begin."""
        self._clock.begin(clients)

    @property
    def now_ms(self) -> int:
        """The time."""
        return self._clock.now_ms

    def lateness_ms(self, since_ms: int) -> int:
        """The lateness."""
        return self._clock.lateness_ms(since_ms)

    def wait_until(self, at_ms: int) -> None:
        """Leave, and wait."""
        if at_ms - self.now_ms > LONG_MS:
            self._leave()
        self._clock.wait_until(at_ms)
