"""From measurements to results: sums, means over replications, and their intervals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from invitelab.formats.results import (
    Bin,
    Checked,
    CurvePoint,
    Distribution,
    Estimate,
    Outcome,
    Replication,
    Results,
    VersionPair,
    WarmUpAdvice,
)
from invitelab.protocol.policy import LIFETIME_US
from invitelab.study import series
from invitelab.study.figures import Figure, judged, sent, share
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import binned, positive, proportion
from invitelab.study.measurement import DELAYS, Measurement
from invitelab.study.warm_up import advise
from invitelab.world.scenario.schema import Scenario, Stages, Trace

Key = TypeVar("Key")

POINTS_A_DECADE = 20
DECADES = 6
"""The curve ends at one in a million, or where fewer than ten samples lie beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was simulated. `digest` names the scenario with all its values.

    `arguments` are how somebody asked for it on the command line, `rows_left_out` how
    many rows of its trace come after the duration.
    """

    scenario: Scenario
    name: str
    digest: str
    arguments: tuple[str, ...] = ()
    rows_left_out: int = 0


def assemble(
    subject: Subject, measurements: Sequence[Measurement], *, complete: bool = True
) -> Results:
    """Put the measurements of at least one replication together.

    Results that are not `complete` lack replications that were planned.
    """
    scenario, ones = subject.scenario, measurements
    windows = series.over_time(scenario, ones)
    return Results(
        title=scenario.title,
        summary=scenario.summary,
        name=subject.name,
        scenario=scenario.document(),
        scenario_digest=subject.digest,
        arguments=subject.arguments,
        seed=scenario.seed,
        complete=complete,
        cut_off=any(one.reached_us < scenario.end_us for one in ones),
        reached_us=min(one.reached_us for one in ones),
        replications_planned=scenario.replications,
        duration_us=scenario.duration,
        warm_up_us=scenario.warm_up,
        trace_rows_left_out=subject.rows_left_out,
        lifetime_us=LIFETIME_US,
        window_us=ones[0].windows.width_us,
        attempts=sum(one.attempts for one in ones),
        emailed=sum(one.emailed for one in ones),
        outcomes=_outcomes(ones),
        outcome_shares=_shares(ones),
        messages=_messages(ones),
        objectives=judged(scenario, ones),
        distributions=_distributions(ones),
        windows=windows,
        pools=series.pools(scenario, ones),
        versions=_versions(ones),
        refusals=dict(sorted(_sum(one.refusals for one in ones).items())),
        faults=ones[0].faults,
        replications=tuple(_replication(scenario, one) for one in ones),
        pending_mean=positive([series.pending_mean(scenario, one) for one in ones]),
        pending_peak=max(one.pending_peak for one in ones),
        warm_up_advice=_advice(scenario, ones),
        traces=ones[0].traces,
        detached=tuple(dict.fromkeys(away for one in ones for away in one.detached)),
        checked=Checked(
            invitations=sum(one.checked for one in ones),
            facts=sum(one.checked_facts for one in ones),
            violations=tuple(broken for one in ones for broken in one.violations),
        ),
    )


def _sum(counters: Iterable[Counter[Key]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _outcomes(ones: Sequence[Measurement]) -> dict[Outcome, int]:
    total = _sum(one.outcomes for one in ones)
    return {outcome: total[outcome] for outcome in Outcome}


def _shares(ones: Sequence[Measurement]) -> dict[Outcome, Estimate]:
    shares: dict[Outcome, Estimate] = {}
    trials = [number for one in ones if (number := sent(one))]
    for outcome in Outcome:
        known = [value for one in ones if (value := share(one, outcome)) is not None]
        if known:
            shares[outcome] = proportion(known, trials=trials)
    return shares


def _messages(ones: Sequence[Measurement]) -> dict[str, int]:
    """How many of each kind were carried, and how many were lost to what."""
    carried = {
        kind.name.lower(): sum(sum(one.pools[kind].handled) for one in ones)
        for kind in ones[0].pools
    }
    drops = _sum(one.drops for one in ones)
    queued = sum(pool.left for one in ones for pool in one.pools.values())
    left = {"in a queue at the end": queued} if queued else {}
    return carried | {f"dropped: {why}": drops[why] for why in sorted(drops)} | left


def _distributions(ones: Sequence[Measurement]) -> tuple[Distribution, ...]:
    return tuple(
        _distribution(
            metric,
            [one.delays[metric] for one in ones],
            sum(one.still_open[metric].count for one in ones),
        )
        for metric in DELAYS
    )


def _distribution(
    metric: str, histograms: Sequence[Histogram], still_open: int
) -> Distribution:
    merged = Histogram()
    for histogram in histograms:
        merged.merge(histogram)
    means = [histogram.mean for histogram in histograms]
    return Distribution(
        metric=metric,
        count=merged.count,
        never=merged.never,
        still_open=still_open,
        negative=merged.negative,
        minimum_us=merged.minimum,
        maximum_us=merged.maximum,
        mean_us=_estimate_of_known(means),
        curve=rising(_curve(merged, histograms)),
        bins=tuple(
            Bin(lower=lower, upper=upper, count=count)
            for lower, upper, count in merged.bins()
        ),
    )


def _estimate_of_known(figures: Sequence[Figure]) -> Estimate | None:
    known = [figure for figure in figures if figure is not None]
    return positive(known) if known else None


PROBABILITIES = tuple(
    sorted(
        {0.5, 0.95}
        | {
            round(1 - 10 ** (-step / POINTS_A_DECADE), 9)
            for step in range(DECADES * POINTS_A_DECADE + 1)
        }
    )
)
"""0, and on to 0.999999 with as many steps from 0.9 to 0.99 as from 0.99 to 0.999.

