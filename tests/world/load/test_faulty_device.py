"""A faulty device drifts, is suspended and crashes to the microsecond."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invitelab.protocol.messages import Message, Poll
from invitelab.protocol.policy import Policy
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    Identity,
    Version,
)
from invitelab.world.device import SharedServices, discard_fact
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.faulty_device import MILLION, FaultyDevice
from invitelab.world.network import Network
from invitelab.world.relay import Relay
from invitelab.world.retransmission import Retransmission

ADA, BEA = ClientId("100200300"), ClientId("400500600")
HELLO = Poll(invitation="hello")


class Device:
    """A faulty device alone with a relay, and what it did at which instants."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.env = CalendarEnvironment()
        self.relay = Relay(Network(self.env))
        policy = Policy()
        spec = ClientSpec(
            identity=Identity(id=ADA, alias=None),
            version=Version(7, 0, 0),
            profiles=BUILT_IN_PROFILES,
        )
        services = SharedServices(
            env=self.env,
            relay=self.relay,
            policy=policy,
            record=discard_fact,
            retransmission=Retransmission(policy.retry_us),
        )
        self.device = FaultyDevice(spec, services)
        self.relay.register(spec, self.device.while_awake(self.hear), online=True)
        self.heard: list[int] = []
        self.fired: list[tuple[int, str]] = []

    def hear(self, _sender: ClientId, _message: Message) -> None:
        """Note that something came."""
        self.heard.append(self.env.now_us)

    def fire(self, name: str) -> None:
        """Note that a timer went off."""
        self.fired.append((self.env.now_us, name))

    def timer(self, delay_us: int, name: str) -> Callable[[], None]:
        """Set a timer; what takes it back."""
        return self.device.after(delay_us, self.fire, name).cancel


@pytest.fixture
def device() -> Device:
    """Give a device at instant zero."""
    return Device()


# The clock.


def test_a_healthy_clock_is_the_worlds(device: Device) -> None:
    """Until its rate is changed."""
    device.env.advance(123_456_789)
    assert 123_456_789 == device.device.now_us


@pytest.mark.parametrize(
    ("ppm", "expected"), [(100, 10_001_000), (-100_000, 9_000_000), (0, 10_000_000)]
)
def test_a_clock_drifts_by_its_rate(device: Device, ppm: int, expected: int) -> None:
    """So many microseconds a second."""
    device.device.run_at(ppm)
    device.env.advance(10_000_000)
    assert expected == device.device.now_us


def test_a_clock_keeps_what_it_has_gained(device: Device) -> None:
    """Back at the right rate it stays as far ahead."""
    device.device.run_at(500_000)
    device.env.advance(4_000_000)
    device.device.run_at(0)
    device.env.advance(5_000_000)
    assert 7_000_000 == device.device.now_us


Turns = st.lists(
    st.tuples(st.integers(-4_000_000, 4_000_000), st.integers(0, 300)), max_size=20
)


@settings(max_examples=100, deadline=None)
@given(turns=Turns)
def test_no_clock_runs_back(turns: Sequence[tuple[int, int]]) -> None:
    """Nor does it stand for good, whatever rates it is asked to run at."""
    device = Device()
    before_us = 0
    for ppm, passes_us in turns:
        device.device.run_at(ppm)
        for _ in range(passes_us):
            device.env.advance(device.env.now_us + 1)
            assert device.device.now_us >= before_us
            before_us = device.device.now_us
    device.env.advance(device.env.now_us + 10_000_000)
    assert device.device.now_us > before_us


# Timers.


@settings(max_examples=200, deadline=None)
@given(
    delays_us=st.lists(st.integers(0, 2_000), min_size=1, max_size=8),
    turns=st.lists(
        st.tuples(st.integers(-900_000, 3_000_000), st.integers(0, 400)), max_size=8
    ),
)
def test_a_timer_goes_off_at_the_first_instant_its_clock_gets_there(
    delays_us: Sequence[int], turns: Sequence[tuple[int, int]]
) -> None:
    """Exactly, however often the rate changes under it."""
    device = Device()
    due = {f"{place}": delay for place, delay in enumerate(delays_us)}
    for name, delay_us in due.items():
        device.timer(delay_us, name)
    shows = [device.device.now_us]
    for ppm, passes_us in [*turns, (0, 4_000)]:
        device.device.run_at(ppm)
        for _ in range(passes_us):
            device.env.advance(device.env.now_us + 1)
            shows.append(device.device.now_us)
    device.env.advance(device.env.now_us)
    first = {
        name: next(at_us for at_us, shown in enumerate(shows) if shown >= due_us)
        for name, due_us in due.items()
    }
    assert first == {name: at_us for at_us, name in device.fired}


