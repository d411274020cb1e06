"""Each client has a unique address, and does not depend on which others exist."""

import math
import re
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.protocol.values import (
    Address,
    ContactList,
    Platform,
    Version,
    is_alias,
    is_client_id,
)
from invitelab.world.load.name_table import FILE, made_by_faker, name_table
from invitelab.world.load.population import (
    IDS,
    LOCKED_BUILD,
    Population,
    id_of,
    index_of,
)
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.schema import Population as PopulationSettings
from invitelab.world.scenario.schema import Scenario

CLIENTS = 6_000
Changed = Callable[[Mapping[str, object]], Scenario]


@pytest.fixture(scope="module")
def settings(changed: Changed) -> PopulationSettings:
    """Describe a town with some of everything."""
    changes = {
        "population.clients": CLIENTS,
        "population.versions": {"6.3.2": 0.1, "7.1.4": 0.6, "10.0.0": 0.3},
        "population.platforms": {"windows": 0.9, "macos": 0.06, "linux": 0.04},
        "population.portable": 0.15,
        "population.locked": 0.05,
        "population.offline": 0.02,
        "population.contacts": 6,
    }
    return changed(changes).population


@pytest.fixture(scope="module")
def bench(settings: PopulationSettings) -> Population:
    """Give the whole population."""
    return Population(settings, CounterRng(1, 0))


TABLE = """\
import sys

sys.modules["faker"] = None  # as where it is not installed

from invitelab.world.load.name_table import name_table

print(name_table())
"""


def test_no_library_names_the_people() -> None:
    """The table ships, so that another version of a library changes no name."""
    result = subprocess.run(
        [sys.executable, "-c", TABLE], capture_output=True, text=True, check=True
    )
    assert f"{name_table()}\n" == result.stdout


def test_the_table_is_as_faker_makes_it() -> None:
    """The version in requirements-dev.txt makes it: it was not edited by hand."""
    assert made_by_faker() == FILE.read_text("ascii")


def test_names_are_what_an_alias_can_hold() -> None:
    """Lower-case letters and digits; enough names that few users share both."""
    table = name_table()
    for names in (table.first, table.last, table.namespaces):
        assert all(re.fullmatch("[a-z0-9]+", name) for name in names)
    assert (1_000, 1_000, 40) == (
        len(table.first),
        len(table.last),
        len(table.namespaces),
    )
    assert len(set(table.first)) * len(set(table.last)) > 100_000


@given(index=st.integers(0, IDS - 1))
def test_an_id_leads_back_to_its_index(index: int) -> None:
    """Nine digits, for any index there can be."""
    assert index == index_of(id_of(index))
    assert is_client_id(id_of(index))
    assert 9 == len(id_of(index))


def test_ids_are_all_different() -> None:
    """The first half million of them; the inverse says so for all."""
    assert 500_000 == len({id_of(index) for index in range(500_000)})


def test_aliases_are_all_different(bench: Population) -> None:
    """In any letter case, and each is one that can be typed."""
    aliases = [bench.spec(index).identity.alias for index in range(len(bench))]
    named = [alias for alias in aliases if alias is not None]
    assert len(named) == len({alias.lower() for alias in named}) > 0
    assert all(is_alias(alias) for alias in named)
    assert all(Address.parse(alias, lenient=False) for alias in named)


def test_shares_are_as_asked(bench: Population) -> None:
    """Within four standard errors, each of them."""
    specs = [bench.spec(index) for index in range(len(bench))]
    found = [
        (0.1, sum(one.version == Version(6, 3, 2) for one in specs)),
        (0.6, sum(one.version == Version(7, 1, 4) for one in specs)),
        (0.3, sum(one.version == Version(10, 0, 0) for one in specs)),
        (0.9, sum(one.platform is Platform.WINDOWS for one in specs)),
        (0.04, sum(one.platform is Platform.LINUX for one in specs)),
        (0.15, sum(one.identity.alias is None for one in specs)),
        (0.05, sum(one.locked == LOCKED_BUILD for one in specs)),
        (0.02, sum(not bench.is_online(index) for index in range(len(bench)))),
    ]
    for share, count in found:
        error = math.sqrt(share * (1 - share) * CLIENTS)
        assert abs(count - share * CLIENTS) < 4 * error


