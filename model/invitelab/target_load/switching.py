"""The Accept window: either side changes permissions, soon, and much later."""

from typing import TYPE_CHECKING

from invitelab.adapters import messages
from invitelab.protocol.observed import Switch
from invitelab.protocol.values import US_PER_S, Permission
from invitelab.target_load.tracked import Tracked

if TYPE_CHECKING:
    from invitelab.target_load.client import TargetClient
    from invitelab.target_load.world import TargetWorld

WHEN_S = (2, 20, 45, 140, 170, 2_400)
"""When a permission is switched, since the session was seen."""
MANY_S = (*range(2, 15), WHEN_S[-1])
SAME = 6
OFTEN = 7
"""In one of so many sessions permissions are switched many times."""
LONG_AFTER_US = 2_500 * US_PER_S
"""How long after the last switch it is looked whether that lasts."""
PERMISSIONS = tuple(Permission)


class Switching:
    """Schedules switches in sessions."""

    def __init__(self, world: "TargetWorld") -> None:
        self._world = world

    def joined(self, one: Tracked) -> None:
        """Switch some permissions, most of them twice."""
        many = one.number % OFTEN == 1
        for place, seconds in enumerate(MANY_S if many else WHEN_S):
            self._world.after(seconds * US_PER_S, self._switch, (one, place))
        after_us = WHEN_S[-1] * US_PER_S + LONG_AFTER_US
        self._world.after(after_us, self._world.look_at_both, one)

    def _switch(self, switch: tuple[Tracked, int]) -> None:
        one, place = switch
        self._world.attempt(one.host.index, lambda: self._try_switch(one, place))

    def _try_switch(self, one: Tracked, place: int) -> None:
        # Often enough the same one, to be taken and given back several times.
        times = SAME if one.number % OFTEN == 1 else 2
        turn = one.number + place // times
        name = PERMISSIONS[(one.number + place // times * 3) % len(PERMISSIONS)].value
        locked = [permission.value for permission in one.observed.inviter.locked]
        if locked and turn % 2:
            name = locked[place % len(locked)]
        as_it_is = turn % 5 == 0 and place % 2 == 1
        client = one.host if turn % 3 else one.guest
        self._permit(one, client, name, allowed=(name in _held(one)) is as_it_is)

    def _permit(
        self, one: Tracked, client: "TargetClient", name: str, *, allowed: bool
    ) -> None:
        world = self._world
        room = world.room_of(client.index)
        resident = room.residents[client.device.id]
        session = next(
            (id_ for id_, known in resident.sessions.items() if known is one), None
        )
        if session is None:
            return
        params = messages.Permit(
            scenario=room.token,
            client=resident.token,
            session=session,
            permission=name,
            allowed=allowed,
        )
        answer, span = room.ask("session.permit", params, messages.Done)
        switch = Switch(span, client is one.host, name, allowed, answer.refused is None)
        one.observed.switches.append(switch)
        world.look_at_both(one)


def _held(one: Tracked) -> frozenset[str]:
    """The permissions that the session was seen with last."""
    seen = one.observed.started or one.observed.joined
    newest = seen[-1].value if seen else None
    return one.held if newest is None else newest.permissions
