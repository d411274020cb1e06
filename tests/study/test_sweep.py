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


def made_of(tiny: Make, text: str) -> Loaded:
    """Make a point for the events engine, which can be interrupted at any second."""
    return tiny({"relay.service.mean": text, "engine": "events"})


@pytest.fixture
def settings(tiny: Make) -> list[Setting]:
    """Make three settings of the service time of the relay."""
    return [
        Setting(text=text, value=text, loaded=made_of(tiny, text))
        for text in ("1ms", "10ms", "100ms")
    ]


def test_each_point_is_a_run_of_its_own(settings: list[Setting]) -> None:
    """Its results are exactly those of a simulation with that value."""
    found = sweep("relay.service.mean", settings, seed=5, replications=1)
    alone = simulate(settings[1].loaded, seed=5, replications=1)
    assert ["1ms", "10ms", "100ms"] == [point.value for point in found.points]
    assert [0.001, 0.01, 0.1] == [point.number for point in found.points]
    assert ("Hardly anybody", "relay.service.mean") == (found.title, found.path)
    assert alone == found.points[1].results


def test_a_signal_leaves_the_points_that_have_begun(settings: list[Setting]) -> None:
    """The complete ones, and the one that it interrupted."""

    def interrupt(reached: Reached) -> None:
        if reached.done_us == REPLICATION_US + 7_000_000:
            signal.raise_signal(signal.SIGINT)

    found = sweep("relay.service.mean", settings, replications=1, progress=interrupt)
    assert [True, False] == [point.results.complete for point in found.points]
    assert 3 == found.points_planned


def test_a_signal_between_two_points_leaves_an_incomplete_sweep(
    settings: list[Setting],
) -> None:
    """Although all of its points are complete."""

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
    """Times in seconds, rates per second; other values have none."""
    assert expected == number(value)
