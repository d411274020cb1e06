"""The run in windows of equal width, for everything that is drawn over time."""

from dataclasses import dataclass
from itertools import accumulate

MOST_WINDOWS = 120
_STEPS_US = tuple(
    step * 10**power for power in range(3, 12) for step in (1_000, 2_000, 5_000)
)


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of `width_us` microseconds from 0 on; the last may exceed `end_us`."""

    width_us: int
    end_us: int

    @classmethod
    def for_run(cls, end_us: int, most: int = MOST_WINDOWS) -> "Windows":
        """At most so many windows of a round width: 1, 2, 5, 10 s ..."""
        fitting = (step for step in _STEPS_US if step * most >= end_us)
        return cls(next(fitting, _STEPS_US[-1]), end_us)

    def __len__(self) -> int:
        """The number of windows, at least one."""
        return max(1, -(-self.end_us // self.width_us))

    def of(self, at_us: int) -> int:
        """The index of the window of an instant; the end itself is in the last one."""
        return min(at_us // self.width_us, len(self) - 1)


class TimeWeightedValue:
    """A number that changes over time, its peak, and its integral over time.

    `integral` is the value times microseconds by window, `counted` the same over
    `[begin_us, end_us)` in all.
    """

    __slots__ = (
        "_begin_us",
        "_end_us",
        "_last_us",
        "_place",
        "_width_us",
        "counted",
        "integral",
        "peak",
        "value",
    )

    def __init__(self, windows: Windows, begin_us: int, end_us: int) -> None:
        self._width_us = windows.width_us
        self._begin_us, self._end_us = begin_us, end_us
        self._last_us = 0
        self._place = 0
        self.value = 0
        self.peak = 0
        self.integral = [0] * len(windows)
        self.counted = 0

    def change(self, at_us: int, by: int) -> None:
        """Change the value by `by` at an instant, not before the last one."""
        self.advance_to(at_us)
        self.value += by
        self.peak = max(self.peak, self.value)

    def advance_to(self, at_us: int) -> None:
        """Integrate the unchanged value up to an instant, not before the last one."""
        begin_us = max(self._last_us, self._begin_us)
        self.counted += self.value * max(0, min(at_us, self._end_us) - begin_us)
        for place in range(self._place, len(self.integral) - 1):
            until_us = (place + 1) * self._width_us
            if at_us < until_us:
                break
            self.integral[place] += self.value * (until_us - self._last_us)
            self._last_us, self._place = until_us, place + 1
        self.integral[self._place] += self.value * (at_us - self._last_us)
        self._last_us = at_us


class Spans:
    """The total time of spans, which may overlap, in each window.

    Adding a span takes constant time: only its two ends are noted, and `totals_us` is a
    running sum of them (a difference array).
    """

    __slots__ = ("_end_us", "_last", "_open", "_rest_us", "_width_us")

    def __init__(self, windows: Windows) -> None:
        self._end_us, self._width_us = windows.end_us, windows.width_us
        self._last = len(windows) - 1
        self._open = [0] * len(windows)  # more spans from the next window on
        self._rest_us = [0] * len(windows)  # more time in the window itself

    def add(self, begin_us: int, end_us: int) -> None:
        """Add the span `[begin_us, end_us)`, clipped to the end of the run."""
        width_us, last = self._width_us, self._last
        begin_us, end_us = min(begin_us, self._end_us), min(end_us, self._end_us)
        first = min(begin_us // width_us, last)
        place = min(end_us // width_us, last)
        if first == place:
            self._rest_us[first] += end_us - begin_us
            return
        self._open[first] += 1
        self._rest_us[first] += (first + 1) * width_us - begin_us
        self._open[place] -= 1
        self._rest_us[place] -= (place + 1) * width_us - end_us

    def totals_us(self) -> list[int]:
        """The time of all spans in each window, in microseconds."""
        before = accumulate(self._open, initial=0)
        return [
            count * self._width_us + rest_us
            for count, rest_us in zip(before, self._rest_us, strict=False)
        ]
