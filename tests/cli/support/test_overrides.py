"""Overrides on the command line: TOML values, or plain text."""

import pytest

from invitelab.cli.support.overrides import (
    parse_find,
    parse_overrides,
    parse_sweep,
    parse_value,
)
from invitelab.errors import UsageError


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (8, "8"),
        (0.25, "0.25"),
        (20_000, "20_000"),
        (True, "true"),
        ("40/s", "40/s"),
        ("10min", "10min"),
        ("poisson", "poisson"),
        ("40/s", '"40/s"'),
        ("8", "'8'"),
        ([1, 2], "[1, 2]"),
        ({"accept": 1.0}, "{ accept = 1.0 }"),
        ("2026-01-05", "2026-01-05"),
        ("07:30:00", "07:30:00"),
        ("1\nseed = 2", "1\nseed = 2"),
        ("[" * 5000, "[" * 5000),
        ("9" * 5000, "9" * 5000),
    ],
    ids=range(16),
)
def test_a_value_is_toml_or_text(expected: object, text: str) -> None:
    """What is not a TOML value is text."""
    found = parse_value(text)
    assert (type(expected), expected) == (type(found), found)


def test_overrides_are_parsed_by_path() -> None:
    """Blanks are ignored, and a value may contain an equals sign."""
    given = ["relay.servers=4", " people.by_tile = 0.5 ", 'title="a=b"']
    expected = {"relay.servers": 4, "people.by_tile": 0.5, "title": "a=b"}
    assert expected == parse_overrides(given)


@pytest.mark.parametrize("given", ["relay.servers", "=4", "relay.servers=", "", "="])
def test_an_override_has_a_path_and_a_value(given: str) -> None:
    """The error quotes it as it was typed."""
    with pytest.raises(UsageError, match="is not PATH=VALUE") as caught:
        parse_overrides([given])
    assert repr(given) in str(caught.value)


def test_a_path_is_overridden_once() -> None:
    """A second value is an error."""
    with pytest.raises(UsageError, match=r"--set relay\.servers is given twice"):
        parse_overrides(["relay.servers=4", "relay.servers = 5"])


# Sweeps


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({"1": 1, "2": 2, "3": 3}, "1..3"),
        ({"-1": -1, "0": 0}, "-1..0"),
        ({"10": 10, "30": 30, "50": 50}, "10..50..20"),
        ({"10": 10, "30": 30}, "10..49..20"),
        ({"10/s": "10/s", "20/s": "20/s"}, "10/s, 20/s"),
        ({"0.1": 0.1, "0.2": 0.2}, "0.1,0.2,0.1"),
        ({'"a,b"': "a,b", "c": "c"}, '"a,b",c'),
        (
            {"{ a = 1, b = 2 }": {"a": 1, "b": 2}, "[3, 4]": [3, 4]},
            "{ a = 1, b = 2 },[3, 4]",
        ),
    ],
    ids=range(8),
)
def test_a_sweep_has_several_values(expected: dict[str, object], text: str) -> None:
    """A range or a comma-separated list: distinct values, in order, by their text."""
    swept, fixed = parse_sweep([f"relay.servers={text}"])
    ((path, values),) = swept.items()
    assert ("relay.servers", list(expected.items())) == (path, list(values.items()))
    assert {} == fixed


def test_a_grid_has_two_paths_in_their_order() -> None:
    """Each with its values, beside what all points have in common."""
    swept, fixed = parse_sweep(["b=1,2", "seed=4", "a=1..3"])
    assert [("b", ["1", "2"]), ("a", ["1", "2", "3"])] == [
        (path, list(values)) for path, values in swept.items()
    ]
    assert {"seed": 4} == fixed


def test_a_search_has_one_path_of_many_values() -> None:
    """More than a sweep may have, as few of them are tried."""
    path, texts, fixed = parse_find("relay.servers=1..640", ["seed=4"])
    assert ("relay.servers", 640, {"seed": 4}) == (path, len(texts), fixed)


@pytest.mark.parametrize(
    ("sentence", "find", "given"),
    [
        (
            "--find searches one value, and --set seed has several",
            "relay.servers=1..4",
            ["seed=1,2"],
        ),
        ("--find 'relay.servers' is not PATH=VALUE", "relay.servers", []),
        ("--find relay.servers=4 has one value only", "relay.servers=4", []),
        (
            (
                '--find relay.servers=1..x is no range: "x" is no whole number of at'
                " most 15 digits"
            ),
            "relay.servers=1..x",
            [],
        ),
        (
            (
                '--find arrivals.rate=1/s..4/s is no range: "1/s" is no whole number of'
                " at most 15 digits"
            ),
            "arrivals.rate=1/s..4/s",
            [],
        ),
        (
            "--find seed=1..2..3..4 is no range of two numbers and a step",
            "seed=1..2..3..4",
            [],
        ),
        (
            "--find seed and --set seed contradict each other",
            "seed=1..4",
            ["seed=1"],
        ),
        ("--find seed=4..1 is an empty range", "seed=4..1", []),
        (
            "seed has 10,001 values, and a search has at most 10,000",
            "seed=0..10000",
            [],
        ),
    ],
    ids=range(9),
)
def test_an_invalid_search_is_a_usage_error(
    sentence: str, find: str, given: list[str]
) -> None:
    """With one sentence and a hint."""
    with pytest.raises(UsageError) as caught:
        parse_find(find, given)
    assert sentence == str(caught.value)
    assert caught.value.hint


def test_a_sweep_has_overrides_for_all_points() -> None:
    """In any order."""
    swept, fixed = parse_sweep(["seed=4", "relay.servers=1..2", "drain=1min"])
    assert (["relay.servers"], {"seed": 4, "drain": "1min"}) == ([*swept], fixed)


@pytest.mark.parametrize(
    ("sentence", "given"),
    [
        (
            "one --set needs several values to sweep, or two, but none has",
            ["relay.servers=4"],
        ),
        (
            "one --set needs several values to sweep, or two, but 3 of them have",
            ["relay.servers=1..4", "seed=1,2", "drain=0s,1s"],
        ),
        (
            "a grid of 11 by 10 has 110 points, and a sweep has at most 100",
            ["relay.servers=1..11", "seed=1..10"],
        ),
        ("--set seed=4..1 is an empty range", ["seed=4..1"]),
        (
            (
                '--set seed=1..x is no range: "x" is no whole number of at most 15'
                " digits"
            ),
            ["seed=1..x"],
        ),
        ("--set seed=1..4..0 is an empty range", ["seed=1..4..0"]),
        ("seed has 101 values, and a sweep has at most 100", ["seed=0..100"]),
        (
            "seed has 1,000,000,000,000 values, and a sweep has at most 100",
            ["seed=1..1000000000000"],
        ),
        (
            "seed has 101 values, and a sweep has at most 100",
            [f"seed={','.join(map(str, range(101)))}"],
        ),
    ],
    ids=range(9),
)
def test_an_invalid_sweep_is_a_usage_error(sentence: str, given: list[str]) -> None:
    """With one sentence and a hint."""
    with pytest.raises(UsageError) as caught:
        parse_sweep(given)
    assert sentence == str(caught.value)
    assert caught.value.hint


def test_a_hundred_values_are_not_too_many() -> None:
    """This is the largest sweep."""
    assert 100 == len(parse_sweep(["seed=1..100"])[0]["seed"])
