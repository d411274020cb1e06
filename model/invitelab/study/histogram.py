"""How often each value was seen, in bins that a merge in any order leaves exact.

The layout is log-linear, as in an HDR histogram: every power of two is cut into 256
bins of equal width. So a value below 512 has a bin of its own, and a larger one shares
a bin that is at most 1/256 (0.39 %) of it wide. Everything kept is an integer and every
update is a sum, a minimum or a maximum: no order of recording or merging, no number of
workers changes the result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Self

LEAST_BEYOND = 10
"""Samples that must lie beyond a quantile before it may be shown."""

SUB_BITS = 8
EXACT_BITS = SUB_BITS + 1
"""Values of that many bits are their own bin."""

Span = tuple[int, int, int]
"""A bin: `count` values in `[lower, upper)`."""


@dataclass(slots=True, kw_only=True)
class Histogram:
    """Counts of integers, in practice microseconds; change it by its methods alone.

    A negative value is a defect of what is measured and has no bin: it counts in
    `count`, `negative`, `total` and `minimum`. `minimum` and `maximum` are exact, and
    None while nothing was recorded.
    """

    count: int = 0
    negative: int = 0
    total: int = 0
    minimum: int | None = None
    maximum: int | None = None
    counts: dict[int, int] = field(default_factory=dict[int, int], repr=False)
    """Values of each bin, by its index; none is zero."""

    @classmethod
    def from_bins(cls, bins: Iterable[Span]) -> Self:
        """Rebuild what `bins` gave, each value taken to be in the middle of its bin.

        Raises ValueError where a bin is not one of this layout.
        """
        histogram = cls()
        for lower, upper, count in bins:
            if lower < 0 or bounds(index_of(lower)) != (lower, upper):
                raise ValueError(f"[{lower}, {upper}) is not a bin of this layout")
            histogram.record((lower + upper - 1) // 2, count)
        return histogram

    def record(self, value: int, count: int = 1) -> None:
        """Count a value; raises ValueError for a count below one."""
        if count < 1:
            raise ValueError(f"a value is seen at least once, not {count} times")
        if value < 0:
            self.negative += count
        else:
            # `index_of`, written out: this is called for every sample of a run.
            shift = value.bit_length() - EXACT_BITS
            index = value if shift <= 0 else (shift << SUB_BITS) + (value >> shift)
            counts = self.counts
            counts[index] = counts.get(index, 0) + count
        self.count += count
        self.total += value * count
        if self.minimum is None or value < self.minimum:
            self.minimum = value
        if self.maximum is None or value > self.maximum:
            self.maximum = value

    def merge(self, other: "Histogram") -> None:
        """Add what another has counted; the other stays as it is."""
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        self.count += other.count
        self.negative += other.negative
        self.total += other.total
        lows = [low for low in (self.minimum, other.minimum) if low is not None]
        highs = [high for high in (self.maximum, other.maximum) if high is not None]
        self.minimum = min(lows, default=None)
        self.maximum = max(highs, default=None)

    @property
    def mean(self) -> float | None:
        """The exact mean, rounded once to a float; None where there is nothing."""
        return self.total / self.count if self.count else None

    def bins(self) -> tuple[Span, ...]:
        """All bins that hold something, in order; the negative values are in none."""
        counted = sorted(self.counts.items())
        return tuple((*bounds(index), count) for index, count in counted)

    def rank(self, probability: float) -> int:
        """The place of a quantile in the sorted values: `ceil(probability * count)`.

        At least 1. The probability is read as it is written (0.07 is 7/100), so that
        the product does not hang on its last bit. Raises ValueError outside 0 to 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"a probability is from 0 to 1, not {probability}")
        return max(1, ceil(Fraction(str(probability)) * self.count))

    def beyond(self, probability: float) -> int:
        """How many values come after that quantile in the sorted order."""
        return max(0, self.count - self.rank(probability))

    def quantile(self, probability: float) -> int | None:
        """The value at `rank`, rounded up to the largest of its bin.

        Never below the exact order statistic, nor above `maximum`: rounding can not
        make a promise look kept. A rank among negative values gives `minimum`. None
        where there is nothing; raises ValueError for a probability outside 0 to 1.
        """
        rank = self.rank(probability)
        return next((value for value, upto in self._cumulated() if rank <= upto), None)

    def supported(self, probability: float) -> int | None:
        """The quantile, or None with fewer than LEAST_BEYOND values beyond it."""
        if self.beyond(probability) < LEAST_BEYOND:
            return None
        return self.quantile(probability)

    def curve(self, probabilities: Iterable[float]) -> tuple[tuple[float, int], ...]:
        """Each probability, in order, with its quantile, as far as it is supported."""
        points: list[tuple[float, int]] = []
        steps = self._cumulated()
        value, upto = next(steps, (0, 0))
        for probability in sorted(set(probabilities)):
            if self.beyond(probability) < LEAST_BEYOND:
                break
            rank = self.rank(probability)
            while upto < rank:
                value, upto = next(steps)
            points.append((probability, value))
        return tuple(points)

    def _cumulated(self) -> Iterator[tuple[int, int]]:
        """Each value that stands for a bin, and how many are not above it."""
        if self.minimum is None or self.maximum is None:
            return
        upto = self.negative
        if upto:
            yield self.minimum, upto
        for _, upper, count in self.bins():
            upto += count
            yield min(upper - 1, self.maximum), upto


def index_of(value: int) -> int:
    """The index of the bin that holds a value from 0 upwards; rises with the value."""
    shift = max(0, value.bit_length() - EXACT_BITS)
    return (shift << SUB_BITS) + (value >> shift)


def bounds(index: int) -> tuple[int, int]:
    """The bin of that index as `[lower, upper)`."""
    shift = max(0, (index >> SUB_BITS) - 1)
    lower = (index - (shift << SUB_BITS)) << shift
    return lower, lower + (1 << shift)
