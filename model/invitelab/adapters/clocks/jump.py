"""A process that libfaketime lies to: its clock jumps, ours does not.

libfaketime reads how far to be ahead from a file, each time the process asks for the
time. We write the file, and then call the target, because what sleeps in the operating
system sleeps on: an event loop wakes by the call and finds its timers due, a thread in
a timed wait does not. Time goes on by itself as well.
"""

import shutil
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from invitelab.adapters import messages
from invitelab.adapters.base import Limits, Transport
from invitelab.adapters.clocks.base import Caller, ClockKind, Terms
from invitelab.adapters.clocks.faked import SCENARIO, DrivenClock, notices
from invitelab.adapters.driver import Driver
from invitelab.adapters.target import Target
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import Blame, CannotStartError

ROOT = Path("/usr")
LIBRARIES = ("lib*/*/faketime", "lib*/faketime", "local/lib/faketime")
"""Where systems keep it, below ROOT."""

LEAPS = 4
"""A wait is made of so many jumps: a timer that sets the next one gets its turn."""

BREATH_S = 0.003
"""How long the target may compute after it was woken."""


class JumpClockDriver:
    """Owns the file that says how far the target's clock is ahead."""

    tolerance_ms = 0

    def __init__(self) -> None:
        self._library = find_library()
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="invitelab-clock-")
        except OSError as error:
            raise _no_room(error) from error
        self.file = Path(self._folder.name) / "ahead"
        self._ahead_ms = 0.0
        self._write()
        self.terms = Terms(kind=ClockKind.JUMP, resolution_ms=0, settle_ms=0)

    def wrap(self, target: Target) -> "FakedTarget":
        """The same target under libfaketime."""
        settings = {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }
        return FakedTarget(target, settings)

    def agree(self, answer: messages.Initialized) -> None:
        """Take what the target says of itself."""
        self.terms = Terms(
            kind=ClockKind.JUMP,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settling_ms,
        )

    def prove(self, driver: Driver) -> bool:
        """Whether the target notices: an invitation must be gone an hour later."""
        clock = self.clock(driver, SCENARIO)
        proven = notices(driver, clock, self.terms.settle_ms)
        self.terms = Terms(
            kind=ClockKind.JUMP,
            resolution_ms=self.terms.resolution_ms,
            settle_ms=self.terms.settle_ms,
            notices=proven,
        )
        return proven

    def clock(self, caller: Caller, scenario: str) -> DrivenClock:
        """The clock of a scenario."""
        return DrivenClock(caller, scenario, self._read_ms, self._jump)

    def _read_ms(self) -> float:
        return monotonic_s() * 1000 + self._ahead_ms

    def _jump(self, ms: float, poke: Callable[[], None]) -> None:
        end_ms = self._read_ms() + ms
        for leaps in range(LEAPS, 0, -1):
            left_ms = end_ms - self._read_ms()
            if left_ms > 0:
                self._ahead_ms += left_ms / leaps
                self._write()
            poke()
            time.sleep(BREATH_S)

    def _write(self) -> None:
        """Replace the file as a whole: the target reads it at any time."""
        beside = self.file.with_suffix(".new")
        try:
            beside.write_text(f"+{self._ahead_ms / 1000:.6f}s\n", encoding="ascii")
            beside.replace(self.file)
        except OSError as error:
            raise _no_room(error) from error

    def close(self) -> None:
        """Remove the file."""
        self._folder.cleanup()


def _no_room(error: OSError) -> CannotStartError:
    msg = f"--clock jump cannot write its temporary file: {error.strerror or error}"
    hint = "make room in the folder for temporary files, or name another with TMPDIR"
    return CannotStartError(msg, hint=hint, blame=Blame.ENVIRONMENT)


class FakedTarget:
    """A command, started with libfaketime."""

    def __init__(self, target: Target, settings: dict[str, str]) -> None:
        self._target = target
        self._settings = settings
        self.text = target.text

    def open(self, limits: Limits) -> Transport:
        """Start it. Raises CannotStartError."""
        if shutil.which(self._target.parts[0]) is None:
            # `env` would start, and end without a word that helps.
            return self._target.open(limits)
        words = [f"{name}={value}" for name, value in self._settings.items()]
        return Target.from_argv(["env", *words, *self._target.parts]).open(limits)


def find_library() -> Path:
    """Where libfaketime is, the one for threads first. Raises CannotStartError."""
    ours = str(sysconfig.get_config_var("MULTIARCH"))
    for name in ("libfaketimeMT.so.1", "libfaketime.so.1"):
        for folder in LIBRARIES:
            found = sorted(ROOT.glob(f"{folder}/{name}"))
            if found:
                # Those of other processors may be installed as well.
                return next((path for path in found if ours in path.parts), found[0])
    msg = "--clock jump needs libfaketime, which is not installed"
    raise CannotStartError(
        msg, hint="on Debian: apt install faketime", blame=Blame.ENVIRONMENT
    )
