"""Axes: round marks within their ends."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from invitelab.reporting.common.formatting import compact, figures
from invitelab.reporting.load.plotting.ticks import (
    Scale,
    around,
    clock,
    durations,
    linear,
    log_durations,
    round_down,
    round_up,
)

MINUTE_US = 60_000_000


def words(scale: Scale) -> list[str]:
    """Give the words with ordinary spaces."""
    return [word.replace("\u00a0", " ").replace("\u202f", " ") for word in scale.labels]


def test_marks_are_steps_of_one_two_and_five() -> None:
    """The last is at or above the highest value."""
    assert (0, 50, 100, 150) == linear(130, figures, marks=3).marks
    assert ["0", "2 M", "4 M"] == words(linear(4e6, compact, marks=2))


def test_time_is_marked_where_clocks_are() -> None:
    """In minutes and not in hundreds of seconds."""
    assert ["0", "2 min", "4 min", "6 min"] == words(clock(0, 7 * MINUTE_US, marks=4))
    assert ["0", "30 s", "1 min"] == words(durations(50_000_000, marks=2))


def test_a_logarithmic_axis_of_time_has_minutes() -> None:
    """After ten seconds comes one minute."""
    assert ["1 s", "10 s", "1 min", "10 min"] == words(
        log_durations(900_000, 12 * MINUTE_US, marks=5)
    )


@given(st.floats(min_value=0, max_value=1e15, allow_nan=False))
def test_every_mark_lies_on_its_axis(high: float) -> None:
    """From nothing to a year, with at most a dozen marks."""
    for scale in (linear(high), durations(high), clock(0, high)):
        assert len(scale.marks) == len(scale.labels) <= 13
        assert all(scale.low <= mark <= scale.high for mark in scale.marks)
        assert all(a < b for a, b in pairwise(scale.marks))
    assert linear(high).high >= high


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=9))
def test_an_axis_around_values_holds_them_all(values: list[float]) -> None:
    """Also when all are the same."""
    scale = around(values, figures)
    assert scale.low < min(values)
    assert max(values) < scale.high
    assert len(set(scale.labels)) == len(scale.labels)


@given(st.floats(min_value=1e-3, max_value=1e12))
def test_rounding_goes_outwards(value: float) -> None:
    """By less than a factor of three."""
    assert value / 3 < round_down(value) <= value * 1.001
    assert value * 0.999 <= round_up(value) < value * 3
