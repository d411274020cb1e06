"""Was a promise kept? Three answers, because little evidence is no evidence.

A promise is *met* when the whole interval of its figure lies on the good side of the
bound, *missed* when the whole of it lies on the bad side, and *undecided* otherwise:
then more replications, or longer ones, can tell. The interval is one of 95 %, or a
wider one where this look at the figure is one of several (see `looks`); it is the one
that is shown. What was never measured is missed, so that a promise on a metric nobody
produces can not pass in silence. A delay of what never happened is longer than any
bound; a figure among such delays is infinite.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from invitelab.formats.results import Estimate, Objective, ObjectiveVerdict
from invitelab.study import words
from invitelab.study.histogram import LEAST_BEYOND
from invitelab.study.intervals import ERROR, Interval, estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One objective of a scenario; `unit` is that of `bound` and of the figures.

    A quantile and a statistic exclude each other; a share or a count has neither.
    """

    statement: str
    metric: str
    quantile: float | None = None
    statistic: str | None = None
    at_most: bool
    bound: float
    unit: words.Unit

    @property
    def limit(self) -> str:
        """What is promised: `at most 400 ms`."""
        side = "at most" if self.at_most else "at least"
        return f"{side} {words.bound(self.bound, self.unit)}"

    def holds(self, value: float) -> bool:
        """Whether a value is on the good side; the bound itself is."""
        return value <= self.bound if self.at_most else value >= self.bound


def promise(
    *,
    metric: str,
    quantile: float | None = None,
    statistic: str | None = None,
    at_most: bool,
    bound: float,
    unit: words.Unit,
) -> Promise:
    """Make a promise and put it into words: `99 % of notify_delay at most 400 ms`."""
    subject = metric
    if quantile is not None:
        # The 1 % quantile being at least so much is said of the other 99 %.
        share = quantile if at_most else 1 - quantile
        subject = f"{100 * share:.10g} % of {metric}"
    elif statistic is not None:
        subject = f"{statistic} of {metric}"
    side = "at most" if at_most else "at least"
    return Promise(
        statement=f"{subject} {side} {words.bound(bound, unit)}",
        metric=metric,
        quantile=quantile,
        statistic=statistic,
        at_most=at_most,
        bound=bound,
        unit=unit,
    )


def judge(
    given: Promise,
    figures: Sequence[float | None],
    samples: int,
    *,
    never: int = 0,
    interval: Interval = estimate,
    error: float = ERROR,
    within: Callable[[float], Estimate] | None = None,
) -> Objective:
    """Give the verdict on a promise, with its reason.

    `figures` has one entry a replication: None where it has too few samples for one,
    infinity where it is a delay of what never happened. `samples` is their number over
    all replications, and `never` how many of them are of that kind. `interval` is the
    one that fits the metric; it gets the figures that are known, where all are finite,
    and may miss the truth with `error`. Where something never happened, a quantile is
    judged by `within`, too: the share of samples that are no larger than the bound.
    """
    known = [figure for figure in figures if figure is not None]
    silent = len(figures) - len(known)
    finite = all(map(isfinite, known))
    found = interval(known, error) if known and finite else None
    share = within(error) if within and never and given.quantile is not None else None
    if not finite:
        verdict = _with_endless(given, known, share)
        reason = _why_endless(given, verdict, known, f"{never} of {samples}")
    elif found is None:
        verdict, reason = _without_figures(given, samples)
    else:
        alone = len(figures) == 1 and error >= ERROR
        verdict = _verdict(given, found, alone=alone)
        reason = _reason(given, verdict, found, len(known), error)
        if share and verdict is not _with_endless(given, known, share):
            # All figures may be finite by chance where the next sample is not.
            verdict = ObjectiveVerdict.UNDECIDED
            reason += f", but {never} of {samples} did not happen"
    if known and silent:
        if verdict is ObjectiveVerdict.MET:
            # Replications that could not tell are no witnesses for the promise.
            verdict = ObjectiveVerdict.UNDECIDED
        reason += f", but {_silent(silent)}"
    return Objective(
        statement=given.statement,
        metric=given.metric,
        quantile=given.quantile,
        at_most=given.at_most,
        bound=given.bound,
        unit=given.unit,
        verdict=verdict,
        estimate=found,
        confidence=1 - error,
        samples=samples,
        never=never,
        endless=not finite,
        silent=silent,
        reason=reason,
    )


