"""Results from measurements: sums, means over replications, and their intervals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from invitelab.formats.results import (
    SIMULATION,
    Bin,
    Checked,
    CurvePoint,
    Distribution,
    EngineName,
    Estimate,
    Objective,
    Outcome,
    Replication,
    Results,
    Source,
    VersionPair,
    WarmUpAdvice,
)
from invitelab.study import series
from invitelab.study.figures import (
    Figure,
    busiest,
    judge_objectives,
    sent,
    share,
)
from invitelab.study.flow import flow
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import binned, positive, proportion
from invitelab.study.measurement import Measurement
from invitelab.study.warm_up import advise
from invitelab.world.product import SPECIFIED, Product
from invitelab.world.scenario.exactness import Engine
from invitelab.world.scenario.schema import Scenario, Stages, Trace

Key = TypeVar("Key")

POINTS_A_DECADE = 20
DECADES = 6
"""The curve ends at 0.999999, or where fewer than ten samples lie beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was simulated or measured. `digest` is that of the scenario with all values.

    `arguments` are those of the command line; `rows_left_out` rows of the arrival trace
    come after the duration. It is one of `tests` whose verdicts all have to be right.
    Where `source` is not a simulation, `measured` names what
    the figures are from: an implementation with its version, or a file.
    """

    scenario: Scenario
    name: str
    digest: str
    arguments: tuple[str, ...] = ()
    rows_left_out: int = 0
    source: Source = SIMULATION
    measured: str = ""
    tests: int = 1
    product: Product = SPECIFIED

    @property
    def is_simulated(self) -> bool:
        """Whether it is our own world, which has a relay and a network."""
        return self.source == SIMULATION


def assemble(
    subject: Subject, measurements: Sequence[Measurement], *, complete: bool = True
) -> Results:
    """Put the measurements of at least one replication together.

    Results that are not `complete` lack replications that were planned.
    """
    scenario, ours = subject.scenario, subject.is_simulated
    windows = series.over_time(scenario, measurements)
    return Results(
        source=subject.source,
        subject=subject.measured,
        title=scenario.title,
        # A summary tells of the relay and the faults of our world, too.
        summary=scenario.summary if ours else "",
        name=subject.name,
        scenario=scenario.document(),
        scenario_digest=subject.digest,
        arguments=subject.arguments,
        seed=scenario.seed,
        engine=_engine(measurements),
        engine_because=next((one.because for one in measurements if one.because), ""),
        complete=complete,
        cut_off=any(one.reached_us < scenario.end_us for one in measurements),
        reached_us=min(one.reached_us for one in measurements),
        replications_planned=scenario.replications,
        duration_us=scenario.duration,
        warm_up_us=scenario.warm_up,
        trace_rows_left_out=subject.rows_left_out,
        lifetime_us=subject.product.lifetime_us,
        window_us=measurements[0].windows.width_us,
        attempts=sum(one.attempts for one in measurements),
        emailed=sum(one.emailed for one in measurements),
        outcomes=_outcomes(measurements),
        outcome_shares=_shares(measurements),
        messages=_messages(measurements) if ours else {},
        objectives=_objectives(subject, measurements),
        distributions=_distributions(measurements),
        windows=windows,
        pools=series.pools(scenario, measurements) if ours else (),
        flow=flow(scenario, measurements) if ours else None,
        versions=_versions(measurements),
        refusals=dict(sorted(_sum(one.refusals for one in measurements).items())),
        faults=measurements[0].faults,
        replications=tuple(_replication(subject, one) for one in measurements),
        pending_mean=positive(
            [series.pending_mean(scenario, one) for one in measurements]
        ),
        pending_peak=max(one.pending_peak for one in measurements),
        warm_up_advice=_advice(scenario, measurements, subject.product),
        traces=measurements[0].traces,
        detached=tuple(
            dict.fromkeys(away for one in measurements for away in one.detached)
        ),
        checked=Checked(
            invitations=sum(one.checked for one in measurements),
            facts=sum(one.checked_facts for one in measurements),
            violations=tuple(found for one in measurements for found in one.violations),
        ),
    )


def _objectives(
    subject: Subject, measurements: Sequence[Measurement]
) -> tuple[Objective, ...]:
    return judge_objectives(
        subject.scenario,
        measurements,
        has_relay=subject.is_simulated,
        tests=subject.tests,
    )


def _engine(measurements: Sequence[Measurement]) -> EngineName:
    """What ran them; `both` where some could not be run by cohorts after all."""
    ran = {one.engine for one in measurements}
    if len(ran) > 1:
        return "both"
    return "cohorts" if Engine.COHORTS in ran else "events"


def _sum(counters: Iterable[Counter[Key]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _outcomes(measurements: Sequence[Measurement]) -> dict[Outcome, int]:
    total = _sum(one.outcomes for one in measurements)
    return {outcome: total[outcome] for outcome in Outcome}


def _shares(measurements: Sequence[Measurement]) -> dict[Outcome, Estimate]:
    shares: dict[Outcome, Estimate] = {}
    trials = [number for one in measurements if (number := sent(one))]
    for outcome in Outcome:
        known = [
            value for one in measurements if (value := share(one, outcome)) is not None
        ]
        if known:
            shares[outcome] = proportion(known, trials=trials)
    return shares


def _messages(measurements: Sequence[Measurement]) -> dict[str, int]:
    """Messages carried by kind, dropped by reason, and queued at the end."""
    carried = {
        kind.name.lower(): sum(sum(one.pools[kind].handled) for one in measurements)
        for kind in measurements[0].pools
    }
    drops = _sum(one.drops for one in measurements)
    queued = sum(pool.left for one in measurements for pool in one.pools.values())
    left = {"in a queue at the end": queued} if queued else {}
    return carried | {f"dropped: {why}": drops[why] for why in sorted(drops)} | left


def _distributions(measurements: Sequence[Measurement]) -> tuple[Distribution, ...]:
    return tuple(
        distribution_of(
            metric,
            [one.delays[metric] for one in measurements],
            sum(one.still_open[metric].count for one in measurements),
        )
        for metric in measurements[0].delays
    )


def distribution_of(
    metric: str, histograms: Sequence[Histogram], still_open: int = 0
) -> Distribution:
    """The distribution of a metric, from a histogram of each replication."""
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
        early=tuple(
            Bin(lower=lower, upper=upper, count=count)
            for lower, upper, count in merged.early_bins()
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
"""From 0 to 0.999999, with as many steps from 0.9 to 0.99 as from 0.99 to 0.999.

