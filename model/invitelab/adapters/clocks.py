"""A claimed clock is proven before it is trusted.

In a scenario of its own: an hour of virtual time passes within a second of wall time,
and `now_ms` moves by exactly an hour; while wall time passes, `now_ms` stands still.
"""

import time

from invitelab.adapters import messages
from invitelab.adapters.driver import Driver
from invitelab.errors import CallError, ClockLiedError, HandshakeError

HOUR_MS = 3_600_000
WALL_LIMIT_S = 1.0
IDLE_S = 0.05
SCENARIO = "clock"
BYSTANDER = messages.ClientDeclaration(
    client="c1",
    id="100200300",
    alias=None,
    version="7.0.0",
    platform="windows",
    profiles=(messages.ProfileSpec(name="Default", permissions=("view",)),),
)
"""Nothing happens to it; a world without anybody may be more than a target expects."""


def prove_virtual(driver: Driver) -> None:
    """Raise ClockLiedError unless the virtual clock is one.

    HandshakeError when the proof's own calls fail: nothing else could work then.
    """
    try:
        driver.call(
            "scenario.begin",
            messages.Begin(scenario=SCENARIO, clients=(BYSTANDER,)),
            messages.Empty,
        )
        started_s = time.monotonic()
        start_ms = advance(driver, SCENARIO, 0)
        hour_ms = advance(driver, SCENARIO, HOUR_MS)
        took_s = time.monotonic() - started_s
        time.sleep(IDLE_S)
        idle_ms = advance(driver, SCENARIO, 0)
        driver.call(
            "scenario.end", messages.Scenario(scenario=SCENARIO), messages.Empty
        )
    except CallError as error:
        msg = f"the clock could not be proven: {error}"
        raise HandshakeError(msg, hint=error.hint, blame=error.blame) from error
    _judge(start_ms, hour_ms, idle_ms, took_s)


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


def advance(driver: Driver, scenario: str, ms: int) -> int:
    """Let virtual time pass; the instant reached."""
    answer = driver.call(
        "clock.advance",
        messages.Advance(scenario=scenario, ms=ms),
        messages.Advanced,
    )
    return answer.now_ms
