"""The attempts of a scenario at their times: open, from a trace, or in closed loops."""

from collections.abc import Iterator, Sequence

from simpy.events import ProcessGenerator

from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.arrivals import instants
from invitelab.world.load.closed_loop import ClosedLoop, choose_helpers
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CounterRng
from invitelab.world.load.user_behaviour import UserBehaviour
from invitelab.world.scenario.schema import Closed, Scenario, Trace


def begin_attempts(
    env: CalendarEnvironment,
    users: UserBehaviour,
    population: Population,
    *,
    scenario: Scenario,
    rng: CounterRng,
    trace: Sequence[int],
) -> None:
    """Have the users make all attempts of a scenario while the time advances.

    `trace` are the instants of trace arrivals in microseconds, in order.
    """
    arrivals, duration_us = scenario.arrivals, scenario.duration
    if isinstance(arrivals, Closed):
        helpers = choose_helpers(population, arrivals)
        ClosedLoop(env, users, helpers, arrivals, rng=rng, duration_us=duration_us)
        return
    if isinstance(arrivals, Trace):
        within = (at_us for at_us in trace if at_us < duration_us)
        env.process(_arrive(env, users, within))
    else:
        env.process(_arrive(env, users, instants(arrivals, duration_us, rng)))


def _arrive(
    env: CalendarEnvironment, users: UserBehaviour, attempts: Iterator[int]
) -> ProcessGenerator:
    for number, at_us in enumerate(attempts):
        yield env.first_at(at_us)
        users.attempt(number)
