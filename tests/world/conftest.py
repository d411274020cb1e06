"""Six clients around a relay, and a busy world of any scenario.

The six are at once or 80 ms apart. The busy world is a quiet one of twenty clients,
unless a test changes that.
"""

from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import Fact, History
from invitelab.protocol.values import (
    BUILT_IN_PROFILES,
    ClientId,
    ClientSpec,
    ContactList,
    Identity,
    Permission,
    Platform,
    Version,
)
from invitelab.world.instruments import Instrument
from invitelab.world.load import LoadWorld
from invitelab.world.scenario import Scenario
from invitelab.world.scenario_file import loads
from invitelab.world.simulation import Resident, World

CALM = """
title = "A calm minute"
duration = "1min"
drain = "130s"
[population]
clients = 20
versions = { "7.1.4" = 1.0 }
[arrivals]
kind = "poisson"
rate = "2/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
[network]
latency = { distribution = "constant", value = "40ms" }
[relay]
servers = 8
service = { distribution = "constant", value = "1ms" }
"""


@pytest.fixture
def residents() -> list[Resident]:
    """Give Ada, Bea, Cleo (portable), Dan (version 6), Eve (macOS) and Fay (locked)."""
    ada, bea, cleo, dan, eve, fay = (
        ClientSpec(
            identity=Identity(id=ClientId(id_), alias=alias),
            version=version,
            platform=platform,
            profiles=BUILT_IN_PROFILES,
            locked=locked,
            contacts={ContactList.FAVORITES: (ClientId("400500600"),)},
        )
        for id_, alias, version, platform, locked in (
            ("100200300", "ada@ad", Version(7, 1, 4), Platform.WINDOWS, {}),
            ("400500600", "Bea@ad", Version(7, 0, 0), Platform.WINDOWS, {}),
            ("700800900", None, Version(10, 0, 0), Platform.WINDOWS, {}),
            ("600600600", "dan@ad", Version(6, 9, 9), Platform.WINDOWS, {}),
            ("500500500", "eve@ad", Version(7, 0, 0), Platform.MACOS, {}),
            (
                "1234567890",
                "fay@ad",
                Version(7, 0, 0),
                Platform.WINDOWS,
                {Permission.FILES: True, Permission.AUDIO: False},
            ),
        )
    )
    return [Resident(spec=spec) for spec in (ada, bea, cleo, dan, eve, fay)]


@pytest.fixture
def facts() -> list[Fact]:
    """Give the facts of the world, in order, as they happen."""
    return []


@pytest.fixture(params=[0, 80_000], ids=["at once", "80 ms"])
def latency_us(request: pytest.FixtureRequest) -> int:
    """Give the time from client to client."""
    value: int = request.param
    return value


@pytest.fixture
def world(residents: list[Resident], facts: list[Fact], latency_us: int) -> World:
    """Give a world at instant zero."""
    return World(residents, latency_us=latency_us, record=facts.append)


class Facts(Instrument):
    """Keep the facts of a busy world."""

    def __init__(self) -> None:
        """Begin with none."""
        self.facts: list[Fact] = []

    def happened(self, at_us: int, fact: Fact) -> None:
        """One more."""
        del at_us
        self.facts.append(fact)


@pytest.fixture(scope="session")
def changed() -> Callable[[Mapping[str, object]], Scenario]:
    """Give a way to the calm scenario with other values at some dotted paths."""

    def change(changes: Mapping[str, object]) -> Scenario:
        return loads(CALM, changes).scenario

    return change


@pytest.fixture(scope="session")
def history() -> Callable[[Scenario, int], History]:
    """Give a way to let a scenario happen with a seed, and its history."""

    def live(scenario: Scenario, seed: int) -> History:
        noted = Facts()
        world = LoadWorld(scenario, seed=seed, instruments=[noted])
        world.run()
        return History(clients=world.neighbourhood.specs(), facts=noted.facts)

    return live
