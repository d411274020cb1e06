"""Six clients around a relay, at once and 80 ms apart, and all that happens to them."""

import pytest

from invitelab.protocol.history import Fact
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
from invitelab.world.simulation import Resident, World


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
