"""The calendar is SimPy's environment: the same order, and the same in all else."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy.core import EmptySchedule, Infinity
from simpy.events import Event, ProcessGenerator

from invitelab.world.event_queue import DAY_BITS, CalendarEnvironment, Call

DAY_US = 1 << DAY_BITS
Action = Callable[[Any], None]


@pytest.fixture
def env() -> CalendarEnvironment:
    """Give a calendar at instant zero."""
    return CalendarEnvironment()


def when(event: Event, action: Action) -> None:
    """Have the event call this."""
    _callbacks(event).append(action)


def _callbacks(event: Event) -> list[Action]:
    """Tell who is called; SimPy leaves the type of an event open there."""
    callbacks: list[Action] | None = vars(event)["callbacks"]
    return [] if callbacks is None else callbacks  # None once it has happened


class StockCall:
    """What `call_at` gives, made of SimPy's own event."""

    def __init__(self, event: Event) -> None:
        """Hold the event."""
        self.event = event

    def cancel(self) -> None:
        """Let it happen without consequences: SimPy has no other way."""
        _callbacks(self.event).clear()


class Stock(simpy.Environment):
    """SimPy as it comes, with the calendar's two ways in made of timeouts."""

    def __init__(self) -> None:
        """Begin at a whole zero."""
        super().__init__(initial_time=0)

    def call_at(self, at_us: int, action: Action, argument: object = None) -> StockCall:
        """Call `action(argument)` at this instant."""
        timeout = self.timeout(at_us - int(self.now))
        when(timeout, lambda _event: action(argument))
        return StockCall(timeout)

    def post(self, at_us: int, action: Action, argument: object) -> None:
        """Do the same for good."""
        self.call_at(at_us, action, argument)


Either = Stock | CalendarEnvironment
each_environment = pytest.mark.parametrize("kind", [Stock, CalendarEnvironment])


# The order is SimPy's.


@dataclass(frozen=True)
class Step:
    """A call after a delay, which cancels a call and schedules others."""

    how: str
    delay_us: int
    cancels: int | None
    then: "tuple[Step, ...]"


WAYS = ("post", "call", "timeout", "process", "any", "interrupt")
DELAYS = st.sampled_from(
    [0, 0, 0, 1, 2, 1_000, DAY_US - 1, DAY_US, DAY_US + 1, 7 * DAY_US, 999 * DAY_US]
)
STEPS = st.recursive(
    st.builds(Step, st.sampled_from(WAYS), DELAYS, st.none(), st.just(())),
    lambda steps: st.builds(
        Step,
        st.sampled_from(WAYS),
        DELAYS,
        st.none() | st.integers(0, 50),
        st.lists(steps, max_size=4).map(tuple),
    ),
    max_leaves=25,
)


class Player:
    """Runs steps in an environment and records what was called when."""

    def __init__(self, env: Either) -> None:
        """Take the environment's part."""
        self.env = env
        self.log: list[tuple[float, int]] = []
        self.calls: list[StockCall | Call] = []
        self.names = count()

    def begin(self, step: Step) -> None:
        """Schedule it."""
        env, name = self.env, next(self.names)
        at_us = int(env.now) + step.delay_us

        def happen(_argument: object) -> None:
            self.happen(step, name)

        match step.how:
            case "post":
                env.post(at_us, happen, name)
            case "call":
                self.calls.append(env.call_at(at_us, happen))
            case "timeout":
                when(env.timeout(step.delay_us), happen)
            case "any":
                never = env.event()
                when(env.any_of([env.timeout(step.delay_us), never]), happen)
            case "process":
                env.process(self.live(step, name))
            case _:
                sleeper = env.process(self.sleep(step, name))
                env.process(self.wake(step.delay_us, sleeper))

    def happen(self, step: Step, name: int) -> None:
        """Note it, cancel what is to be cancelled, and begin the next ones."""
        self.log.append((self.env.now, name))
        if step.cancels is not None and self.calls:
            self.calls[step.cancels % len(self.calls)].cancel()
        for then in step.then:
            self.begin(then)

    def live(self, step: Step, name: int) -> ProcessGenerator:
        """Wait twice."""
        yield self.env.timeout(step.delay_us)
        self.log.append((self.env.now, -name))
        yield self.env.timeout(step.delay_us // 2)
        self.happen(step, name)

    def sleep(self, step: Step, name: int) -> ProcessGenerator:
        """Wait for long, and be woken before."""
        try:
            yield self.env.timeout(step.delay_us + 1)
        except simpy.Interrupt:
            self.happen(step, name)

    def wake(self, after_us: int, sleeper: simpy.Process) -> ProcessGenerator:
        """Resume the process."""
        yield self.env.timeout(after_us)
        sleeper.interrupt()


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(STEPS, min_size=1, max_size=6),
    stops=st.lists(st.integers(0, 10 * DAY_US), max_size=5),
)
def test_the_order_is_the_order_of_simpy(
    steps: Sequence[Step], stops: Sequence[int]
) -> None:
    """Event by event, wherever time stops on the way to the end."""
    stock, calendar = Player(Stock()), Player(CalendarEnvironment())
    for step in steps:
        stock.begin(step)
        calendar.begin(step)
    stock.env.run()
    for stop_us in sorted(stops):
        assert isinstance(calendar.env, CalendarEnvironment)
        calendar.env.advance(stop_us)
    calendar.env.run()
    assert stock.log == calendar.log


