"""Values given on the command line: TOML where they are, text where they are not."""

import pytest

from invitelab.cli.support.overrides import parse_overrides, parse_sweep, parse_value
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
def test_a_value_is_what_it_would_be_in_a_file(expected: object, text: str) -> None:
    """And a text where a file could not have it."""
    found = parse_value(text)
    assert (type(expected), expected) == (type(found), found)


def test_changes_are_laid_over_by_their_paths() -> None:
    """Spaces do not count, and a value may hold an equals sign."""
    given = ["relay.servers=4", " people.by_tile = 0.5 ", 'title="a=b"']
    expected = {"relay.servers": 4, "people.by_tile": 0.5, "title": "a=b"}
    assert expected == parse_overrides(given)


@pytest.mark.parametrize("given", ["relay.servers", "=4", "relay.servers=", "", "="])
def test_a_change_has_a_path_and_a_value(given: str) -> None:
    """The mistake is quoted as it was typed."""
    with pytest.raises(UsageError, match="is not PATH=VALUE") as caught:
        parse_overrides([given])
    assert repr(given) in str(caught.value)


def test_a_path_is_changed_once() -> None:
    """Of two values one was not meant."""
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
    """A range, or a list with commas: each once, in its order, by its text."""
    path, values, fixed = parse_sweep([f"relay.servers={text}"])
    assert ("relay.servers", list(expected.items())) == (path, list(values.items()))
    assert {} == fixed


def test_other_changes_of_a_sweep_stay() -> None:
    """In any order."""
    path, _, fixed = parse_sweep(["seed=4", "relay.servers=1..2", "drain=1min"])
    assert ("relay.servers", {"seed": 4, "drain": "1min"}) == (path, fixed)


@pytest.mark.parametrize(
    ("sentence", "given"),
    [
        (
            "exactly one --set needs several values to sweep, but none has",
            ["relay.servers=4"],
        ),
        (
            "exactly one --set needs several values to sweep, but 2 of them have",
            ["relay.servers=1..4", "seed=1,2"],
        ),
        ("--set seed=4..1 is an empty range", ["seed=4..1"]),
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
    ids=range(7),
)
def test_a_sweep_that_cannot_be_meant_is_a_mistake(
    sentence: str, given: list[str]
) -> None:
    """In one sentence, with a hint."""
    with pytest.raises(UsageError) as caught:
        parse_sweep(given)
    assert sentence == str(caught.value)
    assert caught.value.hint


def test_a_hundred_values_are_not_too_many() -> None:
    """The largest sweep."""
    assert 100 == len(parse_sweep(["seed=1..100"])[1])
