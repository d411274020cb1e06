"""When the invitations of a real clock end, and what to declare of it."""

import pytest
from wall_time import WallTime

from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.lifetime import Lifetimes, measure
from invitelab.conformance.probe import near_the_end, probe
from invitelab.errors import UsageError

LIFETIME_MS = 4000


def measured(adapter: WallTime) -> Lifetimes:
    """The lifetimes of a target, measured on a scaled clock."""
    engine = Engine(InProcessTarget(adapter), None)
    try:
        ready = engine.shared()
        assert ready is not None
        return measure(ready)
    finally:
        engine.abort()


@pytest.mark.slow
def test_timers_that_end_early_are_found_out() -> None:
    """By at least as much, since the wider bounds count; none ends late."""
    found = measured(WallTime(lifetime_ms=LIFETIME_MS, early_ms=200, settle_ms=5))
    assert (8, 0) == (found.ended, found.unended)
    assert 200 <= found.early_ms <= 600
    assert 0 == found.late_ms


@pytest.mark.slow
def test_timers_that_tick_show_their_period_as_spread() -> None:
    """The invitations are sent at different places of it."""
    found = measured(WallTime(lifetime_ms=LIFETIME_MS, tick_ms=150, settle_ms=5))
    spread_ms = found.spread_ms * found.scale
    assert 75 <= spread_ms <= 450
    assert found.early_ms + found.late_ms >= spread_ms


def test_an_invitation_that_never_ends_is_told() -> None:
    """There is nothing to declare of that."""
    found = measured(WallTime(lifetime_ms=2000, early_ms=-2000, settle_ms=5))
    assert (0, 8) == (found.ended, found.unended)


@pytest.mark.parametrize(
    ("shortest_ms", "longest_ms", "early_ms", "late_ms"),
    [
        (119_640, 119_962, 410, 10),
        (119_990, 120_010, 20, 20),
        (120_000, 120_000, 0, 0),
        (120_050, 120_400, 0, 450),
    ],
)
def test_what_to_declare_has_a_margin(
    shortest_ms: int, longest_ms: int, early_ms: int, late_ms: int
) -> None:
    """Of a seventh of the spread of eight; rounded up to ten milliseconds."""
    found = Lifetimes(
        ended=8, unended=0, shortest_ms=shortest_ms, longest_ms=longest_ms
    )
    assert (early_ms, late_ms) == (found.early_ms, found.late_ms)


@pytest.mark.slow
def test_a_probe_measures_them_if_asked_to() -> None:
    """And the settling that is then safe is less by what ends early."""
    adapter = WallTime(lifetime_ms=LIFETIME_MS, early_ms=10, settle_ms=2)
    probed = probe(InProcessTarget(adapter), lifetime=True)
    assert probed.trouble is None
    assert probed.lifetimes is not None
    assert probed.safe_settle_ms is not None
    assert probed.safe_settle_ms <= (1000 * LIFETIME_MS // 120_000) / 2


def test_without_a_real_clock_there_is_nothing_to_measure() -> None:
    """One sentence, before anything is waited for."""
    with pytest.raises(UsageError, match="its clock is not real"):
        probe(InProcessTarget(Reference()), lifetime=True)


def test_the_scenarios_at_119_seconds_are_counted() -> None:
    """They share the connection of a parallel target."""
    assert 15 <= near_the_end() <= 60
