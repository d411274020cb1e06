"""The clock of this process, replaced by freezegun: for Python targets in process.

Time stands still between calls and is moved by the harness. It suits a target that
reads `datetime` or `time` when it is called; threads that sleep do not wake (`faked`).

While time is frozen this process is in UTC. freezegun reports local times in UTC, but
`time.mktime`, `astimezone` and all else that asks the C library for the zone are not
replaced, so in any other zone the two would differ by the zone's offset. As a
consequence, UTC mistaken for local time and changes to summer time go unnoticed. On
Windows the zone of a running process cannot be set and stays.
"""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from invitelab.adapters import handshake
from invitelab.adapters.clocks.base import Caller, Terms
from invitelab.adapters.clocks.faked import SCENARIO, FakedClock, notices
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory

START = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
"""The frozen time at the start of a run; always the same, for reproducible runs."""


@contextmanager
def universal_time() -> Generator[None]:
    """Set the time zone of this process to UTC, and restore it afterwards."""
    before = os.environ.get("TZ")
    _set_zone("UTC")
    try:
        yield
    finally:
        _set_zone(before)


def _set_zone(name: str | None) -> None:
    """Set the time zone of this process; None is that of the machine."""
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    if sys.platform != "win32":
        time.tzset()


class _FrozenTime:
    """The frozen time of this process, shared by all clock drivers.

    freezegun shows the time that was frozen last, and unfreezes that one first. With a
    frozen time for each, a clock driver could move a time that is not shown.
    """

    def __init__(self) -> None:
        self._holders = 0
        self._undo = ExitStack()
        self._frozen: FrozenDateTimeFactory

    def freeze(self) -> "FrozenDateTimeFactory":
        """Freeze time for one more clock driver."""
        if not self._holders:
            # Imported late: most runs do not need it.
            from freezegun import freeze_time  # noqa: PLC0415

            with ExitStack() as stack:
                stack.enter_context(universal_time())
                frozen = stack.enter_context(freeze_time(START))
                self._frozen = frozen  # type: ignore[assignment]
                self._undo = stack.pop_all()
        self._holders += 1
        return self._frozen

    def thaw(self) -> None:
        """Release the time for one clock driver; after the last one, time goes on."""
        self._holders -= 1
        if not self._holders:
            self._undo.close()


_FROZEN_TIME = _FrozenTime()


class SystemClockDriver:
    """Freezes time until `close`; made before the target is imported."""

    tolerance_ms = 0

    def __init__(self) -> None:
        self._frozen = _FROZEN_TIME.freeze()
        self._running = True
        self.terms = Terms(kind=ClockKind.SYSTEM, resolution_ms=0, settle_ms=0)

    def agree(self, answer: handshake.Initialized) -> None:
        """Take resolution and settling from the handshake; settling is 0 by default."""
        self.terms = Terms(
            kind=ClockKind.SYSTEM,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settle_ms or 0,
            early_ms=answer.early_ms,
            late_ms=answer.late_ms,
        )

    def prove(self, driver: Driver) -> bool:
        """Whether the target notices jumps; see `faked.notices`."""
        clock = self.clock(driver, SCENARIO)
        proven = notices(driver, clock, self.terms.settle_ms)
        self.terms = replace(self.terms, notices=proven)
        return proven

    def clock(self, caller: Caller, scenario: str) -> FakedClock:
        """The clock of a scenario."""
        return FakedClock(caller, scenario, self._read_ms, self._jump)

    def _read_ms(self) -> float:
        # Exact: datetimes count microseconds; a float of seconds would round.
        since = self._frozen() - START.replace(tzinfo=None)
        return since / dt.timedelta(milliseconds=1)

    def _jump(self, ms: float, poke: Callable[[], None]) -> None:
        self._frozen.tick(dt.timedelta(milliseconds=ms))
        poke()

    def close(self) -> None:
        """Let time go on; a second call does nothing."""
        if self._running:
            self._running = False
            _FROZEN_TIME.thaw()
