"""Quantities with units: what can be written, and that it comes back the same."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.inputs.units import (
    DURATION_PATTERN,
    DURATION_UNITS_US,
    LONGEST_US,
    RATE_PATTERN,
    SLOWEST_PER_S,
    duration_text,
    parse_duration,
    parse_rate,
    rate_text,
)

DURATIONS_US = st.integers(min_value=0, max_value=LONGEST_US)
RATES_PER_S = st.floats(min_value=SLOWEST_PER_S, max_value=1e6) | st.just(0.0)


@pytest.mark.parametrize(
    ("text", "duration_us"),
    [
        ("30min", 1_800_000_000),
        ("400ms", 400_000),
        ("2h", 7_200_000_000),
        ("1.5s", 1_500_000),
        ("250us", 250),
        ("0s", 0),
        ("-3s", -3_000_000),
        ("0.000001s", 1),
        ("1.10ms", 1_100),
        ("30 min", 1_800_000_000),
        ("4min30s", 270_000_000),
        ("4 min 30 s", 270_000_000),
        ("1h30min", 5_400_000_000),
        ("2h0min1.5s", 7_201_500_000),
        ("1s250us", 1_000_250),
        ("-1min30s", -90_000_000),
    ],
)
def test_a_duration_is_read_exactly(text: str, duration_us: int) -> None:
    """Every unit, with and without a fraction, gives whole microseconds."""
    assert duration_us == parse_duration(text)


@pytest.mark.parametrize(
    ("text", "rate_per_s"),
    [
        ("40/s", 40.0),
        ("3/min", 0.05),
        ("1200/h", 1200 / 3600),
        ("0/s", 0.0),
        ("2.5 / s", 2.5),
    ],
)
def test_a_rate_is_read_per_second(text: str, rate_per_s: float) -> None:
    """Every unit gives events per second."""
    assert rate_per_s == parse_rate(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("30", "is missing a unit"),
        ("1.5", "is missing a unit"),
        ("30 parsec", "has the unknown unit"),
        ("30 S", "has the unknown unit"),
        ("", "is not a duration"),
        ("s", "is not a duration"),
        ("1e3s", "is not a duration"),
        ("1,5s", "is not a duration"),
        ("1_000s", "is not a duration"),
        (" 1s", "is not a duration"),
        ("1s\n", "is not a duration"),
        ("+1s", "is not a duration"),
        ("nan", "is not a duration"),
        ("1s1s", "is not a duration"),
        ("30s4min", "is not a duration: its units go down"),
        ("1.5min30s", "is not a duration: its units go down"),
        ("1min-30s", "is not a duration"),
        ("4min30", "is not a duration"),
        ("4min  30s", "is not a duration"),
        ("4m30s", 'has the unknown unit "m"'),
        ("1min30S", 'has the unknown unit "S"'),
        ("1s0.1us", "is finer than a microsecond"),
        ("8783h61min", "is longer than a year"),
        ("8784h1us", "is longer than a year"),
        ("\u0661s", "is not a duration"),
        ("9" * 5_000 + "s", "is not a duration"),
        ("0.1us", "is finer than a microsecond"),
        ("9000h", "is longer than a year"),
        ("-9000h", "is longer than a year"),
    ],
)
def test_what_is_no_duration_is_refused_with_an_example(
    text: str, problem: str
) -> None:
    """One sentence names the mistake and shows a valid example."""
    with pytest.raises(ValueError, match=rf'^{problem}[^\n]*write for example "\w+"'):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("40", "is missing a unit"),
        ("40/day", "has the unknown unit"),
        ("-1/s", "must not be negative"),
        ("40s", "is not a rate"),
        ("40/", "is not a rate"),
        ("/s", "is not a rate"),
        ("inf/s", "is not a rate"),
        ("0.00000000000001/s", "is too slow"),
    ],
)
def test_what_is_no_rate_is_refused_with_an_example(text: str, problem: str) -> None:
    """One sentence names the mistake and shows a valid example."""
    with pytest.raises(ValueError, match=rf'^{problem}[^\n]*write for example "40/s"'):
        parse_rate(text)


@pytest.mark.parametrize(
    ("duration_us", "text"),
    [
        (0, "0s"),
        (250, "250us"),
        (400_000, "400ms"),
        (1_500_000, "1.5s"),
        (90_000_000, "1.5min"),
        (130_000_000, "130s"),
        (7_200_000_000, "2h"),
        (1_001_001, "1001.001ms"),
        (-3_000_000, "-3s"),
    ],
)
def test_a_duration_is_written_in_the_largest_unit_that_says_it(
    duration_us: int, text: str
) -> None:
    """It is exact, with three decimals at most."""
    assert text == duration_text(duration_us)


@pytest.mark.parametrize(
    ("rate_per_s", "text"),
    [(40.0, "40/s"), (0.05, "3/min"), (1200 / 3600, "20/min"), (0.0, "0/s")],
)
def test_a_rate_is_written_in_the_shortest_way(rate_per_s: float, text: str) -> None:
    """Rare events are written per minute or per hour."""
    assert text == rate_text(rate_per_s)


@given(DURATIONS_US)
def test_a_written_duration_reads_back_the_same(duration_us: int) -> None:
    """To the microsecond, and in the form that the schema asks for."""
    text = duration_text(duration_us)
    assert duration_us == parse_duration(text)
    assert re.search(DURATION_PATTERN, text)


@given(RATES_PER_S)
def test_a_written_rate_reads_back_the_same(rate_per_s: float) -> None:
    """To the last bit, and in the form that the schema asks for."""
    text = rate_text(rate_per_s)
    assert rate_per_s == parse_rate(text)
    assert re.search(RATE_PATTERN, text)


@given(
    st.lists(
        st.tuples(
            st.decimals(0, 99, places=1).map(lambda one: f"{one:g}"),
            st.sampled_from(["", " "]),
            st.sampled_from([*DURATION_UNITS_US]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", " "]),
)
def test_the_schema_allows_exactly_the_sums_that_are_read(
    parts: list[tuple[str, str, str]], between: str
) -> None:
    """In whatever order units come, and wherever a fraction is."""
    text = between.join("".join(part) for part in parts)
    try:
        duration_us = parse_duration(text)
    except ValueError as error:
        if "finer" not in str(error):
            assert not re.search(DURATION_PATTERN, text), text
        return
    assert re.search(DURATION_PATTERN, text), text
    exact_us = sum(Decimal(one) * DURATION_UNITS_US[unit] for one, _, unit in parts)
    assert exact_us == duration_us


@given(st.decimals(0, 1_000, places=4), st.sampled_from([*DURATION_UNITS_US]))
def test_what_the_schema_allows_is_read_or_too_fine(amount: Decimal, unit: str) -> None:
    """The pattern and the parser do not disagree about the form."""
    text = f"{amount:f}{unit}"
    exact_us = amount * DURATION_UNITS_US[unit]
    assert re.search(DURATION_PATTERN, text)
    if exact_us == int(exact_us):
        assert int(exact_us) == parse_duration(text)
    else:
        with pytest.raises(ValueError, match="finer than a microsecond"):
            parse_duration(text)
