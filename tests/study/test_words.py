"""A bound is repeated as it was written, a figure is cut to four digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.study.words import Unit, bound, figure, interval

THIN = "\N{THIN SPACE}"
MICROSECOND = "\N{MICRO SIGN}s"


@pytest.mark.parametrize(
    ("expected", "value", "unit"),
    [
        ("400 ms", 400_000, "us"),
        ("408.2 ms", 408_249.7, "us"),
        (f"999.6 {MICROSECOND}", 999.6, "us"),
        (f"0.4 {MICROSECOND}", 0.4, "us"),
        ("1 s", 999_960, "us"),
        ("120 s", 120_000_000, "us"),
        ("-3.2 s", -3_200_000, "us"),
        ("0 s", 0, "us"),
        ("0.6021", 0.60213, "1"),
        ("0.00042", 0.00042, "1"),
        ("0", 0, "1"),
        (f"123{THIN}457", 123_456.7, "1"),
        (f"120{THIN}000", 120_000, "1"),
    ],
)
def test_a_figure_has_four_digits(expected: str, value: float, unit: Unit) -> None:
    """And the unit that suits it."""
    assert expected == figure(value, unit)


@pytest.mark.parametrize(
    ("expected", "value", "unit"),
    [
        ("408.2497 ms", 408_249.7, "us"),
        ("0.05", 0.05, "1"),
        ("0.123456", 0.123456, "1"),
        (f"30{THIN}000", 30_000, "1"),
    ],
)
def test_a_bound_keeps_its_digits(expected: str, value: float, unit: Unit) -> None:
    """Nobody is told of a promise that is not the one made."""
    assert expected == bound(value, unit)


@pytest.mark.parametrize(
    ("expected", "low", "high", "unit"),
    [
        ("396 to 420 ms", 396_000, 420_000, "us"),
        ("0.9 to 1.2 s", 900_000, 1_200_000, "us"),
        ("0 to 1 s", -3, 1_000_000, "us"),
        ("0.04 to 0.06", 0.04, 0.06, "1"),
    ],
)
def test_an_interval_has_one_unit(
    expected: str, low: float, high: float, unit: Unit
) -> None:
    """That of its larger end, with as many decimals for both."""
    assert expected == interval(low, high, unit)


@given(st.integers(min_value=0, max_value=999_999))
def test_a_bound_can_be_read_back(micro: int) -> None:
    """Six decimals lose nothing."""
    assert micro / 1e6 == float(bound(micro / 1e6, "1"))
