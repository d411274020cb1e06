"""A distribution in the percentile text format of HdrHistogram, in milliseconds.

The format of `AbstractHistogram.outputPercentileDistribution` (HdrHistogram, G. Tene),
which its plotter reads. As there, each halving of the distance to 100 % has five lines,
and a value is the highest of its bin.
"""

import math
from collections.abc import Iterator, Sequence

from invitelab.formats.results import Bin, Distribution

HEADER = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}"
STEPS = 5
"""Lines for each halving of the distance to 100 %."""

MOST_HALVINGS = 64
US_PER_MS = 1000


def hgrm(distribution: Distribution) -> str:
    """The text, ending in a newline; samples below zero count in the first bin."""
    bins = distribution.bins
    lines = ["", *_lines(bins, distribution.negative)] if bins else [""]
    mean = distribution.mean_us.mean / US_PER_MS if distribution.mean_us else 0.0
    most = (distribution.maximum_us or 0) / US_PER_MS
    footer = (
        f"#[Mean    = {mean:12.3f}, StdDeviation   = {_deviation(bins):12.3f}]",
        f"#[Max     = {most:12.3f}, Total count    = {distribution.count:12}]",
        f"#[Buckets = {len(bins):12}, SubBuckets     = {256:12}]",
    )
    return "\n".join((HEADER, *lines, *footer)) + "\n"


def _lines(bins: Sequence[Bin], negative: int) -> Iterator[str]:
    total = negative + sum(one.count for one in bins)
    wanted = _percentiles()
    probability = next(wanted)
    seen = negative
    for one in bins:
        seen += one.count
        value = (one.upper - 1) / US_PER_MS
        if seen == total:
            yield f"{value:12.3f} {1:.12f} {total:10}"
            return
        if seen < probability * total:
            continue
        rarity = 1 / (1 - probability)
        yield f"{value:12.3f} {probability:.12f} {seen:10} {rarity:14.2f}"
        while seen >= probability * total:
            probability = next(wanted)


def _percentiles() -> Iterator[float]:
    """Probabilities from 0 to 1, STEPS for each halving of the distance to 1."""
    for halving in range(MOST_HALVINGS):
        left = 0.5**halving
        for step in range(STEPS):
            yield 1 - left * (1 - step / STEPS / 2)
    yield 1.0


def _deviation(bins: Sequence[Bin]) -> float:
    """The standard deviation, each sample taken to be in the middle of its bin."""
    total = sum(one.count for one in bins)
    if not total:
        return 0.0
    middles = [((one.lower + one.upper - 1) / 2 / US_PER_MS, one.count) for one in bins]
    mean = math.fsum(value * count for value, count in middles) / total
    return math.sqrt(
        math.fsum((value - mean) ** 2 * count for value, count in middles) / total
    )
