"""The calendar keeps its order, includes its end, and cannot run in a circle."""

import gc
import weakref

import pytest
from simpy.core import Infinity

from invitelab.world import event_queue
from invitelab.world.event_queue import (
    DAY_BITS,
    CalendarEnvironment,
    Call,
    LivelockError,
)

DAY_US = 1 << DAY_BITS


@pytest.fixture
def env() -> CalendarEnvironment:
    """Give a calendar at instant zero."""
    return CalendarEnvironment()


def nothing(_argument: object) -> None:
    """Do nothing."""


# Time.


@pytest.mark.parametrize(
    ("until_us", "expected"), [(99, []), (100, [100]), (101, [100])]
)
def test_the_end_is_included(
    env: CalendarEnvironment, until_us: int, expected: list[int]
) -> None:
    """Calls that are due at the end are made, later ones are not."""
    seen: list[int] = []
    env.post(100, lambda _: seen.append(env.now_us), None)
    env.advance(until_us)
    assert expected == seen
    assert (until_us, until_us) == (env.now_us, env.now)


def test_what_the_end_causes_at_once_happens(env: CalendarEnvironment) -> None:
    """A message without latency arrives at the instant at which it was sent."""
    seen: list[str] = []

    def again(word: str) -> None:
        env.post(env.now_us, seen.append, word)

    env.post(100, lambda word: env.post(env.now_us, again, word), "there")
    env.advance(100)
    assert ["there"] == seen


def test_events_happen_in_order(env: CalendarEnvironment) -> None:
    """By time, and at one time in the order in which they were asked for."""
    seen: list[str] = []
    for at_us, name in [(2, "c"), (1, "a"), (2, "d"), (1, "b"), (DAY_US, "e")]:
        env.post(at_us, seen.append, name)
    env.advance(DAY_US)
    assert ["a", "b", "c", "d", "e"] == seen


def test_standing_still_is_allowed(env: CalendarEnvironment) -> None:
    """Advancing to now runs what is due now and moves nothing."""
    seen: list[int] = []
    env.post(0, seen.append, 1)
    env.advance(0)
    env.advance(0)
    assert ([1], 0) == (seen, env.now_us)


@pytest.mark.parametrize("step_us", [1, 3, 10**6, 2**53 + 1])
def test_time_is_a_whole_number(env: CalendarEnvironment, step_us: int) -> None:
    """A float would lose a microsecond after 285 years, and a tie long before."""
    seen: list[tuple[float, int]] = []
    for _ in range(3):
        env.post(
            env.now_us + step_us, lambda _: seen.append((env.now, env.now_us)), None
        )
        env.advance(env.now_us + step_us)
    assert [(times * step_us, times * step_us) for times in (1, 2, 3)] == seen
    assert {int} == {type(one) for pair in seen for one in pair} | {type(env.now)}


def test_a_year_without_events_is_one_step(env: CalendarEnvironment) -> None:
    """Days on which nothing is due are never opened."""
    seen: list[int] = []
    year_us = 366 * 24 * 3_600 * 1_000_000
    env.post(year_us, seen.append, 1)
    env.advance(year_us)
    assert ([1], Infinity) == (seen, env.peek())


# Circles.


