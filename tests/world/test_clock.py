"""Virtual time includes its end, stays a whole number, and cannot run in a circle."""

from collections.abc import Callable

import pytest
import simpy

from invitelab.world import clock
from invitelab.world.clock import LivelockError, advance
from invitelab.world.network import Network


@pytest.fixture
def env() -> simpy.Environment:
    """Give an environment at integer zero."""
    return simpy.Environment(initial_time=0)


@pytest.fixture
def later(env: simpy.Environment) -> Callable[[int, Callable[[], None]], None]:
    """Give a way to run something after a while."""
    return Network(env).later


Later = Callable[[int, Callable[[], None]], None]


@pytest.mark.parametrize(
    ("until_us", "expected"), [(99, []), (100, [100]), (101, [100])]
)
def test_the_end_is_included(
    env: simpy.Environment, later: Later, until_us: int, expected: list[int]
) -> None:
    """What is due at the very end has happened, what is due after it has not."""
    seen: list[int] = []
    later(100, lambda: seen.append(int(env.now)))
    advance(env, until_us)
    assert expected == seen
    assert until_us == env.now


def test_what_the_end_causes_at_once_happens(
    env: simpy.Environment, later: Later
) -> None:
    """A message without latency arrives at the instant at which it was sent."""
    seen: list[str] = []
    later(100, lambda: later(0, lambda: later(0, lambda: seen.append("there"))))
    advance(env, 100)
    assert ["there"] == seen


def test_events_happen_in_order(env: simpy.Environment, later: Later) -> None:
    """By time, and at one time in the order in which they were asked for."""
    seen: list[str] = []
    for delay_us, name in [(2, "c"), (1, "a"), (2, "d"), (1, "b")]:
        later(delay_us, lambda name=name: seen.append(name))  # type: ignore[misc]
    advance(env, 2)
    assert ["a", "b", "c", "d"] == seen


def test_standing_still_is_allowed(env: simpy.Environment, later: Later) -> None:
    """Advancing to now runs what is due now and moves nothing."""
    seen: list[int] = []
    later(0, lambda: seen.append(1))
    advance(env, 0)
    advance(env, 0)
    assert ([1], 0) == (seen, env.now)


@pytest.mark.parametrize("step_us", [1, 3, 10**6, 2**53 + 1])
def test_time_is_a_whole_number(
    env: simpy.Environment, later: Later, step_us: int
) -> None:
    """A float would lose a microsecond after 285 years, and a tie long before."""
    seen: list[object] = []
    for _ in range(3):
        later(step_us, lambda: seen.append(env.now))
        advance(env, int(env.now) + step_us)
    assert [step_us, 2 * step_us, 3 * step_us] == seen
    assert {int} == {type(moment) for moment in [*seen, env.now]}


def test_a_circle_is_a_livelock(
    env: simpy.Environment, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events that cause events at the same instant are stopped after a while."""
    monkeypatch.setattr(clock, "MAX_EVENTS_AT_ONCE", 20)
    turns: list[int] = []

    def turn() -> None:
        turns.append(len(turns))
        later(0, turn)

    later(5, turn)
    with pytest.raises(LivelockError, match="more than 20 events before 5 us"):
        advance(env, 5)
    assert 20 == len(turns)
    assert 5 == env.now


def test_many_events_are_no_livelock(
    env: simpy.Environment, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound counts the events of one advance, not of a run."""
    monkeypatch.setattr(clock, "MAX_EVENTS_AT_ONCE", 20)
    for us in range(1, 100):
        later(us, lambda: None)
    for us in range(10, 101, 10):
        advance(env, us)
    assert 100 == env.now


def test_as_many_events_as_the_bound_are_no_livelock(
    env: simpy.Environment, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says *more than*: exactly that many are fine."""
    monkeypatch.setattr(clock, "MAX_EVENTS_AT_ONCE", 3)
    for us in range(1, 4):
        later(us, lambda: None)
    advance(env, 3)
    assert 3 == env.now
