"""Gates of a comparison: which limits the second run keeps, beyond what chance does.

A gate asks whether `b` is beyond `factor * a + amount`. What is tested is therefore
`b - factor * a - amount`, whose interval holds with the error of all gates together
(5 %, divided by their number: Bonferroni's inequality). The gate *fails* where the
whole interval is beyond the limit, *holds* where none of it is, and is *undecided*
otherwise, or with fewer than LEAST replications: noise alone fails a gate in at most 5
of 100 comparisons of equal worlds.

Figures that each replication has are tested as `study.compare` does: by pairs, where
both runs share their random numbers. Other percentiles have an interval in each run.
Those are put together by the method of variance estimates recovery: G. Y. Zou and A.
Donner, "Construction of confidence limits about effect measures: a general approach",
Statistics in Medicine 27 (2008), page 1693. It takes the runs for independent, so the
interval is too wide where they share random numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from invitelab.formats.gates import ComparedObjective, Gate, GateDoubt, GateVerdict
from invitelab.formats.percentiles import estimate_at, never_at
from invitelab.formats.results import (
    Estimate,
    Objective,
    ObjectiveVerdict,
    Outcome,
    Replication,
    Results,
)
from invitelab.study.gate_grammar import DELAYS, Asked
from invitelab.study.histogram import SUB_BITS
from invitelab.study.intervals import ERROR, paired, student_t, unpaired

LEAST = 3
"""The least number of pairs, or of replications of either run, for a decision."""

OF_REPLICATIONS = frozenset({"notify_delay p50", "notify_delay p99"})
"""The delays of each replication; of others only the whole run has percentiles."""

_US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Figures of a gate, and how far the second run is beyond the limit."""

    a: float | None = None
    b: float | None = None
    limit: float | None = None
    beyond: Estimate | None = None
    doubt: GateDoubt | None = None
    verdict: GateVerdict = GateVerdict.UNDECIDED


def judge_gates(a: Results, b: Results, asked: Sequence[Asked]) -> tuple[Gate, ...]:
    """The verdict on each gate, in their order."""
    tested = sum(not one.is_missed for one in asked)
    error = ERROR / max(1, tested)
    return tuple(
        _missed(one, b) if one.is_missed else _judged(one, a, b, error) for one in asked
    )


def compared_objectives(a: Results, b: Results) -> tuple[ComparedObjective, ...]:
    """The objectives of both runs; those with the same promise beside each other."""
    in_a = {_promise(one): one for one in a.objectives}
    in_b = {_promise(one): one for one in b.objectives}
    return tuple(
        ComparedObjective(a=in_a.get(key), b=in_b.get(key))
        for key in dict.fromkeys([*in_a, *in_b])
    )


def _promise(one: Objective) -> tuple[object, ...]:
    return (one.metric, one.quantile, one.statistic, one.at_most, one.bound)


def _missed(asked: Asked, b: Results) -> Gate:
    """The gate about objectives: the worst of them decides."""
    verdicts = {
        ObjectiveVerdict.MISSED: GateVerdict.FAILS,
        ObjectiveVerdict.UNDECIDED: GateVerdict.UNDECIDED,
    }
    not_met = [one for one in b.judged if one.verdict in verdicts]
    verdict = verdicts.get(b.verdict, GateVerdict.HOLDS)
    return Gate(
        gate=asked.text,
        # Objectives of which none applies hold nothing.
        verdict=verdict if b.judged else GateVerdict.UNDECIDED,
        doubt=None if b.judged else GateDoubt.UNMEASURED,
        replications=len(b.replications),
        objectives=tuple(one.metric for one in not_met),
    )


def _judged(asked: Asked, a: Results, b: Results, error: float) -> Gate:
    each = _of_replications(asked, a, b, error)
    found = each if each is not None else _of_curves(asked, a, b, error)
    verdict = found.verdict
    if found.beyond is not None:
        verdict = _verdict(found.beyond)
    return Gate(
        gate=asked.text,
        verdict=verdict,
        metric=asked.metric,
        statistic=asked.statistic,
        unit=asked.unit,
        a=found.a,
        b=found.b,
        limit=found.limit,
        beyond=found.beyond,
        confidence=1 - error,
        doubt=found.doubt,
        replications=min(len(a.replications), len(b.replications)),
    )


