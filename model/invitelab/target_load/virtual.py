"""Virtual time: the target's clock is moved to the next intention, and never waits."""

from collections.abc import Callable
from dataclasses import replace

from invitelab.errors import CallError
from invitelab.target_load.clocks import VirtualRoomClock, rounded_up
from invitelab.target_load.connection import Connection
from invitelab.target_load.ordered import Ordered
from invitelab.target_load.part import Manner, Part
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.controls import Told
from invitelab.world.load.load_world import WATCH_EVERY_US, Watch
from invitelab.world.load.rooms import Rooms

WATCHES = 1_000
"""How often a run that takes long is interrupted to tell how far it is."""
POLL_US = 20_000
"""How often views are looked at where an effect takes time to show."""


def play(
    part: Part,
    connection: Connection,
    told: Told,
    required: frozenset[str],
    *,
    watch: Watch = lambda _reached_us: None,
    began: Callable[[TargetWorld], None] = lambda _world: None,
) -> list[TargetWorld]:
    """Play a part of a scenario in virtual time; the worlds that it took.

    All rooms are open at once at a parallel target, and one after the other at others.
    `began` is called with each world at its beginning. Raises RunError where the target
    ends too often, and what `watch` raises.
    """
    manner = Manner(
        terms=connection.terms,
        make_clock=_clock,
        now_us=lambda world: world.env.now_us,
        poll_us=POLL_US,
        required=required,
    )
    if connection.answer.parallel:
        return [_play_one(part, connection, manner, told, watch=watch, began=began)]
    ordered = Ordered(told)
    clients = part.scenario.population
    count = Rooms(clients.clients, clients.room).count
    numbers = range(count) if part.rooms is None else sorted(part.rooms)
    worlds: list[TargetWorld] = []
    try:
        for place, number in enumerate(numbers):

            def within(reached_us: int, place: int = place) -> None:
                watch((place * part.scenario.end_us + reached_us) // len(numbers))

            one = replace(part, rooms={number})
            worlds.append(
                _play_one(one, connection, manner, ordered, watch=within, began=began)
            )
    finally:
        ordered.release(float("inf"))
    return worlds


def _play_one(
    part: Part,
    connection: Connection,
    manner: Manner,
    told: Told,
    *,
    watch: Watch,
    began: Callable[[TargetWorld], None],
) -> TargetWorld:
    world = TargetWorld(part, connection.calls, manner, told)
    world.on_failure = restarting(world, connection)
    began(world)
    end_us = part.scenario.end_us
    try:
        step_us = max(WATCH_EVERY_US, end_us // WATCHES)
        for until_us in range(step_us, end_us + step_us, step_us):
            world.env.advance(min(until_us, end_us))
            watch(world.env.now_us)
    finally:
        world.finish()
    return world


def restarting(
    world: TargetWorld, connection: Connection
) -> Callable[[CallError], None]:
    """Start the target again when it has ended, without its rooms."""

    def on_failure(error: CallError) -> None:
        if not connection.driver.running:
            world.abandon()
            connection.restart(str(error))

    return on_failure


def _clock(world: TargetWorld, token: str) -> VirtualRoomClock:
    return VirtualRoomClock(world.calls, token, rounded_up(world.env.now_us))
