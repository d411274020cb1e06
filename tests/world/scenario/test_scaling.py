"""A scenario at another size."""

from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.world.scenario.file import load
from invitelab.world.scenario.scaling import scaled
from invitelab.world.scenario.schema import Closed, Poisson, Stages

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def test_ten_times_the_clients_arrivals_and_workers() -> None:
    """All else stays, and once is the scenario itself."""
    desk = load(SCENARIOS / "support_desk.toml")
    large = scaled(desk, 10).scenario
    assert isinstance(large.arrivals, Poisson)
    assert (200_000, 250.0, 40) == (
        large.population.clients,
        large.arrivals.rate,
        large.relay.servers,
    )
    assert desk.scenario.people == large.people
    assert desk is scaled(desk, 1)


def test_every_kind_of_arrivals_the_queue_and_the_memory() -> None:
    """Each rate of every stage, and the helpers of a closed loop."""
    crowd = scaled(load(SCENARIOS / "flash_crowd.toml"), 3).scenario
    assert isinstance(crowd.arrivals, Stages)
    rates = [stage.rates for stage in crowd.arrivals.stages]
    assert [(60, 60), (60, 1200), (1200, 1200), (1200, 60)] == rates
    assert (600, None) == (crowd.relay.queue, crowd.relay.memory)
    exhausted = load(SCENARIOS / "exhausted_relay.toml")
    assert exhausted.scenario.relay.memory is not None
    memory = scaled(exhausted, 3).scenario.relay.memory
    assert 3 * exhausted.scenario.relay.memory == memory
    helpers = scaled(load(SCENARIOS / "all_hands.toml"), 2).scenario.arrivals
    assert isinstance(helpers, Closed)
    assert 800 == helpers.helpers


def test_a_trace_cannot_be_made_larger() -> None:
    """Its arrivals are what they are."""
    with pytest.raises(UsageError, match="--scale 2 cannot make more arrivals of a"):
        scaled(load(SCENARIOS / "trace_replay.toml"), 2)


def test_what_would_be_too_large_is_refused_by_its_key() -> None:
    """With the factor, and a hint."""
    with pytest.raises(UsageError, match="with --scale 1000, population"):
        scaled(load(SCENARIOS / "million.toml"), 1000)
