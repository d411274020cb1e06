"""Participants of walks: every value of every factor is drawn, within the grammar."""

from collections import Counter

import pytest

from invitelab.conformance.factors.identities import (
    IdShape,
    NameShape,
    NamespaceShape,
)
from invitelab.conformance.factors.table import factors
from invitelab.conformance.random_walks.drawing import GROUPS, Draws, draw
from invitelab.conformance.random_walks.participants import (
    ALL_PERMISSIONS,
    BUILT_IN,
    PLAIN_VERSION,
    ParticipantSpec,
)
from invitelab.protocol.values import is_alias, is_client_id

MANY = 400


def every_spec(*, with_interpretations: bool = False) -> list[ParticipantSpec]:
    """Draw the participants of many walks."""
    return [
        spec
        for number in range(MANY)
        for spec in draw(
            Draws(0, number), with_interpretations=with_interpretations
        ).participants.specs.values()
    ]


def test_up_to_five_people_take_part() -> None:
    """In every group, of which all are drawn."""
    groups = Counter(
        tuple(draw(Draws(0, number), with_interpretations=True).participants.specs)
        for number in range(MANY)
    )
    assert set(GROUPS) == set(groups)
    assert 5 == max(map(len, groups))


def test_every_shape_of_an_address_is_drawn() -> None:
    """And of a profile's name, and of its permissions."""
    values = set[str]()
    for number in range(MANY):
        values |= draw(Draws(0, number), with_interpretations=True).values
    assert {f"ID: {shape.value}" for shape in IdShape} <= values
    assert {f"alias: {shape.value}" for shape in NameShape} <= values
    assert {f"namespace: {shape.value}" for shape in NamespaceShape} <= values
    names = {value.name for value in factors()["name of the custom profile"]}
    assert {f"name of a profile: {name}" for name in names} <= values
    sets = {value.name for value in factors()["permissions of the custom profile"]}
    assert {f"permissions: {name}" for name in sets} <= values


def test_addresses_are_valid_and_nobody_shares_one() -> None:
    """Also where they are alike."""
    for number in range(MANY):
        specs = draw(Draws(1, number), with_interpretations=True).participants.specs
        ids = [spec.id or "" for spec in specs.values()]
        aliases = [spec.alias or "" for spec in specs.values()]
        assert all(map(is_client_id, ids))
        assert all(map(is_alias, aliases))
        assert len(specs) == len(set(ids)) == len({one.lower() for one in aliases})


def test_versions_are_those_of_the_factors() -> None:
    """Too old ones in walks over the required clauses only."""
    new = {value.name for value in factors()["inviter's version"]} | {PLAIN_VERSION}
    old = {value.name for value in factors()["older version"]}
    assert new | old == {spec.version for spec in every_spec()}
    assert new == {spec.version for spec in every_spec(with_interpretations=True)}


def test_locks_are_inside_and_outside_of_profiles() -> None:
    """Allowed and denied ones, of all permissions."""
    specs = every_spec()
    locks = {lock for spec in specs for lock in spec.locks}
    assert {(name, value) for name in ALL_PERMISSIONS for value in (True, False)} == (
        locks
    )
    assert any(not spec.locks for spec in specs)


def test_profiles_can_be_written_in_a_table_and_in_a_step() -> None:
    """Their names have nothing that would end a cell, or a quotation."""
    profiles = [profile for spec in every_spec() for profile in spec.profiles]
    for name, _ in profiles:
        assert 1 <= len(name) <= 64
        assert name == name.strip()
        assert not set(name) & set('"|\\\n')
    assert "Default" in dict(profiles)
    assert BUILT_IN["Default"] not in {profile for _, profile in profiles[:20]}


@pytest.mark.parametrize("purpose", ["", ":another"])
def test_the_same_numbers_draw_the_same(purpose: str) -> None:
    """And another seed, number or purpose draws others."""
    first, again = (
        draw(Draws(3, 4, purpose), with_interpretations=False) for _ in range(2)
    )
    assert first == again
    for other in (Draws(4, 4, purpose), Draws(3, 5, purpose), Draws(3, 4, ":third")):
        assert first != draw(other, with_interpretations=False)
