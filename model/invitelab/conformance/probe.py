"""Probe of a target: handshake, proof of the clock, and latency, in about a second.

With the lifetime of its invitations in about two minutes.
An author of an adapter can run it long before a scenario passes.
"""

import math
import statistics
from dataclasses import dataclass, replace

from invitelab.adapters import handshake, messages, wire_types
from invitelab.adapters.base import Limits
from invitelab.adapters.clocks.base import BYSTANDER
from invitelab.adapters.clocks.faked import INVITED, look
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Reachable
from invitelab.adapters.scenario_session import ScenarioSession
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.execution.measures import Measures
from invitelab.conformance.execution.scenario_runner import Ready
from invitelab.conformance.factors.run_plan import whole_suite
from invitelab.conformance.lifetime import Lifetimes, measure, why_not_measured
from invitelab.errors import InvitelabError, UsageError

SCENARIO = "probe"
LOOKS = 20
PATIENCE_MS = 5000
"""Longest wait for an invitation to show, in milliseconds of the target's clock."""

POLL_MS = 5

CALLS = 3
"""Calls of a scenario at 119 seconds: it looks, answers, and looks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """Result of a probe; None for a value that could not be measured."""

    engine: Engine
    call_ms: float | None = None
    """Median duration of a small call, in milliseconds of wall time."""
    shown_ms: int | None = None
    """Time until an invitation showed, in milliseconds of the target's clock."""
    sending_ms: float = 0.0
    """Duration of the call that sent it, in milliseconds of wall time."""
    lifetimes: Lifetimes | None = None
    """When invitations ended, where that was asked for."""
    safe_settle_ms: int | None = None
    """The longest `settle_ms` with which 119 and 121 seconds can be judged."""
    trouble: InvitelabError | None = None
    """The first error after the handshake and the proof of the clock."""


def probe(
    target: Reachable,
    clock: ClockKind | None = None,
    *,
    lifetime: bool = False,
    limits: Limits | None = None,
) -> Probed:
    """Start a target, prove its clock, send one invitation, and stop the target.

    With `lifetime` it is also measured when invitations end, which takes two minutes.
    Raises UsageError where that is impossible, and nothing that the target causes:
    errors are in the result.
    """
    engine = Engine(target, None, limits, clock=clock)
    try:
        ready = engine.shared()
        if ready is None:
            return Probed(engine=engine)
        why_not = why_not_measured(ready) if lifetime else None
        if why_not is not None:
            msg = f"the lifetime of invitations cannot be measured: {why_not}"
            raise UsageError(msg, hint="leave --lifetime out")
        probed = _measure(engine, ready)
        if lifetime and probed.trouble is None:
            probed = _with_lifetimes(probed, ready)
        return replace(probed, safe_settle_ms=_safe_settle_ms(probed, ready))
    finally:
        engine.close()


def _with_lifetimes(probed: Probed, ready: Ready) -> Probed:
    try:
        return replace(probed, lifetimes=measure(ready))
    except InvitelabError as error:
        return replace(probed, trouble=error)


def _safe_settle_ms(probed: Probed, ready: Ready) -> int | None:
    """The longest settling with which 119 and 121 seconds can be judged.

    From what was measured: sending, delays of this machine, and in real time the calls
    of all scenarios that come to 119 seconds together, if they share a connection.
    """
    if probed.call_ms is None:
        return None
    terms = ready.clock_driver.terms
    found = probed.lifetimes
    if found is not None and not found.unended:
        early_ms, late_ms = (
            math.ceil(ms / terms.scale) for ms in (found.early_ms, found.late_ms)
        )
        terms = replace(terms, early_ms=early_ms, late_ms=late_ms)
    if terms.kind is not ClockKind.REAL:
        return Measures().safe_settle_ms(terms)
    together = near_the_end() if ready.answer.parallel else 1
    wall_ms = probed.sending_ms + CALLS * together * probed.call_ms
    spent_ms = (wall_ms + ready.clock_driver.tolerance_ms) / terms.scale
    return Measures(spent_ms=math.ceil(spent_ms)).safe_settle_ms(terms)


def near_the_end() -> int:
    """How many scenarios of the suite look at their target at 119 seconds."""
    return sum(
        any(step.name.startswith("119 seconds ") for step in pickle.scenario.steps)
        for pickle in whole_suite()
    )


def _measure(engine: Engine, ready: Ready) -> Probed:
    call_ms: float | None = None
    sending_ms = 0.0
    try:
        session = ScenarioSession(ready.driver)
        clock = ready.clock_driver.clock(session, SCENARIO)
        begin = messages.Begin(scenario=SCENARIO, clients=(BYSTANDER, INVITED))
        session.call("scenario.begin", begin, wire_types.Empty)
        clock.begin([BYSTANDER.client, INVITED.client])
        call_ms = _call_ms(session)
        shown_ms: int | None = None
        began_s = monotonic_s()
        if handshake.Capability.DIRECT in ready.answer.capabilities and _sent(session):
            sending_ms = (monotonic_s() - began_s) * 1000
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
    return Probed(
        engine=engine, call_ms=call_ms, shown_ms=shown_ms, sending_ms=sending_ms
    )


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
