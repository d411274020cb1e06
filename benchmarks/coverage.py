#!/usr/bin/env python3
"""How often the intervals of studies hold the truth, and how often verdicts are wrong.

    python benchmarks/coverage.py [STUDIES]

Every row simulates so many studies of a truth that is known (by default 2,000) from a
seed of its own, and counts the intervals that hold it: an interval of 95 % should, in
95 of 100. Then come figures that lie exactly on their bound, by how many looks at them
there may be, and comparisons of a scenario with itself, drawn from replications of a
small world, some of which are run here.
"""

import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import NormalDist

from invitelab.formats.results import (
    CurvePoint,
    Estimate,
    ObjectiveVerdict,
    Replication,
    Results,
)
from invitelab.study.assemble import rising
from invitelab.study.compare import FIGURES, Figure, compare
from invitelab.study.histogram import Histogram
from invitelab.study.intervals import (
    binned,
    estimate,
    fraction,
    positive,
    proportion,
    unpaired,
)
from invitelab.study.looks import Looks
from invitelab.study.objectives import Promise, all_decided, judge
from invitelab.study.run import simulate
from invitelab.study.workers import Where
from invitelab.world.scenario.file import loads

STUDIES = 2_000
REPLICATIONS = 5
Study = Callable[[Random], tuple[float, Estimate]]
"""Draws a study: the truth and what it was estimated to be."""


# Truths


def gamma_mean(random: Random, *, shape: float) -> tuple[float, Estimate]:
    """A mean delay of 100, skewed: replications have a variation of 1/sqrt(shape)."""
    values = [100 * random.gammavariate(shape, 1 / shape) for _ in range(REPLICATIONS)]
    return 100, positive(values)


def delays(random: Random, spread: float, samples: int, middle: float) -> Histogram:
    """A replication of delays that are lognormal around their median."""
    histogram = Histogram()
    for _ in range(samples):
        histogram.record(round(middle * random.lognormvariate(0, spread)))
    return histogram


def quantile(
    random: Random, *, of: float, spread: float, samples: int, count: int = REPLICATIONS
) -> tuple[float, Estimate]:
    """A quantile of delays around 80 ms, as a point of the curve of a report."""
    middle = random.uniform(79_000, 81_000)  # anywhere in its bin
    truth = middle * math.exp(NormalDist().inv_cdf(of) * spread)
    parts = [delays(random, spread, samples, middle) for _ in range(count)]
    probabilities = (0.5, of)
    readings = list(zip(*(one.readings(probabilities) for one in parts), strict=True))
    points = [
        CurvePoint(
            probability=row[0].probability,
            value=binned(
                [one.value for one in row], spans=[(one.low, one.high) for one in row]
            ),
        )
        for row in readings
    ]
    return truth, rising(points)[-1].value


def share(
    random: Random, *, truth: float, count: int = REPLICATIONS, overdispersed: float = 0
) -> tuple[float, Estimate]:
    """So many of about 200; some worlds have a chance of their own."""
    shares: list[float] = []
    trials: list[int] = []
    for _ in range(count):
        chance = truth
        if overdispersed:
            both = 1 / overdispersed - 1
            chance = random.betavariate(truth * both, (1 - truth) * both)
        trials.append(max(1, round(random.gauss(200, 14))))
        number = sum(random.random() < chance for _ in range(trials[-1]))
        shares.append(number / trials[-1])
    return truth, proportion(shares, trials=trials)


def busy(random: Random, *, truth: float, spread: float) -> tuple[float, Estimate]:
    """A utilisation that varies over replications as a beta variable does."""
    both = truth * (1 - truth) / spread**2 - 1
    values = [
        random.betavariate(truth * both, (1 - truth) * both)
        for _ in range(REPLICATIONS)
    ]
    return truth, fraction(values)


ROWS: dict[str, Study] = {
    "mean of a delay, replications vary by 5 %": partial(gamma_mean, shape=400),
    "mean of a delay, replications vary by 30 %": partial(gamma_mean, shape=11),
    "mean of a delay, replications vary by 50 %": partial(gamma_mean, shape=4),
    "p50 of a narrow delay (1 %), 200 samples": partial(
        quantile, of=0.5, spread=0.01, samples=200
    ),
    "p50 of a narrow delay (1 %), 1,000 samples": partial(
        quantile, of=0.5, spread=0.01, samples=1_000
    ),
    "p50 of a wide delay, 200 samples": partial(
        quantile, of=0.5, spread=0.5, samples=200
    ),
    "p99 of a wide delay, 1,000 samples": partial(
        quantile, of=0.99, spread=0.5, samples=1_000
    ),
    "share of 0.5, n = 200": partial(share, truth=0.5),
    "share of 0.02, n = 200": partial(share, truth=0.02),
    "share of 0.002, n = 200": partial(share, truth=0.002),
    "share of 0.5, 2 replications": partial(share, truth=0.5, count=2),
    "share of 0.002, 20 replications": partial(share, truth=0.002, count=20),
    "share of 0.1 that varies over replications": partial(
        share, truth=0.1, overdispersed=0.01
    ),
    "utilisation of 0.5": partial(busy, truth=0.5, spread=0.05),
    "utilisation of 0.95": partial(busy, truth=0.95, spread=0.015),
}


