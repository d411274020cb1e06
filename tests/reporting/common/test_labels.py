"""Labels keep apart, in order, and as near to their places as they can."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.reporting.common.labels import spread


def test_labels_with_room_stay_where_they_are() -> None:
    """Nothing moves without need."""
    assert [10, 100, 250] == spread([10, 100, 250], [30, 30], low=0)
    assert pytest.approx([0.1, 0.5, 0.9]) == spread([0.1, 0.5, 0.9], [0.1] * 2, low=0)


def test_labels_of_one_place_stand_one_after_the_other() -> None:
    """From the first place there is, and up to the last."""
    assert [50, 80, 102] == spread([50, 50, 50], [30, 22], low=50)
    assert [48, 78, 100] == spread([100, 100, 100], [30, 22], low=0, high=100)


def test_a_group_moves_to_both_sides_as_little_as_it_can() -> None:
    """Its middle stays, and what is far away does not move."""
    assert [0, 185, 215, 400] == spread([0, 200, 200, 400], [30, 30, 30], low=0)


def test_nothing_has_no_positions() -> None:
    """There is no label to move; a gap too many or too few is a mistake."""
    assert [] == spread([], [], low=0)
    with pytest.raises(ValueError, match=r"longer|shorter"):
        spread([1, 2], [], low=0)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=30).map(sorted),
    st.integers(1, 60),
)
def test_labels_never_lie_on_each_other(places: list[int], gap: int) -> None:
    """Nor before the first place, however close they are."""
    found = spread(places, [gap] * (len(places) - 1), low=0)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(found))
    assert found[0] >= 0


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12).map(sorted),
    st.floats(0.01, 0.2),
)
def test_labels_stay_between_the_ends(places: list[float], gap: float) -> None:
    """Where there is no room the gaps shrink evenly."""
    moved = spread(places, [gap] * (len(places) - 1), low=0, high=1)
    room = min(gap, 1 / max(len(places) - 1, 1))
    assert len(moved) == len(places)
    assert all(b - a >= room - 1e-9 for a, b in pairwise(moved))
    assert min(moved) >= -1e-9
    assert max(moved) <= 1 + 1e-9
