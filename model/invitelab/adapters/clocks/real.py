"""Wall time: the harness waits, and measures how late its own machine is.

A delay of the machine must not count as a failure of the target. A meter sleeps for
short periods and records how late it wakes. The harness waits that much longer for
what should appear, and an observation that such a delay may have moved over a deadline
is inconclusive.

A target whose timer is set shorter says so (`lifetime_ms`): then all times are scaled,
and the features are run in that part of the time.
"""

import math
import threading
from collections.abc import Sequence

from invitelab.adapters import handshake
from invitelab.adapters.clocks.base import Caller, Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import InterruptedRunError
from invitelab.world.product import current_product

NAP_S = 0.01
NOTED_MS = 5
"""Shorter delays are the usual precision of sleeping, and not recorded."""


class RealClockDriver:
    """Waits in wall time; `close` interrupts all waits."""

    def __init__(self, answer: handshake.Initialized) -> None:
        self.terms = _terms(answer)
        self._over = threading.Event()
        self.meter = Meter(self._over)

    @property
    def tolerance_ms(self) -> int:
        """The longest delay since the start."""
        return self.meter.worst_ms(since_s=0)

    def prove(self, driver: Driver) -> bool:  # noqa: ARG002 - the interface's
        """False: real time is not controlled, so there is nothing to prove."""
        return False

    def clock(self, caller: Caller, scenario: str) -> "RealClock":  # noqa: ARG002
        """The clock of a scenario."""
        return RealClock(self.meter, self._over, self.terms.scale)

    def close(self) -> None:
        """Interrupt all waits."""
        self._over.set()


def _terms(answer: handshake.Initialized) -> Terms:
    """The terms in the scenario's time, which is longer than wall time if scaled."""
    whole_ms = current_product().lifetime_ms
    lifetime_ms = answer.lifetime_ms or whole_ms

    def scaled(wall_ms: int) -> int:
        return -(-wall_ms * whole_ms // lifetime_ms)  # rounded up

    return Terms(
        kind=ClockKind.REAL,
        resolution_ms=scaled(answer.resolution_ms),
        settle_ms=scaled(answer.settling_ms),
        early_ms=None if answer.early_ms is None else scaled(answer.early_ms),
        late_ms=None if answer.late_ms is None else scaled(answer.late_ms),
        scale=lifetime_ms / whole_ms,
    )


class Meter:
    """Measures delays of this machine, in a thread of its own."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over
        self._lock = threading.Lock()
        self._late: list[tuple[float, int]] = []
        """End (s) and length (ms) of each delay, which is longer than later ones."""
        self._due_s = math.inf
        """When the thread should wake next."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._due_s = monotonic_s() + NAP_S
            self._over.wait(NAP_S)
            self.note(self._due_s)
        self._due_s = math.inf

    def note(self, due_s: float) -> None:
        """Record the delay of a wait that was due at `due_s` and ends now."""
        with self._lock:
            now_s = monotonic_s()
            late_ms = round((now_s - due_s) * 1000)
            if late_ms > NOTED_MS:
                # Only the longest since some instant is asked for: drop shorter ones.
                while self._late and self._late[-1][1] <= late_ms:
                    self._late.pop()
                self._late.append((now_s, late_ms))

    def worst_ms(self, *, since_s: float) -> int:
        """The longest delay that ended after `since_s`, or has not ended yet.

        After a standstill of the machine the caller may wake before the thread does.
        """
        still_ms = round(max(0.0, monotonic_s() - self._due_s) * 1000)
        with self._lock:
            ended = [ms for at_s, ms in self._late if at_s >= since_s]
        return max([*ended, still_ms if still_ms > NOTED_MS else 0])


class RealClock:
    """The wall time since the scenario began.

    With a `scale` below 1 the scenario's time passes faster than wall time.
    """

    def __init__(self, meter: Meter, over: threading.Event, scale: float = 1.0) -> None:
        self._scale = scale
        self._meter = meter
        self._over = over
        self._zero_s: float | None = None

    def begin(self, clients: Sequence[str]) -> None:  # noqa: ARG002 - the interface's
        """Start at zero."""
        self._zero_s = monotonic_s()

    @property
    def now_ms(self) -> int:
        """Milliseconds since `begin`, rounded down."""
        if self._zero_s is None:
            return 0
        return int((monotonic_s() - self._zero_s) * 1000 / self._scale)

    def lateness_ms(self, since_ms: int) -> int:
        """The longest delay that ended after an instant, or has not ended yet."""
        late_ms = self._meter.worst_ms(since_s=self._at_s(since_ms))
        return math.ceil(late_ms / self._scale)

    def _at_s(self, at_ms: int) -> float:
        """An instant of the scenario, by the wall clock."""
        return (self._zero_s or 0) + at_ms * self._scale / 1000

    def wait_until(self, at_ms: int) -> None:
        """Sleep until `at_ms`. Raises InterruptedRunError when the run was ended."""
        due_s = self._at_s(at_ms)
        while (left_s := due_s - monotonic_s()) > 0:
            if self._over.wait(left_s):
                raise InterruptedRunError("the run was ended while a scenario waited")
        self._meter.note(due_s)