def coverage(name: str, studies: int) -> float:
    """The part of the studies whose interval holds the truth."""
    random = Random(name)  # noqa: S311 - samples, not secrets
    held = 0
    for _ in range(studies):
        truth, found = ROWS[name](random)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    return held / studies


# Verdicts

KEPT = Promise(metric="notify_delay", at_most=True, bound=100, unit="us")


def decided_on_its_bound(most: int, studies: int, *, plain: bool) -> float:
    """How often a figure exactly on its bound is called met or missed."""
    random = Random(most)  # noqa: S311 - samples, not secrets
    looks, wrong = Looks(REPLICATIONS, most), 0
    fixed = Looks(REPLICATIONS, REPLICATIONS) if plain else looks
    for _ in range(studies):
        figures = [random.gauss(100, 7) for _ in range(REPLICATIONS)]
        while True:
            error = fixed.error(len(figures))
            found = judge(KEPT, figures, 1000, interval=estimate, error=error)
            more = looks.after(len(figures)) - len(figures)
            if all_decided([found]) or not more:
                break
            figures += [random.gauss(100, 7) for _ in range(more)]
        wrong += found.verdict is not ObjectiveVerdict.UNDECIDED
    return wrong / studies


# Comparisons

SMALL = """
title = "A small desk"
duration = "60s"
drain = "121s"
replications = 5
[population]
clients = 400
versions = { "7.1.4" = 0.8, "6.3.2" = 0.2 }
[arrivals]
kind = "poisson"
rate = "25/s"
[people]
answer = { accept = 0.5, reject = 0.2, ignore = 0.3 }
think = { distribution = "lognormal", median = "9s", sigma = 0.9 }
cancel = 0.05
[network]
latency = { distribution = "lognormal", median = "40ms", sigma = 0.5 }
[relay]
servers = 1
service = { distribution = "exponential", mean = "10ms" }
"""
POOL = 100
ROUNDS = 2_000


def pool(size: int) -> Results:
    """So many replications of a small world."""
    loaded = loads(SMALL, {}, source=Path("small.toml"))
    return simulate(loaded, replications=size, where=Where(workers=2))


def run_of(whole: Results, drawn: Sequence[Replication], seed: int) -> Results:
    """A run of some of them, as if that had been its seed."""
    numbered = tuple(
        one.model_copy(update={"number": number}) for number, one in enumerate(drawn)
    )
    return whole.model_copy(update={"replications": numbered, "seed": seed})


def different(whole: Results, number: int, rounds: int) -> tuple[float, float]:
    """How often a run is anywhere different from another of the same scenario.

    And how often one of the plain 95 % intervals leaves zero out.
    """
    random = Random(number)  # noqa: S311 - samples, not secrets
    wrong = plainly = 0
    for _ in range(rounds):
        drawn = random.sample(whole.replications, 2 * number)
        a, b = run_of(whole, drawn[::2], 1), run_of(whole, drawn[1::2], 2)
        wrong += any(one.significant for one in compare(a, b).differences)
        plainly += any(_apart(figure, a, b) for figure in FIGURES)
    return wrong / rounds, plainly / rounds


def _apart(figure: Figure, a: Results, b: Results) -> bool:
    values = [
        [value for one in run.replications if (value := figure.of(one)) is not None]
        for run in (a, b)
    ]
    return all(values) and unpaired(*values).excludes_zero()


# Tables


def main(studies: int) -> None:
    """Print all three tables."""
    print(
        f"{REPLICATIONS} replications unless the row says so, {studies} studies each\n"
    )
    print("| truth | held by |\n|---|---|")
    for name in ROWS:
        print(f"| {name} | {coverage(name, studies):.1%} |", flush=True)
    print("\n| replications at most | decided on its bound | by plain intervals |")
    print("|---|---|---|")
    for most in (5, 21, 51):
        spent, plain = (
            decided_on_its_bound(most, studies, plain=plain) for plain in (False, True)
        )
        print(f"| {most} | {spent:.1%} | {plain:.1%} |", flush=True)
    whole = pool(POOL)
    print("\n| replications of a run | different anywhere | by plain intervals |")
    print("|---|---|---|")
    for number in (3, 5, 10):
        wrong, plainly = different(whole, number, ROUNDS)
        print(f"| {number} | {wrong:.1%} | {plainly:.1%} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else STUDIES)