def test_shares_are_drawn_independently(bench: Population) -> None:
    """Portable clients run the old version as often as others do."""
    old = [bench.version(index) == Version(6, 3, 2) for index in range(len(bench))]
    bare = [bench.spec(index).identity.alias is None for index in range(len(bench))]
    both = sum(a and b for a, b in zip(old, bare, strict=True))
    assert abs(both - 0.015 * CLIENTS) < 4 * math.sqrt(0.015 * CLIENTS)


def test_those_on_windows_are_known(bench: Population) -> None:
    """By index, in order, and complete."""
    expected = [
        index
        for index in range(len(bench))
        if bench.spec(index).platform is Platform.WINDOWS
    ]
    assert expected == bench.windows.tolist()


def test_nobody_is_their_own_contact(bench: Population) -> None:
    """Six contacts each, all from the population."""
    for index in range(2_000):
        contacts = bench.contacts(index)
        assert index not in contacts
        assert 6 == len(contacts)
        assert all(0 <= contact < CLIENTS for contact in contacts)


def test_the_tiles_are_the_contacts(bench: Population) -> None:
    """Spread over all four lists, each contact on one of them."""
    for index in range(200):
        tiles = bench.spec(index).contacts
        listed = [index_of(id_) for ids in tiles.values() for id_ in ids]
        assert sorted(set(bench.contacts(index))) == sorted(listed)
    assert set(ContactList) == set(bench.spec(0).contacts)


def test_two_have_each_other(changed: Changed) -> None:
    """In a world of two the only contact is the other one."""
    pair = changed({"population.clients": 2, "population.contacts": 3}).population
    both = Population(pair, CounterRng(1, 0))
    assert [[1, 1, 1], [0, 0, 0]] == [both.contacts(0), both.contacts(1)]


def test_nobody_depends_on_who_was_met_before(settings: PopulationSettings) -> None:
    """Met first or last, a client is the same."""
    forwards, backwards = (Population(settings, CounterRng(7, 2)) for _ in range(2))
    indexes = [0, 5, 1_023, 1_024, CLIENTS - 1]
    met = [forwards.spec(index) for index in indexes]
    assert met == [backwards.spec(index) for index in reversed(indexes)][::-1]


def test_more_clients_leave_the_first_ones_as_they_are(
    settings: PopulationSettings,
) -> None:
    """Version, platform, name and build; contacts may be among the new ones."""
    document = settings.model_dump(mode="json", by_alias=True)
    more = PopulationSettings.model_validate(
        {**document, "clients": CLIENTS * 2, "contacts": 0}
    )
    fewer = PopulationSettings.model_validate({**document, "contacts": 0})
    small, big = (Population(one, CounterRng(7, 0)) for one in (fewer, more))
    assert all(small.spec(index) == big.spec(index) for index in range(500))


def test_another_seed_is_another_town(settings: PopulationSettings) -> None:
    """And so is another replication."""
    towns = [Population(settings, CounterRng(*key)) for key in ((1, 0), (2, 0), (1, 1))]
    names = [tuple(bench.spec(i).identity for i in range(50)) for bench in towns]
    assert 3 == len(set(names))


def test_contacts_are_made_when_they_are_looked_at(bench: Population) -> None:
    """They are a mapping like any other, the same at each look."""
    contacts = bench.spec(7).contacts
    expected = dict(contacts)
    assert expected
    bench.tiles(8)
    assert (expected, len(expected)) == (contacts, len(contacts))
    assert all(contacts[list_] == ids for list_, ids in expected.items())