def unsettled(
    given: Promise, found: Objective, ends: Sequence[float], pending: int
) -> Objective:
    """What is left of a verdict after an interruption.

    `ends` are the least and the most that the figures may come to: unless all of them
    are on one side of the bound, the promise is undecided. `pending` invitations are
    open.
    """
    if len({given.holds(end) for end in ends}) == 1:
        return found
    reason = (
        f"so far {found.reason}, but the run was interrupted with {pending} counted"
        " invitations pending"
    )
    undecided = ObjectiveVerdict.UNDECIDED
    return found.model_copy(update={"verdict": undecided, "reason": reason})


def decided(objectives: Iterable[Objective]) -> bool:
    """Whether none of them is open, so that more replications would tell no more."""
    undecided = ObjectiveVerdict.UNDECIDED
    return all(objective.verdict is not undecided for objective in objectives)


def _verdict(given: Promise, found: Estimate, *, alone: bool) -> ObjectiveVerdict:
    """A replication that is all there is is judged by its figure, without an interval.

    Not where more may follow: it decides in every case, and would end the run. Nor
    where it is the only one of several with a figure.
    """
    if found.low is None and not alone:
        return ObjectiveVerdict.UNDECIDED
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    holds = {given.holds(low), given.holds(high)}
    if holds == {True}:
        return ObjectiveVerdict.MET
    if holds == {False}:
        return ObjectiveVerdict.MISSED
    return ObjectiveVerdict.UNDECIDED


def _with_endless(
    given: Promise, known: Sequence[float], share: Estimate | None
) -> ObjectiveVerdict:
    """There is no mean of figures of which one is infinite.

    A quantile keeps to its bound exactly where as large a share of all samples does,
    and a share has an interval. A mean or a maximum is judged by each figure alone: one
    sample that never comes to an end makes it infinite.
    """
    if given.quantile is None or share is None:
        holds = {given.holds(figure) for figure in known}
    else:
        ends = (share.mean if end is None else end for end in (share.low, share.high))
        holds = {(end >= given.quantile) == given.at_most for end in ends}
    if len(holds) > 1:
        return ObjectiveVerdict.UNDECIDED
    return ObjectiveVerdict.MET if holds == {True} else ObjectiveVerdict.MISSED


def _why_endless(
    given: Promise, verdict: ObjectiveVerdict, known: Sequence[float], part: str
) -> str:
    endless = sum(not isfinite(figure) for figure in known)
    where = f"in {endless} of {len(known)} replications"
    if endless == len(known):
        where = "in each replication" if endless > 1 else "in the one replication"
    says = {
        ObjectiveVerdict.MET: "which is",
        ObjectiveVerdict.MISSED: "which is not",
        ObjectiveVerdict.UNDECIDED: "not surely",
    }
    return f"never {where} ({part} did not happen), {says[verdict]} {given.limit}"


def _without_figures(given: Promise, samples: int) -> tuple[ObjectiveVerdict, str]:
    if not samples:
        return ObjectiveVerdict.MISSED, f"there are no samples of {given.metric}"
    if given.quantile is None:
        few = f"the {samples} samples of {given.metric} are too few"
    else:
        few = (
            f"no replication has {LEAST_BEYOND} samples beyond that quantile "
            f"({samples} samples in all)"
        )
    return ObjectiveVerdict.UNDECIDED, few


def _reason(
    given: Promise,
    verdict: ObjectiveVerdict,
    found: Estimate,
    replications: int,
    error: float,
) -> str:
    mean = words.figure(found.mean, given.unit)
    if mean == words.figure(given.bound, given.unit):
        # "400 ms is not at most 400 ms" would be read as a mistake.
        mean = words.bound(found.mean, given.unit)
    if found.low is None or found.high is None:
        evidence = "of one replication, so there is no interval"
    elif found.low == found.high:
        evidence = f"in each of {replications} replications"
    else:
        interval = words.interval(found.low, found.high, given.unit)
        if error < ERROR:
            interval += f" at {100 * (1 - error):.4g} %, for several looks"
        evidence = f"{interval}, {replications} replications"
    says = {
        ObjectiveVerdict.MET: "is",
        ObjectiveVerdict.MISSED: "is not",
        ObjectiveVerdict.UNDECIDED: "is not surely",
    }
    return f"{mean} ({evidence}) {says[verdict]} {given.limit}"


def _silent(replications: int) -> str:
    if replications == 1:
        return "1 replication has too few samples"
    return f"{replications} replications have too few samples"
