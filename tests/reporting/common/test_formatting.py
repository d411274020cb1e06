"""Numbers and names as words: three digits, the right unit, nothing unseen."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invitelab.reporting.common.formatting import (
    GROUP_SPACE,
    MINUS,
    Unit,
    clean,
    compact,
    count,
    duration,
    exact,
    figures,
    file_name,
    grouped,
    listed,
    measured,
    measured_range,
    percent,
    percentile,
    plural,
    share,
    short,
)

MICRO = "\N{MICRO SIGN}"
HIDDEN = "\x00\x1b[31m\x07\u202e\u2066\u200b\ud800\x9b"


def spaces(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value_us", "words"),
    [
        (0, "0 s"),
        (1, f"1 {MICRO}s"),
        (850, f"850 {MICRO}s"),
        (3_660, "3.66 ms"),
        (408_000, "408 ms"),
        (999_600, "1 s"),
        (1_250_000, "1.25 s"),
        (59_990_000, "1 min"),
        (130_000_000, "2 min 10 s"),
        (3_600_000_000, "1 h"),
        (90_061_000_000, "1 d 1 h"),
        (-3_000, f"{MINUS}3 ms"),
    ],
)
def test_a_duration_has_the_unit_people_use(value_us: float, words: str) -> None:
    """Three digits below a minute, two units above."""
    assert words == spaces(duration(value_us))


@given(st.integers(min_value=0, max_value=10**15))
def test_no_duration_is_empty_or_has_a_sixtieth_second(value_us: int) -> None:
    """Rounding carries into the next unit."""
    words = spaces(duration(value_us))
    assert words
    assert not words.endswith(("60 s", "60 min", "24 h"))
    assert not words.startswith("1 000")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (3.6612, "3.66"),
        (12_345.6, "12 346"),
        (-2, f"{MINUS}2"),
    ],
)
def test_a_figure_has_three_digits(value: float, words: str) -> None:
    """And thousands stand apart."""
    assert words == spaces(figures(value))


def test_quantities_are_whole_or_short() -> None:
    """Where there is room, and where there is not."""
    assert "1 234 567" == spaces(count(1_234_567))
    assert ["999", "10 k", "1 M", "5.83 G"] == [
        spaces(compact(n)) for n in (999, 10_000, 999_900, 5_827_950_000)
    ]
    assert f"{MINUS}1 000" == spaces(grouped(-1000))


def test_shares_and_percentiles_keep_the_digits_that_matter() -> None:
    """A share has three, a percentile as many as tell it from 100 %."""
    assert ["67.8 %", "0 %"] == [spaces(share(0.6781)), spaces(share(0))]
    assert ["p50", "p99.9", "p99.999"] == [percentile(p) for p in (0.5, 0.999, 0.99999)]
    assert "99.944 %" == spaces(percent(0.99944))
    assert ["20 %", "98.4 %"] == [spaces(percent(p)) for p in (0.2057, 0.9842)]


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9))
@example(0.9995)
def test_a_share_is_written_in_plain_digits_and_is_neither_none_nor_all(
    value: float,
) -> None:
    """`1e-05 %` means nothing to most readers, and 99.97 % is not 100 %."""
    words = spaces(share(value)).removesuffix(" %")
    assert re.fullmatch(r"\d+(\.\d+)?", words)
    assert 0 < float(words) < 100
    assert float(words) == pytest.approx(100 * value, rel=0.0051)


def test_nouns_and_lists_read_as_sentences() -> None:
    """One is singular, the last is joined by a word."""
    assert ["1 run", "2 runs"] == [plural(1, "run"), plural(2, "run")]
    assert ["", "a", "a and b", "a, b and c"] == [listed("abc"[:n]) for n in range(4)]


@given(st.text(alphabet=st.characters()) | st.just(HIDDEN))
def test_clean_text_has_no_unseen_character(text: str) -> None:
    """Whatever a name holds, it can be encoded and changes no direction."""
    shown = clean(text)
    shown.encode()
    kinds = {unicodedata.category(char) for char in shown}
    assert set[str]() == kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(short(text, 10)) <= 10


def test_cleaning_leaves_a_number_with_its_unit() -> None:
    """Words of our own pass through it unchanged, and other spaces become one."""
    assert duration(130_000_000) == clean(duration(130_000_000))
    assert "a b" == clean(" a\t\n\u2028 b ")


def test_a_name_of_a_file_stays_in_its_folder() -> None:
    """No separators and no dots."""
    assert "___etc_notify_delay-1" == file_name("../etc/notify_delay-1")
    assert "_" == file_name("")


# With four digits, or with all


@pytest.mark.parametrize(
    ("expected", "value", "unit"),
    [
        ("400 ms", 400_000, "us"),
        ("408.2 ms", 408_249.7, "us"),
        (f"999.6 {MICRO}s", 999.6, "us"),
        (f"0.4 {MICRO}s", 0.4, "us"),
        ("1 s", 999_960, "us"),
        ("120 s", 120_000_000, "us"),
        ("-3.2 s", -3_200_000, "us"),
        ("0 s", 0, "us"),
        ("0.6021", 0.60213, "1"),
        ("0.00042", 0.00042, "1"),
        ("0", 0, "1"),
        (f"123{GROUP_SPACE}457", 123_456.7, "1"),
        (f"120{GROUP_SPACE}000", 120_000, "1"),
    ],
)
def test_a_measured_figure_has_four_digits(
    expected: str, value: float, unit: Unit
) -> None:
    """And the unit that suits it."""
    assert expected == measured(value, unit)


@pytest.mark.parametrize(
    ("expected", "value", "unit"),
    [
        ("408.2497 ms", 408_249.7, "us"),
        ("0.05", 0.05, "1"),
        ("0.123456", 0.123456, "1"),
        (f"30{GROUP_SPACE}000", 30_000, "1"),
    ],
)
def test_a_bound_keeps_its_digits(expected: str, value: float, unit: Unit) -> None:
    """The bound of a promise is shown as it was written."""
    assert expected == exact(value, unit)


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
    assert expected == measured_range(low, high, unit)


@given(st.integers(min_value=0, max_value=999_999))
def test_a_bound_can_be_read_back(micro: int) -> None:
    """Six decimals lose nothing."""
    assert micro / 1e6 == float(exact(micro / 1e6, "1"))
