"""Unusual clients: valid, unlike each other, and of every shape."""

from collections.abc import Callable

import pytest

from invitelab.target_load.variety import Variety
from invitelab.world.load.population import Population
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.file import Loaded


@pytest.fixture(params=[6, 500])
def population(
    request: pytest.FixtureRequest, scenario: Callable[..., Loaded]
) -> Population:
    """Give a population of small rooms, and one of large ones."""
    changes = {"population__clients": 1000, "population__portable": 0.0}
    loaded = scenario(population__room=request.param, **changes)
    return Population(loaded.scenario.population, CounterRng(3, 0))


def test_nobody_can_be_mistaken_for_another(population: Population) -> None:
    """IDs are unique, and aliases of a room differ in more than the letter case."""
    variety = Variety(population)
    specs = [variety.spec(index) for index in range(len(population))]
    assert len({one.id for one in specs}) == len(specs)
    assert [variety.index_of[one.id] for one in specs] == list(range(len(specs)))
    for number in range(population.rooms.count):
        members = [specs[index] for index in population.rooms.room(number).indexes]
        aliases = {str(one.identity.alias).lower() for one in members}
        assert len(aliases) == len(members)


def test_every_shape_occurs(population: Population) -> None:
    """Short and long, with signs, capitals and zeros, and custom profiles and locks."""
    variety = Variety(population)
    specs = [variety.spec(index) for index in range(len(population))]
    names = [str(one.identity.alias).split("@")[0] for one in specs]
    spaces = [str(one.identity.alias).split("@")[1] for one in specs]
    assert {1, 25} <= {len(name) for name in names}
    assert 63 in {len(space) for space in spaces}
    for sign in "._-":
        assert any(sign in name for name in names), sign
    assert any(name.lower() != name for name in names)
    assert any(one.id.startswith("0") for one in specs)
    assert any("000" in one.id for one in specs)
    assert {9, 10} == {len(one.id) for one in specs}
    profiles = {profile.name for one in specs for profile in one.profiles}
    assert {1, 64} <= {len(name) for name in profiles}
    assert any(one.locked for one in specs)
    lists = [sorted(map(len, one.contacts.values())) for one in specs]
    assert {0, 1, 3, 4} <= {length for one in lists for length in one}
