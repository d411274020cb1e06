"""Looking often does not make wrong decisions more frequent."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.results import ObjectiveVerdict
from invitelab.study.intervals import ERROR, Interval, estimate, positive
from invitelab.study.looks import Looks
from invitelab.study.objectives import Promise, all_decided, judge

BOUND = 100.0
KEPT = Promise(metric="notify_delay", at_most=True, bound=BOUND, unit="us")
TRIALS = 400
FEWEST, MOST = 1, 300
COUNT = st.integers(min_value=FEWEST, max_value=MOST)


def verdict_after_looks(
    draw: Callable[[], float], looks: Looks, interval: Interval
) -> ObjectiveVerdict:
    """Add replications until the promise is decided, as a plan does."""
    figures = [draw() for _ in range(looks.first)]
    while True:
        error = looks.error(len(figures))
        found = judge(KEPT, figures, 1000, interval=interval, error=error)
        more = looks.after(len(figures)) - len(figures)
        if all_decided([found]) or not more:
            return found.verdict
        figures += [draw() for _ in range(more)]


def share_decided(most: int, *, skewed: bool = False) -> float:
    """How often a figure exactly on its bound is called met or missed."""
    random = Random(most)

    def draw() -> float:
        if skewed:
            return BOUND * random.gammavariate(16, 1 / 16)
        return random.gauss(BOUND, 7)

    looks, interval = Looks(5, most), positive if skewed else estimate
    verdicts = [verdict_after_looks(draw, looks, interval) for _ in range(TRIALS)]
    return 1 - verdicts.count(ObjectiveVerdict.UNDECIDED) / TRIALS


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("most", [11, 21, 51])
def test_a_figure_on_its_bound_is_seldom_called_met_or_missed(
    *, most: int, skewed: bool
) -> None:
    """In fewer than 5 of 100 runs, however many looks there may be."""
    assert share_decided(most, skewed=skewed) < ERROR


def test_a_single_look_has_the_plain_interval() -> None:
    """A run without further looks errs in 5 of 100, within three standard errors."""
    assert ERROR == Looks(5, 5).error(5) == Looks(5, 3).error(5)
    scatter = (0.05 * 0.95 / TRIALS) ** 0.5
    assert pytest.approx(ERROR, abs=3 * scatter) == share_decided(5)


@given(COUNT, COUNT)
def test_all_looks_together_have_the_whole_error_and_no_more(
    first: int, most: int
) -> None:
    """From the first look to the last, and each of them has some."""
    looks, at, errors = Looks(first, most), first, [Looks(first, most).error(first)]
    while looks.after(at) > at:
        at = looks.after(at)
        errors.append(looks.error(at))
    assert max(first, most) == at
    assert min(errors) > 0
    assert sum(errors) == pytest.approx(ERROR)


@given(COUNT, COUNT, COUNT)
def test_a_look_that_was_not_planned_has_no_more_than_what_is_left(
    first: int, most: int, cut_off: int
) -> None:
    """An interrupted run has spent what the looks before it have spent."""
    looks, at, spent = Looks(first, most), first, 0.0
    while at < cut_off and looks.after(at) > at:
        spent += looks.error(at)
        at = looks.after(at)
    if cut_off < at:
        assert 0 < looks.error(cut_off) <= ERROR - spent + 1e-12


@pytest.mark.parametrize(
    ("low_us", "high_us", "most"), [(383_800, 396_200, 5), (381_200, 398_800, 21)]
)
def test_the_interval_that_decides_is_the_one_that_is_shown(
    low_us: int, high_us: int, most: int
) -> None:
    """With its confidence, where that is not 95 %."""
    kept = Promise(metric="notify_delay", at_most=True, bound=400_000, unit="us")
    # Their standard deviation is 5 ms.
    figures = [383_675.44, 386_837.72, 390_000, 393_162.28, 396_324.56]
    error = Looks(5, most).error(5)
    found = judge(kept, figures, 1000, error=error)
    assert (ObjectiveVerdict.MET, 1 - error) == (found.verdict, found.confidence)
    assert found.estimate is not None
    ends = pytest.approx((low_us, high_us), abs=50)
    assert ends == (found.estimate.low, found.estimate.high)