Quantiles that reports name are points of their own, because between two points a curve
is interpolated.
"""


def _curve(merged: Histogram, histograms: Sequence[Histogram]) -> list[CurvePoint]:
    """Means over replications as far as each has the quantile, then of all samples."""
    readings = [one.readings(PROBABILITIES) for one in histograms]
    in_all = list(zip(*readings, strict=False))
    points = [
        CurvePoint(
            probability=known[0].probability,
            value=binned(
                [one.value for one in known],
                spans=[(one.low, one.high) for one in known],
            ),
        )
        for known in in_all
    ]
    rest = merged.curve(PROBABILITIES)[len(points) :]
    return points + [
        CurvePoint(probability=probability, value=Estimate(mean=value))
        for probability, value in rest
    ]


def rising(points: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    """The points with means that do not fall, as those of a quantile function.

    They may fall where means over replications end and quantiles of all samples begin.
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


def _versions(measurements: Sequence[Measurement]) -> tuple[VersionPair, ...]:
    tried = _sum(one.tried for one in measurements)
    direct = _sum(one.direct for one in measurements)
    mailed = _sum(one.mailed for one in measurements)
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


def _replication(subject: Subject, one: Measurement) -> Replication:
    scenario = subject.scenario
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
        messages=one.messages,
        relay_utilisation=busiest(scenario, one) if subject.is_simulated else None,
    )


def _advice(
    scenario: Scenario, measurements: Sequence[Measurement], product: Product
) -> tuple[WarmUpAdvice, ...]:
    """Advice on the number of pending invitations, the slowest series to settle.

    None where the load changes by design or there are faults: then nothing settles.
    """
    if scenario.faults or isinstance(scenario.arrivals, Stages | Trace):
        return ()
    windows = measurements[0].windows
    reached_us = min(scenario.duration, *(one.reached_us for one in measurements))
    last = max(1, reached_us // windows.width_us)
    pending = [
        sum(one.pending[place] for one in measurements)
        / len(measurements)
        / windows.width_us
        for place in range(last)
    ]
    left_us = product.lifetime_us
    return (advise("pending", pending, windows.width_us, left_us=left_us),)
