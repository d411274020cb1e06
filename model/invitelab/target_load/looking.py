"""When somebody looks at a client: after each operation, and around the deadline.

In virtual time without settling an effect is there at once. Else what should show is
looked for at a fixed interval, until it does or its time is over: so a delay is known
to that interval, and the report says so.
"""

from collections.abc import Callable

from invitelab.protocol.policy import LIFETIME_US
from invitelab.protocol.values import US_PER_S, ClientId
from invitelab.target_load.client import TargetClient
from invitelab.target_load.tracked import Tracked
from invitelab.world.event_queue import CalendarEnvironment

LATE_US = 119 * US_PER_S
"""When it can still be accepted (EXPIRY-1), and is looked at once more."""
AFTER_US = 121 * US_PER_S
"""When it cannot be accepted any more (EXPIRY-2, EXPIRY-3, EXPIRY-4)."""
FORGOTTEN_US = 300 * US_PER_S
"""When nobody presses a button of it any more, and it is judged."""

Look = Callable[[TargetClient], None]
Condition = Callable[[Tracked], bool]


class Looking:
    """Schedules looks."""

    def __init__(
        self, env: CalendarEnvironment, look: Look, *, settle_us: int, poll_us: int
    ) -> None:
        self._env = env
        self._look = look
        self._settle_us = settle_us
        self._poll_us = poll_us

    def after_send(self, one: Tracked, third: TargetClient | None) -> None:
        """Look at both sides and at a third client now, and around the deadline."""
        self._follow(one, lambda one: one.was_shown)
        if third is not None:
            self._env.call_at(self._env.now_us + self._settle_us, self._look, third)
        deadline_us = one.observed.deadline_us
        sent_us = deadline_us - LIFETIME_US
        self._env.call_at(sent_us + LATE_US, self._while_pending, one)
        self._env.call_at(deadline_us, self._at_deadline, one)
        self._env.call_at(sent_us + AFTER_US + self._settle_us, self._both, one)

    def after_click(self, one: Tracked) -> None:
        """Look at both sides, until they show its end if it has one."""
        self._follow(one, lambda one: one.over)

    def _while_pending(self, one: Tracked) -> None:
        if one.ended is None:
            self._both(one)

    def _at_deadline(self, one: Tracked) -> None:
        if one.ended is None:
            self._follow(one, lambda one: one.ended is not None)

    def _follow(self, one: Tracked, is_done: Condition) -> None:
        """Look at both sides from now on, until it is done or has had its time."""
        until_us = self._env.now_us + self._settle_us
        self._env.call_at(self._env.now_us, self._poll, (one, is_done, until_us))

    def _poll(self, following: tuple[Tracked, Condition, int]) -> None:
        one, is_done, until_us = following
        self._both(one)
        now_us = self._env.now_us
        if now_us >= until_us:
            return
        if is_done(one):
            # Both sides must show it when it has had time to settle.
            self._env.call_at(until_us, self._both, one)
            return
        next_us = min(now_us + self._poll_us, until_us)
        self._env.call_at(next_us, self._poll, (one, is_done, until_us))

    def _both(self, one: Tracked) -> None:
        self._look(one.guest)
        self._look(one.host)


def third_of(
    members: list[ClientId], number: int, *, but: set[ClientId]
) -> ClientId | None:
    """A client of a room that takes no part, another one for each attempt."""
    for step in range(min(len(members), len(but) + 1)):
        one = members[(number + step) % len(members)]
        if one not in but:
            return one
    return None
