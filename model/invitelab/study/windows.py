"""The run cut into equal windows, for everything that is drawn over time."""

from dataclasses import dataclass

MOST_WINDOWS = 120
_STEPS_US = tuple(
    step * 10**power for power in range(3, 12) for step in (1_000, 2_000, 5_000)
)


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of `width_us` from 0 on; the last may reach beyond `end_us`."""

    width_us: int
    end_us: int

    @classmethod
    def for_run(cls, end_us: int) -> "Windows":
        """At most MOST_WINDOWS of a width that people count in: 1, 2, 5, 10 s ..."""
        fitting = (step for step in _STEPS_US if step * MOST_WINDOWS >= end_us)
        return cls(next(fitting, _STEPS_US[-1]), end_us)

    def __len__(self) -> int:
        """How many there are; at least one."""
        return max(1, -(-self.end_us // self.width_us))

    def of(self, at_us: int) -> int:
        """The window of an instant; what comes at the very end is in the last one."""
        return min(at_us // self.width_us, len(self) - 1)


class Level:
    """A number that goes up and down, and its integral over each window."""

    __slots__ = ("_last_us", "_windows", "integral", "peak", "value")

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._last_us = 0
        self.value = 0
        self.peak = 0
        self.integral = [0] * len(windows)
        """Value times microseconds, by window."""

    def change(self, at_us: int, by: int) -> None:
        """It is another one from this instant on."""
        self.pass_to(at_us)
        self.value += by
        self.peak = max(self.peak, self.value)

    def pass_to(self, at_us: int) -> None:
        """It was the same until this instant."""
        width_us, last_us = self._windows.width_us, self._last_us
        for place in range(self._windows.of(last_us), self._windows.of(at_us) + 1):
            begin_us = max(last_us, place * width_us)
            is_last = place == len(self.integral) - 1
            end_us = at_us if is_last else min(at_us, (place + 1) * width_us)
            self.integral[place] += self.value * max(0, end_us - begin_us)
        self._last_us = at_us
