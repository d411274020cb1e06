"""The calls of one connection: how long each took, and which of them failed."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from invitelab.adapters import wire_types
from invitelab.adapters.driver import Driver
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import CallError
from invitelab.study.histogram import Histogram
from invitelab.study.windows import Windows

Result = TypeVar("Result", bound=wire_types.Wire)

US = 1_000_000
WINDOWS = 25
"""The most windows of a run: each has to have enough calls for a percentile."""


def windows_of(end_us: int) -> Windows:
    """The windows of a run in which the durations of calls are told apart."""
    return Windows.for_run(end_us, WINDOWS)


class Calls:
    """Makes calls through a driver, and keeps their durations in wall time."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.errors: Counter[tuple[str, str]] = Counter()
        """The number of calls that failed, by method and kind of error."""
        self.over_time_us: dict[tuple[str, int], Histogram] = {}
        """The durations of calls that were answered, by method and by the window in
        which they were due."""
        self._windows = windows_of(0)
        self._due_us: Callable[[], int] = lambda: 0

    def follow(self, end_us: int, due_us: Callable[[], int]) -> None:
        """Tell calls apart by when they are due, in a run that ends then."""
        self._windows, self._due_us = windows_of(end_us), due_us

    def call(
        self,
        method: str,
        params: wire_types.Wire,
        result: type[Result],
    ) -> Result:
        """Make one call. Raises CallError."""
        begun_s = monotonic_s()
        try:
            answer = self._driver.call(method, params, result)
        except CallError as error:
            self.errors[method, error.kind] += 1
            raise
        key = method, self._windows.of(self._due_us())
        took = self.over_time_us.get(key)
        if took is None:
            took = self.over_time_us[key] = Histogram()
        took.record(int((monotonic_s() - begun_s) * US))
        return answer
