"""Attempts beside those of the scenario: once more, the other way, two at once."""

from typing import TYPE_CHECKING

from invitelab.protocol.values import US_PER_MS, US_PER_S, Platform, State
from invitelab.target_load.looking import third_of
from invitelab.target_load.tracked import Tracked

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient
    from invitelab.target_load.world import TargetWorld

ONCE_MORE = 100_000_000
"""What the number of an attempt is raised by that repeats another one."""
AT_ONCE = ONCE_MORE // 2
"""What it is raised by where others invite at the same instant."""
ONCE_ONLY = 2
"""What is left of the number of an attempt, by 3, that is never repeated."""
MOST = 3
"""How often an attempt is repeated."""
AFTER_US = (10 * US_PER_MS, US_PER_S, 30 * US_PER_S, 100 * US_PER_S)
"""When it is, since the end of the one before."""


class Again:
    """Schedules attempts that follow from others."""

    def __init__(self, world: "TargetWorld") -> None:
        self._world = world

    def at_once(self, number: int, inviter: "TargetClient") -> None:
        """Have another client of the room invite at the same instant."""
        world = self._world
        room = world.room_of(inviter.index)
        other = third_of(room.members, number, but={inviter.device.id})
        if other is not None and number < AT_ONCE:
            client = world.directory.client(world.directory.index_of(other))
            if _invites(client):
                world.users.attempt(number + AT_ONCE, client.index)

    def ended(self, one: Tracked, state: State) -> None:
        """Have some people try again, or those who were invited invite back."""
        number = one.number
        if number // ONCE_MORE >= MOST or number % AT_ONCE % 3 == ONCE_ONLY:
            return
        if state is State.ACCEPTED and number % 6:
            return
        host, guest = one.host, one.guest
        if number % 2 and _invites(guest):
            host, guest = guest, host
        after_us = AFTER_US[number // 3 % len(AFTER_US)]
        again = (number + ONCE_MORE, host, guest)
        # What the one before has left in a view is gone when its end has settled.
        self._world.after(after_us + self._world.settle_us, self._repeat, again)

    def _repeat(self, again: tuple[int, "TargetClient", "TargetClient"]) -> None:
        number, host, guest = again
        self._world.directory.wanted[number] = guest.index
        self._world.users.attempt(number, host.index)


def _invites(client: "TargetClient") -> bool:
    """Whether a client can invite directly."""
    spec = client.device.spec
    windows = spec.platform is Platform.WINDOWS
    return client.present and windows and spec.supports_direct