# It is SimPy's environment in everything else.


@each_environment
def test_a_failure_reaches_who_waits_for_it(kind: type[Either]) -> None:
    """A process sees the failure of another one, and may go on."""
    env = kind()

    def fail() -> ProcessGenerator:
        yield env.timeout(3)
        raise LookupError("lost")

    def wait() -> Generator[Event, None, str]:
        try:
            yield env.process(fail())
        except LookupError as error:
            return f"{error} at {env.now}"
        return "nothing"

    assert "lost at 3" == env.run(env.process(wait()))


@each_environment
def test_a_failure_that_nobody_waits_for_stops_the_run(kind: type[Either]) -> None:
    """It is raised where time was let run, at its instant."""
    env = kind()
    env.event().fail(LookupError("lost"))
    with pytest.raises(LookupError, match="lost"):
        env.run()


def test_a_failure_comes_out_of_advance(env: CalendarEnvironment) -> None:
    """What follows it can still be run."""
    seen: list[int] = []

    def fail() -> ProcessGenerator:
        yield env.timeout(3)
        raise LookupError("lost")

    env.process(fail())
    env.post(4, seen.append, 4)
    with pytest.raises(LookupError, match="lost"):
        env.advance(10)
    assert (3, []) == (env.now_us, seen)
    env.advance(10)
    assert (10, [4]) == (env.now_us, seen)


@each_environment
def test_run_stops_before_its_end(kind: type[Either]) -> None:
    """SimPy's `run(until=5)` leaves what is due at 5."""
    env = kind()
    seen: list[int] = []
    for at_us in (4, 5, 6):
        env.post(at_us, seen.append, at_us)
    env.run(until=5)
    assert ([4], 5, 5) == (seen, env.now, env.peek())
    env.run(until=6)
    assert [4, 5] == seen


@each_environment
def test_run_waits_for_an_event(kind: type[Either]) -> None:
    """It gives the event's value, and the rest stays."""
    env = kind()
    seen: list[int] = []
    env.post(9, seen.append, 9)
    assert "value" == env.run(env.timeout(8, "value"))
    assert ([], 8) == (seen, env.now)


@each_environment
def test_an_empty_schedule_has_no_step(kind: type[Either]) -> None:
    """There is nothing ahead, and nothing to do."""
    env = kind()
    assert Infinity == env.peek()
    with pytest.raises(EmptySchedule):
        env.step()


@each_environment
def test_a_step_is_one_event(kind: type[Either]) -> None:
    """The first of an instant happens, the second waits."""
    env = kind()
    seen: list[int] = []
    for name in (1, 2):
        env.post(2 * DAY_US, seen.append, name)
    env.step()
    assert ([1], 2 * DAY_US, 2 * DAY_US) == (seen, env.now, env.peek())
