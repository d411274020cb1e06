"""A clock of the target's own, moved by `clock.advance`.

A declared clock is proven before the run, in a scenario of its own: an hour of virtual
time must pass within a second of wall time and move `now_ms` by exactly an hour, and
`now_ms` must not move while only wall time passes. Where the target is parallel, a
second scenario is open meanwhile, whose clock must stand.
"""

import time
from collections.abc import Sequence

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.clocks.base import BYSTANDER, Caller, Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import CallError, ClockLiedError, HandshakeError, MalformedError

HOUR_MS = 3_600_000
WALL_LIMIT_S = 1.0
IDLE_S = 0.05
SCENARIO = "clock"
BESIDE = "clock-beside"
"""A scenario that is open at the same time."""


class VirtualClockDriver:
    """Moves the target's virtual clock."""

    tolerance_ms = 0

    def __init__(self, answer: handshake.Initialized) -> None:
        self.terms = Terms(
            kind=ClockKind.VIRTUAL,
            resolution_ms=answer.resolution_ms,
            settle_ms=answer.settling_ms,
            early_ms=answer.early_ms,
            late_ms=answer.late_ms,
        )
        self._parallel = answer.parallel

    def prove(self, driver: Driver) -> bool:
        """True; raises ClockLiedError or HandshakeError otherwise."""
        prove_virtual(driver, parallel=self._parallel)
        return True

    def clock(self, caller: Caller, scenario: str) -> "VirtualClock":
        """The clock of a scenario."""
        return VirtualClock(caller, scenario)

    def close(self) -> None:
        """Do nothing: there are no resources."""


class VirtualClock:
    """The virtual clock of one scenario, which stands still between calls."""

    def __init__(self, caller: Caller, scenario: str) -> None:
        self._caller = caller
        self._scenario = scenario
        self.now_ms = 0

    def begin(self, clients: Sequence[str]) -> None:
        """Do nothing: the target's clock is zero after `scenario.begin`."""

    def lateness_ms(self, since_ms: int) -> int:  # noqa: ARG002 - the interface's
        """0: a delay of this machine moves no virtual clock."""
        return 0

    def wait_until(self, at_ms: int) -> None:
        """Advance to `at_ms`. Raises CallError; MalformedError for another time."""
        if at_ms <= self.now_ms:
            return
        reached_ms = advance(self._caller, self._scenario, at_ms - self.now_ms)
        if reached_ms != at_ms:
            msg = f"the clock stands at {reached_ms} ms, not at {at_ms} ms"
            raise MalformedError(msg)
        self.now_ms = at_ms


def prove_virtual(driver: Driver, *, parallel: bool = False) -> None:
    """Raise ClockLiedError unless the target's clock is virtual.

    `parallel` says that each scenario has a clock of its own. Raises HandshakeError
    when a call of the proof fails.
    """
    names = (SCENARIO, BESIDE) if parallel else (SCENARIO,)
    try:
        for name in names:
            begin = messages.Begin(scenario=name, clients=(BYSTANDER,))
            driver.call("scenario.begin", begin, wire_types.Empty)
        started_s = monotonic_s()
        start_ms = advance(driver, SCENARIO, 0)
        hour_ms = advance(driver, SCENARIO, HOUR_MS)
        took_s = monotonic_s() - started_s
        time.sleep(IDLE_S)
        idle_ms = advance(driver, SCENARIO, 0)
        beside_ms = advance(driver, BESIDE, 0) if parallel else 0
        for name in names:
            scenario = messages.Scenario(scenario=name)
            driver.call("scenario.end", scenario, wire_types.Empty)
    except CallError as error:
        msg = f"the clock could not be proven: {error.told}"
        raise HandshakeError(msg, hint=error.hint, blame=error.blame) from error
    _judge(start_ms, hour_ms, idle_ms, took_s)
    if beside_ms != 0:
        msg = f"the clock of another open scenario moved, too, by {beside_ms} ms"
        hint = 'each scenario has a clock of its own; else declare "parallel": false'
        raise ClockLiedError(msg, hint=hint)


def _judge(start_ms: int, hour_ms: int, idle_ms: int, took_s: float) -> None:
    hint = 'declare "clock": "real" if time cannot be driven'
    if start_ms != 0:
        msg = f"a new scenario's clock stands at {start_ms} ms and not at 0"
        raise ClockLiedError(msg, hint=hint)
    if hour_ms != HOUR_MS:
        msg = f"an advance of {HOUR_MS} ms moved the clock to {hour_ms} ms"
        raise ClockLiedError(msg, hint=hint)
    if took_s > WALL_LIMIT_S:
        msg = f"a virtual hour took {took_s:.1f} s of wall time"
        raise ClockLiedError(msg, hint=hint)
    if idle_ms != hour_ms:
        msg = f"the clock moved by {idle_ms - hour_ms} ms between two calls"
        raise ClockLiedError(msg, hint=hint)


def advance(caller: Caller, scenario: str, ms: int) -> int:
    """Move a virtual clock by `ms`; returns the time reached. Raises CallError."""
    answer = caller.call(
        "clock.advance",
        messages.Advance(scenario=scenario, ms=ms),
        messages.Advanced,
    )
    return answer.now_ms
