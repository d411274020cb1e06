"""A file of factors is read as it is meant, and every mistake has its place."""

from pathlib import Path

import pytest

from invitelab.adapters.handshake import Capability
from invitelab.conformance.factors.table import factors, read
from invitelab.errors import ExitCode, UsageError

RIGHT = """\
[[factor]]
name = "way"
needs = "tiles"
matters_to = ["DIRECT-5", "TILE"]
values = [
  "icon",
  "tile",
  { name = "alias", needs = "alias" },
]

[[factor]]
name = "time"
virtual = true
values = [
  "at once",
  { name = "late", leans = "EXPIRY-6" },
  { name = "with others", leans = "PENDING-7", excuses = "refusals" },
]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "factors.toml"


def mistakes(path: Path, text: str) -> list[str]:
    """Give the lines with which a text is refused, without the file's name."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert ExitCode.USAGE == caught.value.code
    assert caught.value.hint == (
        "the head of features/factors.toml tells what a factor may have"
    )
    return str(caught.value).replace(f"{path}:", "").splitlines()


def test_values_are_read_in_their_order(path: Path) -> None:
    """The first of each is what a story has that says nothing of the factor."""
    path.write_text(RIGHT, encoding="utf-8")
    found = read(path)
    assert {
        "way": ["way: icon", "way: tile", "way: alias"],
        "time": ["time: at once", "time: late", "time: with others"],
    } == {name: list(map(str, values)) for name, values in found.items()}
    assert {name: {name} for name in found} == {
        name: {value.factor for value in values} for name, values in found.items()
    }


def test_what_a_factor_needs_its_other_values_need(path: Path) -> None:
    """Unless they need something else; the first one is always there."""
    path.write_text(RIGHT, encoding="utf-8")
    way, time = read(path).values()
    assert [None, Capability.TILES, Capability.ALIAS] == [one.needs for one in way]
    assert [False, True, True] == [one.virtual for one in time]
    assert [None, "EXPIRY-6", "PENDING-7"] == [one.leans for one in time]
    assert [False, False, True] == [one.strict for one in time]


def test_a_value_matters_to_a_clause_or_an_area(path: Path) -> None:
    """To everything where nothing is said."""
    path.write_text(RIGHT, encoding="utf-8")
    (way, *_), (time, *_) = read(path).values()
    clauses = ("DIRECT-5", "DIRECT-6", "TILE-1", "EXPIRY-1")
    assert [True, False, True, False] == [way.matters_to(one) for one in clauses]
    assert {True} == {time.matters_to(one) for one in clauses}


def test_no_two_values_are_equal(path: Path) -> None:
    """Values are told apart by the object, so that sets of them are fast."""
    path.write_text(RIGHT, encoding="utf-8")
    assert set(read(path)["way"]).isdisjoint(read(path)["way"])
    assert factors() is factors()


def test_every_mistake_is_told_at_once(path: Path) -> None:
    """In the order of the file, with a caret below each."""
    text = """\
[[factor]]
name = "a"
values = ["x"]
matters_to = ["PEND", "TILE-9"]

[[factor]]
name = "a"
values = ["x", "x", { name = "z", leans = "NEVER-1" }]
"""
    assert [
        "3:10: values needs 2 at least, and has 1",
        '    values = ["x"]',
        "             ^",
        '4:14: matters_to has "PEND", which is no clause and no area',
        '    matters_to = ["PEND", "TILE-9"]',
        "                 ^",
        '4:14: matters_to has "TILE-9", which is no clause and no area',
        '    matters_to = ["PEND", "TILE-9"]',
        "                 ^",
        "7:8: name is that of another factor",
        '    name = "a"',
        "           ^",
        '8:10: values has "x" twice',
        '    values = ["x", "x", { name = "z", leans = "NEVER-1" }]',
        "             ^",
        '8:10: values lean on "NEVER-1", which is no clause',
        '    values = ["x", "x", { name = "z", leans = "NEVER-1" }]',
        "             ^",
    ] == mistakes(path, text)


NAMED = '[[factor]]\nname = "a"\n'


@pytest.mark.parametrize(
    ("text", "place", "sentence", "caret"),
    [
        (
            f'{NAMED}values = ["x", "y"]\nvalue = 1\n',
            "4:9",
            (
                'value is not a key: did you mean "values"? known: name, values, needs,'
                " virtual, matters_to"
            ),
            "    value = 1\n            ^",
        ),
        (
            f'{NAMED}values = ["x", {{ name = "y", lean = "EXPIRY-6" }}]\n',
            "3:37",
            (
                'lean is not a key: did you mean "leans"? known: name, leans, excuses,'
                " needs, virtual"
            ),
            None,
        ),
        (NAMED, "1:3", "values is missing", "    [[factor]]\n      ^"),
        (f"{NAMED}values = []\n", "3:10", "values needs 2 at least, and has 0", None),
        (
            f'{NAMED}values = ["x", 3]\n',
            "3:16",
            "values has to be a table, not 3",
            '    values = ["x", 3]\n                   ^',
        ),
        (
            f'{NAMED}values = ["x", {{ leans = "EXPIRY-6" }}]\n',
            "3:16",
            "name is missing",
            None,
        ),
        (
            f'{NAMED}values = ["x", {{ name = "y", excuses = "all" }}]\n',
            "3:40",
            'excuses has to be "everything" or "refusals", not "all"',
            None,
        ),
        ("[[factor]\n", "1:9", None, "    [[factor]\n            ^"),
        ("", "1:1", "factor is missing", None),
    ],
    ids=[
        "key",
        "key of a value",
        "no values",
        "none",
        "number",
        "nameless",
        "word",
        "not TOML",
        "empty",
    ],
)
def test_a_mistake_gets_a_sentence_with_its_place(
    path: Path, text: str, place: str, sentence: str | None, caret: str | None
) -> None:
    """One each, however a value is written."""
    first, *shown = mistakes(path, text)
    found, _, words = first.partition(": ")
    assert place == found
    assert words == (sentence or words)
    assert words.startswith("not TOML: ") is (sentence is None)
    assert 2 == len(shown)
    if caret is not None:
        assert caret == "\n".join(shown)


def test_an_unknown_capability_is_named(path: Path) -> None:
    """With all that there are."""
    text = f'{NAMED}needs = "wings"\nvalues = ["x", "y"]\n'
    sentence, *_ = mistakes(path, text)
    assert sentence.startswith('3:9: needs has to be "menu", "direct", ')
    assert sentence.endswith(', not "wings"')


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    """Before anything is run."""
    with pytest.raises(UsageError, match="does not exist"):
        read(path)
