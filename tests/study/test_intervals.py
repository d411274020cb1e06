"""Intervals are those of Student's t, with their nominal coverage."""

import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.ranges import MOST
from invitelab.formats.results import Estimate
from invitelab.study.intervals import (
    binned,
    estimate,
    fraction,
    paired,
    positive,
    proportion,
    student_t,
    tails_of_t,
    unpaired,
)

# The columns up to 0.995 and rows up to 99 are printed with three decimals in the
# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2 "Critical Values of the
# Student's t Distribution"; the rest is that of scipy.stats.t.ppf (SciPy 1.17.1).
KNOWN = {
    1: (6.313752, 12.706205, 63.656741, 636.619249),
    2: (2.919986, 4.302653, 9.924843, 31.599055),
    3: (2.353363, 3.182446, 5.840909, 12.923979),
    4: (2.131847, 2.776445, 4.604095, 8.610302),
    5: (2.015048, 2.570582, 4.032143, 6.868827),
    6: (1.943180, 2.446912, 3.707428, 5.958816),
    9: (1.833113, 2.262157, 3.249836, 4.780913),
    10: (1.812461, 2.228139, 3.169273, 4.586894),
    19: (1.729133, 2.093024, 2.860935, 3.883406),
    29: (1.699127, 2.045230, 2.756386, 3.659405),
    99: (1.660391, 1.984217, 2.626405, 3.391529),
    999: (1.646380, 1.962341, 2.580760, 3.300292),
}
PROBABILITIES = (0.95, 0.975, 0.995, 0.9995)
VALUE = st.floats(min_value=-1e9, max_value=1e9)
INSIDE = st.floats(min_value=0.001, max_value=0.999)


def four_degrees(probability: float) -> float:
    """The quantile of four degrees of freedom, which has a closed form."""
    root = math.sqrt(4 * probability * (1 - probability))
    squared = 4 * (math.cos(math.acos(root) / 3) / root - 1)
    return math.copysign(math.sqrt(max(0, squared)), probability - 0.5)


def limits(given: Estimate) -> tuple[float, float]:
    """Both ends of an interval that is there."""
    assert given.low is not None
    assert given.high is not None
    return given.low, given.high


@pytest.mark.parametrize("degrees", KNOWN)
def test_a_quantile_of_t_is_the_tables(degrees: int) -> None:
    """To a relative error of 1e-5, ten times better than promised."""
    quantiles = [student_t(probability, degrees) for probability in PROBABILITIES]
    assert pytest.approx(KNOWN[degrees], rel=1e-5) == tuple(quantiles)


def test_the_interval_of_five_values_is_the_one_of_the_books() -> None:
    """Mean 3, deviation the root of 2.5, four degrees: 3 -+ 1.9632."""
    interval = estimate([1, 2, 3, 4, 5])
    assert 3 == interval.mean
    assert pytest.approx((1.0368, 4.9632), abs=1e-4) == limits(interval)


def test_one_value_has_no_interval() -> None:
    """The scatter of a single value is unknown."""
    assert Estimate(mean=4.5) == estimate([4.5])


def test_no_values_have_no_mean() -> None:
    """They are refused."""
    with pytest.raises(ValueError, match="no values"):
        estimate([])


def test_equal_values_have_an_interval_of_no_width() -> None:
    """The mean is the value itself, to the last bit."""
    expected = Estimate(mean=0.1, low=0.1, high=0.1)
    assert [expected] * 28 == [estimate([0.1] * count) for count in range(2, 30)]


def test_paired_differences_shed_what_pairs_share() -> None:
    """A constant step is certain, however much the pairs scatter."""
    expected = Estimate(mean=1, low=1, high=1)
    assert expected == paired([10, 200, 3000], [11, 201, 3001]).interval()


def test_pairs_are_complete() -> None:
    """A value without its partner is refused."""
    with pytest.raises(ValueError, match="shorter"):
        paired([1, 2], [1])