def test_timers_of_one_instant_go_off_as_they_were_set(device: Device) -> None:
    """Also after the clock has changed its rate."""
    for name in "abc":
        device.timer(1_000, name)
    device.timer(999, "first")
    device.device.run_at(250_000)
    device.env.advance(1_000)
    assert ["first", "a", "b", "c"] == [name for _, name in device.fired]


@pytest.mark.parametrize("ppm", [0, 300_000])
def test_a_cancelled_timer_stays_off(device: Device, ppm: int) -> None:
    """However the clock and the device change afterwards."""
    cancel = device.timer(1_000, "never")
    device.device.run_at(ppm)
    cancel()
    cancel()
    device.device.suspend()
    device.device.resume()
    device.device.run_at(0)
    device.env.advance(5_000)
    assert [] == device.fired


def test_a_timer_can_be_cancelled_in_its_sleep(device: Device) -> None:
    """It does not return when the device resumes."""
    cancel = device.timer(1_000, "never")
    device.device.suspend()
    cancel()
    device.device.resume()
    device.env.advance(5_000)
    assert [] == device.fired


# Sleeping.


def test_what_was_due_in_sleep_happens_on_waking_in_its_order(device: Device) -> None:
    """By due time, then by creation; a later one fires at its time."""
    for delay_us, name in [(300, "c"), (100, "a"), (300, "d"), (200, "b"), (900, "e")]:
        device.timer(delay_us, name)
    device.env.advance(50)
    device.device.suspend()
    device.env.advance(500)
    assert [] == device.fired
    device.device.resume()
    device.env.advance(1_000)
    assert [(500, "a"), (500, "b"), (500, "c"), (500, "d"), (900, "e")] == device.fired


def test_a_sleeping_devices_clock_goes_on(device: Device) -> None:
    """It has the right time when it resumes."""
    device.device.suspend()
    device.device.run_at(MILLION)
    device.env.advance(1_000)
    device.device.resume()
    assert 2_000 == device.device.now_us


def test_a_rate_changed_in_sleep_holds_on_waking(device: Device) -> None:
    """And a change of rate arms no timer."""
    device.timer(1_000, "late")
    device.device.suspend()
    device.device.run_at(-500_000)
    device.env.advance(1_000)
    assert [] == device.fired
    device.device.resume()
    device.env.advance(5_000)
    assert [(2_000, "late")] == device.fired


def test_a_timer_set_in_sleep_waits(device: Device) -> None:
    """A cancelled timer does not fire."""
    device.device.suspend()
    device.timer(100, "later")
    device.env.advance(200)
    device.device.resume()
    device.env.advance(300)
    assert [(200, "later")] == device.fired


def test_who_sleeps_hears_and_says_nothing(device: Device) -> None:
    """What comes is lost, and what goes never leaves."""
    other: list[int] = []
    spec = ClientSpec(identity=Identity(id=BEA, alias=None), version=Version(7, 0, 0))
    device.relay.register(
        spec, lambda _sender, _message: other.append(device.env.now_us), online=True
    )
    for asleep in (True, False):
        (device.device.suspend if asleep else device.device.resume)()
        device.device.say(BEA, HELLO)
        device.relay.forward(BEA, ADA, HELLO)
        device.env.advance(device.env.now_us + 10)
    assert ([10], [10]) == (other, device.heard)


# Crashing.


def test_who_forgets_has_no_timers(device: Device) -> None:
    """Those that are set afterwards are not forgotten."""
    device.timer(100, "lost")
    device.device.forget()
    device.timer(200, "kept")
    device.device.run_at(0)
    device.env.advance(1_000)
    assert [(200, "kept")] == device.fired
