"""Wall time: what is due is done at its instant, however late earlier answers are.

Each connection has a thread, a world of its own and some of the rooms. An action that
comes late is made at once, and delays count from when it was due: a slow target cannot
make its own load lighter (G. Tene calls the opposite "coordinated omission").
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import CallError, RunError
from invitelab.study.histogram import Histogram
from invitelab.target_load.clocks import RealRoomClock
from invitelab.target_load.connection import Connection
from invitelab.target_load.ordered import Ordered
from invitelab.target_load.part import Manner, Part
from invitelab.target_load.virtual import restarting
from invitelab.target_load.world import TargetWorld
from invitelab.world.load.controls import Told
from invitelab.world.load.load_world import Watch
from invitelab.world.load.rooms import Rooms

POLL_US = 50_000
"""How often the views of those who wait are looked at."""
US = 1_000_000
WATCH_S = 0.25
"""How often progress is told, and what was measured is passed on in order."""
NAP_S = 0.05
"""The longest wait without a look at whether the run was stopped."""


class _Stage:
    """What the threads of a run share: its beginning, and whether it goes on."""

    def __init__(self) -> None:
        self.zero_s = float("inf")
        self.over = threading.Event()

    def now_us(self) -> int:
        """World time in microseconds; negative before the beginning."""
        return int((monotonic_s() - self.zero_s) * US)


def play(
    part: Part,
    connections: Sequence[Connection],
    told: Told,
    required: frozenset[str],
    *,
    late_us: Histogram,
    watch: Watch = lambda _reached_us: None,
    began: Callable[[TargetWorld], None] = lambda _world: None,
) -> None:
    """Play a part of a scenario in wall time; `late_us` gets how late the harness was.

    `began` is called with each world. What `watch` raises ends the run early, and is
    raised once all that was measured has been told. Raises RunError where a target ends
    too often.
    """
    stage = _Stage()
    ordered = Ordered(told)
    shares = zip(_shares(part, len(connections)), connections, strict=True)
    worlds = [
        _world(one, connection, ordered, required, stage) for one, connection in shares
    ]
    for world in worlds:
        began(world)
        try:
            world.rooms.open_all()
        except CallError as error:
            raise RunError(
                f"the rooms could not be opened: {error}",
                hint="`invitelab check` shows what it makes of scenario.begin",
            ) from error
    stage.zero_s = monotonic_s()
    end_us = part.scenario.end_us
    lateness = [Histogram() for _ in worlds]
    try:
        with ThreadPoolExecutor(len(worlds)) as threads:
            running = [
                threads.submit(_live, world, stage, end_us, late)
                for world, late in zip(worlds, lateness, strict=True)
            ]
            try:
                while not all(one.done() for one in running):
                    stage.over.wait(WATCH_S)
                    reached_us = min(stage.now_us(), end_us)
                    ordered.release(reached_us - 2 * US)
                    watch(max(0, reached_us))
            finally:
                stage.over.set()
    finally:
        ordered.release(float("inf"))
        for late in lateness:
            late_us.merge(late)
    for one in running:
        one.result()


def _shares(part: Part, count: int) -> list[Part]:
    """The rooms dealt out to the connections."""
    population = part.scenario.population
    rooms = range(Rooms(population.clients, population.room).count)
    return [replace(part, rooms=set(rooms[place::count])) for place in range(count)]


def _world(
    part: Part,
    connection: Connection,
    told: Told,
    required: frozenset[str],
    stage: _Stage,
) -> TargetWorld:
    manner = Manner(
        terms=connection.terms,
        make_clock=lambda _world, _token: RealRoomClock(stage.now_us),
        now_us=lambda world: max(world.env.now_us, stage.now_us()),
        poll_us=POLL_US,
        required=required,
    )
    world = TargetWorld(part, connection.calls, manner, told)
    world.on_failure = restarting(world, connection)
    return world


def _live(world: TargetWorld, stage: _Stage, end_us: int, late_us: Histogram) -> None:
    """Do what is due, one instant after the other, until the end."""
    try:
        while not stage.over.is_set():
            due_us = world.env.peek()
            if min(due_us, stage.now_us()) >= end_us:
                break
            wait_s = (due_us - stage.now_us()) / US
            if wait_s > 0:
                stage.over.wait(min(wait_s, NAP_S))
                continue
            late_us.record(max(0, stage.now_us() - int(due_us)))
            world.env.advance(int(due_us))
    except Exception:
        stage.over.set()  # the others need not go on without this one
        raise
    world.finish()
