"""Arrays of instants and values into the counts and histograms of a measurement."""

from collections import Counter

import numpy as np

from invitelab.study.histogram import Histogram
from invitelab.study.windows import Windows
from invitelab.world.cohorts.timelines import Integers

PAIR = 1 << 20
"""Above any major version: two of them in one number."""


class Overlaps:
    """The total time of spans in each window, as `windows.Spans`, for arrays."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._open = np.zeros(len(windows), np.int64)
        self._rest_us = np.zeros(len(windows), np.int64)

    def add(self, begin_us: Integers, end_us: Integers) -> None:
        """Add the spans `[begin_us, end_us)`, clipped to the end of the run."""
        windows, last = self._windows, len(self._windows) - 1
        begin_us = np.minimum(begin_us, windows.end_us)
        end_us = np.minimum(end_us, windows.end_us)
        first = np.minimum(begin_us // windows.width_us, last)
        place = np.minimum(end_us // windows.width_us, last)
        # In the first window to its edge, in the last one from its edge on; whole ones
        # between them, which is also right for a span within one window.
        self._open += np.bincount(first, minlength=last + 1)
        self._open -= np.bincount(place, minlength=last + 1)
        np.add.at(self._rest_us, first, (first + 1) * windows.width_us - begin_us)
        np.add.at(self._rest_us, place, end_us - (place + 1) * windows.width_us)

    def totals_us(self) -> list[int]:
        """The time of all spans in each window, in microseconds."""
        before = np.cumsum(self._open) - self._open
        totals: list[int] = (before * self._windows.width_us + self._rest_us).tolist()
        return totals


def windows_of(windows: Windows, at_us: Integers) -> Integers:
    """The index of the window of each instant, as `Windows.of`."""
    return np.minimum(at_us // windows.width_us, len(windows) - 1)


def add_to(counts: list[int], places: Integers) -> None:
    """Count each of these places."""
    for place, count in counts_of(places):
        counts[place] += count


def add_sums(sums: list[int], places: Integers, values: Integers) -> None:
    """Add each value at its place."""
    total = np.zeros(len(sums), np.int64)
    np.add.at(total, places, values)
    for place in np.flatnonzero(total).tolist():
        sums[place] += int(total[place])


def record(histogram: Histogram, values: Integers) -> None:
    """Record all values, as `Histogram.record` would one by one."""
    if len(values):
        histogram.record_all(values)


def counts_of(places: Integers) -> list[tuple[int, int]]:
    """Pairs of a place and how often it occurs."""
    found, counts = np.unique(places, return_counts=True)
    return list(zip(found.tolist(), counts.tolist(), strict=True))


def count_pairs(into: Counter[tuple[int, int]], pairs: Integers) -> None:
    """Count pairs, each written as first * PAIR + second."""
    for pair, count in counts_of(pairs):
        into[divmod(pair, PAIR)] += count
