"""Targets that die, hang, lie or decline, and scenarios that cannot be played."""

import time
from collections.abc import Callable, Mapping

import pytest

from invitelab.adapters.base import AdapterError, Json
from invitelab.adapters.driver import InProcessTarget
from invitelab.adapters.handshake import Capability
from invitelab.adapters.reference.adapter import Reference
from invitelab.errors import ClockLiedError, RunError, UsageError
from invitelab.formats.results import Results
from invitelab.proof.conforming_variants import VARIANTS, Declining
from invitelab.study.interruption import StoppedError
from invitelab.target_load.run import Asked, simulate_on_target
from invitelab.world.scenario.file import Loaded

Play = Callable[..., Results]
MORE = {"population__clients": 200, "population__room": 50, "arrivals__rate": "5/s"}


class Dying(Reference):
    """Its process ends at some sends; a new one knows nothing of the earlier rooms."""

    def __init__(self, at: frozenset[int]) -> None:
        super().__init__()
        self._at = at
        self._sent = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call, or raise what is no answer."""
        if method == "initialize":
            self._scenarios.clear()
        if method == "invitation.send":
            self._sent += 1
            if self._sent in self._at:
                raise SystemExit("out of memory")
        return super().request(method, params)


def test_a_target_that_dies_is_started_again(play: Play) -> None:
    """What was pending is lost and counted; what follows is played."""
    results = play(Dying(frozenset({20})), **MORE)
    run = results.target
    assert run is not None
    assert not results.detached
    assert run.restarts == 1
    assert 0 < run.lost < 20
    assert not run.usable
    assert run.invitations > 60
    errors = {one.method: one.errors for one in run.operations}
    assert errors["invitation.send"] == {"crash": 1}


def test_a_loss_of_one_in_a_hundred_is_usable(play: Play) -> None:
    """So a rare death does not spoil a long run."""
    results = play(Dying(frozenset({1})), **MORE)
    assert results.target is not None
    assert results.target.restarts == 1
    assert results.target.usable


def test_a_target_that_dies_too_often_ends_the_run(play: Play) -> None:
    """The run is INVALID, and what was measured until then is in its results."""
    results = play(Dying(frozenset(range(20, 100))), **MORE)
    run = results.target
    assert run is not None
    assert run.problem is not None
    assert run.problem.startswith("the target has ended 11 times, the last time: ")
    assert not results.complete
    assert not run.usable
    assert results.attempts >= 20
    assert 0 < run.lost <= run.invitations < 20


def test_a_target_that_never_works_has_no_results(play: Play) -> None:
    """There is nothing to put into a report."""
    with pytest.raises(RunError, match="the target has ended 11 times"):
        play(Dying(frozenset(range(1, 100))), **MORE)


class Hanging(Reference):
    """One of its cancels takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.cancels = 0

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call."""
        if method == "initialize":
            self._scenarios.clear()
        if method == "invitation.cancel":
            self.cancels += 1
            if self.cancels == 2:
                time.sleep(30)
        return super().request(method, params)


@pytest.mark.slow
def test_a_call_that_hangs_is_given_up(play: Play) -> None:
    """After the limit of a call; the target is started again, and all goes on."""
    target = Hanging()
    begun_s = time.monotonic()
    results = play(target, duration="1min", arrivals__rate="1/s", people__cancel=0.9)
    assert time.monotonic() - begun_s < 25
    run = results.target
    assert run is not None
    assert run.restarts == 1
    assert target.cancels > 10
    errors = {one.method: one.errors for one in run.operations}
    assert errors["invitation.cancel"] == {"hang": 1}
    assert not results.detached


class Failing(Reference):
    """Some of its methods fail, and it goes on."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call, unless it is a cancel."""
        if method == "invitation.cancel":
            raise AdapterError(1003, "no such button")
        return super().request(method, params)


def test_a_call_that_fails_is_counted(play: Play) -> None:
    """It costs that operation, and no room."""
    results = play(Failing(), **MORE)
    run = results.target
    assert run is not None
    assert run.restarts == 0
    errors = {one.method: one.errors for one in run.operations}
    assert errors["invitation.cancel"]["fault"] == run.failed > 3
    assert not run.unexplained


