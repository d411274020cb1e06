"""Probe of a target: handshake, proof of the clock, and latency, in about a second.

An author of an adapter can run it long before a scenario passes.
"""

import statistics
from dataclasses import dataclass

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.clocks.base import BYSTANDER, ClockKind
from invitelab.adapters.clocks.faked import INVITED, look
from invitelab.adapters.driver import Reachable, ScenarioSession
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.errors import InvitelabError

SCENARIO = "probe"
LOOKS = 20
PATIENCE_MS = 5000
"""Longest wait for an invitation to show, in milliseconds of the target's clock."""

POLL_MS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """Result of a probe; None for a value that could not be measured."""

    engine: Engine
    call_ms: float | None = None
    """Median duration of a small call, in milliseconds of wall time."""
    shown_ms: int | None = None
    """Time until an invitation showed, in milliseconds of the target's clock."""
    trouble: InvitelabError | None = None
    """The first error after the handshake and the proof of the clock."""


def probe(target: Reachable, clock: ClockKind | None = None) -> Probed:
    """Start a target, prove its clock, send one invitation, and stop the target.

    Raises nothing that the target causes: errors are in the result.
    """
    engine = Engine(target, None, clock=clock)
    try:
        ready = engine.shared()
        if ready is None:
            return Probed(engine=engine)
        return _measure(engine, ready)
    finally:
        engine.close()


def _measure(engine: Engine, ready: Ready) -> Probed:
    call_ms: float | None = None
    try:
        session = ScenarioSession(ready.driver)
        clock = ready.clock_driver.clock(session, SCENARIO)
        begin = messages.Begin(scenario=SCENARIO, clients=(BYSTANDER, INVITED))
        session.call("scenario.begin", begin, wire_types.Empty)
        clock.begin([BYSTANDER.client, INVITED.client])
        call_ms = _call_ms(session)
        shown_ms: int | None = None
        if handshake.Capability.DIRECT in ready.answer.capabilities and _sent(session):
            start_ms = clock.now_ms
            while not look(session, SCENARIO, INVITED.client).notifications:
                if clock.now_ms - start_ms > PATIENCE_MS:
                    break
                clock.wait_until(clock.now_ms + POLL_MS)
            else:
                shown_ms = clock.now_ms - start_ms
        end = messages.Scenario(scenario=SCENARIO)
        session.call("scenario.end", end, wire_types.Empty)
    except InvitelabError as error:
        return Probed(engine=engine, call_ms=call_ms, trouble=error)
    return Probed(engine=engine, call_ms=call_ms, shown_ms=shown_ms)


def _call_ms(session: ScenarioSession) -> float:
    """Median duration of `LOOKS` views of a client, in milliseconds."""
    took_s: list[float] = []
    for _ in range(LOOKS):
        start_s = monotonic_s()
        look(session, SCENARIO, BYSTANDER.client)
        took_s.append(monotonic_s() - start_s)
    return statistics.median(took_s) * 1000


def _sent(session: ScenarioSession) -> bool:
    """Whether an invitation could be sent."""
    send = messages.Send(
        scenario=SCENARIO,
        client=BYSTANDER.client,
        entry="invitation-icon",
        to=INVITED.id,
        profile="Default",
    )
    return session.call("invitation.send", send, messages.SendOutcome).ok is not None
