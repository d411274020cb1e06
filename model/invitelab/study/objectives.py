"""Verdicts on objectives: met, missed or undecided.

A promise is *met* when the whole interval of its figure is on the good side of the
bound, *missed* when all of it is on the bad side, and *undecided* otherwise: then more
or longer replications may decide it. The interval has a coverage of 95 %, or more where
this look at the figure is one of several (see `looks`); it is the one that is shown.
A metric without samples is missed, so that a promise about a metric that nothing
produces does not pass unnoticed. A delay of what never happened is longer than any
bound; a figure among such delays is infinite.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from invitelab.formats.results import Doubt, Estimate, Objective, ObjectiveVerdict
from invitelab.study.intervals import ERROR, Interval, estimate

MET = ObjectiveVerdict.MET
MISSED = ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One objective of a scenario; `unit` is that of `bound` and of the figures.

    A quantile and a statistic exclude each other; a share or a count has neither.
    """

    metric: str
    quantile: float | None = None
    statistic: Literal["mean", "max"] | None = None
    at_most: bool
    bound: float
    unit: Literal["us", "1"]

    def holds(self, value: float) -> bool:
        """Whether a value is on the good side; the bound itself is."""
        return value <= self.bound if self.at_most else value >= self.bound


def judge(
    promise: Promise,
    figures: Sequence[float | None],
    samples: int,
    *,
    never: int = 0,
    interval: Interval = estimate,
    error: float = ERROR,
    within: Callable[[float], Estimate] | None = None,
) -> Objective:
    """Give the verdict on a promise, with the numbers that explain it.

    `figures` has one entry a replication, in the unit of the promise: None where it has
    too few samples for one, infinity where it is a delay of what never happened.
    `samples` is their number over all replications, and `never` how many of them are of
    that kind. `interval` is the one that fits the metric; it gets the figures that are
    known, where all are finite, and may miss the truth with `error`. Where something
    never happened, a quantile is judged by `within`, too: the share of samples that are
    no larger than the bound.
    """
    known = [figure for figure in figures if figure is not None]
    silent = len(figures) - len(known)
    endless = sum(not isfinite(figure) for figure in known)
    found = interval(known, error) if known and not endless else None
    share = None
    if within and never and promise.quantile is not None:
        share = within(error)
    if endless:
        verdict = _by_shares(promise, known, share)
    elif found is None:
        verdict = UNDECIDED if samples else MISSED
    else:
        alone = len(figures) == 1 and error >= ERROR
        verdict = _by_interval(promise, found, alone=alone)
    doubts: list[Doubt] = []
    if found and share and verdict is not _by_shares(promise, known, share):
        # All figures may be finite by chance where the next sample is not.
        doubts.append(Doubt.NEVER)
    if known and silent and verdict is MET and not doubts:
        # Replications without a figure are no evidence for the promise.
        doubts.append(Doubt.SILENT)
    return Objective(
        metric=promise.metric,
        quantile=promise.quantile,
        statistic=promise.statistic,
        at_most=promise.at_most,
        bound=promise.bound,
        unit=promise.unit,
        verdict=UNDECIDED if doubts else verdict,
        figure_verdict=verdict,
        doubts=tuple(doubts),
        estimate=found,
        confidence=1 - error,
        samples=samples,
        never=never,
        endless=endless,
        silent=silent,
    )


def after_interruption(
    promise: Promise, found: Objective, ends: Sequence[float]
) -> Objective:
    """The objective after an interruption, which may leave it undecided.

    `ends` are the least and the most that the figures may come to, in the unit of the
    promise: unless all of them are on one side of the bound, it is undecided.
    """
    if len({promise.holds(end) for end in ends}) == 1:
        return found
    doubts = (*found.doubts, Doubt.INTERRUPTED)
    return found.model_copy(update={"verdict": UNDECIDED, "doubts": doubts})


def not_applicable(promise: Promise) -> Objective:
    """The objective where nothing of its kind could be observed."""
    return Objective(
        metric=promise.metric,
        quantile=promise.quantile,
        statistic=promise.statistic,
        at_most=promise.at_most,
        bound=promise.bound,
        unit=promise.unit,
        verdict=ObjectiveVerdict.NOT_APPLICABLE,
        figure_verdict=ObjectiveVerdict.NOT_APPLICABLE,
        estimate=None,
        samples=0,
    )


def all_decided(objectives: Iterable[Objective]) -> bool:
    """Whether no objective is undecided, so that no replication has to be added."""
    return all(objective.verdict is not UNDECIDED for objective in objectives)


def _by_interval(promise: Promise, found: Estimate, *, alone: bool) -> ObjectiveVerdict:
    """The verdict of an interval; a single replication is judged by its figure alone.

    Not where more replications may follow, because one figure decides in every case and
    would end the run; nor where it is the only one of several with a figure.
    """
    if found.low is None and not alone:
        return UNDECIDED
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    return _agreed({promise.holds(low), promise.holds(high)})


def _by_shares(
    promise: Promise, known: Sequence[float], share: Estimate | None
) -> ObjectiveVerdict:
    """The verdict where some figures may be infinite, which have no mean.

    A quantile keeps to its bound exactly where as large a share of all samples does,
    and a share has an interval. A mean or a maximum is judged by each figure alone: one
    sample that never comes to an end makes it infinite.
    """
    if promise.quantile is None or share is None:
        return _agreed({promise.holds(figure) for figure in known})
    ends = (share.mean if end is None else end for end in (share.low, share.high))
    return _agreed({(end >= promise.quantile) == promise.at_most for end in ends})


def _agreed(holds: set[bool]) -> ObjectiveVerdict:
    if len(holds) > 1:
        return UNDECIDED
    return MET if holds == {True} else MISSED
