"""False virtual clocks are detected, and a true one is accepted."""

import time
from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.clocks.virtual import prove_virtual
from invitelab.adapters.driver import Driver, InProcessTarget
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.errors import (
    Blame,
    ClockLiedError,
    ExitCode,
    HandshakeError,
)

HOUR_MS = 3_600_000
HELLO: dict[str, Json] = {
    "protocol": 1,
    "implementation": {"name": "clock", "version": "1"},
    "clock": "virtual",
    "capabilities": [capability.value for capability in Capability],
}

ShownTime = Callable[["Clock", int], Json]


class Clock:
    """An adapter that has a clock, and shows what the test says."""

    def __init__(self, shown_time: ShownTime) -> None:
        """Take what to show after an advance by so many milliseconds."""
        self.shown_time = shown_time
        self.now_ms = 0
        self.began_s = 0.0
        self.asked: list[str] = []

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        self.asked.append(method)
        match method, params.get("ms"):
            case "initialize", _:
                return HELLO
            case "clock.advance", int(ms):
                return {"now_ms": self.shown_time(self, ms)}
            case "scenario.begin", _:
                self.began_s = time.monotonic()
            case _:
                pass
        return {}


def honest(clock: Clock, ms: int) -> int:
    """Move by what was asked for."""
    clock.now_ms += ms
    return clock.now_ms


def ahead(clock: Clock, ms: int) -> int:
    """Start at five."""
    return honest(clock, ms) + 5


def asleep(_clock: Clock, _ms: int) -> int:
    """Never move."""
    return 0


def short(clock: Clock, ms: int) -> int:
    """Lose a millisecond an hour."""
    return honest(clock, ms - 1 if ms else 0)


def fast(clock: Clock, ms: int) -> int:
    """Run at twice the pace."""
    return honest(clock, 2 * ms)


def relative(_clock: Clock, ms: int) -> int:
    """Say how far it went, and not where it is."""
    return ms


def by_itself(clock: Clock, ms: int) -> int:
    """Add the wall time that has passed since the scenario began."""
    passed_ms = int((time.monotonic() - clock.began_s) * 1000)
    return honest(clock, ms) + (passed_ms if clock.now_ms else 0)


FALSE_CLOCKS: dict[str, tuple[ShownTime, str]] = {
    "ahead": (ahead, "a new scenario's clock stands at 5 ms and not at 0"),
    "asleep": (asleep, "an advance of 3600000 ms moved the clock to 0 ms"),
    "short": (short, "an advance of 3600000 ms moved the clock to 3599999 ms"),
    "fast": (fast, "an advance of 3600000 ms moved the clock to 7200000 ms"),
    "relative": (relative, "the clock moved by -3600000 ms between two calls"),
}


def prove(clock: Clock | Reference, *, parallel: bool = False) -> None:
    """Start it and prove its clock."""
    driver = Driver(InProcessTarget(clock))
    driver.start()
    prove_virtual(driver, parallel=parallel)


def test_an_honest_clock_is_believed() -> None:
    """In a scenario of its own, which is over afterwards."""
    clock = Clock(honest)
    prove(clock)
    expected = ["initialize", "scenario.begin", *["clock.advance"] * 3, "scenario.end"]
    assert expected == clock.asked


def test_the_references_clock_is_honest() -> None:
    """Ours passes the proof that others have to pass."""
    prove(Reference(), parallel=True)


def test_one_clock_for_two_open_scenarios_is_caught() -> None:
    """A parallel target has one for each."""
    with pytest.raises(ClockLiedError) as caught:
        prove(Clock(honest), parallel=True)
    moved = f"the clock of another open scenario moved, too, by {HOUR_MS} ms"
    assert moved == str(caught.value)
    assert '"parallel": false' in caught.value.hint


@pytest.mark.parametrize("name", FALSE_CLOCKS)
def test_a_lying_clock_is_caught(name: str) -> None:
    """The run is INVALID, the adapter is to blame, and the sentence says why."""
    shown_time, expected = FALSE_CLOCKS[name]
    with pytest.raises(ClockLiedError) as caught:
        prove(Clock(shown_time))
    assert expected == str(caught.value)
    assert (ExitCode.INVALID, Blame.ADAPTER) == (caught.value.code, caught.value.blame)
    assert '"clock": "real"' in caught.value.hint


def test_a_clock_that_runs_by_itself_is_caught() -> None:
    """Fifty milliseconds of wall time show on it."""
    with pytest.raises(ClockLiedError) as caught:
        prove(Clock(by_itself))
    # On a slow machine it has moved before the hour was over, which is found as well.
    assert str(caught.value).startswith(("the clock moved by", "an advance of"))


@pytest.mark.parametrize(("seconds", "lies"), [(0.9, False), (1.1, True), (3600, True)])
def test_a_virtual_hour_takes_no_time(
    monkeypatch: pytest.MonkeyPatch, seconds: float, *, lies: bool
) -> None:
    """A clock that waits in wall time is none, even if it shows the right time."""
    wall_s = 1000.0
    monkeypatch.setattr("invitelab.adapters.clocks.virtual.monotonic_s", lambda: wall_s)

    def waiting(clock: Clock, ms: int) -> int:
        nonlocal wall_s
        wall_s += seconds if ms else 0
        return honest(clock, ms)

    if lies:
        with pytest.raises(ClockLiedError, match="a virtual hour took"):
            prove(Clock(waiting))
    else:
        prove(Clock(waiting))


@pytest.mark.parametrize("shown", [None, "0", -1, 0.5, True, 2**60])
def test_a_clock_that_cannot_be_read_is_no_clock(shown: Json) -> None:
    """What it shows is not the protocol's: the handshake has failed."""
    with pytest.raises(HandshakeError, match="the clock could not be proven") as caught:
        prove(Clock(lambda _clock, _ms: shown))
    assert Blame.ADAPTER == caught.value.blame


@pytest.mark.parametrize(
    ("error", "blame"),
    [
        (AdapterError(-32601, "no such method"), Blame.IMPLEMENTATION),
        (AdapterError(1003, "out of order"), Blame.ADAPTER),
        (RuntimeError("boom"), Blame.IMPLEMENTATION),
    ],
    ids=repr,
)
def test_a_clock_that_fails_is_no_clock(error: Exception, blame: Blame) -> None:
    """The error keeps the blame of the failed call."""

    def fail(_clock: Clock, _ms: int) -> Json:
        raise error

    with pytest.raises(HandshakeError, match="the clock could not be proven") as caught:
        prove(Clock(fail))
    assert blame == caught.value.blame
