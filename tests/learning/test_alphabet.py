"""Alphabets: those that ship, and every mistake of a user's own."""

from pathlib import Path

import pytest

from invitelab.errors import UsageError
from invitelab.learning.alphabet import find_alphabet, known
from invitelab.learning.operations import Invite, Until, Wait
from invitelab.learning.sentences import EXAMPLES, FORMS, operation_of

LIFETIME_MS = 120_000
WRONG = """\
says = "Ada invites Bob"
more = 1

[people.Ada]
platform = "window"
contacts = { Favourites = ["Bob"], Discovery = ["Bib"] }
locked = { vieew = true }

[people.bob]

[inputs]
send = "Ada invites Bbo"
Shout = "Ada invites Ada"
to = 'Ada invites Bob with the permission profile "Defaullt"'
sing = "Bob acepts the invitation from Ada"
deny = 'Ada denies "inputt" in the session with Ada'
wait = "0 seconds pass"
number = 7
"""
TOLD = (
    "more is not a key: known: says, people, inputs",
    'platform has to be "windows"',
    '"Favourites" is no contact list: did you mean "Favorites"?',
    "Bib does not take part",
    'vieew is no permission: did you mean "view"?',
    '"bob" is no name: a capital letter, then small ones',
    "send names Bbo, who does not take part",
    '"Shout" is no name of an input',
    "Shout names Ada twice",
    'to names the profile "Defaullt": did you mean "Default"?',
    'sing is no input: "Bob acepts the invitation from Ada"; did you mean "Bob accepts',
    'deny names the permission "inputt": did you mean "input"?',
    "wait lasts 0 ms: that has to be from 1 ms to a day",
    "number has to be a text in quotes, not 7",
)


def test_the_alphabets_that_ship_are_read() -> None:
    """Each says what it is about, and its inputs are all different."""
    names = ("core", "email", "presence", "profiles", "tiles", "two-invitations")
    assert names == known()
    for name in names:
        alphabet = find_alphabet(name)
        assert alphabet.says
        assert None is alphabet.file
        operations = {one.operation for one in alphabet.inputs}
        assert len(operations) == len(alphabet.inputs)


def test_every_mistake_of_a_file_is_told_in_one_pass(tmp_path: Path) -> None:
    """Each in its line, with a suggestion where a word is near."""
    path = tmp_path / "mine.toml"
    path.write_text(WRONG, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        find_alphabet(str(path))
    missing = [words for words in TOLD if words not in str(caught.value)]
    assert not missing, str(caught.value)
    assert "what-a-bound-means" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "says is missing"),
        ('says = "x"\n[people]\n[inputs]\n', "people has nobody"),
        ('says = "x"\n[people.Ada]\n[inputs]\n', "inputs has no input"),
        ("says = \n", "not TOML"),
        ("people = 3\ninputs = 4\n", "people has to be a table"),
    ],
    ids=["empty", "nobody", "no input", "no TOML", "no tables"],
)
def test_a_file_that_is_no_alphabet_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    """In a sentence."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        find_alphabet(str(path))


def test_an_unknown_alphabet_names_the_known_ones() -> None:
    """And the one that is near."""
    with pytest.raises(
        UsageError, match='there is no alphabet "cor": did you mean "co'
    ):
        find_alphabet("cor")
    with pytest.raises(UsageError, match=r"nowhere\.toml does not exist"):
        find_alphabet("nowhere.toml")


def test_every_form_has_an_example_of_itself() -> None:
    """So what a hint suggests can be written."""
    for form, example in zip(FORMS, EXAMPLES, strict=True):
        assert form.pattern.fullmatch(example)
        assert None is not operation_of(example, LIFETIME_MS)


@pytest.mark.parametrize(
    ("sentence", "ms"),
    [
        ("60 seconds pass", 60_000),
        ("1 millisecond passes", 1),
        ("half the lifetime passes", 60_000),
        ("half the lifetime but 1 millisecond passes", 59_999),
        ("the lifetime and 1 second passes", 121_000),
    ],
)
def test_waits_are_amounts_or_shares_of_the_lifetime(sentence: str, ms: int) -> None:
    """Of the product that is judged by."""
    assert Wait(ms=ms) == operation_of(sentence, LIFETIME_MS)


def test_a_wait_may_count_from_an_invitation() -> None:
    """Whatever was done since."""
    sentence = "the lifetime but 1 millisecond has passed since Ada invited Bob"
    expected = Until(by="Ada", to="Bob", ms=119_999)
    assert expected == operation_of(sentence, LIFETIME_MS)


def test_an_invitation_may_name_the_way_and_the_profile() -> None:
    """All at once."""
    sentence = (
        "Ada invites Bob by alias from the tile in Recent Sessions "
        'with the permission profile "Full Access"'
    )
    expected = Invite(
        by="Ada",
        to="Bob",
        list_="recent-sessions",
        by_alias=True,
        profile="Full Access",
    )
    assert expected == operation_of(sentence, LIFETIME_MS)
