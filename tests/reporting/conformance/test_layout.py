"""Places of marks, lines of words and round instants."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.reporting.conformance.layout import spread, ticks, wrapped


def test_marks_with_room_stay_where_they_are() -> None:
    """To scale."""
    assert [10, 100, 250] == spread([10, 100, 250], [30, 30], least=0)


def test_marks_of_one_instant_stand_below_each_other() -> None:
    """From the first place there is."""
    assert [50, 80, 102] == spread([50, 50, 50], [30, 22], least=50)


def test_a_crowd_moves_to_both_sides_as_little_as_it_can() -> None:
    """Its middle stays, and a mark that is far away does not move."""
    assert [0, 185, 215, 400] == spread([0, 200, 200, 400], [30, 30, 30], least=0)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=30),
    st.integers(1, 60),
)
def test_marks_never_lie_on_each_other(wanted: list[int], apart: int) -> None:
    """Nor before the first place, whatever happened when."""
    found = spread(sorted(wanted), [apart] * (len(wanted) - 1), least=0)
    assert all(b - a >= apart - 1e-6 for a, b in pairwise(found))
    assert found[0] >= 0


def test_words_are_kept_whole_where_a_line_has_room() -> None:
    """And cut where one is longer than a line."""
    assert ["to be or", "not to be"] == wrapped("to be or not to be", 9, 5)
    assert ["abcd", "efgh", "i"] == wrapped("abcdefghi", 4, 5)


def test_what_has_no_room_is_seen_to_be_missing() -> None:
    """The last line ends in dots, and is no longer than the others."""
    assert ["aaaa", "bbb…"] == wrapped("aaaa bbbb cccc", 4, 2)


def test_a_wide_script_gets_half_as_many_characters() -> None:
    """Each is as wide as two."""
    assert ["漢字", "漢字"] == wrapped("漢字漢字", 4, 5)


@pytest.mark.parametrize(
    ("end", "instants"),
    [
        (0, [0]),
        (0.09, [0, 0.02, 0.04, 0.06, 0.08]),
        (10, [0, 2, 4, 6, 8, 10]),
        (121, [0, 30, 60, 90, 120]),
        (1e9, [0]),
    ],
)
def test_an_axis_has_round_instants(end: float, instants: list[float]) -> None:
    """Seven at most, the two minutes among them."""
    assert pytest.approx(instants) == ticks(end)
