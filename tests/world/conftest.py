"""Six clients around a relay, and a busy world of any scenario.

The six are at once or 80 ms apart. The busy world is a quiet one of twenty clients,
unless a test changes that.
"""

from collections.abc import Callable, Iterable, Mapping

import pytest

from invitelab.protocol.history import Fact, History
from invitelab.protocol.messages import Message
from invitelab.protocol.policy import Policy
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
from invitelab.world.client import Client
from invitelab.world.device import SharedServices, discard_fact
from invitelab.world.event_queue import CalendarEnvironment
from invitelab.world.load.faulty_device import FaultyDevice
from invitelab.world.load.instruments import Instrument
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.network import Network
from invitelab.world.relay import Relay
from invitelab.world.retransmission import Retransmission
from invitelab.world.scenario.file import loads
from invitelab.world.scenario.schema import Scenario
from invitelab.world.simulation import ClientSetup, World

QUIET = """
title = "A quiet minute"
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
def setups() -> list[ClientSetup]:
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
    return [ClientSetup(spec=spec) for spec in (ada, bea, cleo, dan, eve, fay)]


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
def world(setups: list[ClientSetup], facts: list[Fact], latency_us: int) -> World:
    """Give a world at instant zero."""
    return World(setups, latency_us=latency_us, record=facts.append)


Steer = Callable[[ClientId, ClientId, Message], Iterable[int]]
"""How long each copy of a message travels; none at all loses it."""


class SteeredRelay(Relay):
    """Delivers messages at the times that the test chooses."""

    def __init__(self, env: CalendarEnvironment, steer: Steer) -> None:
        """Steer by this."""
        super().__init__(Network(env))
        self._env = env
        self._steer = steer

    def forward(self, sender: ClientId, to: ClientId, message: Message) -> None:
        """Post every copy."""
        if not self._clients[sender].online:
            return
        for delay_us in self._steer(sender, to, message):
            envelope = (sender, to, message)
            self._env.post(self._env.now_us + delay_us, self.hand_over, envelope)


class SteeredWorld:
    """Clients that can crash, around a relay that a test steers."""

    def __init__(self, specs: Iterable[ClientSpec], steer: Steer) -> None:
        """Begin at time zero, with all clients connected."""
        self.env = CalendarEnvironment()
        relay = SteeredRelay(self.env, steer)
        policy = Policy()
        services = SharedServices(
            env=self.env,
            relay=relay,
            policy=policy,
            record=discard_fact,
            retransmission=Retransmission(policy.retry_us),
        )
        self.clients: dict[ClientId, Client] = {}
        for spec in specs:
            device = FaultyDevice(spec, services)
            client = self.clients[spec.id] = Client(device)
            relay.register(spec, device.while_awake(client.receive), online=True)

    def advance(self, by_us: int) -> None:
        """Let time pass."""
        self.env.advance(self.env.now_us + by_us)

    def crash(self, who: ClientId) -> None:
        """Stop a client without a word."""
        client = self.clients[who]
        assert isinstance(client.device, FaultyDevice)
        client.device.forget()
        client.crash()


@pytest.fixture
def steered(setups: list[ClientSetup]) -> Callable[[Steer], SteeredWorld]:
    """Give a function that makes a world of the six whose messages a test steers."""
    return lambda steer: SteeredWorld([one.spec for one in setups], steer)


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
    """Give a function that makes the quiet scenario with some values changed."""

    def change(changes: Mapping[str, object]) -> Scenario:
        return loads(QUIET, changes).scenario

    return change


@pytest.fixture(scope="session")
def history() -> Callable[[Scenario, int], History]:
    """Give a function that runs a scenario with a seed and returns its history."""

    def live(scenario: Scenario, seed: int) -> History:
        noted = Facts()
        world = LoadWorld(scenario, seed=seed, instruments=[noted])
        world.run()
        return History(clients=world.directory.specs(), facts=noted.facts)

    return live