def test_unpaired_values_keep_their_own_scatter() -> None:
    """The worked example: errors 1 and 2, so the root of 5; degrees 2.94, so 2."""
    root = math.sqrt(3)
    pair = ([10 - root, 10, 10 + root], [20 - 2 * root, 20, 20 + 2 * root])
    interval = unpaired(*pair).interval()
    half = 4.302653 * math.sqrt(5)
    assert pytest.approx(10) == interval.mean
    assert pytest.approx((10 - half, 10 + half), rel=1e-4) == limits(interval)


def test_unpaired_single_values_have_no_interval() -> None:
    """With one value on either side its scatter is unknown."""
    found = unpaired([1], [4, 6, 5])
    assert (Estimate(mean=4), False) == (found.interval(), found.excludes_zero())


def test_unpaired_equal_values_have_an_interval_of_no_width() -> None:
    """Without scatter on either side, the difference has none."""
    found = unpaired([1, 1], [3, 3, 3])
    assert Estimate(mean=2, low=2, high=2) == found.interval()
    assert found.probability == 0


def test_a_difference_is_no_surer_than_its_values_can_be_read() -> None:
    """Three equal differences scatter as values with a resolution of 1."""
    step = 1 / math.sqrt(12)
    found = paired([5, 5, 5], [6, 6, 6], blur=step)
    half = 4.302653 * step * math.sqrt(2 / 3)
    assert pytest.approx((1 - half, 1 + half), rel=1e-5) == limits(found.interval())
    apart = unpaired([5, 5, 5], [6, 6, 6], blur=step)
    assert pytest.approx(found.deviation) == apart.deviation


@pytest.mark.parametrize("degrees", KNOWN)
def test_the_tails_of_t_are_the_tables(degrees: int) -> None:
    """Beyond the 0.995 quantile on both sides is a probability of 0.01."""
    for probability, value in zip(PROBABILITIES, KNOWN[degrees], strict=True):
        expected = 2 * (1 - probability)
        assert pytest.approx(expected, rel=1e-5) == tails_of_t(value, degrees)


@pytest.mark.parametrize(("probability", "degrees"), [(0, 3), (1, 3), (0.9, 0)])
def test_what_has_no_quantile_is_refused(probability: float, degrees: int) -> None:
    """A probability of 1 and no degrees of freedom have none."""
    with pytest.raises(ValueError, match=r"probability|degrees"):
        student_t(probability, degrees)


def test_the_interval_holds_the_mean_95_times_in_100() -> None:
    """Over 4,000 samples of five, within four standard deviations of that share."""
    random = Random(7)
    rounds = 4000
    held = 0
    for _ in range(rounds):
        low, high = limits(estimate([random.gauss(50, 9) for _ in range(5)]))
        held += low <= 50 <= high
    scatter = math.sqrt(0.95 * 0.05 / rounds)
    assert pytest.approx(0.95, abs=4 * scatter) == held / rounds


@given(INSIDE)
def test_t_of_four_degrees_is_its_closed_form(probability: float) -> None:
    """All along the curve, not only at the ends that tables print."""
    expected = four_degrees(probability)
    assert pytest.approx(expected, rel=1e-5, abs=1e-6) == student_t(probability, 4)


@given(INSIDE)
def test_t_of_many_degrees_is_normal(probability: float) -> None:
    """With ever more degrees the normal distribution is left."""
    expected = NormalDist().inv_cdf(probability)
    assert pytest.approx(expected, abs=1e-4) == student_t(probability, 10**6)


@given(INSIDE, st.integers(min_value=1, max_value=200))
def test_t_is_symmetric(probability: float, degrees: int) -> None:
    """The quantiles of p and 1 - p cancel."""
    total = student_t(probability, degrees) + student_t(1 - probability, degrees)
    assert pytest.approx(0, abs=1e-9 * student_t(0.9999, degrees)) == total


@given(st.lists(VALUE, min_size=2, max_size=20), st.randoms())
def test_the_order_of_replications_does_not_matter(
    values: list[float], random: Random
) -> None:
    """Not even in the last bit, so any number of workers gives the same report."""
    shuffled = random.sample(values, len(values))
    assert estimate(values) == estimate(shuffled)


# On the scale that fits


