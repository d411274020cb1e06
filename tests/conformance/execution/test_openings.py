"""Few scenarios are in their first calls at a time, and a long wait makes room."""

import threading
from collections.abc import Callable

import pytest
from late_machine import LateMachine

from invitelab.adapters.clocks.base import Caller, Terms
from invitelab.adapters.clocks.kinds import ClockKind
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.openings import LONG_MS, LeavingClocks, Openings


class LateMachines:
    """Makes clocks that are there at once."""

    terms = Terms(kind=ClockKind.REAL, resolution_ms=10, settle_ms=0)
    tolerance_ms = 7

    def __init__(self) -> None:
        """Open."""
        self.closed = False

    def prove(self, driver: Driver) -> bool:
        """Whether it was started."""
        return driver.running

    def clock(self, caller: Caller, scenario: str) -> LateMachine:  # noqa: ARG002 - the interface's
        """One more."""
        return LateMachine([(0, 3)])

    def close(self) -> None:
        """Keep that in mind."""
        self.closed = True


CALLER = Driver(InProcessTarget(Reference()))


def free(openings: Openings) -> bool:
    """Whether somebody else may begin."""
    found: list[bool] = []

    def begin() -> None:
        with openings.place():
            found.append(True)

    other = threading.Thread(target=begin, daemon=True)
    other.start()
    other.join(0.2)
    return bool(found)


@pytest.mark.parametrize(("wait_ms", "left"), [(LONG_MS, False), (LONG_MS + 1, True)])
def test_a_place_is_left_at_the_first_long_wait(wait_ms: int, *, left: bool) -> None:
    """A short one is a part of the first calls."""
    openings = Openings(at_once=1)
    with openings.place() as leave:
        clock = LeavingClocks(LateMachines(), leave).clock(CALLER, "s")
        clock.begin([])
        assert not free(openings)
        clock.wait_until(wait_ms)
        assert wait_ms == clock.now_ms
        assert left is free(openings)
    assert free(openings)


def failing(clock_wait: Callable[[int], None]) -> None:
    """Wait, and fail."""
    clock_wait(1_000)
    clock_wait(2_000)
    raise KeyError


def test_a_place_is_left_once() -> None:
    """Two long waits and an error make no two places of one."""
    openings = Openings(at_once=1)
    with pytest.raises(KeyError), openings.place() as leave:
        failing(LeavingClocks(LateMachines(), leave).clock(CALLER, "s").wait_until)
    with openings.place():
        assert not free(openings)


def test_all_else_is_as_with_the_clocks() -> None:
    """What a scenario asks a clock for."""
    machines = LateMachines()
    clocks = LeavingClocks(machines, lambda: None)
    assert (machines.terms, 7) == (clocks.terms, clocks.tolerance_ms)
    assert not clocks.prove(CALLER)
    assert 3 == clocks.clock(CALLER, "s").lateness_ms(0)
    clocks.close()
    assert machines.closed
