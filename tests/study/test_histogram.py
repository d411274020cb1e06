"""Histograms: exact counts, values to half a percent, merges in any order."""

import pickle
from fractions import Fraction
from math import ceil, inf
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.study.histogram import (
    LEAST_BEYOND,
    Histogram,
    bounds,
    index_of,
)

VALUE = st.one_of(
    st.integers(min_value=0, max_value=2000),
    st.integers(min_value=0, max_value=10**13),
)
VALUES = st.lists(VALUE, min_size=1, max_size=60)
ANY_VALUES = st.lists(st.integers(min_value=-(10**13), max_value=10**13), max_size=60)
PROBABILITY = st.one_of(
    st.floats(min_value=0, max_value=1),
    st.sampled_from([0.0, 0.01, 0.07, 0.5, 0.9, 0.99, 0.999, 1.0]),
)
WIDEST = Fraction(4, 1000)


def histogram_of(values: list[int]) -> Histogram:
    """Count all of them."""
    histogram = Histogram()
    for value in values:
        histogram.record(value)
    return histogram


def test_small_values_are_kept_as_they_are() -> None:
    """Below 512 a bin holds one value."""
    expected = tuple((value, value + 1, 1) for value in range(512))
    assert expected == histogram_of(list(range(512))).bins()


def test_a_quantile_is_the_value_at_the_rank_rounded_up() -> None:
    """Of a hundred values the 7 % quantile is the seventh, whatever 0.07 is in bits."""
    assert 7 == histogram_of(list(range(1, 101))).quantile(0.07)


def test_the_least_value_has_the_first_rank() -> None:
    """Even the quantile of probability zero is a value, with the others beyond it."""
    histogram = histogram_of([3, 4, 5])
    assert (1, 3, 2) == (histogram.rank(0), histogram.quantile(0), histogram.beyond(0))


def test_nothing_has_no_figures() -> None:
    """An empty histogram has neither mean nor quantile nor curve."""
    empty = Histogram()
    assert (None, None, None) == (empty.mean, empty.minimum, empty.maximum)
    assert (None, ()) == (empty.quantile(0.5), empty.curve([0.5]))


def test_negative_values_are_counted_apart() -> None:
    """They have bins of their own, without their sign, and the least is kept."""
    histogram = histogram_of([-5, -1, -1, 3])
    assert (3, 4, -5, -1) == (
        histogram.negative,
        histogram.count,
        histogram.minimum,
        histogram.mean,
    )
    assert ((3, 4, 1),) == histogram.bins()
    assert ((1, 2, 2), (5, 6, 1)) == histogram.early_bins()


def test_quantiles_of_negative_values_are_as_exact_as_others() -> None:
    """Those of the values without their sign are the same, from the other end."""
    histogram = histogram_of([-5, -1, 3])
    assert (-5, -1, 3) == tuple(histogram.quantile(p) for p in (0.1, 0.5, 0.9))
    values = [int(2 ** (n / 9)) + 1 for n in range(256)]
    early, late = histogram_of([-value for value in values]), histogram_of(values)
    for rank in range(1, 257):
        a, b = early.quantile(rank / 256), late.quantile((257 - rank) / 256)
        assert a is not None
        assert b is not None
        assert abs(a + b) <= 1 + b / 256


def test_negative_values_are_the_same_one_by_one_and_all_at_once() -> None:
    """In `record`, `record_all` and `merge`."""
    values = [-70_000, -700, -2, 0, 5, 90_000]
    at_once, merged = Histogram(), Histogram()
    at_once.record_all(np.array(values))
    merged.merge(histogram_of(values[:3]))
    merged.merge(histogram_of(values[3:]))
    assert histogram_of(values) == at_once == merged


