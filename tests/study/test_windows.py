"""Windows of round widths, and integrals over them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.study.windows import MOST_WINDOWS, Spans, TimeWeightedValue, Windows

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
WEEK_US = 7 * 24 * 60 * MINUTE_US

SHORT = Windows(width_us=7, end_us=30)
INSTANTS = st.integers(min_value=0, max_value=30)


# Windows


@pytest.mark.parametrize(
    ("expected_us", "end_us"),
    [
        (SECOND_US, 1),
        (SECOND_US, MINUTE_US),
        (SECOND_US, 2 * MINUTE_US),
        (2 * SECOND_US, 2 * MINUTE_US + 1),
        (10 * SECOND_US, 13 * MINUTE_US),
        (10_000 * SECOND_US, WEEK_US),
    ],
)
def test_a_width_is_one_two_or_five(expected_us: int, end_us: int) -> None:
    """Times a power of ten, as small as the number of windows allows."""
    assert expected_us == Windows.for_run(end_us).width_us


@given(st.integers(min_value=1, max_value=WEEK_US))
def test_the_windows_hold_the_run(end_us: int) -> None:
    """All of it, in at most so many of them, the last of which is not empty."""
    windows = Windows.for_run(end_us)
    assert 1 <= len(windows) <= MOST_WINDOWS
    assert (len(windows) - 1) * windows.width_us < end_us
    assert end_us <= len(windows) * windows.width_us


@pytest.mark.parametrize(("expected", "at_us"), [(0, 0), (0, 6), (1, 7), (4, 30)])
def test_an_instant_is_in_one_window(expected: int, at_us: int) -> None:
    """The very end belongs to the last."""
    assert expected == SHORT.of(at_us)


def test_the_end_of_full_windows_is_in_the_last() -> None:
    """It would be the first instant of one more."""
    assert 1 == Windows(width_us=10, end_us=20).of(20)


# Time-weighted values


def test_a_value_is_weighted_with_its_time() -> None:
    """2 for three microseconds, 3 for three more."""
    value = TimeWeightedValue(SHORT, 0, 30)
    value.change(1, 2)
    value.change(4, 1)
    value.change(7, -3)
    value.advance_to(30)
    assert [2 * 3 + 3 * 3, 0, 0, 0, 0] == value.integral
    assert (3, 0) == (value.peak, value.value)


@given(
    st.lists(st.tuples(INSTANTS, st.integers(-3, 3)), max_size=20), INSTANTS, INSTANTS
)
def test_the_integral_of_a_value_is_the_sum_of_its_instants(
    changes: list[tuple[int, int]], one: int, other: int
) -> None:
    """In each window, and over the counted time."""
    begin_us, end_us = sorted((one, other))
    value = TimeWeightedValue(SHORT, begin_us, end_us)
    for at_us, by in sorted(changes):
        value.change(at_us, by)
    value.advance_to(30)
    values = [sum(by for at_us, by in changes if at_us <= us) for us in range(30)]
    assert [sum(values[us : us + 7]) for us in range(0, 30, 7)] == value.integral
    assert sum(values[begin_us:end_us]) == value.counted


# Spans


@given(st.lists(st.tuples(INSTANTS, st.integers(0, 60)), max_size=20))
def test_the_time_of_spans_is_the_sum_of_their_instants(
    given_spans: list[tuple[int, int]],
) -> None:
    """In each window, and without what is after the end of the run."""
    spans = Spans(SHORT)
    for begin_us, length_us in given_spans:
        spans.add(begin_us, begin_us + length_us)
    covering = [
        sum(begin <= us < begin + length for begin, length in given_spans)
        for us in range(30)
    ]
    assert [sum(covering[us : us + 7]) for us in range(0, 30, 7)] == spans.totals_us()


def test_a_span_after_the_end_is_nothing() -> None:
    """It is clipped."""
    spans = Spans(SHORT)
    spans.add(31, 500)
    assert [0, 0, 0, 0, 0] == spans.totals_us()
