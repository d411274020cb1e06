"""The same scenario at several settings of one value."""

import signal
from collections.abc import Callable, Mapping

import pytest

from invitelab.study.run import simulate
from invitelab.study.sweep import Setting, number, sweep
from invitelab.study.workers import Reached
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]

REPLICATION_US = 141_000_000


@pytest.fixture
def settings(tiny: Make) -> list[Setting]:
    """Give three settings of how long the relay takes."""
    return [
        Setting(text=text, value=text, loaded=tiny({"relay.service.mean": text}))
        for text in ("1ms", "10ms", "100ms")
    ]


def test_each_point_is_a_run_of_its_own(settings: list[Setting]) -> None:
    """Exactly the one that its value alone would have given."""
    found = sweep("relay.service.mean", settings, seed=5, replications=1)
    alone = simulate(settings[1].loaded, seed=5, replications=1)
    assert ["1ms", "10ms", "100ms"] == [point.value for point in found.points]
    assert [0.001, 0.01, 0.1] == [point.number for point in found.points]
    assert ("Hardly anybody", "relay.service.mean") == (found.title, found.path)
    assert alone == found.points[1].results


def test_a_signal_leaves_the_points_that_have_begun(settings: list[Setting]) -> None:
    """Those that are whole, and the one it came into."""

    def interrupt(reached: Reached) -> None:
        if reached.done_us == REPLICATION_US + 7_000_000:
            signal.raise_signal(signal.SIGINT)

    found = sweep("relay.service.mean", settings, replications=1, progress=interrupt)
    assert [True, False] == [point.results.complete for point in found.points]
    assert 3 == found.points_planned


def test_a_signal_between_two_points_leaves_an_incomplete_sweep(
    settings: list[Setting],
) -> None:
    """Though every point of it is whole."""

    def interrupt(reached: Reached) -> None:
        if reached.done_us == REPLICATION_US:
            signal.raise_signal(signal.SIGINT)

    found = sweep("relay.service.mean", settings, replications=1, progress=interrupt)
    assert found.points[0].results.complete
    assert (1, 3) == (len(found.points), found.points_planned)


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (4, 4),
        (0.5, 0.5),
        (0.25, "250ms"),
        (90, "1.5min"),
        (2, "120/min"),
        (None, "poisson"),
        (None, True),
        (None, {"accept": 1.0}),
    ],
    ids=str,
)
def test_a_value_has_a_place_on_an_axis(expected: float | None, value: object) -> None:
    """Times in seconds, rates a second; what is no quantity has none."""
    assert expected == number(value)
