"""The measurement of one replication: counts, histograms and series by window.

All numbers are integers, or histograms of integers, so that sums over replications are
exact in any order.
"""

from collections import Counter
from dataclasses import dataclass, field

from invitelab.formats.observed import (
    Detached,
    FaultSpan,
    InvitationTrace,
    Outcome,
    Violated,
)
from invitelab.study.histogram import Histogram
from invitelab.study.spent import SPENT_OF, SpentBins
from invitelab.study.windows import Windows
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.exactness import Engine

DELAYS = ("notify_delay", "decision_delay", "session_delay", "expiry_lag")
"""The delay metrics, in the order of an invitation's life."""

GONE_DELAY = "gone_delay"
"""A further one, measured only where the relay has a limited memory."""


@dataclass(slots=True, kw_only=True)
class PoolCounts:
    """One pool of the relay; lists have an entry for each window.

    `wait_us` is by the window in which a message arrived, `busy_us` and `queued_us` by
    those in which its service and its wait took place. `counted_us` is the service time
    between warm-up and the end of the duration. `waiting` has the waits so far of the
    messages that an interruption found in the queue; `left` were queued at the end.
    """

    waits: Histogram = field(default_factory=Histogram)
    waiting: Histogram = field(default_factory=Histogram)
    busy_us: list[int]
    queued_us: list[int]
    wait_us: list[int]
    handled: list[int]
    counted_us: int = 0
    shed: int = 0
    left: int = 0
    longest_queue: int = 0


@dataclass(slots=True, kw_only=True)
class Measurement:
    """One replication. Counts exclude the warm-up; lists, by window, include it.

    `pending` is the number of pending invitations times microseconds, by window, and
    `pending_counted` the same from the warm-up to the end of the duration. `engine` is
    what ran it, and `because` why not the other one. `reached_us` is how far the world
    came: less than its end after an interruption. `still_open` has the times waited so
    far for what was open then, by delay. `dropped` and `repeated` are messages, and
    `emails_alone` the emails of attempts that could not be tried directly.
    """

    number: int
    windows: Windows
    engine: Engine = Engine.EVENTS
    because: str = ""
    reached_us: int = 0
    attempts: int = 0
    emailed: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter[Outcome])
    refusals: Counter[str] = field(default_factory=Counter[str])
    drops: Counter[str] = field(default_factory=Counter[str])
    dropped: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    repeated: list[int]
    emails_alone: list[int]
    spent: dict[str, SpentBins]
    delays: dict[str, Histogram]
    still_open: dict[str, Histogram]
    offered: list[int]
    ended: dict[Outcome, list[int]]
    pending: list[int]
    pending_counted: int = 0
    pending_peak: int = 0
    notify: list[Histogram]
    pools: dict[MessageClass, PoolCounts]
    tried: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    direct: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    mailed: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    faults: tuple[FaultSpan, ...] = ()
    traces: tuple[InvitationTrace, ...] = ()
    detached: tuple[Detached, ...] = ()
    checked: int = 0
    checked_facts: int = 0
    violations: tuple[Violated, ...] = ()

    @property
    def messages(self) -> int:
        """The number of messages that came to the relay."""
        pools = self.pools.values()
        return sum(sum(pool.handled) + pool.left + pool.shed for pool in pools)

    @classmethod
    def blank(
        cls, number: int, windows: Windows, *, gone: bool = False
    ) -> "Measurement":
        """An empty measurement, with GONE_DELAY where it is measured."""
        count = len(windows)
        metrics = (*DELAYS, GONE_DELAY) if gone else DELAYS
        return cls(
            number=number,
            windows=windows,
            delays={metric: Histogram() for metric in metrics},
            still_open={metric: Histogram() for metric in metrics},
            offered=[0] * count,
            repeated=[0] * count,
            emails_alone=[0] * count,
            spent={metric: SpentBins() for metric in SPENT_OF},
            ended={outcome: [0] * count for outcome in Outcome},
            pending=[0] * count,
            notify=[Histogram() for _ in range(count)],
            pools={
                kind: PoolCounts(
                    busy_us=[0] * count,
                    queued_us=[0] * count,
                    wait_us=[0] * count,
                    handled=[0] * count,
                )
                for kind in MessageClass
            },
        )
