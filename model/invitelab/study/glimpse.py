"""A glimpse of a replication that runs: what its measurement has counted so far.

Whoever looks changes nothing: a glimpse is read from a measurement, at most every
EVERY_S of wall time, and nothing is computed from it but a picture.
"""

import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from invitelab.formats.observed import Outcome
from invitelab.study.measurement import Measurement
from invitelab.study.windows import MOST_WINDOWS
from invitelab.world.load.queues import MessageClass

EVERY_S = 0.25
"""How often a replication is looked at, in seconds of wall time."""

ENDS = tuple(outcome for outcome in Outcome if outcome is not Outcome.PENDING)
"""The outcomes with which an invitation is over."""

BusyTime = Mapping[MessageClass, Sequence[int]]
"""The time that each pool was busy in each window, in microseconds."""

_ROWS = len(ENDS) + 1 + len(MessageClass)
_FIGURES = 4 + len(ENDS)
MOST_BYTES = 8 * (_FIGURES + _ROWS * MOST_WINDOWS)
"""The most that a packed glimpse takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """One replication as far as it is; lists have an entry for each window.

    `outcomes` are of the invitations sent after the warm-up, and `ended` those of all
    by window, both in the order of ENDS. `pending` is the number at the end of a
    window, and `busy_us` the time that each pool was busy, in the order of
    MessageClass. `dropped` are messages.
    """

    number: int
    reached_us: int
    attempts: int
    dropped: int
    outcomes: tuple[int, ...]
    ended: tuple[tuple[int, ...], ...]
    pending: tuple[int, ...]
    busy_us: tuple[tuple[int, ...], ...]

    def packed(self) -> bytes:
        """The same as bytes, at most MOST_BYTES."""
        figures = (self.number, self.reached_us, self.attempts, self.dropped)
        rows = array("q", (*figures, *self.outcomes))
        for row in (*self.ended, self.pending, *self.busy_us):
            rows.extend(row)
        return rows.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> "Glimpse":
        """The glimpse that was packed."""
        numbers = array("q")
        numbers.frombytes(data)
        number, reached_us, attempts, dropped = numbers[:4]
        count = (len(numbers) - _FIGURES) // _ROWS
        rows = [
            tuple(numbers[begin : begin + count])
            for begin in range(_FIGURES, len(numbers), count)
        ]
        return cls(
            number=number,
            reached_us=reached_us,
            attempts=attempts,
            dropped=dropped,
            outcomes=tuple(numbers[4:_FIGURES]),
            ended=tuple(rows[: len(ENDS)]),
            pending=rows[len(ENDS)],
            busy_us=tuple(rows[len(ENDS) + 1 :]),
        )

    def plus(self, other: "Glimpse") -> "Glimpse":
        """The sum of two replications that have come as far."""
        return Glimpse(
            number=self.number,
            reached_us=self.reached_us,
            attempts=self.attempts + other.attempts,
            dropped=self.dropped + other.dropped,
            outcomes=_added(self.outcomes, other.outcomes),
            ended=tuple(map(_added, self.ended, other.ended)),
            pending=_added(self.pending, other.pending),
            busy_us=tuple(map(_added, self.busy_us, other.busy_us)),
        )


def _added(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def glimpse_of(
    one: Measurement,
    reached_us: int,
    *,
    busy: BusyTime | None = None,
    over: Sequence[int] | None = None,
) -> Glimpse:
    """What a measurement has counted by an instant.

    Until it is closed, others may know more: `busy` is the busy time, and `over` how
    many invitations that were sent are over, by window.
    """
    if busy is None:
        busy = {kind: pool.busy_us for kind, pool in one.pools.items()}
    if over is None:
        ends = (
            one.ended[outcome] for outcome in ENDS if outcome is not Outcome.REFUSED
        )
        over = [sum(counts) for counts in zip(*ends, strict=True)]
    return Glimpse(
        number=one.number,
        reached_us=reached_us,
        attempts=one.attempts,
        dropped=sum(one.drops.values()),
        outcomes=tuple(one.outcomes[outcome] for outcome in ENDS),
        ended=tuple(tuple(one.ended[outcome]) for outcome in ENDS),
        pending=_pending(one, over),
        busy_us=tuple(tuple(busy[kind]) for kind in MessageClass),
    )


def _pending(one: Measurement, over: Sequence[int]) -> tuple[int, ...]:
    """How many are pending at the end of each window: sent so far, less those over."""
    refused = one.ended[Outcome.REFUSED]
    rows = zip(one.offered, one.emails_alone, refused, over, strict=True)
    return tuple(accumulate(tried - sum(less) for tried, *less in rows))


Take = Callable[[], Glimpse]
Onlooker = Callable[[Take], None]
"""Called whenever a replication could be looked at; takes a glimpse now and then."""


def occasionally(
    show: Callable[[Glimpse], object], clock: Callable[[], float] = time.monotonic
) -> Onlooker:
    """An onlooker that shows a glimpse at most every EVERY_S."""
    next_s = clock()

    def look(take: Take) -> None:
        nonlocal next_s
        now_s = clock()
        if now_s >= next_s:
            next_s = now_s + EVERY_S
            show(take())

    return look


@dataclass(slots=True, kw_only=True)
class Panorama:
    """Glimpses of all replications of a run, together; it changes while they run.

    `whole` is the sum of those that are complete, `done` has their numbers, `running`
    the others by number.
    """

    whole: Glimpse | None = None
    done: set[int] = field(default_factory=set[int])
    running: dict[int, Glimpse] = field(default_factory=dict[int, Glimpse])

    def show(self, one: Glimpse) -> None:
        """Keep the latest glimpse of a replication that runs."""
        if one.number not in self.done:  # a worker's note outlives its job
            self.running[one.number] = one

    def complete(self, one: Glimpse) -> None:
        """Add a replication that is complete."""
        self.running.pop(one.number, None)
        self.whole = one if self.whole is None else self.whole.plus(one)
        self.done.add(one.number)
