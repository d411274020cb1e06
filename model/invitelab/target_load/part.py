"""What one connection does of a scenario, and how its target is used."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invitelab.target_load.clocks import RoomClock
from invitelab.target_load.room import Terms
from invitelab.world.scenario.schema import Scenario

if TYPE_CHECKING:
    from invitelab.target_load.world import TargetWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one connection does of a scenario: all of its rooms, or some."""

    scenario: Scenario
    seed: int
    replication: int = 0
    trace: Sequence[int] = ()
    rooms: Collection[int] | None = None
    """The numbers of the rooms; None: all."""
    thorough: bool = False
    """Whether people have unusual clients, and try what should do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a target is used: its terms, its time, and how often it is looked at."""

    terms: Terms
    make_clock: Callable[["TargetWorld", str], RoomClock]
    now_us: Callable[["TargetWorld"], int]
    """The present instant: what is due, or later where wall time passes."""
    poll_us: int
    required: frozenset[str]
    """The ids of the required clauses."""
