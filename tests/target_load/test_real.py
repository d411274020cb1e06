"""Targets with a real clock, which a wall clock drives here: a few seconds each."""

import time
from collections.abc import Callable, Mapping

import pytest
from wall_time import WallTime

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.wall_clock import monotonic_s
from invitelab.errors import RunError, UsageError
from invitelab.study.interruption import StoppedError
from invitelab.target_load.run import Asked, simulate_on_target
from invitelab.world.scenario.file import Loaded

REQUIRED: frozenset[str] = frozenset()


@pytest.fixture
def quick(scenario: Callable[..., Loaded]) -> Loaded:
    """Two seconds of attempts, and one after them."""
    return scenario(duration="2s", drain="1s", arrivals__rate="20/s")


@pytest.mark.slow
def test_wall_time_is_open_loop(quick: Loaded) -> None:
    """Attempts are made at their instants, and what shows is measured from there."""
    begun_s = monotonic_s()
    target = InProcessTarget(WallTime(latency_ms=40, settle_ms=300))
    results = simulate_on_target(quick, target, Asked(), REQUIRED)
    assert 3 <= monotonic_s() - begun_s < 60
    assert not results.detached
    run = results.target
    assert run is not None
    assert run.clock == "real"
    assert run.beside is None
    assert run.lateness is not None
    assert run.judged == run.invitations > 10
    shown = results.distribution("notify_delay")
    assert shown is not None
    assert shown.minimum_us is not None
    assert shown.minimum_us >= 40_000
    assert shown.count + shown.never + shown.still_open >= run.invitations - 1


@pytest.mark.slow
def test_connections_share_the_rooms(quick: Loaded) -> None:
    """Both play their rooms at the same time, and the attempts are the same."""
    counts: list[int] = []
    for connections in (1, 2):
        target = InProcessTarget(WallTime(settle_ms=300))
        asked = Asked(connections=connections)
        results = simulate_on_target(quick, target, asked, REQUIRED)
        assert results.target is not None
        assert results.target.connections == connections
        counts.append(results.attempts)
    assert counts[0] == counts[1] > 20


def test_several_rooms_need_a_parallel_target(quick: Loaded) -> None:
    """Or a connection for each: said before anything is played."""
    target = InProcessTarget(WallTime(parallel=False))
    with pytest.raises(UsageError, match="2 rooms in real time need a target") as told:
        simulate_on_target(quick, target, Asked(), REQUIRED)
    assert "--connections 2" in told.value.hint


class Closed(WallTime):
    """It opens no room."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call, unless it begins a scenario."""
        if method == "scenario.begin":
            raise AdapterError(1003, "no licence")
        return super().request(method, params)


def test_rooms_that_do_not_open_are_said_first(quick: Loaded) -> None:
    """Before people wait for them in wall time."""
    with pytest.raises(RunError, match=r"the rooms could not be opened: .*no li"):
        simulate_on_target(quick, InProcessTarget(Closed()), Asked(), REQUIRED)


@pytest.mark.slow
def test_a_wall_clock_that_jumps_is_no_matter(
    quick: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instants are those of a clock that nobody can set."""
    now_s = time.time

    def jumping() -> float:
        return now_s() + (86_400 if time.monotonic() % 1 < 0.5 else -86_400)

    monkeypatch.setattr(time, "time", jumping)
    target = InProcessTarget(WallTime(settle_ms=300))
    results = simulate_on_target(quick, target, Asked(), REQUIRED)
    assert results.complete
    assert results.target is not None
    assert results.target.lateness is not None
    assert results.target.lateness.max_us < 60_000_000
    assert results.target.judged == results.target.invitations > 10


def test_a_shorter_lifetime_is_for_features(quick: Loaded) -> None:
    """People answer in their own time, which no timer of a target makes shorter."""
    target = InProcessTarget(WallTime(lifetime_ms=12_000))
    with pytest.raises(UsageError, match=r"invitations last 12 s, .* two min") as told:
        simulate_on_target(quick, target, Asked(), REQUIRED)
    assert "set its timer to two minutes" in told.value.hint


def test_an_interrupted_run_keeps_what_was_measured(quick: Loaded) -> None:
    """Both connections stop, and all that they have told is in the report."""

    def watch(reached_us: int) -> None:
        if reached_us >= 1_000_000:
            raise StoppedError

    target = InProcessTarget(WallTime(settle_ms=300))
    asked = Asked(connections=2)
    results = simulate_on_target(quick, target, asked, REQUIRED, watch)
    assert not results.complete
    assert results.target is not None
    assert results.target.invitations > 3
    assert results.target.judged == results.target.invitations
    assert sum(results.outcomes.values()) >= results.target.invitations
    assert results.target.lateness is not None
