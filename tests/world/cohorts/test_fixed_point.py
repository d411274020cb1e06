"""What is carried from window to window, and what is final."""

import gc
from pathlib import Path

import pytest

from invitelab.world.cohorts import fixed_point
from invitelab.world.cohorts.fixed_point import Cohorts
from invitelab.world.cohorts.replay import ReplayedWorld
from invitelab.world.scenario import file
from invitelab.world.scenario.schema import Scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
MOST_WORLDS_A_WINDOW = 4
"""A window asks the core again where waits have changed."""


def crowd(**changes: object) -> Scenario:
    """The expiry storm, on a smaller scale."""
    changed = {"arrivals.rate": "100/s", "population.clients": 5_000, **changes}
    return file.load(SCENARIOS / "expiry_storm.toml", changed).scenario


def cohorts_of(scenario: Scenario) -> Cohorts:
    """Make the first replication."""
    return Cohorts(scenario, seed=scenario.seed, replication=0, trace=())


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make windows of a few hundred attempts."""
    monkeypatch.setattr(fixed_point, "WINDOW", 300)


@pytest.mark.usefixtures("small_windows")
def test_every_attempt_and_life_is_in_one_piece() -> None:
    """In the order of numbers, with nothing left at the end."""
    run = cohorts_of(crowd(duration="20s"))
    pieces = list(run.pieces())
    made = [int(number) for piece in pieces for number in piece.attempts.number]
    over = sorted(int(number) for piece in pieces for number in piece.intents.number)
    sent = [int(number) for one in pieces for number in one.attempts.number[one.sent]]
    assert len(pieces) > 5
    assert list(range(len(made))) == made
    assert sent == over
    assert 0 == len(run.open[0])


@pytest.mark.usefixtures("small_windows")
def test_a_piece_tells_of_nothing_after_it() -> None:
    """Its messages have arrived and its timelines have ended before its end."""
    before_us = 0
    for piece in cohorts_of(crowd(duration="20s")).pieces():
        arrivals = [
            int(at_us)
            for served in piece.served.values()
            for at_us in served.messages.arrival_us
        ]
        assert before_us <= min(arrivals)
        assert max(arrivals) < piece.until_us
        assert (piece.timelines.spoken_us < piece.until_us).all()
        before_us = piece.until_us


@pytest.mark.usefixtures("small_windows")
def test_what_is_open_does_not_grow_with_the_past() -> None:
    """Ten minutes leave no more behind than three do, once they have filled."""
    sizes: list[int] = []
    for duration in ("3min", "10min"):
        run = cohorts_of(crowd(duration=duration, drain="0s"))
        sizes.append(max(len(run.open[0]) for _ in run.pieces()))
    assert sizes[1] < 1.1 * sizes[0]


def test_ids_count_what_an_inviter_has_sent() -> None:
    """As the core does: the number before each, in the order of sending."""
    run = cohorts_of(crowd(duration="60s", **{"population.clients": 50}))
    counted: dict[int, int] = {}
    for piece in run.pieces():
        inviters = piece.attempts.inviter[piece.sent].tolist()
        for inviter, before in zip(inviters, piece.sent_before.tolist(), strict=True):
            assert counted.get(inviter, 0) == before
            counted[inviter] = before + 1
    assert max(counted.values()) > 2


@pytest.mark.slow
def test_worlds_that_are_done_with_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The collector is paused, and a world refers to itself: memory would grow."""
    monkeypatch.setattr(fixed_point, "WINDOW", 500)
    gc.collect()
    scenario = file.load(
        SCENARIOS / "support_desk.toml", {"duration": "4min", "warm_up": "0s"}
    ).scenario
    cohorts = Cohorts(scenario, seed=1, replication=0, trace=())
    used: list[int] = []
    kept: list[int] = []
    for _ in cohorts.pieces():
        used.append(cohorts.by_the_core)
        alive = [type(one) is ReplayedWorld for one in gc.get_objects()]
        kept.append(sum(alive))
    assert used[-1] > 3 * MOST_WORLDS_A_WINDOW
    assert max(kept) <= MOST_WORLDS_A_WINDOW
    assert len(kept) > 2 * MOST_WORLDS_A_WINDOW
