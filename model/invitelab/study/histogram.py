"""Histograms of integers that can be merged in any order with the same result.

The layout is log-linear, as in HdrHistogram (G. Tene): every power of two has 256 bins
of equal width. A value below 512 has a bin of its own, and the bin of a larger one is
at most 1/256 (0.39 %) of it wide. All counts are integers and every update is a sum, a
minimum or a maximum, so the result depends neither on the order of recording and
merging nor on the number of workers.

A quantile is interpolated inside its bin: rounding it up would bias all replications
alike, which no interval over replications shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, inf, isfinite
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

LEAST_BEYOND = 10
"""The least number of samples beyond a quantile that may be shown."""

SUB_BITS = 8
EXACT_BITS = SUB_BITS + 1
"""Values of up to that many bits have a bin of their own."""

LUMP = 4
"""A bin with a LUMPth of all samples or more: interpolation in it is unsafe."""

Span = tuple[int, int, int]
"""A bin: `count` values in `[lower, upper)`."""


class QuantileReading(NamedTuple):
    """A quantile, and the range `[low, high]` in which its bin says that it is.

    Both ends are the value itself unless the bin holds a LUMPth of all samples: below
    that, the error of interpolation is less than that of sampling.
    """

    probability: float
    value: int
    low: int
    high: int


class _Step(NamedTuple):
    """`samples` values from `low` to `high`; `upto` values are at most `high`."""

    low: int
    high: int
    samples: int
    upto: int

    def at(self, rank: int) -> int:
        """The value of that rank, if values are spread evenly over the bin."""
        place = rank - (self.upto - self.samples)
        return self.low + (2 * place - 1) * (self.high - self.low) // (2 * self.samples)


@dataclass(slots=True, kw_only=True)
class Histogram:
    """Counts of integers, in practice microseconds; changed by its methods alone.

    Negative values, which only an expiry before its deadline gives, are in bins of
    their own: `early` is laid out as `counts`, of what they are without the sign.
    `minimum` and `maximum` are exact, and None while nothing was recorded.

    `never` counts delays of what did not happen: longer than any value, and in no bin.
    They are part of every quantile, but not of `count`, `total`, `maximum` or `mean`.
    """

    count: int = 0
    never: int = 0
    negative: int = 0
    total: int = 0
    minimum: int | None = None
    maximum: int | None = None
    counts: dict[int, int] = field(default_factory=dict[int, int], repr=False)
    """Values of each bin, by its index; none is zero."""
    early: dict[int, int] = field(default_factory=dict[int, int], repr=False)
    """The same of the negative values, without their sign."""

    @classmethod
    def from_bins(cls, bins: Iterable[Span]) -> Self:
        """A histogram of the result of `bins`: each value in the middle of its bin.

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
            place = index_of(-value)
            self.early[place] = self.early.get(place, 0) + count
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

    def record_all(self, values: NDArray[np.int64]) -> None:
        """Count each of the values, of which there is at least one."""
        least, most = int(values.min()), int(values.max())
        plain = values if least >= 0 else values[values >= 0]
        self.negative += len(values) - len(plain)
        _add(self.counts, plain)
        if least < 0:
            _add(self.early, -values[values < 0])
        self.count += len(values)
        self.total += int(values.sum())
        self.minimum = least if self.minimum is None else min(self.minimum, least)
        self.maximum = most if self.maximum is None else max(self.maximum, most)

    def merge(self, other: "Histogram") -> None:
        """Add the counts of another histogram, which is not changed."""
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        for index, count in other.early.items():
            self.early[index] = self.early.get(index, 0) + count
        self.count += other.count
        self.never += other.never
        self.negative += other.negative
        self.total += other.total
        lows = [low for low in (self.minimum, other.minimum) if low is not None]
        highs = [high for high in (self.maximum, other.maximum) if high is not None]
        self.minimum = min(lows, default=None)
        self.maximum = max(highs, default=None)

    @property
    def mean(self) -> float | None:
        """The exact mean, rounded once to a float; None without values."""
        return self.total / self.count if self.count else None

    @property
    def population(self) -> int:
        """The number of values, including those that never happened."""
        return self.count + self.never

    def bins(self) -> tuple[Span, ...]:
        """All bins that are not empty, in order; negative values are in none."""
        return _spans(self.counts)

    def early_bins(self) -> tuple[Span, ...]:
        """The bins of the negative values without their sign, in order."""
        return _spans(self.early)

    def rank(self, probability: float) -> int:
        """The place of a quantile in the sorted values: `ceil(probability * all)`.

        At least 1. The probability is taken as the decimal that it prints as (0.07 is
        7/100), so that rounding does not change the rank. Raises ValueError for a
        probability outside 0 to 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"a probability is from 0 to 1, not {probability}")
        return max(1, ceil(Fraction(str(probability)) * self.population))

    def beyond(self, probability: float) -> int:
        """The number of values after that quantile in the sorted order."""
        return max(0, self.population - self.rank(probability))

    def upto(self, value: float) -> int:
        """The number of values that are no larger, interpolated inside the bin."""
        found = 0
        for step in self._steps():
            if value >= step.high:
                found = step.upto
            elif value >= step.low:
                part = (value - step.low) / (step.high - step.low)
                found += floor(step.samples * part)
        return found

    def quantile(self, probability: float) -> float | None:
        """The value at `rank`, interpolated inside its bin.

        In the bin of the exact order statistic, and from `minimum` to `maximum`. A rank
        among those that never happened gives infinity. None without values; raises
        ValueError for a probability outside 0 to 1.
        """
        rank = self.rank(probability)
        if self.count < rank <= self.population:
            return inf
        return next((one.at(rank) for one in self._steps() if rank <= one.upto), None)

    def supported(self, probability: float) -> float | None:
        """The quantile, or None with fewer than LEAST_BEYOND values beyond it.

        One among those that never happened is supported by as many of these: there is
        no value that more samples could show.
        """
        if self.count < self.rank(probability) and self.never >= LEAST_BEYOND:
            return inf
        if self.beyond(probability) < LEAST_BEYOND:
            return None
        return self.quantile(probability)

    def reached(self, probability: float) -> float | None:
        """The quantile if it is supported and finite, else None."""
        found = self.supported(probability)
        return found if found is None or isfinite(found) else None

    def is_never(self, probability: float) -> bool:
        """Whether the quantile is supported and among those that never happened."""
        return self.supported(probability) == inf

    def curve(self, probabilities: Iterable[float]) -> tuple[tuple[float, int], ...]:
        """Pairs of probability and quantile, in order, as far as they are supported.

        The curve ends, too, where quantiles are among those that never happened.
        """
        return tuple((one[0], one.value) for one in self.readings(probabilities))

    def span(self, probability: float) -> tuple[int, int]:
        """The range of a quantile, supported or not: see `QuantileReading`.

        Raises ValueError where there is no value at that rank that ever happened, and
        for a probability outside 0 to 1.
        """
        rank = self.rank(probability)
        for step in self._steps():
            if rank <= step.upto:
                return self._open(step, rank)
        raise ValueError("there is no quantile of no values")

    def readings(self, probabilities: Iterable[float]) -> tuple[QuantileReading, ...]:
        """As `curve`, with the range of each quantile."""
        found: list[QuantileReading] = []
        steps = self._steps()
        step = next(steps, _Step(0, 0, 0, 0))
        for probability in sorted(set(probabilities)):
            if self.beyond(probability) < LEAST_BEYOND:
                break
            rank = self.rank(probability)
            if rank > self.count:
                break
            while step.upto < rank:
                step = next(steps)
            value, (low, high) = step.at(rank), self._open(step, rank)
            found.append(QuantileReading(probability, value, low, high))
        return tuple(found)

    def _open(self, step: _Step, rank: int) -> tuple[int, int]:
        lump = step.samples * LUMP >= self.population
        return (step.low, step.high) if lump else (step.at(rank), step.at(rank))

    def _steps(self) -> Iterator[_Step]:
        """The bins in order, clipped to minimum and maximum; negative values first."""
        if self.minimum is None or self.maximum is None:
            return
        upto = 0
        for lower, upper, count in reversed(self.early_bins()):
            upto += count
            low, high = max(1 - upper, self.minimum), min(-lower, self.maximum)
            yield _Step(low, high, count, upto)
        for lower, upper, count in self.bins():
            upto += count
            low, high = max(lower, self.minimum), min(upper - 1, self.maximum)
            yield _Step(low, high, count, upto)


def _add(counts: dict[int, int], values: NDArray[np.int64]) -> None:
    """Count values from 0 upwards, by the index of their bin."""
    counted = np.bincount(indexes_of(values))
    for index in np.flatnonzero(counted).tolist():
        counts[index] = counts.get(index, 0) + int(counted[index])


def _spans(counts: dict[int, int]) -> tuple[Span, ...]:
    return tuple((*bounds(index), count) for index, count in sorted(counts.items()))


def index_of(value: int) -> int:
    """The index of the bin that holds a value from 0 upwards; rises with the value."""
    shift = max(0, value.bit_length() - EXACT_BITS)
    return (shift << SUB_BITS) + (value >> shift)


def indexes_of(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same for many values."""
    # The exponent of a float is the bit length: all values are below 2**53.
    shift = np.maximum(np.frexp(values.astype(np.float64))[1] - EXACT_BITS, 0)
    indexes: NDArray[np.int64] = (shift.astype(np.int64) << SUB_BITS) + (
        values >> shift
    )
    return indexes


def bounds(index: int) -> tuple[int, int]:
    """The bin of that index as `[lower, upper)`."""
    shift = max(0, (index >> SUB_BITS) - 1)
    lower = (index - (shift << SUB_BITS)) << shift
    return lower, lower + (1 << shift)
