"""The clock of this process, replaced by freezegun: for Python targets in process.

Time stands still between calls and is moved by us, so that a target which reads
`datetime` or `time` when it is asked needs neither a clock of its own nor patience.
Threads that sleep do not wake: see `driven`.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import Caller, ClockKind, Terms
from invitelab.adapters.clocks.driven import SCENARIO, DrivenClock, notices
from invitelab.adapters.driver import Driver

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory

START = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
"""Any instant will do; the same one makes the same run."""


class SystemKeeper:
    """Freezes time until `close`; made before the target is imported."""

    tolerance_ms = 0

    def __init__(self) -> None:
        # Imported late: most runs have no use for it.
        from freezegun import freeze_time  # noqa: PLC0415

        self._freezer = freeze_time(START)
        frozen = self._freezer.start()
        self._running = True
        self._frozen: FrozenDateTimeFactory = frozen  # type: ignore[assignment]
        self.terms = Terms(kind=ClockKind.SYSTEM, resolution_ms=0, settle_ms=0)

    def agree(self, answer: messages.Initialized) -> None:
        """Take what the target says of itself; effects are instant unless it says."""
        self.terms = Terms(
            kind=ClockKind.SYSTEM,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settle_ms or 0,
        )

    def prove(self, driver: Driver) -> bool:
        """Whether the target notices: an invitation must be gone an hour later."""
        clock = self.clock(driver, SCENARIO)
        proven = notices(driver, clock, self.terms.settle_ms)
        self.terms = Terms(
            kind=ClockKind.SYSTEM,
            resolution_ms=self.terms.resolution_ms,
            settle_ms=self.terms.settle_ms,
            notices=proven,
        )
        return proven

    def clock(self, caller: Caller, scenario: str) -> DrivenClock:
        """The clock of a scenario."""
        return DrivenClock(caller, scenario, self._read_ms, self._jump)

    def _read_ms(self) -> float:
        # In whole microseconds: a float of seconds would round a millisecond away.
        since = self._frozen() - START.replace(tzinfo=None)
        return since / dt.timedelta(milliseconds=1)

    def _jump(self, ms: float, poke: Callable[[], None]) -> None:
        self._frozen.tick(dt.timedelta(milliseconds=ms))
        poke()

    def close(self) -> None:
        """Let time go on."""
        if self._running:
            self._running = False
            self._freezer.stop()
