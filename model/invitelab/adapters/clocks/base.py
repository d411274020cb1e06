"""The interfaces of clocks: ClockDriver for a run, Clock for a scenario.

A *clock driver* is made once for a run and controls the target's time; it makes a
*clock* for each scenario, which is zero when the scenario begins. Its *terms* say how
exactly times can be judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from invitelab.adapters import messages, wire_types
from invitelab.adapters.clocks.kinds import ClockKind
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How exactly a clock can be judged, in milliseconds of the scenario's time."""

    kind: ClockKind
    resolution_ms: int
    settle_ms: int
    """How long an effect may take to show at another client."""
    early_ms: int | None = None
    """By how much an invitation may end too early; None: by the resolution."""
    late_ms: int | None = None
    """By how much an invitation may end too late; None: by the resolution."""
    scale: float = 1.0
    """Wall time per time of the scenario: below 1 where the target's lifetime of an
    invitation is set shorter than two minutes."""
    notices: bool = True
    """Whether timers of the target fire when its clock is moved; else nothing that
    waits can be judged."""

    @property
    def exact(self) -> bool:
        """Whether deadlines are judged to the millisecond: time moves only by calls."""
        still = {ClockKind.VIRTUAL, ClockKind.SYSTEM}
        return self.kind in still and self.settle_ms == 0

    @property
    def before_ms(self) -> int:
        """Observations this shortly before a deadline are inconclusive."""
        early_ms = self.resolution_ms if self.early_ms is None else self.early_ms
        return early_ms + self.settle_ms

    @property
    def after_ms(self) -> int:
        """Observations this shortly after a deadline are inconclusive."""
        late_ms = self.resolution_ms if self.late_ms is None else self.late_ms
        return late_ms + self.settle_ms

    @property
    def blur_ms(self) -> int:
        """Observations this close to a deadline may be inconclusive."""
        return max(self.before_ms, self.after_ms)


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

    def lateness_ms(self, since_ms: int) -> int:
        """The longest delay of this machine that ended after an instant.

        It is added to time limits; a delay that was over by then changes nothing.
        """
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