class Lying(Reference):
    """Its clock moves by itself."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer one call; now_ms is wall time."""
        answer = super().request(method, params)
        if method == "clock.advance" and isinstance(answer, dict):
            answer["now_ms"] = int(time.time())
        return answer


def test_a_clock_that_lies_is_found_first(play: Play) -> None:
    """As in a check: before anything is played."""
    with pytest.raises(ClockLiedError):
        play(Lying())


def test_nothing_can_be_pressed_without_direct(play: Play) -> None:
    """One sentence, and what it takes."""
    with pytest.raises(UsageError, match="declines direct invitations"):
        play(Declining(Capability.DIRECT, Capability.MODIFY, Capability.TILES))


def test_somebody_has_to_be_able_to_invite(play: Play) -> None:
    """A scenario of old clients alone has nothing for a target."""
    with pytest.raises(UsageError, match="nobody in this scenario can invite directly"):
        play(Reference(), population__versions={"6.3.2": 1.0})


def test_a_room_has_to_fit_into_a_line(play: Play) -> None:
    """The hint is a size that fits."""
    changes = {"population__clients": 4000, "population__room": 4000}
    with pytest.raises(UsageError, match="a room of 4000 clients takes") as told:
        play(Reference(), **changes)
    fitting = int(told.value.hint.rsplit("=", 1)[1])
    results = play(
        Reference(),
        population__clients=fitting,
        population__room=fitting,
        duration="1s",
    )
    assert results.target is not None
    assert results.target.rooms == 1


def test_connections_are_for_real_clocks(scenario: Callable[..., Loaded]) -> None:
    """A virtual clock waits for nobody, so there is nothing to share."""
    target = InProcessTarget(Reference())
    with pytest.raises(UsageError, match="connections in parallel are for real clocks"):
        simulate_on_target(scenario(), target, Asked(connections=2), frozenset())


def test_rooms_in_turn_are_interrupted_without_a_loss(
    scenario: Callable[..., Loaded],
) -> None:
    """The first of two rooms is whole when the second is cut off."""
    end_us = scenario().scenario.end_us

    def watch(reached_us: int) -> None:
        if reached_us >= end_us * 3 // 4:
            raise StoppedError

    target = VARIANTS["one-at-a-time"].reach()
    results = simulate_on_target(scenario(), target, Asked(), frozenset(), watch)
    assert not results.complete
    run = results.target
    assert run is not None
    assert run.judged == run.invitations > 20
    assert sum(results.outcomes.values()) > run.invitations - 1
    assert results.reached_us >= end_us * 3 // 4


def test_an_interrupted_run_keeps_what_was_measured(
    scenario: Callable[..., Loaded],
) -> None:
    """It is incomplete, and says how far it came."""

    def watch(reached_us: int) -> None:
        if reached_us >= 10_000_000:
            raise StoppedError

    target = InProcessTarget(Reference())
    loaded = scenario(replications=5)
    results = simulate_on_target(loaded, target, Asked(), frozenset(), watch)
    assert not results.complete
    assert results.reached_us == 10_000_000
    assert results.replications_planned == 1
    assert results.attempts > 5
    assert results.target is not None
    assert results.target.beside is None
    assert results.target.judged == results.target.invitations > 5


def test_an_interrupted_comparison_keeps_the_run(
    scenario: Callable[..., Loaded],
) -> None:
    """All was played, so all is in the report: only that it was compared is not."""
    end_us = scenario().scenario.end_us
    reached: list[int] = []

    def watch(reached_us: int) -> None:
        reached.append(reached_us)
        if reached_us < end_us and end_us in reached:
            raise StoppedError

    target = InProcessTarget(Reference())
    results = simulate_on_target(scenario(), target, Asked(), frozenset(), watch)
    assert not results.complete
    assert results.reached_us == end_us
    assert results.target is not None
    assert results.target.beside is None
    assert results.target.judged == results.target.invitations > 20
