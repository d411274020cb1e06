"""What a clock is to the judge: a kind, a scenario's time, and how far to trust it.

A *keeper* is made once for a run and knows how the target's time is driven; it gives
every scenario a *clock* of its own, at zero when the scenario begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from invitelab.adapters import messages
from invitelab.adapters.driver import Driver

Result = TypeVar("Result", bound=messages.Wire)

BYSTANDER = messages.ClientDeclaration(
    client="c1",
    id="100200300",
    alias=None,
    version="7.0.0",
    platform="windows",
    profiles=(messages.ProfileSpec(name="Default", permissions=("view",)),),
)
"""Nothing happens to it; a world without anybody may be more than a target expects."""


class ClockKind(StrEnum):
    """Whose time it is."""

    VIRTUAL = "virtual"
    """The target's own, driven by `clock.advance`."""
    REAL = "real"
    """Everybody's: the harness waits."""
    SYSTEM = "system"
    """This process's, replaced by freezegun."""
    JUMP = "jump"
    """Everybody's, but for a process that libfaketime lies to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How far a clock can be trusted, in milliseconds of the scenario's time."""

    kind: ClockKind
    resolution_ms: int
    settle_ms: int
    """How long an effect may take to show at another client."""
    notices: bool = True
    """Whether the target notices that time has passed; if not, it cannot be judged."""

    @property
    def exact(self) -> bool:
        """Whether the tick itself can be judged: time stands still between calls."""
        still = {ClockKind.VIRTUAL, ClockKind.SYSTEM}
        return self.kind in still and self.settle_ms == 0

    @property
    def blur_ms(self) -> int:
        """How near to a deadline nothing can be told apart."""
        return self.resolution_ms + self.settle_ms


class Caller(Protocol):
    """A way to the target, with the limits of whoever has it."""

    def call(self, method: str, params: messages.Wire, result: type[Result]) -> Result:
        """One operation; see `driver.Driver.call`."""
        ...


class Clock(Protocol):
    """The time of one scenario."""

    def begin(self, clients: Sequence[str]) -> None:
        """The scenario has begun, with these clients: it is zero now."""
        ...

    @property
    def now_ms(self) -> int:
        """Since the scenario began; 0 before."""
        ...

    @property
    def lateness_ms(self) -> int:
        """How late this machine has been in the scenario: patience to add."""
        ...

    def wait_until(self, at_ms: int) -> None:
        """Let time pass until then. Raises CallError, MalformedError."""
        ...


class ClockDriver(Protocol):
    """How the time of a target is driven."""

    @property
    def terms(self) -> Terms:
        """How far its clocks can be trusted."""
        ...

    def prove(self, driver: Driver) -> bool:
        """Whether the clock was proven. Raises ClockLiedError or HandshakeError."""
        ...

    def clock(self, caller: Caller, scenario: str) -> Clock:
        """Make the clock of a scenario."""
        ...

    @property
    def tolerance_ms(self) -> int:
        """How late this machine was at most, so far; 0 where that does not matter."""
        ...

    def close(self) -> None:
        """Stop waiting, and give back what was borrowed. Never raises."""
        ...
