"""Where things are in a TOML document: checked against what the parser reads."""

import tomllib
from collections.abc import Iterator
from typing import TypeGuard

import pytest

from invitelab.inputs.toml_positions import KeyPath, places

EVERYTHING = """# comment = 1
title = "a # b"  # c = [
a.b . "c d".'e.f' = 1.5e+3
"q\\"k" = 1979-05-27 07:32:00.5Z
poem = \"\"\" x = 3
[foo]
\\\"\"\" y \"\"\"\" # quoted to its end
flat = '''
{ = '''
mixed = [ 1, { x = 2, y.z = [ "a]", 'b' ] },
   # nothing ]
   3.5,
]
empty = []
braces = { p = \"\"\"x\"\"\"\", q = "y" }
[table.inner]
key = true
[[list]]
kind = '\\'
[list.sub]
value = -inf
[[list]]
kind = "b"
  [[list.deep]]
  w = {}
  [[list.deep]]
  "" = 0x1f
[table]
late = 07:32:00
"""


def is_table(value: object) -> TypeGuard[dict[str, object]]:
    """Whether the parser made a table."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Whether the parser made a list."""
    return isinstance(value, list)


def paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path that the parser knows."""
    if path:
        yield path
    if is_table(value):
        for key, child in value.items():
            yield from paths(child, (*path, key))
    elif is_list(value):
        for index, child in enumerate(value):
            yield from paths(child, (*path, index))


def test_every_path_has_a_place_and_no_other() -> None:
    """Dotted and quoted keys, all strings, arrays, tables and lists of them."""
    assert set(paths(tomllib.loads(EVERYTHING))) == set(places(EVERYTHING))


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), "title =", '"a # b"'),
        (("a", "b", "c d", "e.f"), "'e.f'", "1.5e+3"),
        (('q"k',), r'"q\"k"', "1979-05-27 07"),
        (("mixed", 1, "y", "z", 1), "'b'", "'b'"),
        (("mixed", 2), "3.5", "3.5"),
        (("table", "inner", "key"), "key", "true"),
        (("list", 1, "kind"), "kind", '"b"'),
        (("list", 0, "sub", "value"), "value", "-inf"),
        (("list", 1, "deep", 1, ""), '""', "0x1f"),
        (("table", "late"), "late", "07:32"),
        (("list", 1), "list]]", "list]]"),
    ],
)
def test_a_place_points_at_the_key_and_at_its_value(
    path: KeyPath, key: str, value: str
) -> None:
    """Line and columns count from 1."""
    place = places(EVERYTHING)[path]
    line = EVERYTHING.split("\n")[place.line - 1]
    assert line[place.key_column - 1 :].startswith(key)
    assert line[place.value_column - 1 :].startswith(value)


def test_the_second_entry_of_a_list_is_not_the_first() -> None:
    """Every [[header]] is a place of its own."""
    found = places(EVERYTHING)
    assert found["list", 0, "kind"].line < found["list", 1, "kind"].line
    assert found["list", 1, "deep", 0].line < found["list", 1, "deep", 1].line
