"""Helpers who invite, wait for the end, pause, and invite again: a closed loop.

The n-th wish of helper h has the number h + n * helpers, so that its draws belong to
the helper and the turn, and not to the order in which helpers became free.
"""

from functools import lru_cache

from invitelab.errors import UsageError
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.distributions import Durations, sample
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CHUNK, CounterRng, Purpose
from invitelab.world.load.user_behaviour import UserBehaviour
from invitelab.world.scenario.schema import Closed

CHUNKS_KEPT = 64


class ClosedLoop:
    """Keeps every helper busy until the arrivals end."""

    def __init__(
        self,
        env: CalendarEnvironment,
        users: UserBehaviour,
        helpers: list[int],
        closed: Closed,
        *,
        rng: CounterRng,
        duration_us: int,
    ) -> None:
        self._env = env
        self._users = users
        self._helpers = helpers
        self._duration_us = duration_us

        @lru_cache(maxsize=CHUNKS_KEPT)
        def pauses(chunk: int) -> Durations:
            drawn = rng.uniforms(Purpose.ARRIVAL, chunk)
            return sample(closed.pause, drawn[0], drawn[1])

        self._pauses = pauses
        users.free = self.free
        for number in range(len(helpers)):
            self._later(number, 0)

    def free(self, number: int, after_us: int) -> None:
        """The helper of this wish can invite again after so long, and a pause."""
        self._later(number + len(self._helpers), after_us)

    def _later(self, number: int, after_us: int) -> None:
        chunk, place = divmod(number, CHUNK)
        pause_us = int(self._pauses(chunk)[place])
        at_us = self._env.now_us + after_us + pause_us
        if at_us < self._duration_us:
            self._env.call_at(at_us, self._attempt, number)

    def _attempt(self, number: int) -> None:
        self._users.attempt(number, self._helpers[number % len(self._helpers)])


def choose_helpers(population: Population, closed: Closed) -> list[int]:
    """The first clients who can invite directly, then others on Windows.

    Raises UsageError when there are not so many on Windows.
    """
    windows = [int(index) for index in population.windows]
    if len(windows) < closed.helpers:
        msg = f"{closed.helpers} helpers are wanted, but only {len(windows)} can invite"
        raise UsageError(msg, hint="only a client on Windows can invite")
    windows.sort(key=lambda index: not population.version(index).supports_direct)
    return windows[: closed.helpers]
