"""Where delays were spent: sums of the parts of delays, by the bins of a histogram."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from invitelab.study.histogram import bounds, index_of, indexes_of
from invitelab.world.load.time_spent import Parts, Stage

SPENT_OF: Final[Mapping[str, Stage]] = {
    "notify_delay": Stage.SHOWN,
    "decision_delay": Stage.DECIDED,
    "session_delay": Stage.JOINED,
}
"""The delays that are split into parts, and what each ends with."""

METRIC_OF: Final = {stage: metric for metric, stage in SPENT_OF.items()}

COLUMNS: Final = 1 + len(Parts._fields)
"""How many delays there are in a bin, and the sums of their parts."""


@dataclass(slots=True)
class SpentBins:
    """By the index of each bin: how many delays are in it, and the sum of each part.

    All are integers, so sums over replications are exact in any order.
    """

    sums: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def record(self, delay_us: int, parts: Parts) -> None:
        """Add a delay and its parts, in microseconds."""
        index = index_of(delay_us)
        row = self.sums.get(index)
        if row is None:
            row = self.sums[index] = [0] * COLUMNS
        # Written out: this is called some three times an invitation.
        row[0] += 1
        row[1] += parts[0]
        row[2] += parts[1]
        row[3] += parts[2]
        row[4] += parts[3]
        row[5] += parts[4]

    def record_all(
        self, delays_us: NDArray[np.int64], parts_us: NDArray[np.int64]
    ) -> None:
        """Add delays, and their parts in the order of `Parts`, a row each."""
        if not len(delays_us):
            return
        indexes, whose = np.unique(indexes_of(delays_us), return_inverse=True)
        sums = np.zeros((len(indexes), COLUMNS), np.int64)
        np.add.at(sums[:, 0], whose, 1)
        np.add.at(sums[:, 1:], whose, parts_us)
        self._add(zip(indexes.tolist(), sums.tolist(), strict=True))

    def merge(self, other: "SpentBins") -> None:
        """Add those of another replication, which is not changed."""
        self._add(other.sums.items())

    def _add(self, rows: Iterable[tuple[int, list[int]]]) -> None:
        for index, row in rows:
            mine = self.sums.setdefault(index, [0] * COLUMNS)
            for place, value in enumerate(row):
                mine[place] += value

    def groups(
        self, edges: Sequence[float], population: int
    ) -> list[tuple[float, float, int, int, list[int]]]:
        """The delays between percentiles: whole bins, by the middle of their ranks.

        `edges` are probabilities that rise, the last of them 1, and `population` counts
        what never happened, too. Each group has its edges, the least and the greatest
        value of its bins, and its row of sums.
        """
        found: list[tuple[float, float, int, int, list[int]]] = []
        before, place = 0, 0
        for index, row in sorted(self.sums.items()):
            middle = (before + row[0] / 2) / population
            before += row[0]
            while middle > edges[place]:
                place += 1
            lower, upper = bounds(index)
            low = edges[place - 1] if place else 0.0
            if found and found[-1][1] == edges[place]:
                _, _, begin, _, sums = found[-1]
                sums = [a + b for a, b in zip(sums, row, strict=True)]
                found[-1] = low, edges[place], begin, upper, sums
            else:
                found.append((low, edges[place], lower, upper, list(row)))
        return found