def test_a_quantile_needs_ten_samples_beyond() -> None:
    """The 99 % quantile of 1,000 is supported, that of 999 is not."""
    histogram = histogram_of(list(range(999)))
    assert (LEAST_BEYOND - 1, None) == (
        histogram.beyond(0.99),
        histogram.supported(0.99),
    )
    histogram.record(0)
    assert (LEAST_BEYOND, 988) == (
        histogram.beyond(0.99),
        histogram.quantile(0.99),
    )
    assert 988 == histogram.supported(0.99)


def test_what_never_happens_needs_no_more_samples() -> None:
    """An outage is told of a short run, too: ten are enough to be beyond doubt."""
    outage = histogram_of([1, 2, 3])
    outage.never = LEAST_BEYOND - 1
    assert outage.supported(0.5) is None
    assert not outage.is_never(0.99)
    outage.never = LEAST_BEYOND
    assert inf == outage.supported(0.5)
    assert outage.is_never(0.99)
    mostly = histogram_of(list(range(999)))
    mostly.never = LEAST_BEYOND
    assert mostly.supported(0.99) == mostly.quantile(0.99) != inf


def test_a_curve_ends_where_support_ends() -> None:
    """Points beyond the last that ten samples support are left out."""
    curve = histogram_of(list(range(1, 101))).curve([0.99, 0.5, 0.9, 0.901])
    assert ((0.5, 50), (0.9, 90)) == curve


@pytest.mark.parametrize("probability", [-0.01, 1.01, float("nan")])
def test_a_probability_is_from_0_to_1(probability: float) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="from 0 to 1"):
        Histogram().quantile(probability)


def test_a_value_is_seen_at_least_once() -> None:
    """A count of zero would leave an empty bin."""
    with pytest.raises(ValueError, match="at least once"):
        Histogram().record(1, 0)


@pytest.mark.parametrize("lower", [-1, 513])
def test_bins_of_another_layout_are_refused(lower: int) -> None:
    """A negative bin is refused, and one that begins inside another."""
    with pytest.raises(ValueError, match="not a bin of this layout"):
        Histogram.from_bins([(lower, lower + 1, 1)])


def test_memory_does_not_grow_with_the_samples() -> None:
    """Whatever is recorded, there are at most 256 bins an octave."""
    random = Random(1)
    histogram = histogram_of([int(2 ** random.uniform(0, 40)) for _ in range(100_000)])
    assert len(histogram.counts) <= 256 * (40 - 7)


@given(VALUE)
def test_a_bin_holds_its_values_and_is_narrow(value: int) -> None:
    """Every value is inside its bin, which is at most 0.4 % of it wide."""
    lower, upper = bounds(index_of(value))
    assert lower <= value < upper
    assert upper - lower == 1 or upper - lower <= WIDEST * lower


@given(st.integers(min_value=0, max_value=20_000))
def test_bins_follow_each_other_without_a_gap(index: int) -> None:
    """Where one bin ends the next begins."""
    assert bounds(index)[1] == bounds(index + 1)[0]


@given(VALUES)
def test_recording_finds_the_same_bin_as_index_of(values: list[int]) -> None:
    """The written-out arithmetic is that of `index_of`."""
    assert {index_of(value) for value in values} == histogram_of(values).counts.keys()


@given(VALUES, PROBABILITY)
def test_a_quantile_is_within_one_bin_of_the_order_statistic(
    values: list[int], probability: float
) -> None:
    """Inside the bin of the exact value, and no further than what was seen."""
    rank = max(1, ceil(Fraction(str(probability)) * len(values)))
    exact = sorted(values)[rank - 1]
    quantile = histogram_of(values).quantile(probability)
    assert quantile is not None
    lower, upper = bounds(index_of(exact))
    assert lower <= quantile < upper
    assert min(values) <= quantile <= max(values)


