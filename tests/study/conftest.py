"""A tiny scenario, and measurements made by hand."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from invitelab.formats.results import Outcome
from invitelab.study.measurement import Measurement
from invitelab.study.windows import Windows
from invitelab.world.scenario.file import Loaded, loads
from invitelab.world.scenario.schema import Scenario

TINY = """
title = "Hardly anybody"
summary = "Twenty clients for twenty seconds."
duration = "20s"
warm_up = "5s"
drain = "121s"
seed = 3
replications = 2
[population]
clients = 20
versions = { "7.1.4" = 0.8, "6.3.2" = 0.2 }
[arrivals]
kind = "poisson"
rate = "3/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
[network]
latency = { distribution = "constant", value = "40ms" }
[relay]
servers = 1
service = { distribution = "exponential", mean = "10ms" }
"""

Make = Callable[[Mapping[str, object]], Loaded]


@pytest.fixture(scope="session")
def text() -> str:
    """Give the text of the tiny scenario."""
    return TINY


@pytest.fixture(scope="session")
def tiny() -> Make:
    """Give a function that loads the tiny scenario with changed values."""

    def make(changes: Mapping[str, object]) -> Loaded:
        return loads(TINY, changes, source=Path("tiny.toml"))

    return make


@pytest.fixture(scope="session")
def scenario(tiny: Make) -> Scenario:
    """Give the tiny scenario itself."""
    return tiny({}).scenario


@pytest.fixture
def measured(scenario: Scenario) -> Callable[..., Measurement]:
    """Give a function that makes a complete replication of a hundred invitations."""

    def make(number: int = 0, accepted: int = 50, *, gone: bool = False) -> Measurement:
        one = Measurement.blank(number, Windows.for_run(scenario.end_us), gone=gone)
        one.reached_us = scenario.end_us
        one.outcomes[Outcome.ACCEPTED] = accepted
        one.outcomes[Outcome.EXPIRED] = 100 - accepted
        one.attempts = one.tried[7, 7] = one.direct[7, 7] = 100
        return one

    return make
