"""The header of a run says what was declared of a clock, and what is assumed."""

import json

import pytest
from wall_time import WallTime

from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.formats.run import Header, dump


def header(target: Reference, clock: ClockKind | None = None) -> Header:
    """The header after the handshake and the proof of the clock."""
    engine = Engine(InProcessTarget(target), None, clock=clock)
    try:
        engine.shared()
        return engine.header
    finally:
        engine.close()


def test_a_real_clock_without_settling_is_given_two_seconds() -> None:
    """And the header says that nobody has declared them."""
    found = header(WallTime(settle_ms=None))
    assert ("real", 2000, True) == (
        found.clock,
        found.settle_ms,
        found.settle_assumed,
    )


@pytest.mark.parametrize("target", [WallTime(settle_ms=5), Reference()])
def test_what_is_declared_is_not_assumed(target: Reference) -> None:
    """Nor where the clock is virtual; such a header keeps its bytes."""
    found = header(target)
    assert found.settle_assumed is None
    assert "settle_assumed" not in json.loads(dump(found))
