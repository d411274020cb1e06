"""The cast of a run is a function of seed, scenario and row, and comes back."""

from collections.abc import Callable, Mapping
from itertools import product

import pytest

from invitelab.conformance.factors import cast
from invitelab.conformance.factors.cast import Cast, Row, shape_of
from invitelab.conformance.factors.identities import (
    Drawn,
    IdShape,
    NameShape,
    NamespaceShape,
    Shape,
)
from invitelab.conformance.factors.story import read
from invitelab.conformance.factors.table import Value, factors

STORY = read(
    ["Ada, Bob and Cid use version 7 or later", "Ada invites Bob", "Cid invites Bob"]
)
PEOPLE = ("Ada", "Bob", "Cid", "Eve")
SHAPES: Mapping[str, Callable[[str], Shape]] = {
    "ID": lambda name: Shape(id=IdShape(name)),
    "alias": lambda name: Shape(name=NameShape(name)),
    "namespace": lambda name: Shape(namespace=NamespaceShape(name)),
}
"""The shape with one value, by the end of the factor's name."""


def row_of(**names: str) -> Row:
    """Give the row with these values; `inviter_ID` is the factor "inviter's ID"."""
    row: dict[str, Value] = {}
    for key, name in names.items():
        factor = key.replace("_", "'s ")
        row[factor] = next(one for one in factors()[factor] if one.name == name)
    return row


def everybody(one: Cast, *names: str) -> list[Drawn]:
    """Draw people in the order in which they enter."""
    return [one.identity(name) for name in names or PEOPLE]


def test_the_same_place_has_the_same_cast() -> None:
    """With the same seed and the same number of the row; any other draws anew."""
    casts = {
        key: everybody(Cast(key[0], seed=key[1], draw=key[2], story=STORY))
        for key in product(["here", "there"], [0, 1], [0, 1])
    }
    again = everybody(Cast("here", seed=0, draw=0, story=STORY))
    assert casts["here", 0, 0] == again
    assert len(casts) == len({tuple(map(str, drawn)) for drawn in casts.values()})


def test_a_token_begins_with_its_letter_and_comes_back_with_the_seed() -> None:
    """All else is drawn."""
    drawing, same = Cast("here", seed=3), Cast("here", seed=3)
    tokens = [drawing.token(letter) for letter in "ckc"]
    assert tokens == [same.token(letter) for letter in "ckc"]
    assert ["c", "k", "c"] == [token[0] for token in tokens]
    assert tokens[0] != Cast("here", seed=4).token("c")


def test_no_token_is_drawn_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where nearly all of them are taken."""
    monkeypatch.setattr(cast, "TOKEN_LENGTH", 1)
    drawing = Cast("here")
    tokens = [drawing.token("c") for _ in cast.TOKEN_DIGITS]
    assert len(cast.TOKEN_DIGITS) == len(set(tokens))


@pytest.mark.parametrize(
    ("role", "what", "name"),
    [
        (role, what, value.name)
        for role, what in product(("inviter", "recipient"), SHAPES)
        for value in factors()[f"{role}'s {what}"]
    ],
)
def test_a_value_is_a_shape_of_its_side(role: str, what: str, name: str) -> None:
    """And of that side alone, in nothing else."""
    row = row_of(**{f"{role}_{what}": name})
    assert SHAPES[what](name) == shape_of(role, row)
    other = {"inviter": "recipient", "recipient": "inviter"}[role]
    assert Shape() == shape_of(other, row)


def test_senders_have_the_shape_of_the_inviter() -> None:
    """And everybody else, whom the story has or not, that of the recipient."""
    row = row_of(inviter_ID="leading zero", recipient_ID="above 2^31")
    ada, bob, cid, eve = everybody(Cast("here", story=STORY, row=row))
    assert ("0", "0") == (ada.id[0], cid.id[0])
    assert all(int(one.id) >= 2**31 for one in (bob, eve))


def test_a_shape_that_the_row_does_not_have_occurs_nowhere() -> None:
    """Without a row everybody is plain."""
    for one in everybody(Cast("here", story=STORY)):
        assert len(one.id) == 9
        assert "0" not in one.id
        assert one.alias.endswith("@ad")


def test_a_person_stays_the_same_in_a_shorter_row() -> None:
    """Otherwise a failure that is looked for without a value would be of others."""
    both = row_of(inviter_ID="leading zero", recipient_alias="dot")
    whole = everybody(Cast("here", story=STORY, row=both))
    less = everybody(
        Cast("here", story=STORY, row=row_of(recipient_alias="dot")), "Ada", "Bob"
    )
    assert whole[0] != less[0]
    assert whole[1] == less[1]


def test_a_person_does_not_depend_on_who_else_takes_part() -> None:
    """A bystander that a row adds changes nobody."""
    other = Cast("here", seed=9, story=STORY)
    ada, bob, *_ = everybody(Cast("here", seed=9, story=STORY))
    assert ada == other.identity("Ada")
    other.identity("Eve")
    assert bob == other.identity("Bob")


def test_later_scenarios_meet_the_same_id_with_another_alias() -> None:
    """What an implementation keeps of an earlier scenario shows."""
    aliases: dict[str, set[str]] = {}
    for number in range(40):
        for one in everybody(Cast(f"scenario {number}", story=STORY)):
            aliases.setdefault(one.id, set()).add(one.alias)
    often = [some for some in aliases.values() if len(some) > 1]
    assert len(often) > 2
    assert len(aliases) < 40
