"""A promise is met, missed or open, and the numbers say why."""

import random
from collections.abc import Sequence
from functools import partial
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.formats.results import Doubt, Objective, ObjectiveVerdict
from invitelab.study.intervals import positive, proportion
from invitelab.study.objectives import Promise, after_interruption, all_decided, judge

MET = ObjectiveVerdict.MET
MISSED = ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED
FAST = Promise(
    metric="notify_delay", quantile=0.99, at_most=True, bound=400_000, unit="us"
)
ACCEPTED = Promise(metric="accepted", at_most=False, bound=0.5, unit="1")
SLOW = Promise(
    metric="notify_delay", quantile=0.5, at_most=False, bound=1_000_000, unit="us"
)
SAMPLES = 10_000
FIGURES = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=12)


def verdict(
    figures: Sequence[float | None], *, made: Promise = FAST, samples: int = SAMPLES
) -> ObjectiveVerdict:
    """Judge, and keep the verdict alone."""
    return judge(made, figures, samples).verdict


@pytest.mark.parametrize(
    ("expected", "figures"),
    [
        (MET, [390_000, 391_000, 392_000]),
        (MISSED, [420_000, 421_000, 422_000]),
        (UNDECIDED, [380_000, 400_000, 410_000]),
        (UNDECIDED, [380_000, 400_000, 440_000]),
    ],
)
def test_the_whole_interval_decides_an_upper_bound(
    expected: ObjectiveVerdict, figures: list[float]
) -> None:
    """A mean on the good side is not enough, nor is one on the bad side."""
    assert expected == verdict(figures)


@pytest.mark.parametrize(
    ("expected", "figures"),
    [
        (MET, [0.60, 0.61, 0.62]),
        (MISSED, [0.40, 0.41, 0.42]),
        (UNDECIDED, [0.45, 0.50, 0.60]),
    ],
)
def test_the_whole_interval_decides_a_lower_bound(
    expected: ObjectiveVerdict, figures: list[float]
) -> None:
    """The good side is above."""
    assert expected == verdict(figures, made=ACCEPTED)


@pytest.mark.parametrize("made", [FAST, ACCEPTED])
@pytest.mark.parametrize("replications", [1, 2, 5])
def test_the_bound_itself_keeps_the_promise(made: Promise, replications: int) -> None:
    """At most and at least include it, and equal figures leave no doubt."""
    assert MET == verdict([made.bound] * replications, made=made)


def test_a_single_replication_is_judged_by_its_figure() -> None:
    """It has no interval."""
    judged = judge(FAST, [408_000], SAMPLES)
    assert judged.estimate is not None
    assert (MISSED, None) == (judged.verdict, judged.estimate.low)


def test_the_only_figure_of_several_replications_decides_nothing() -> None:
    """It has no interval, and the other replications are unknown."""
    for figure in (100_000, 408_000):
        assert UNDECIDED == verdict([None, figure, None])


def test_a_single_replication_decides_nothing_where_more_may_follow() -> None:
    """Every figure is on one side of its bound, so the first one would end the run."""
    for figure in (100_000, 408_000):
        assert UNDECIDED == judge(FAST, [figure], SAMPLES, error=0.02).verdict


def test_what_was_never_measured_is_missed() -> None:
    """Without samples, a promise is neither kept nor open."""
    judged = judge(FAST, [None, None], 0)
    assert (MISSED, None) == (judged.verdict, judged.estimate)


def test_too_few_samples_leave_a_promise_undecided() -> None:
    """Without ten samples beyond a quantile there is no figure to judge."""
    judged = judge(FAST, [None, None], 300)
    assert (UNDECIDED, None) == (judged.verdict, judged.estimate)


def test_a_share_without_figures_is_undecided() -> None:
    """It has no quantile to speak of."""
    judged = judge(ACCEPTED, [None], 4)
    assert (UNDECIDED, None) == (judged.verdict, judged.estimate)


