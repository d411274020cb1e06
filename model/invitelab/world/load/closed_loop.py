"""Closed-loop arrivals: each helper invites, waits for the end, pauses, and repeats.

The n-th attempt of helper h has the number h + n * helpers. So its draws depend on the
helper and on n, and not on the order in which the helpers become free.
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
"""Chunks of pauses in memory; one that was dropped is drawn again, the same."""


class ClosedLoop:
    """Makes the attempts of all helpers until `duration_us`."""

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
        users.on_free = self.on_free
        for number in range(len(helpers)):
            self._schedule(number, 0)

    def on_free(self, number: int, after_us: int) -> None:
        """Schedule the helper's next attempt: after `after_us` and a pause."""
        self._schedule(number + len(self._helpers), after_us)

    def _schedule(self, number: int, after_us: int) -> None:
        chunk, place = divmod(number, CHUNK)
        pause_us = int(self._pauses(chunk)[place])
        at_us = self._env.now_us + after_us + pause_us
        if at_us < self._duration_us:
            self._env.call_at(at_us, self._attempt, number)

    def _attempt(self, number: int) -> None:
        self._users.attempt(number, self._helpers[number % len(self._helpers)])


def choose_helpers(population: Population, closed: Closed) -> list[int]:
    """The indexes of the helpers: clients on Windows, those that invite directly first.

    Raises UsageError when there are fewer clients on Windows than helpers.
    """
    windows = [int(index) for index in population.windows]
    if len(windows) < closed.helpers:
        msg = f"{closed.helpers} helpers are wanted, but only {len(windows)} can invite"
        raise UsageError(msg, hint="only a client on Windows can invite")
    windows.sort(key=lambda index: not population.version(index).supports_direct)
    return windows[: closed.helpers]
