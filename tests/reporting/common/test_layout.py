"""Lines of words and round instants."""

import pytest

from invitelab.reporting.common.layout import ticks, wrapped


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