def test_a_quantile_inside_a_bin_is_not_rounded_up() -> None:
    """Of even values the median is in the middle, not at the end of its bin."""
    lower, upper = bounds(index_of(80_000))
    values = list(range(lower - 1000, upper + 1000))
    median = histogram_of(values).quantile(0.5)
    assert pytest.approx(sorted(values)[len(values) // 2], abs=2) == median


def test_a_bin_that_holds_one_sample_in_four_leaves_its_quantile_open() -> None:
    """Three of twelve in one bin are too many to interpolate, two are not."""
    lower, upper = bounds(index_of(80_000))
    apart = [1000 * step for step in range(1, 10)]
    lumped = histogram_of([*apart, lower + 5, lower + 6, lower + 9, 10**9])
    assert (lower, upper - 1) != lumped.span(0.75)
    lumped = histogram_of([*apart[:8], lower + 5, lower + 6, lower + 9, 10**9])
    assert (lower, upper - 1) == lumped.span(0.75)


def test_nothing_has_no_span() -> None:
    """There is no bin that a quantile could be in."""
    with pytest.raises(ValueError, match="no values"):
        Histogram().span(0.5)


@given(ANY_VALUES, st.lists(PROBABILITY, max_size=20))
def test_a_curve_is_made_of_supported_quantiles(
    values: list[int], probabilities: list[float]
) -> None:
    """Each point is what the quantile alone would be."""
    histogram = histogram_of(values)
    expected = [
        (probability, histogram.supported(probability))
        for probability in sorted(set(probabilities))
    ]
    shown = [point for point in expected if point[1] is not None]
    assert tuple(shown) == histogram.curve(probabilities)


@given(st.lists(ANY_VALUES, max_size=6), st.randoms())
def test_merging_in_any_order_is_recording_at_once(
    parts: list[list[int]], random: Random
) -> None:
    """Neither the cut nor the order of the parts shows in the result."""
    whole = histogram_of([value for part in parts for value in part])
    histograms = [histogram_of(part) for part in parts] + [Histogram()]
    random.shuffle(histograms)
    while len(histograms) > 1:
        one = histograms.pop(random.randrange(len(histograms)))
        histograms[random.randrange(len(histograms))].merge(one)
    assert whole == histograms[0]


@given(ANY_VALUES)
def test_merging_leaves_the_other_as_it_is(values: list[int]) -> None:
    """What is added to a sum does not change, not even when it is added to itself."""
    other, total = histogram_of(values), Histogram()
    total.merge(other)
    total.record(7)
    assert histogram_of(values) == other
    other.merge(other)
    assert histogram_of(values * 2) == other


@given(VALUE, st.integers(min_value=1, max_value=50))
def test_a_count_is_as_many_recordings(value: int, count: int) -> None:
    """`record(value, 3)` is `record(value)` three times."""
    histogram = Histogram()
    histogram.record(value, count)
    assert histogram_of([value] * count) == histogram


@given(VALUES)
def test_the_mean_is_exact(values: list[int]) -> None:
    """It is that of the values, not of their bins."""
    assert float(Fraction(sum(values), len(values))) == histogram_of(values).mean


@given(VALUES)
def test_bins_can_be_read_back(values: list[int]) -> None:
    """What is rebuilt from bins has these bins."""
    bins = histogram_of(values).bins()
    assert bins == Histogram.from_bins(bins).bins()


@given(ANY_VALUES)
def test_a_histogram_travels_to_another_process(values: list[int]) -> None:
    """It is equal after pickling."""
    histogram = histogram_of(values)
    assert histogram == pickle.loads(pickle.dumps(histogram))  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("expected", "value"), [(1, -1), (1, 9), (3, 10), (6, 20.5), (6, 99), (7, 100)]
)
def test_samples_are_counted_up_to_a_value(expected: int, value: float) -> None:
    """Itself included, and without what never happened."""
    seen = Histogram(never=5)
    for sample in (-3, 10, 10, 20, 20, 20, 100):
        seen.record(sample)
    assert expected == seen.upto(value)


def test_inside_a_bin_samples_lie_evenly() -> None:
    """A half of them up to the middle of what was seen there."""
    seen = Histogram()
    seen.record(102_400, 50)
    seen.record(102_500, 50)
    assert (0, 50, 100) == (seen.upto(102_399), seen.upto(102_450), seen.upto(102_500))