def _verdict(beyond: Estimate) -> GateVerdict:
    if beyond.low is None or beyond.high is None:
        return GateVerdict.UNDECIDED
    if beyond.low > 0:
        return GateVerdict.FAILS
    return GateVerdict.HOLDS if beyond.high <= 0 else GateVerdict.UNDECIDED


# --- Figures of each replication -------------------------------------------------


def _of_replications(
    asked: Asked, a: Results, b: Results, error: float
) -> _Found | None:
    """By the figures of the replications; None where these do not have the figure."""
    if asked.metric in DELAYS and asked.figure not in OF_REPLICATIONS:
        return None
    in_a, in_b = _figures(asked, a), _figures(asked, b)
    both = in_a.keys() & in_b.keys() if a.seed == b.seed else set[int]()
    if both:
        in_a = {number: in_a[number] for number in sorted(both)}
        in_b = {number: in_b[number] for number in sorted(both)}
    values_a = [value for value in in_a.values() if value is not None]
    values_b = [value for value in in_b.values() if value is not None]
    if not values_a or not values_b:
        return _Found(doubt=GateDoubt.UNMEASURED)
    if any(map(math.isinf, values_a)) or any(map(math.isinf, values_b)):
        return _endless(asked, values_a, values_b)
    mean_a, mean_b = _mean(values_a), _mean(values_b)
    limit = asked.factor * mean_a + asked.amount
    whole = len(values_a) == len(in_a) and len(values_b) == len(in_b)
    if min(len(values_a), len(values_b)) < LEAST or (both and not whole):
        # Pairs that lack a value could be the very ones that are beyond the limit.
        return _Found(a=mean_a, b=mean_b, limit=limit, doubt=GateDoubt.FEW)
    limits = [asked.sign * (asked.factor * one + asked.amount) for one in values_a]
    reached = [asked.sign * one for one in values_b]
    blur = _blur(asked, a, [*values_a, *values_b])
    test = (paired if both else unpaired)(limits, reached, blur=blur)
    return _Found(a=mean_a, b=mean_b, limit=limit, beyond=test.interval(error))


def _endless(asked: Asked, a: Sequence[float], b: Sequence[float]) -> _Found:
    """Where times of what never happened are among the figures: no mean is finite."""
    known_a, known_b = (
        None if any(map(math.isinf, values)) else _mean(values) for values in (a, b)
    )
    enough = min(len(a), len(b)) >= LEAST
    verdict = GateVerdict.UNDECIDED
    if enough and known_a is not None and all(map(math.isinf, b)):
        verdict = GateVerdict.FAILS if asked.sign > 0 else GateVerdict.HOLDS
    return _Found(a=known_a, b=known_b, doubt=GateDoubt.NEVER, verdict=verdict)


def _figures(asked: Asked, results: Results) -> dict[int, float | None]:
    """The figure of each replication by its number."""
    measured_s = (results.duration_us - results.warm_up_us) / _US_PER_S
    return {one.number: _figure(asked, one, measured_s) for one in results.replications}


def _figure(asked: Asked, one: Replication, measured_s: float) -> float | None:
    """The figure of a replication: infinite for never, None with too few samples."""
    match asked.figure:
        case "notify_delay p50":
            return math.inf if one.notify_p50_never else one.notify_p50_us
        case "notify_delay p99":
            return math.inf if one.notify_p99_never else one.notify_p99_us
        case "pending mean":
            return one.pending_mean
        case "pending peak":
            return float(one.pending_peak)
        case "relay_utilisation mean":
            return one.relay_utilisation
        case _:
            number = _count(asked.metric, one)
    if asked.statistic == "share":
        total = sum(one.outcomes.values())
        return number / total if total else None
    return number / measured_s if asked.statistic == "rate" else float(number)


