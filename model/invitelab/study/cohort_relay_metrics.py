"""The metrics of the relay from arrays: the same integers as `metrics.RelayMetrics`."""

import numpy as np

from invitelab.study.arrays import (
    Overlaps,
    add_sums,
    add_to,
    record,
    windows_of,
)
from invitelab.study.measurement import Measurement
from invitelab.world.cohorts.piece import Piece
from invitelab.world.cohorts.pools import Served
from invitelab.world.cohorts.timelines import Flags, Integers
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.schema import Scenario

Passages = tuple[Integers, Integers, Integers]
"""When messages arrived at the relay, began service, and left it, in microseconds."""


class CohortRelayMetrics:
    """Fills a measurement from the messages of a run."""

    def __init__(self, into: Measurement, scenario: Scenario) -> None:
        self._into = into
        self._warm_up_us = scenario.warm_up
        self._duration_us = scenario.duration
        self._busy = {kind: Overlaps(into.windows) for kind in MessageClass}
        self._queued = {kind: Overlaps(into.windows) for kind in MessageClass}
        self._inside: dict[MessageClass, Passages] = {}

    def add(self, piece: Piece) -> None:
        """Count the messages that have left by the end of a piece; keep the others."""
        for kind, served in piece.served.items():
            self._count_longest(kind, served)
            arrived_us = served.messages.arrival_us
            left_us = served.start_us + served.messages.service_us
            passages = arrived_us, served.start_us, left_us
            if kind in self._inside:
                older = zip(self._inside[kind], passages, strict=True)
                arrived_us, begin_us, left_us = (np.concatenate(pair) for pair in older)
                passages = arrived_us, begin_us, left_us
            gone = left_us < piece.until_us
            self._count(kind, _some(passages, gone), piece.until_us - 1)
            self._inside[kind] = _some(passages, ~gone)

    def busy(self) -> dict[MessageClass, list[int]]:
        """The time that each pool was busy with what has left it, by window."""
        return {kind: self._busy[kind].totals_us() for kind in MessageClass}

    def close(self, reached_us: int) -> None:
        """Count the others as far as they have come."""
        for kind, passages in self._inside.items():
            self._count(kind, passages, reached_us)
        busy = self.busy()
        for kind, pool in self._into.pools.items():
            pool.busy_us = busy[kind]
            pool.queued_us = self._queued[kind].totals_us()

    def _count_longest(self, kind: MessageClass, served: Served) -> None:
        if len(served.queue):
            pool, most = self._into.pools[kind], int(served.queue.max()) + 1
            pool.longest_queue = max(pool.longest_queue, most)

    def _count(self, kind: MessageClass, passages: Passages, now_us: int) -> None:
        """Count messages as far as they have come by now."""
        arrived_us, begin_us, left_us = passages
        pool = self._into.pools[kind]
        in_time = (arrived_us >= self._warm_up_us) & (arrived_us < self._duration_us)
        self._queued[kind].add(arrived_us, np.minimum(begin_us, now_us))
        waiting = begin_us > now_us
        if waiting.any():
            pool.left += int(waiting.sum())
            if now_us < self._into.windows.end_us:
                record(pool.waiting, now_us - arrived_us[waiting & in_time])
            else:
                pool.waits.never += int((waiting & in_time).sum())
        served = ~waiting
        arrived_us, begin_us = arrived_us[served], begin_us[served]
        end_us = np.minimum(left_us[served], now_us)
        windows = windows_of(self._into.windows, arrived_us)
        wait_us = begin_us - arrived_us
        add_to(pool.handled, windows)
        add_sums(pool.wait_us, windows, wait_us)
        self._busy[kind].add(begin_us, end_us)
        counted_us = np.minimum(end_us, self._duration_us) - np.maximum(
            begin_us, self._warm_up_us
        )
        pool.counted_us += int(np.maximum(counted_us, 0).sum())
        record(pool.waits, wait_us[in_time[served]])


def _some(passages: Passages, which: Flags) -> Passages:
    arrived_us, begin_us, left_us = passages
    return arrived_us[which], begin_us[which], left_us[which]
