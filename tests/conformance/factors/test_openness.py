"""A story leaves open what it does not fix, and what would not change its subject."""

import pytest

from invitelab.conformance.factors.openness import OF_STORIES, OF_VALUES, open_values
from invitelab.conformance.factors.story import read
from invitelab.conformance.factors.table import factors

PAIR = "Ada and Bob use version 7 or later"
PORTABLE = "Bob has a portable client"
CONTACT = "Bob is in Ada's Favorites"
TILE = "Ada invites Bob from the tile in Favorites"
INVITED = "Ada has invited Bob"
ACCEPTS = "Bob accepts the invitation"
CONTROLS = "Bob controls the device of Ada"
NO_INVITATION = "Bob sees no invitation"


def left(factor: str, steps: tuple[str, ...]) -> list[str]:
    """Names of the values of the factor that the steps leave open."""
    return [value.name for value in open_values(read(steps)).get(factor, ())]


def test_every_factor_has_a_rule() -> None:
    """One of its own, or one for its values; and every rule has a factor."""
    assert sorted(factors()) == sorted([*OF_STORIES, *OF_VALUES])


@pytest.mark.parametrize(
    ("factor", "open_", "closed"),
    [
        ("recipient's ID", (PAIR, INVITED), ("Ada uses version 7 or later",)),
        ("older version", ("Ada uses a version before 7",), (PAIR, INVITED)),
        ("inviter's version", (PAIR,), ("Ada uses version 7.1.4",)),
        ("recipient's version", (PAIR, INVITED), (PAIR,)),
        ("inviter's ID", (PAIR,), ()),
        ("inviter's alias", (PAIR,), (PAIR, "Ada has a portable client")),
        ("inviter's namespace", (PAIR,), (PAIR, "Ada has a portable client")),
        ("recipient's alias", (PAIR, INVITED), (PAIR, INVITED, PORTABLE)),
        ("recipient's namespace", (PAIR, INVITED), (PAIR, INVITED, PORTABLE)),
        ("profile", (PAIR, INVITED), (PAIR, 'Ada allows "input" in the session')),
        ("permissions of the custom profile", (PAIR, INVITED), (PAIR,)),
        ("name of the custom profile", (PAIR, INVITED), (PAIR,)),
        ("lists with the contact", (PAIR, CONTACT, TILE), (PAIR, TILE)),
        ("place in the list", (PAIR, CONTACT, TILE), (PAIR, CONTACT, INVITED)),
        ("locks", (PAIR, INVITED), (PAIR, INVITED, 'Bob locks "input"')),
        ("history", (PAIR, INVITED), (PAIR, INVITED, "Ada invites Bob")),
        ("changes", (PAIR, INVITED), (PAIR, "Ada invites Bob")),
        ("way to invite", (PAIR, INVITED), (PAIR, "Ada has invited Bob by ID")),
        (
            "where it is answered",
            (PAIR, INVITED, ACCEPTS),
            (PAIR, INVITED, f"{ACCEPTS} in the pop-up"),
        ),
        (
            "when",
            (PAIR, INVITED, ACCEPTS),
            (PAIR, INVITED, "10 seconds have passed", ACCEPTS),
        ),
        (
            "profile of the same name elsewhere",
            (PAIR, INVITED),
            (PAIR, "Bob has the permission profiles", INVITED),
        ),
        ("look again", (PAIR, INVITED, NO_INVITATION), (PAIR, INVITED)),
        (
            "look again",
            (PAIR, INVITED, ACCEPTS, NO_INVITATION),
            (PAIR, INVITED, ACCEPTS, CONTROLS),
        ),
        ("look again", (PAIR, NO_INVITATION), ()),
    ],
)
def test_what_a_step_speaks_of_is_not_left_open(
    factor: str, open_: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    """One story that leaves the factor open, and one that does not."""
    assert len(left(factor, open_)) > 1
    assert [] == left(factor, closed)


@pytest.mark.parametrize(
    ("factor", "steps", "value"),
    [
        ("portable", ("Ada has invited Bob by alias",), "recipient"),
        ("portable", ("Ada has invited Bob by alias",), "both"),
        ("way to invite", (INVITED, PORTABLE), "icon by alias"),
        ("history", (INVITED, ACCEPTS, CONTROLS), "session running"),
        ("bystander", (INVITED, NO_INVITATION), "pending with the recipient"),
        ("bystander", (INVITED, "Ada lists no invitation"), "pending with the inviter"),
        ("bystander", (INVITED, CONTROLS), "session with the recipient"),
        ("recipient's platform", (INVITED, "Bob invites Ada"), "Linux"),
    ],
)
def test_a_value_that_the_story_rules_out_is_left_out(
    factor: str, steps: tuple[str, ...], value: str
) -> None:
    """Other values of the factor may stay; without the steps it is open."""
    assert value in left(factor, (PAIR, INVITED))
    assert value not in left(factor, (PAIR, *steps))