PART = st.floats(min_value=0, max_value=1)
COUNTS = st.lists(
    st.integers(min_value=1, max_value=500).flatmap(
        lambda of: st.tuples(st.integers(min_value=0, max_value=of), st.just(of))
    ),
    min_size=2,
    max_size=12,
)


def test_a_positive_mean_has_its_interval_as_factors() -> None:
    """Mean 3 and half width 1.9632 are a factor of exp(0.6544) both ways."""
    factor = math.exp(0.654399)
    found = limits(positive([1, 2, 3, 4, 5]))
    assert pytest.approx((3 / factor, 3 * factor), rel=1e-4) == found


def test_a_proportion_that_does_not_scatter_is_wilsons() -> None:
    """The worked example: 20 of 100 in all, 0.1334 to 0.2888."""
    found = limits(proportion([0.2] * 4, trials=[25] * 4))
    assert pytest.approx((0.1334, 0.2888), abs=5e-5) == found


def test_a_proportion_that_scatters_has_the_interval_of_fewer_trials() -> None:
    """As many trials as would scatter so, and fewer for few replications."""
    shares = [0.2, 0.3, 0.4]
    # The variance of their mean is 1/300; 0.21 * 300 trials would have it.
    size = 63 * (1.959964 / 4.302653) ** 2
    z = 1.959964
    middle = (0.3 + z * z / size / 2) / (1 + z * z / size)
    half = z / (1 + z * z / size) * math.sqrt(0.21 / size + (z / size / 2) ** 2)
    expected = (middle - half, middle + half)
    found = limits(proportion(shares, trials=[1000] * 3))
    assert pytest.approx(expected, rel=1e-4) == found


def test_an_interval_is_no_narrower_than_the_bin_of_its_figure() -> None:
    """Equal replications do not show where inside a bin a figure is."""
    found = binned([80_100] * 5, spans=[(79_872, 80_127)] * 5)
    assert Estimate(mean=80_100, low=79_872, high=80_127) == found


def test_a_single_figure_has_no_interval_on_any_scale() -> None:
    """The scatter of a single value is unknown."""
    found = [
        positive([0.5]),
        fraction([0.5]),
        proportion([0.5], trials=[2]),
        binned([0.5], spans=[(0, 1)]),
    ]
    assert [Estimate(mean=0.5)] * 4 == found


def test_a_defect_below_zero_is_not_hidden_by_a_scale() -> None:
    """A time that is negative has an interval which shows it."""
    assert estimate([-5, 3, 4]) == positive([-5, 3, 4])


@given(st.lists(PART, min_size=2, max_size=12))
def test_no_interval_leaves_what_its_figure_can_be(values: list[float]) -> None:
    """A fraction is from 0 to 1, a time is not below zero, and the mean is inside."""
    mean = estimate(values).mean
    low, high = limits(fraction(values))
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1
    low, high = limits(positive(values))
    assert 0 <= low <= mean <= high < math.inf


@given(COUNTS)
def test_a_proportion_is_never_certain(counts: list[tuple[int, int]]) -> None:
    """From 0 to 1, around the mean, and never without a width."""
    shares = [number / of for number, of in counts]
    found = proportion(shares, trials=[of for _, of in counts])
    low, high = limits(found)
    assert 0 <= low <= found.mean <= high <= 1
    assert low < high


def test_whole_numbers_that_agree_leave_a_step_open() -> None:
    """Two peaks of 14 may be means of 13.6 and 14.4: a step of one is not seen."""
    found = positive([14, 14], blur=12**-0.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 13
    assert found.high > 15


def test_a_part_near_one_has_an_interval_that_tells_something() -> None:
    """Cut off at one, and no wider than Student's."""
    found = fraction([0.995, 0.997])
    assert found.high == 1
    assert found.low == pytest.approx(0.996 - 12.7062 * 0.001, abs=1e-4)


def test_figures_that_scatter_without_measure_have_an_interval_that_can_be_told() -> (
    None
):
    """Three delays, of which one is millions of times the others; several looks."""
    found = positive([60_000_000_000, 1_000, 1_000], 0.001)
    assert found.high is not None
    assert found.mean < found.high <= MOST