def test_a_replication_without_a_figure_is_no_evidence() -> None:
    """The others may decide that a promise is missed, but not that it is met."""
    assert UNDECIDED == verdict([390_000, 391_000, None])
    assert MISSED == verdict([420_000, 421_000, None])
    missed = judge(FAST, [420_000, 421_000, None], SAMPLES)
    assert (1, ()) == (missed.silent, missed.doubts)
    kept = judge(FAST, [390_000, 391_000, None], SAMPLES)
    assert (MET, (Doubt.SILENT,)) == (kept.figure_verdict, kept.doubts)


def test_an_objective_repeats_its_promise() -> None:
    """What was promised is in the result, next to how it was kept."""
    judged = judge(FAST, [390_000], 42)
    expected = ("notify_delay", 0.99, None, True, 400_000, "us", 42)
    assert expected == (
        judged.metric,
        judged.quantile,
        judged.statistic,
        judged.at_most,
        judged.bound,
        judged.unit,
        judged.samples,
    )


@pytest.mark.parametrize(
    ("expected", "figures"),
    [
        (True, []),
        (True, [[390_000], [420_000]]),
        (False, [[390_000], [380_000, 410_000]]),
    ],
)
def test_all_must_be_decided(*, expected: bool, figures: list[list[float]]) -> None:
    """An undecided promise needs more replications, a missed one does not."""
    objectives: list[Objective] = [judge(FAST, one, SAMPLES) for one in figures]
    assert expected == all_decided(objectives)


@given(FIGURES)
def test_a_met_promise_has_its_mean_on_the_good_side(figures: list[float]) -> None:
    """A missed one has it on the bad side."""
    judged = judge(FAST, figures, SAMPLES, interval=positive)
    assert judged.estimate is not None
    holds = judged.estimate.mean <= FAST.bound
    assert (MISSED if holds else MET) != judged.verdict


# What never happened, and what is not known yet


@pytest.mark.parametrize(
    ("expected", "figures", "made"),
    [
        (MISSED, [inf, inf], FAST),
        (MISSED, [inf], FAST),
        (MISSED, [inf, 500_000], FAST),
        (UNDECIDED, [inf, 300_000], FAST),
        (UNDECIDED, [inf, 300_000, None], FAST),
        (MET, [inf, 2_000_000], SLOW),
        (UNDECIDED, [inf, None], SLOW),
    ],
)
def test_what_never_happened_is_longer_than_any_bound(
    expected: ObjectiveVerdict, figures: list[float | None], made: Promise
) -> None:
    """One such figure has no mean with others, so each is judged alone."""
    found = judge(made, figures, SAMPLES, never=9_000)
    assert (expected, None, 9_000) == (found.verdict, found.estimate, found.never)
    assert figures.count(inf) == found.endless


def on_the_bound(chance: random.Random, size: int) -> Objective:
    """Judge three replications: nine in ten delays are short, and one is never."""
    kept = [sum(chance.random() < 0.9 for _ in range(size)) for _ in range(3)]
    never = 3 * size - sum(kept)
    figures = [300_000 if one >= 0.9 * size else inf for one in kept]
    made = Promise(
        metric="notify_delay", quantile=0.9, at_most=True, bound=400_000, unit="us"
    )
    shares = [one / size for one in kept]
    within = partial(proportion, shares, trials=[size] * 3)
    return judge(made, figures, 3 * size, never=never, within=within)


def test_a_quantile_between_the_last_delay_and_never_is_seldom_decided() -> None:
    """In 5 of 100 runs, within three standard errors, as of any figure on its bound."""
    chance = random.Random(13)
    found = [on_the_bound(chance, 200).verdict for _ in range(600)]
    decided = len(found) - found.count(UNDECIDED)
    assert decided / len(found) <= 0.05 + 3 * (0.05 * 0.95 / len(found)) ** 0.5


@pytest.mark.parametrize(
    ("expected", "ends"),
    [(MET, [100.0, 399_000.0]), (UNDECIDED, [100.0, inf]), (MET, [400_000.0])],
)
def test_an_interruption_decides_only_what_can_not_change(
    expected: ObjectiveVerdict, ends: list[float]
) -> None:
    """A promise that pending invitations may still decide is undecided."""
    found = after_interruption(FAST, judge(FAST, [300_000], SAMPLES), ends)
    assert expected == found.verdict
    assert (Doubt.INTERRUPTED in found.doubts) == (expected != MET)
