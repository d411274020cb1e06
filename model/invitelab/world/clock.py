"""Virtual time that includes its end: `advance(env, t)` runs what is due *at* t too.

`env.run(until=t)` stops before the events at t, which is the wrong side of every
deadline. Time is an integer of microseconds; SimPy keeps whatever number type it is
given, so an environment that starts at integer 0 stays exact for ever.
"""

import simpy

MAX_EVENTS_AT_ONCE = 10_000_000
"""More than any real scenario needs; fewer than a livelock makes."""


class LivelockError(RuntimeError):
    """Time stands still although events keep coming."""


def advance(env: simpy.Environment, until_us: int) -> None:
    """Run every event up to and including `until_us`, then stand there."""
    for _ in range(MAX_EVENTS_AT_ONCE):
        if env.peek() > until_us:
            break
        env.step()
    if env.peek() <= until_us:
        msg = f"more than {MAX_EVENTS_AT_ONCE} events before {until_us} us"
        raise LivelockError(msg)
    if env.now < until_us:
        env.run(until=until_us)
