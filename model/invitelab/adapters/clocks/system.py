"""The clock of this process, replaced by freezegun: for Python targets in process.

Time stands still between calls and is moved by us, so that a target which reads
`datetime` or `time` when it is asked needs neither a clock of its own nor patience.
Threads that sleep do not wake: see `driven`.

While time is frozen this process is in UTC. freezegun shows local times in UTC, but
leaves `time.mktime`, `astimezone` and whatever else asks the C library for the zone as
they are, so that in any other zone the two would disagree by the zone's offset. The
price: UTC taken for local time, and a change to summer time, are not seen here.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from invitelab.adapters import messages
from invitelab.adapters.clocks.base import Caller, ClockKind, Terms
from invitelab.adapters.clocks.faked import SCENARIO, DrivenClock, notices
from invitelab.adapters.driver import Driver

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory

START = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
"""Any instant will do; the same one makes the same run."""


@contextmanager
def universal_time() -> Generator[None]:
    """Put this process into UTC; its own zone is back afterwards, whatever happens."""
    before = os.environ.get("TZ")
    _set_zone("UTC")
    try:
        yield
    finally:
        _set_zone(before)


def _set_zone(name: str | None) -> None:
    """Set this process's time zone; None is the machine's."""
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    time.tzset()


class _FrozenTime:
    """The frozen time of this process, from the first keeper to the last one.

    There is one, however many keepers there are: freezegun shows what was frozen last,
    and thaws that first, so that of two frozen times one would not be moved by its own
    keeper.
    """

    def __init__(self) -> None:
        self._keepers = 0
        self._undo = ExitStack()
        self._frozen: FrozenDateTimeFactory

    def freeze(self) -> "FrozenDateTimeFactory":
        """Freeze time for one keeper more."""
        if not self._keepers:
            # Imported late: most runs have no use for it.
            from freezegun import freeze_time  # noqa: PLC0415

            with ExitStack() as stack:
                stack.enter_context(universal_time())
                frozen = stack.enter_context(freeze_time(START))
                self._frozen = frozen  # type: ignore[assignment]
                self._undo = stack.pop_all()
        self._keepers += 1
        return self._frozen

    def thaw(self) -> None:
        """One keeper has no more use for it; with the last one, time goes on."""
        self._keepers -= 1
        if not self._keepers:
            self._undo.close()


_FROZEN_TIME = _FrozenTime()


class SystemClockDriver:
    """Freezes time until `close`; made before the target is imported."""

    tolerance_ms = 0

    def __init__(self) -> None:
        self._frozen = _FROZEN_TIME.freeze()
        self._running = True
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
            _FROZEN_TIME.thaw()
