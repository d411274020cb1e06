"""Everybody's time: the harness waits, and watches how punctual its machine is.

What is judged is the target; a machine that is late must not turn into its failure. A
meter sleeps for short whiles and notes how late it wakes: by so much longer the judge
waits for what should come, and what might have slipped over a deadline meanwhile is
inconclusive.
"""

import math
import threading
from collections.abc import Sequence

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import Caller, ClockKind, Terms
from invitelab.adapters.driver import Driver
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import InterruptedRunError

NAP_S = 0.01
NOTED_MS = 5
"""Less is no delay but how systems sleep."""


class RealClockDriver:
    """Waits in wall time; `close` wakes everybody who still does."""

    def __init__(self, answer: messages.Initialized) -> None:
        self.terms = Terms(
            kind=ClockKind.REAL,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settling_ms,
        )
        self._over = threading.Event()
        self.meter = Meter(self._over)

    @property
    def tolerance_ms(self) -> int:
        """The worst lateness of all."""
        return self.meter.worst_ms(since_s=0)

    def prove(self, driver: Driver) -> bool:  # noqa: ARG002 - the interface's
        """Nobody can drive it, so there is nothing to prove."""
        return False

    def clock(self, caller: Caller, scenario: str) -> "RealClock":  # noqa: ARG002
        """The clock of a scenario."""
        return RealClock(self.meter, self._over)

    def close(self) -> None:
        """No more waiting."""
        self._over.set()


class Meter:
    """How late this machine is, in a thread that does nothing else."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over
        self._lock = threading.Lock()
        self._late: list[tuple[float, int]] = []
        """When a delay ended, and how long it was; each longer than those after it."""
        self._due_s = math.inf
        """When the thread wants to be awake next."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._due_s = monotonic_s() + NAP_S
            self._over.wait(NAP_S)
            self.note(self._due_s)
        self._due_s = math.inf

    def note(self, due_s: float) -> None:
        """Somebody wanted to be awake at that instant, and is now."""
        with self._lock:
            now_s = monotonic_s()
            late_ms = round((now_s - due_s) * 1000)
            if late_ms > NOTED_MS:
                # The longest since an instant is asked for: a longer one hides these.
                while self._late and self._late[-1][1] <= late_ms:
                    self._late.pop()
                self._late.append((now_s, late_ms))

    def worst_ms(self, *, since_s: float) -> int:
        """The longest delay that ended since that instant, or has not ended yet.

        In milliseconds. When everything stood still, whoever asks may be awake before
        the thread is.
        """
        still_ms = round(max(0.0, monotonic_s() - self._due_s) * 1000)
        with self._lock:
            ended = [ms for at_s, ms in self._late if at_s >= since_s]
        return max([*ended, still_ms if still_ms > NOTED_MS else 0])


class RealClock:
    """Runs by itself."""

    def __init__(self, meter: Meter, over: threading.Event) -> None:
        self._meter = meter
        self._over = over
        self._zero_s: float | None = None

    def begin(self, clients: Sequence[str]) -> None:  # noqa: ARG002 - the interface's
        """Start at zero."""
        self._zero_s = monotonic_s()

    @property
    def now_ms(self) -> int:
        """Since `begin`, rounded down."""
        if self._zero_s is None:
            return 0
        return int((monotonic_s() - self._zero_s) * 1000)

    @property
    def lateness_ms(self) -> int:
        """The longest delay since `begin`."""
        return self._meter.worst_ms(since_s=self._zero_s or 0)

    def wait_until(self, at_ms: int) -> None:
        """Sleep. Raises InterruptedRunError when nobody wants the result any more."""
        due_s = (self._zero_s or 0) + at_ms / 1000
        while (left_s := due_s - monotonic_s()) > 0:
            if self._over.wait(left_s):
                raise InterruptedRunError("the run was ended while a scenario waited")
        self._meter.note(due_s)