What reports tell by name is a point of its own: between two points a curve is a guess.
"""


def _curve(merged: Histogram, histograms: Sequence[Histogram]) -> list[CurvePoint]:
    """The mean over replications where all can tell, else that of all together."""
    readings = [one.readings(PROBABILITIES) for one in histograms]
    everybody = list(zip(*readings, strict=False))
    points = [
        CurvePoint(
            probability=known[0].probability,
            value=binned(
                [one.value for one in known],
                spans=[(one.low, one.high) for one in known],
            ),
        )
        for known in everybody
    ]
    rest = merged.curve(PROBABILITIES)[len(points) :]
    return points + [
        CurvePoint(probability=probability, value=Estimate(mean=value))
        for probability, value in rest
    ]


def rising(points: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    """The points with means that never fall: what is rarer is never shorter.

    Where the mean over replications ends and that of all together begins, it may.
    """
    values = accumulate((point.value for point in points), _not_below)
    return tuple(
        point.model_copy(update={"value": value})
        for point, value in zip(points, values, strict=True)
    )


def _not_below(before: Estimate, value: Estimate) -> Estimate:
    if value.mean >= before.mean:
        return value
    high = None if value.high is None else max(value.high, before.mean)
    return Estimate(mean=before.mean, low=value.low, high=high)


def _versions(ones: Sequence[Measurement]) -> tuple[VersionPair, ...]:
    tried = _sum(one.tried for one in ones)
    direct = _sum(one.direct for one in ones)
    mailed = _sum(one.mailed for one in ones)
    return tuple(
        VersionPair(
            sender=pair[0],
            recipient=pair[1],
            direct=direct[pair],
            by_email=mailed[pair],
            refused=tried[pair] - direct[pair] - mailed[pair],
        )
        for pair in sorted(tried)
    )


def _replication(scenario: Scenario, one: Measurement) -> Replication:
    notify = one.delays["notify_delay"]
    return Replication(
        number=one.number,
        attempts=one.attempts,
        outcomes={outcome: one.outcomes[outcome] for outcome in Outcome},
        notify_p50_us=notify.reached(0.5),
        notify_p99_us=notify.reached(0.99),
        notify_p50_never=notify.is_never(0.5),
        notify_p99_never=notify.is_never(0.99),
        pending_mean=series.pending_mean(scenario, one),
        pending_peak=one.pending_peak,
        events=one.events,
    )


def _advice(
    scenario: Scenario, ones: Sequence[Measurement]
) -> tuple[WarmUpAdvice, ...]:
    """On the number of pending invitations, which takes longest to settle.

    None where the load changes by design, or faults do: nothing settles then.
    """
    if scenario.faults or isinstance(scenario.arrivals, Stages | Trace):
        return ()
    windows = ones[0].windows
    reached_us = min(scenario.duration, *(one.reached_us for one in ones))
    last = max(1, reached_us // windows.width_us)
    pending = [
        sum(one.pending[place] for one in ones) / len(ones) / windows.width_us
        for place in range(last)
    ]
    return (advise("pending", pending, windows.width_us, left_us=LIFETIME_US),)
