"""The people of some rooms: those of a simulation, at whole milliseconds."""

from typing import TYPE_CHECKING, Any

from invitelab.target_load.clocks import rounded_up
from invitelab.world.load.controls import Told
from invitelab.world.load.user_behaviour import UserBehaviour

if TYPE_CHECKING:
    from invitelab.target_load.world import TargetWorld


class RoomUsers(UserBehaviour):
    """The people of some rooms, who act at whole milliseconds."""

    def __init__(self, world: "TargetWorld", told: Told) -> None:
        noting = _Noting(told, world)
        super().__init__(world.env, world.directory, world.intentions, noting)
        self._world = world

    def attempt(self, number: int, inviter: int | None = None) -> None:
        """Make an attempt, unless its inviter is in another room."""
        world = self._world
        if inviter is None:
            inviter = world.directory.inviter(world.intentions.attempt(number)).index
        if world.rooms.has(inviter):
            at_us = rounded_up(world.env.now_us)
            world.env.call_at(at_us, self._attempt_now, (number, inviter))

    def _attempt_now(self, attempt: tuple[int, int]) -> None:
        number, inviter = attempt
        world = self._world
        world.on_room(number, world.rooms.number_of(inviter))
        world.directory.begin_attempt(number)  # what old clients do counts as well
        client, extras = world.directory.client(inviter), world.extras
        if extras is not None:
            extras.before(number, client)
        super().attempt(number, inviter)
        if extras is not None:
            extras.after(number, client)


class _Noting:
    """Passes on what people tell, and notes refusals and emails of their attempts."""

    def __init__(self, told: Told, world: "TargetWorld") -> None:
        self._told = told
        self._world = world

    def tell(self, hook: str, *arguments: Any) -> None:  # noqa: ANN401 - by the hook
        """Pass it on; the first argument of every hook is the instant."""
        self._told.tell(hook, *arguments)
        if hook in {"refused", "emailed"}:
            self._world.on_sight(self._world.number, arguments[0], hook)