def test_a_circle_is_a_livelock(
    env: CalendarEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events that cause events at the same instant are stopped after a while."""
    monkeypatch.setattr(event_queue, "MAX_EVENTS_AT_ONCE", 20)
    turns: list[int] = []

    def turn(_argument: object) -> None:
        turns.append(len(turns))
        env.post(env.now_us, turn, None)

    env.post(5, turn, None)
    with pytest.raises(LivelockError, match="more than 20 events before 5 us"):
        env.advance(5)
    assert (20, 5) == (len(turns), env.now_us)


def test_many_events_are_no_livelock(
    env: CalendarEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound counts the events of one advance, not of a run."""
    monkeypatch.setattr(event_queue, "MAX_EVENTS_AT_ONCE", 20)
    seen: list[int] = []
    for at_us in range(1, 100):
        env.post(at_us, seen.append, at_us)
    for at_us in range(10, 101, 10):
        env.advance(at_us)
    assert list(range(1, 100)) == seen


def test_as_many_events_as_the_bound_are_no_livelock(
    env: CalendarEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says *more than*: exactly that many are fine."""
    monkeypatch.setattr(event_queue, "MAX_EVENTS_AT_ONCE", 3)
    seen: list[int] = []
    for at_us in range(1, 4):
        env.post(at_us, seen.append, at_us)
    env.call_at(3, seen.append, -1).cancel()
    env.advance(3)
    assert [1, 2, 3] == seen


# Cancelling.


@pytest.mark.parametrize("at_us", [0, 1, DAY_US - 1, DAY_US, 100 * DAY_US])
def test_a_cancelled_call_never_happens(env: CalendarEnvironment, at_us: int) -> None:
    """Near or far, and whether it is cancelled once or twice."""
    seen: list[int] = []
    call = env.call_at(at_us, seen.append, 1)
    call.cancel()
    call.cancel()
    env.advance(at_us + 1)
    assert [] == seen


@pytest.mark.parametrize("at_us", [10, 2 * DAY_US])
def test_what_is_cancelled_is_not_ahead(env: CalendarEnvironment, at_us: int) -> None:
    """`peek` is the time of the next event."""
    call = env.call_at(at_us, nothing)
    env.post(3 * DAY_US, nothing, None)
    assert at_us == env.peek()
    call.cancel()
    assert 3 * DAY_US == env.peek()


class Witness:
    """Something that can be seen to be forgotten."""


def test_a_cancelled_call_holds_nothing(env: CalendarEnvironment) -> None:
    """What it would have been called with is free at once, not when its day comes."""
    witness = Witness()
    trace = weakref.ref(witness)
    env.call_at(100 * DAY_US, nothing, witness).cancel()
    del witness
    gc.collect()
    assert trace() is None


def test_a_cancelled_call_is_dropped_when_its_day_opens(
    env: CalendarEnvironment,
) -> None:
    """It waits in no queue for its own instant, with everything else of the day."""
    call = env.call_at(2 * DAY_US + 1_000, nothing)
    env.post(2 * DAY_US, nothing, None)
    call.cancel()
    assert any(isinstance(one, tuple) for one in gc.get_referrers(call))
    env.advance(2 * DAY_US)
    assert not any(isinstance(one, tuple) for one in gc.get_referrers(call))


def test_cancelling_what_has_happened_is_nothing(env: CalendarEnvironment) -> None:
    """A timer may be cancelled by what it caused."""
    calls: list[Call] = []

    def cancel(_argument: object) -> None:
        calls[0].cancel()

    calls.append(env.call_at(1, cancel))
    env.advance(1)
    calls[0].cancel()
    assert Infinity == env.peek()


def test_a_call_can_cancel_another_of_its_instant(env: CalendarEnvironment) -> None:
    """The later of two at one instant may still be taken back by the first."""
    seen: list[int] = []
    calls: list[Call] = []
    env.post(5, lambda _: calls[0].cancel(), None)
    calls.append(env.call_at(5, seen.append, 1))
    env.advance(5)
    assert [] == seen


def test_only_what_happens_is_counted(env: CalendarEnvironment) -> None:
    """A cancelled call is no event, near or far."""
    for at_us in (1, 2, 2 * DAY_US, 3 * DAY_US):
        env.post(at_us, nothing, None)
        env.call_at(at_us, nothing).cancel()
    env.advance(4 * DAY_US)
    assert 4 == env.events


def test_a_call_can_name_its_owner_apart(env: CalendarEnvironment) -> None:
    """A plain function of an owner and an argument, without a method's own object."""
    seen: list[object] = []
    env.call_at(1, list[object].append, "word", seen)
    env.advance(1)
    assert ["word"] == seen
