"""Advice on warm-up finds the transient, and only where there is one."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.results import WarmUpFinding
from invitelab.study.warm_up import BATCH, LEAST_BATCHES, advise, best_cut

SETTLED = WarmUpFinding.SETTLED
NOT_SETTLED = WarmUpFinding.NOT_SETTLED
TOO_SHORT = WarmUpFinding.TOO_SHORT
SECOND_US = 1_000_000
WINDOWS = 600
SERIES = st.lists(st.floats(min_value=-1e6, max_value=1e6), max_size=120)


def noisy(settling: float, *, windows: int = WINDOWS) -> list[float]:
    """Draw a series that climbs to 10 with that time constant, in windows."""
    random = Random(3)
    return [
        10 * (1 - math.exp(-window / settling)) + random.gauss(0, 0.6)
        for window in range(windows)
    ]


def test_a_step_is_cut_where_it_is() -> None:
    """Of zeros before ones, exactly the zeros are cut."""
    assert 7 == best_cut([0] * 7 + [1] * 23)


def test_a_little_less_scatter_is_not_worth_half_the_samples() -> None:
    """What counts is the error of the mean that is left, not its variance."""
    assert 0 == best_cut([1, -1] * 5 + [0.99, -0.99] * 5)


def test_a_step_is_advised_in_virtual_time() -> None:
    """Twenty windows of ten seconds that are not like the others: 200 s."""
    advice = advise("pending", [0.0] * 20 + [5.0] * 80, 10 * SECOND_US)
    assert (SETTLED, 200 * SECOND_US) == (advice.finding, advice.advised_us)


def test_a_climb_is_cut_after_it_has_levelled() -> None:
    """Between two and ten time constants of the climb, at 3 % to 0.005 % of it."""
    advised = advise("pending", noisy(20), SECOND_US).advised_us
    assert 2 * 20 * SECOND_US < advised < 10 * 20 * SECOND_US


def test_a_steady_series_has_no_warm_up() -> None:
    """Equal values score equally, and the shortest cut is taken."""
    advice = advise("pending", [4.0] * 100, SECOND_US)
    assert (SETTLED, 0) == (advice.finding, advice.advised_us)


def test_a_series_that_never_settles_is_told_apart() -> None:
    """A steady climb: the optimum is at the limit, half of the run."""
    advice = advise("pending", [float(window) for window in range(100)], SECOND_US)
    assert (NOT_SETTLED, 50 * SECOND_US) == (advice.finding, advice.advised_us)


def test_a_short_series_gets_no_advice() -> None:
    """It says how long a run must be, which then is enough."""
    enough = [0.0] * BATCH + [1.0] * (LEAST_BATCHES - 1) * BATCH
    advice = advise("pending", enough[:-1], SECOND_US)
    assert (TOO_SHORT, 50 * SECOND_US) == (advice.finding, advice.needed_us)
    assert BATCH * SECOND_US == advise("pending", enough, SECOND_US).advised_us


def test_large_values_keep_their_digits() -> None:
    """The cut is the same far away from zero."""
    steps = [0.0] * 7 + [1.0] * 23
    assert 7 == best_cut([1e9 + step for step in steps])


def test_a_window_has_a_length() -> None:
    """No advice on windows of no time."""
    with pytest.raises(ValueError, match="a window is longer than 0"):
        advise("pending", [], 0)


@given(SERIES)
def test_never_more_than_half_is_advised(series: list[float]) -> None:
    """And always whole batches."""
    advised = advise("pending", series, 1).advised_us
    assert advised <= len(series) / 2
    assert 0 == advised % BATCH


def test_no_warm_up_is_advised_where_too_little_would_be_left() -> None:
    """After 20 s of 60 s there are 40 s, of which a lifetime of 120 s is not a part."""
    series = [0.0] * 20 + [5.0] * 40
    short = advise("pending", series, SECOND_US, left_us=120 * SECOND_US)
    assert (TOO_SHORT, 140 * SECOND_US) == (short.finding, short.needed_us)
    enough = advise("pending", series, SECOND_US, left_us=40 * SECOND_US)
    assert 20 * SECOND_US == enough.advised_us
