"""The durations of calls, by operation and over time."""

import time
from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.results import Results
from invitelab.target_load.calls import WINDOWS, windows_of

SLOW_S = 0.02


class Tiring(Reference):
    """Its views take long from the 400th on."""

    def __init__(self) -> None:
        super().__init__()
        self._views = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        if method == "client.view":
            self._views += 1
            if self._views > 400:
                begun_s = time.perf_counter()
                while time.perf_counter() - begun_s < SLOW_S:
                    pass
        return super().request(method, params)


@pytest.mark.slow
def test_a_target_that_tires_is_told_apart_by_time(
    play: Callable[..., Results],
) -> None:
    """Windows are those of the run's time; together they are all calls."""
    results = play(Tiring(), duration="1min", population__room=40)
    run = results.target
    assert run is not None
    assert run.over_time_us == windows_of(240_000_000).width_us == 10_000_000
    for one in run.operations:
        some = [two for two in run.over_time if two.method == one.method]
        assert one.count == sum(two.count for two in some)
        assert one.max_us == max(two.max_us for two in some)
    views = [one for one in run.over_time if one.method == "client.view"]
    halves = [one.p50_us for one in views if one.p50_us is not None]
    assert [one.at_us for one in views] == sorted(one.at_us for one in views)
    assert halves[0] < SLOW_S * 1e6 <= halves[-1]


def test_windows_are_wide_enough_for_percentiles() -> None:
    """However long a run is."""
    for minutes in (1, 13, 185, 1_500):
        assert 8 <= len(windows_of(minutes * 60_000_000)) <= WINDOWS
