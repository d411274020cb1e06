"""The interfaces of clocks: ClockDriver for a run, Clock for a scenario.

A *clock driver* is made once for a run and controls the target's time; it makes a
*clock* for each scenario, which is zero when the scenario begins. Its *terms* say how
exactly times can be judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from invitelab.adapters import messages, wire_types
from invitelab.adapters.driver import Driver

Result = TypeVar("Result", bound=wire_types.Wire)

BYSTANDER = messages.ClientDeclaration(
    client="c1",
    id="100200300",
    alias=None,
    version="7.0.0",
    platform="windows",
    profiles=(messages.ProfileSpec(name="Default", permissions=("view",)),),
)
"""A client that takes no part; some targets do not accept a scenario without any."""


class ClockKind(StrEnum):
    """How the target's time is controlled."""

    VIRTUAL = "virtual"
    """The target has a clock of its own, moved by `clock.advance`."""
    REAL = "real"
    """Wall time; the harness waits."""
    SYSTEM = "system"
    """The clock of this process is replaced by freezegun."""
    JUMP = "jump"
    """The clock of the target's process is replaced by libfaketime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How exactly a clock can be judged, in milliseconds of the scenario's time."""

    kind: ClockKind
    resolution_ms: int
    settle_ms: int
    """How long an effect may take to show at another client."""
    notices: bool = True
    """Whether timers of the target fire when its clock is moved; else nothing that
    waits can be judged."""

    @property
    def exact(self) -> bool:
        """Whether deadlines are judged to the millisecond: time moves only by calls."""
        still = {ClockKind.VIRTUAL, ClockKind.SYSTEM}
        return self.kind in still and self.settle_ms == 0

    @property
    def blur_ms(self) -> int:
        """Observations this close to a deadline are inconclusive."""
        return self.resolution_ms + self.settle_ms


class Caller(Protocol):
    """A Driver or a ScenarioSession."""

    def call(
        self, method: str, params: wire_types.Wire, result: type[Result]
    ) -> Result:
        """Make one call; see `driver.Driver.call`."""
        ...


class Clock(Protocol):
    """The time of one scenario."""

    def begin(self, clients: Sequence[str]) -> None:
        """Set the clock to zero: the scenario has begun, with these clients."""
        ...

    @property
    def now_ms(self) -> int:
        """Milliseconds since the scenario began; 0 before."""
        ...

    @property
    def lateness_ms(self) -> int:
        """The longest delay of this machine in the scenario, to add to time limits."""
        ...

    def wait_until(self, at_ms: int) -> None:
        """Let time pass until `at_ms`. Raises CallError, InterruptedRunError."""
        ...


class ClockDriver(Protocol):
    """Controls the time of a target."""

    @property
    def terms(self) -> Terms:
        """How exactly its clocks can be judged."""
        ...

    def prove(self, driver: Driver) -> bool:
        """Whether the clock was proven to work. Uses a scenario of its own.

        Raises ClockLiedError or HandshakeError.
        """
        ...

    def clock(self, caller: Caller, scenario: str) -> Clock:
        """Make the clock of a scenario."""
        ...

    @property
    def tolerance_ms(self) -> int:
        """The longest delay of this machine so far; 0 where it does not matter."""
        ...

    def close(self) -> None:
        """Wake all that wait, and release resources. Never raises."""
        ...
