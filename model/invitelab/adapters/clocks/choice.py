"""The choice of a clock driver, by the user's option and the target's declaration.

Without the option it is what the target declares. `system` and `jump` are for targets
that declare a real clock, and are prepared before the target starts.
"""

from dataclasses import dataclass
from typing import assert_never

from invitelab.adapters import handshake
from invitelab.adapters.clocks.base import ClockDriver
from invitelab.adapters.clocks.jump import JumpClockDriver
from invitelab.adapters.clocks.kinds import ClockKind, fits
from invitelab.adapters.clocks.real import RealClockDriver
from invitelab.adapters.clocks.system import SystemClockDriver
from invitelab.adapters.clocks.virtual import VirtualClockDriver
from invitelab.adapters.driver import Reachable
from invitelab.adapters.target import Target
from invitelab.errors import Blame, HandshakeError


@dataclass(frozen=True, slots=True)
class Prepared:
    """The target to start, and the clock driver if it is needed before the start."""

    target: Reachable
    clock_driver: SystemClockDriver | JumpClockDriver | None = None


def prepare(kind: ClockKind | None, target: Reachable) -> Prepared:
    """Prepare what is needed before the target starts.

    Raises UsageError and CannotStartError.
    """
    fits(kind, target)
    match kind:
        case ClockKind.SYSTEM:
            return Prepared(target, SystemClockDriver())
        case ClockKind.JUMP:
            assert isinstance(target, Target), "an InProcessTarget is no process"
            clock_driver = JumpClockDriver()
            return Prepared(clock_driver.wrap(target), clock_driver)
        case ClockKind.VIRTUAL | ClockKind.REAL | None:
            return Prepared(target)
        case _:
            assert_never(kind)


def agree(
    kind: ClockKind | None, prepared: Prepared, answer: handshake.Initialized
) -> ClockDriver:
    """The clock driver for a target that has started. Raises HandshakeError."""
    needed = "virtual" if kind is ClockKind.VIRTUAL else "real"
    if kind is not None and answer.clock != needed:
        msg = (
            f"--clock {kind.value} needs a target with a {needed} clock, "
            f"this one declares a {answer.clock} one"
        )
        raise HandshakeError(msg, hint="leave --clock out", blame=Blame.ENVIRONMENT)
    if answer.lifetime_ms is not None and prepared.clock_driver is not None:
        msg = f"lifetime_ms is for waiting in real time, not for a {kind} clock"
        raise HandshakeError(msg, hint="leave --clock out", blame=Blame.ENVIRONMENT)
    if prepared.clock_driver is not None:
        prepared.clock_driver.agree(answer)
        return prepared.clock_driver
    if answer.clock == "virtual":
        return VirtualClockDriver(answer)
    return RealClockDriver(answer)
