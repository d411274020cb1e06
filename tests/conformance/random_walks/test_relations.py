"""Each relation changes what may not matter, and nothing else."""

import pytest

from invitelab.conformance.random_walks.drawing import Draws
from invitelab.conformance.random_walks.participants import (
    ALL_PERMISSIONS,
    Participants,
    ParticipantSpec,
)
from invitelab.conformance.random_walks.relations import RELATIONS, Variation
from invitelab.conformance.random_walks.stories import Move, Story

ADA = ParticipantSpec(
    id="100200300",
    alias="ada@ad",
    contacts=(("Favorites", ("Bob",)), ("Address Book", ("Bob", "Cid"))),
    profiles=(("Default", ("view",)), ("Night shift", ())),
    locks=(("input", True),),
)
PORTABLE = ParticipantSpec(id="400500600", portable=True, alias="bob@ad")
CID = ParticipantSpec(id="700800900", alias="cid@ad", version="6.9.9")
PEOPLE = Participants(specs={"Ada": ADA, "Bob": PORTABLE, "Cid": CID})
TILE = ("Ada invites Bob from the tile in Address Book",)
REJECTS = ("Bob rejects the invitation from Ada in the pop-up",)
ACCEPTS = ("Bob accepts the invitation from Ada",)


def varied(relation: str, *moves: Move) -> Variation | None:
    """Vary a story by the relation of that name."""
    (found,) = (one for one in RELATIONS if one.changed == f"{relation} changed")
    story = Story(participants=PEOPLE, moves=moves or (TILE, REJECTS))
    return found.vary(story, Draws(0, 0))


def variation(relation: str, *moves: Move) -> Variation:
    """Vary a story, which the relation says something of."""
    found = varied(relation, *moves)
    assert found is not None
    return found


def test_everybody_has_another_address() -> None:
    """And is otherwise who they were."""
    story = variation("renaming everybody").story
    assert story.other_tokens
    for name, spec in story.participants.specs.items():
        before = PEOPLE.specs[name]
        assert before.id != spec.id
        assert before.alias != spec.alias
        same = ("version", "contacts", "profiles", "locks", "portable")
        assert all(getattr(before, one) == getattr(spec, one) for one in same)


def test_it_begins_later() -> None:
    """At a time that is no whole number of anything."""
    begins_ms = variation("beginning later").story.begins_ms
    assert 1000 <= begins_ms < 91_000
    assert begins_ms % 1000


def test_one_more_client_does_nothing() -> None:
    """It is nobody's contact."""
    story = variation("one more client").story
    assert {"Ada", "Bob", "Cid", "Fay"} == set(story.participants.specs)
    assert (TILE, REJECTS) == story.moves


def test_every_list_has_become_another_one() -> None:
    """The tile that is used as well; without a tile there is nothing to move."""
    story = variation("moving contacts to other lists").story
    assert "Ada invites Bob from the tile in Favorites" == story.moves[0][0]
    lists = dict(story.participants.specs["Ada"].contacts)
    assert {"Recent Sessions": ("Bob",), "Favorites": ("Bob", "Cid")} == lists
    assert varied("moving contacts to other lists", ("Ada invites Bob",)) is None


def test_the_second_time_begins_when_nothing_is_left() -> None:
    """So that nothing may have happened that stays."""
    found = variation("doing it a second time")
    wait = ("601 seconds have passed since Ada invited Bob",)
    assert (TILE, REJECTS, wait, TILE, REJECTS) == found.story.moves
    assert 3 == found.from_move


@pytest.mark.parametrize(
    "moves",
    [
        (TILE, ACCEPTS),
        (TILE, ('Ada edits the permission profile "Default" to "view"',)),
        (("Ada starts an invitation email from the context menu of the own ID",),),
        (("121 seconds have passed since the email was started",),),
    ],
)
def test_what_stays_is_not_done_a_second_time(moves: tuple[Move, ...]) -> None:
    """A session, a profile, an email."""
    assert varied("doing it a second time", *moves) is None


def test_others_do_the_same_before() -> None:
    """Under other names, with addresses of their own."""
    found = variation("others who did the same before")
    specs = found.story.participants.specs
    assert {"Ada", "Bob", "Cid", "Fay", "Gus", "Hal"} == set(specs)
    assert 6 == len({spec.id for spec in specs.values()})
    assert "Fay invites Gus from the tile in Address Book" == found.story.moves[0][0]
    assert (TILE, REJECTS) == found.story.moves[found.from_move :]
    assert ("Gus", "Hal") == dict(specs["Fay"].contacts)["Address Book"]


def test_an_earlier_scenario_has_the_same_ids() -> None:
    """And other aliases, profiles and locks."""
    found = variation("an earlier scenario")
    assert found.before is not None
    for name, spec in found.story.participants.specs.items():
        before = found.before.participants.specs[name]
        assert spec.id == before.id != PEOPLE.specs[name].id
        assert spec.alias != before.alias
        permissions = spec.all_profiles
        for profile, others in before.profiles:
            assert set(ALL_PERMISSIONS) - set(permissions[profile]) == set(others)
        locks = dict(before.locks)
        assert all(locks[permission] is not value for permission, value in spec.locks)
        assert set(ALL_PERMISSIONS) == set(locks)


def test_the_same_numbers_vary_alike() -> None:
    """In every relation; others rename to others."""
    story = Story(participants=PEOPLE, moves=(TILE, REJECTS))
    for relation in RELATIONS:
        assert relation.vary(story, Draws(5, 6)) == relation.vary(story, Draws(5, 6))
    rename = RELATIONS[0].vary
    assert rename(story, Draws(5, 6)) != rename(story, Draws(5, 7))


def test_who_is_left_keeps_the_other_address() -> None:
    """So that a shorter story is varied as the longer one was."""
    specs = {name: PEOPLE.specs[name] for name in ("Ada", "Cid")}
    fewer = Story(participants=Participants(specs=specs), moves=())
    found = RELATIONS[0].vary(fewer, Draws(0, 0))
    assert found is not None
    whole = variation("renaming everybody").story.participants.specs
    assert {name: spec.id for name, spec in found.story.participants.specs.items()} == {
        name: whole[name].id for name in specs
    }