def _count(metric: str, one: Replication) -> int:
    """How many attempts, messages, or outcomes of a kind a replication has."""
    match metric:
        case "attempts":
            return one.attempts
        case "messages":
            return one.messages
        case _:
            return one.outcomes.get(Outcome(metric), 0)


def _blur(asked: Asked, results: Results, values: Sequence[float]) -> float:
    """The standard deviation of the limited resolution of the figure."""
    match asked.statistic:
        case "share":
            totals = [sum(one.outcomes.values()) for one in results.replications]
            step = 1 / max(1.0, _mean(totals))
        case "peak" | "count":
            step = 1.0
        case "rate":
            step = _US_PER_S / (results.duration_us - results.warm_up_us)
        case _:
            step = max(values) / (1 << SUB_BITS)
    return step / math.sqrt(12)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


# --- Percentiles and means that only a whole run has -----------------------------


def _of_curves(asked: Asked, a: Results, b: Results, error: float) -> _Found:
    """By the intervals of the figure in each of the runs."""
    in_a, in_b = _estimate(asked, a), _estimate(asked, b)
    if in_b is GateDoubt.NEVER and isinstance(in_a, Estimate):
        enough = min(len(a.replications), len(b.replications)) >= LEAST
        bad = GateVerdict.FAILS if asked.sign > 0 else GateVerdict.HOLDS
        verdict = bad if enough else GateVerdict.UNDECIDED
        return _Found(a=in_a.mean, doubt=GateDoubt.NEVER, verdict=verdict)
    if isinstance(in_a, GateDoubt) or isinstance(in_b, GateDoubt):
        doubt = in_b if isinstance(in_b, GateDoubt) else in_a
        assert isinstance(doubt, GateDoubt), "one of the two is"
        return _Found(doubt=doubt)
    limit = asked.factor * in_a.mean + asked.amount
    number = min(len(a.replications), len(b.replications))
    if number < LEAST or in_a.low is None or in_b.low is None:
        return _Found(a=in_a.mean, b=in_b.mean, limit=limit, doubt=GateDoubt.FEW)
    low, high = _recovered(asked, in_a, in_b, _wider(error, number))
    ends = sorted((asked.sign * low, asked.sign * high))
    mean = asked.sign * (in_b.mean - limit)
    beyond = Estimate(mean=mean, low=min(ends[0], mean), high=max(ends[1], mean))
    return _Found(a=in_a.mean, b=in_b.mean, limit=limit, beyond=beyond)


def _recovered(
    asked: Asked, a: Estimate, b: Estimate, wider: float
) -> tuple[float, float]:
    """The interval of `b - factor * a - amount`, each half `wider` times as wide."""
    a_low, a_high = _ends(a)
    b_low, b_high = _ends(b)
    mean = b.mean - asked.factor * a.mean - asked.amount
    down = math.hypot(b.mean - b_low, asked.factor * (a_high - a.mean))
    up = math.hypot(b_high - b.mean, asked.factor * (a.mean - a_low))
    return mean - wider * down, mean + wider * up


def _ends(one: Estimate) -> tuple[float, float]:
    low = one.mean if one.low is None else one.low
    return low, one.mean if one.high is None else one.high


def _wider(error: float, replications: int) -> float:
    """How much wider an interval with this error is than those that are stored."""
    degrees = replications - 1
    return student_t(1 - error / 2, degrees) / student_t(1 - ERROR / 2, degrees)


def _estimate(asked: Asked, results: Results) -> Estimate | GateDoubt:
    """The figure of the run with its interval, or why there is none."""
    found = results.distribution(asked.metric)
    if found is None or not found.count + found.never:
        return GateDoubt.UNMEASURED
    quantile = asked.quantile
    if quantile is None:
        if found.never:
            return GateDoubt.NEVER
        return found.mean_us or GateDoubt.UNMEASURED
    if never_at(found, quantile):
        return GateDoubt.NEVER
    return estimate_at(found, quantile) or GateDoubt.UNMEASURED
