"""A clock that jumps for the target's process alone, by libfaketime.

libfaketime reads the offset of the clock from a file, each time the process asks for
the time. The harness writes the file and then calls the target, since what sleeps in
the operating system is not woken by the change: an event loop wakes by the call and
finds its timers due, a thread in a timed wait does not. Between jumps time passes as
usual.
"""

import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from invitelab.adapters import handshake
from invitelab.adapters.base import Limits, Transport
from invitelab.adapters.clocks.base import Caller, Terms
from invitelab.adapters.clocks.faked import SCENARIO, FakedClock, notices
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver
from invitelab.adapters.target import Target
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import Blame, CannotStartError

ROOT = Path("/usr")
LIBRARIES = ("lib*/*/faketime", "lib*/faketime", "local/lib/faketime")
"""Folders of libfaketime below ROOT, as patterns."""

JUMPS = 4
"""Jumps per wait: a timer that starts another one gets to do so in between."""

REACT_S = 0.003
"""Seconds that the target has to react after it was woken."""


class JumpClockDriver:
    """Owns the file with the offset of the target's clock."""

    tolerance_ms = 0

    def __init__(self) -> None:
        self._library = find_library()
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="invitelab-clock-")
        except OSError as error:
            raise _cannot_write(error) from error
        self.file = Path(self._folder.name) / "ahead"
        self._ahead_ms = 0.0
        self._write()
        self.terms = Terms(kind=ClockKind.JUMP, resolution_ms=0, settle_ms=0)

    def wrap(self, target: Target) -> "FakedTarget":
        """The target, to be started under libfaketime."""
        settings = {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }
        return FakedTarget(target, settings)

    def agree(self, answer: handshake.Initialized) -> None:
        """Take resolution and settling from the target's handshake."""
        self.terms = Terms(
            kind=ClockKind.JUMP,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settling_ms,
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
        return monotonic_s() * 1000 + self._ahead_ms

    def _jump(self, ms: float, poke: Callable[[], None]) -> None:
        end_ms = self._read_ms() + ms
        for jumps in range(JUMPS, 0, -1):
            left_ms = end_ms - self._read_ms()
            if left_ms > 0:
                self._ahead_ms += left_ms / jumps
                self._write()
            poke()
            time.sleep(REACT_S)

    def _write(self) -> None:
        """Replace the file atomically: the target may read it at any time."""
        beside = self.file.with_suffix(".new")
        try:
            beside.write_text(f"+{self._ahead_ms / 1000:.6f}s\n", encoding="ascii")
            beside.replace(self.file)
        except OSError as error:
            raise _cannot_write(error) from error

    def close(self) -> None:
        """Remove the file."""
        self._folder.cleanup()


def _cannot_write(error: OSError) -> CannotStartError:
    msg = f"--clock jump cannot write its temporary file: {error.strerror or error}"
    hint = "make room in the folder for temporary files, or name another with TMPDIR"
    return CannotStartError(msg, hint=hint, blame=Blame.ENVIRONMENT)


class FakedTarget:
    """A command that is started with libfaketime."""

    def __init__(self, target: Target, settings: dict[str, str]) -> None:
        self._target = target
        self._settings = settings
        self.text = target.text

    def open(self, limits: Limits) -> Transport:
        """Start it. Raises CannotStartError."""
        if shutil.which(self._target.parts[0]) is None:
            # `env` would start, and then fail without a helpful message.
            return self._target.open(limits)
        words = [f"{name}={value}" for name, value in self._settings.items()]
        return Target.from_argv(["env", *words, *self._target.parts]).open(limits)


def find_library() -> Path:
    """The path of libfaketime, preferably of its build for threads.

    Raises CannotStartError.
    """
    architecture = str(sysconfig.get_config_var("MULTIARCH"))
    for name in ("libfaketimeMT.so.1", "libfaketime.so.1"):
        for folder in LIBRARIES:
            found = sorted(ROOT.glob(f"{folder}/{name}"))
            if found:
                # Builds for other processors may be installed as well.
                return next(
                    (path for path in found if architecture in path.parts), found[0]
                )
    if sys.platform == "linux":
        msg = "--clock jump needs libfaketime, which is not installed"
        hint = "on Debian: apt install faketime"
    else:
        msg = "--clock jump works on Linux only"
        hint = "--clock real waits in wall time"
    raise CannotStartError(msg, hint=hint, blame=Blame.ENVIRONMENT)
