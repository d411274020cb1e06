"""The real clock: waiting, and measuring delays of the machine."""

import threading
import time
from collections.abc import Iterator

import pytest

from invitelab.adapters import handshake
from invitelab.adapters.clocks.real import NAP_S, Meter, RealClock, RealClockDriver
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.reference.adapter import Reference
from invitelab.errors import InterruptedRunError

REAL = {
    "protocol": 1,
    "implementation": {"name": "acme", "version": "1"},
    "clock": "real",
    "resolution_ms": 5,
    "settle_ms": 20,
    "capabilities": [capability.value for capability in handshake.Capability],
}
"""What a target with a real clock says of itself."""


@pytest.fixture
def clock_driver() -> Iterator[RealClockDriver]:
    """A clock driver for real time."""
    clock_driver = RealClockDriver(handshake.Initialized.model_validate(REAL))
    yield clock_driver
    clock_driver.close()


def real_clock(clock_driver: RealClockDriver) -> RealClock:
    """The clock of a scenario, with a target that is not called."""
    return clock_driver.clock(Driver(InProcessTarget(Reference())), "k1")


def test_real_time_is_waited_for(clock_driver: RealClockDriver) -> None:
    """At least as long as was asked, from the beginning of the scenario."""
    clock = real_clock(clock_driver)
    assert 0 == clock.now_ms
    began_s = time.monotonic()
    clock.begin(["c1"])
    clock.wait_until(30)
    assert 30 <= clock.now_ms
    assert 0.03 <= time.monotonic() - began_s
    clock.wait_until(10)
    assert 30 <= clock.now_ms


def test_who_waits_can_be_woken(clock_driver: RealClockDriver) -> None:
    """At once, and the scenario knows that it was."""
    clock = real_clock(clock_driver)
    clock.begin([])
    threading.Timer(0.05, clock_driver.close).start()
    with pytest.raises(InterruptedRunError):
        clock.wait_until(60_000)
    assert clock.now_ms < 30_000


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stop the wall clock of the meter; its one entry is the instant, in seconds."""
    now_s = [1000.0]
    monkeypatch.setattr("invitelab.adapters.clocks.real.monotonic_s", lambda: now_s[-1])
    return now_s


@pytest.fixture
def meter(watch: list[float]) -> Meter:
    """Give one whose thread has ended: only what is noted counts."""
    assert watch
    over = threading.Event()
    over.set()
    return Meter(over)


def test_lateness_is_of_the_scenarios_own_time(
    meter: Meter, watch: list[float]
) -> None:
    """Earlier delays do not count; the tolerance of the run is the longest delay."""
    clock = RealClock(meter, threading.Event())
    meter.note(999.7)
    watch.append(1001.0)
    clock.begin([])
    assert (0, 300) == (clock.lateness_ms(0), meter.worst_ms(since_s=0))
    meter.note(1000.96)
    assert (40, 300) == (clock.lateness_ms(0), meter.worst_ms(since_s=0))
    watch.append(1001.5)
    assert (40, 0) == (clock.lateness_ms(0), clock.lateness_ms(1))


def test_a_few_milliseconds_are_no_lateness(meter: Meter) -> None:
    """So do all systems sleep."""
    meter.note(999.996)
    assert 0 == meter.worst_ms(since_s=999.0)


def test_the_worst_since_any_instant_is_known(meter: Meter, watch: list[float]) -> None:
    """However many there were, and whatever their order."""
    late_ms = [30, 200, 10, 80, 80, 20]
    for second, ms in enumerate(late_ms):
        watch.append(1000.0 + second)
        meter.note(watch[-1] - ms / 1000)
    assert [200, 200, 80, 80, 80, 20, 0] == [
        meter.worst_ms(since_s=1000.0 + second) for second in range(7)
    ]


class Standstill(threading.Event):
    """An event whose waits end only when the test says so."""

    def __init__(self) -> None:
        """No thread waits yet."""
        super().__init__()
        self.asleep = threading.Event()
        self.ended = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - the base's
        """Sleep."""
        self.asleep.set()
        return self.ended.wait(10)


def test_a_standstill_counts_before_it_is_noted(watch: list[float]) -> None:
    """After a standstill a scenario may ask before the meter's thread has woken."""
    standstill = Standstill()
    meter = Meter(standstill)
    assert standstill.asleep.wait(10)
    watch.append(1000.0 + NAP_S + 2.5)
    found_ms = meter.worst_ms(since_s=1000.0)
    standstill.set()
    standstill.ended.set()
    assert 2500 == found_ms


def test_a_scaled_target_is_judged_in_the_time_of_the_features() -> None:
    """Twelve seconds stand for two minutes; what was declared was wall time."""
    claims = {"lifetime_ms": 12_000, "early_ms": 7, "late_ms": 0}
    answer = handshake.Initialized.model_validate({**REAL, **claims})
    clock_driver = RealClockDriver(answer)
    clock_driver.close()
    terms = clock_driver.terms
    assert (0.1, 50, 200) == (terms.scale, terms.resolution_ms, terms.settle_ms)
    assert (270, 200) == (terms.before_ms, terms.after_ms)


def test_a_scaled_clock_runs_faster_than_the_wall(
    meter: Meter, watch: list[float]
) -> None:
    """And so does what the machine was late by."""
    clock = RealClock(meter, threading.Event(), 0.1)
    clock.begin([])
    watch.append(watch[-1] + 11.9)
    assert clock.now_ms in {118_999, 119_000}  # a float of seconds, rounded down
    clock.wait_until(119_000)
    meter.note(watch[-1] - 0.02)
    assert (200, 0) == (clock.lateness_ms(118_000), clock.lateness_ms(119_001))
