"""Advice on the length of the warm-up, by MSER-5; it is never applied by itself.

MSER-5 truncates where the rest has the smallest standard error of its mean: cutting the
transient reduces the variance, cutting more wastes samples. Values are first averaged
in batches of five, so that no single window decides. See K. P. White, "An effective
truncation heuristic for bias reduction in simulation output", Simulation 69 (1997),
page 323; the batches are those of K. P. White, M. J. Cobb and S. C. Spratt, "A
comparison of five steady-state truncation heuristics for simulation", Proceedings of
the 2000 Winter Simulation Conference, page 755.
"""

import math
from collections.abc import Iterator, Sequence

from invitelab.formats.results import WarmUpAdvice, WarmUpFinding

BATCH = 5
LEAST_BATCHES = 10
"""With fewer, half of them are too few to distinguish a trend from chance."""


def advise(
    metric: str, values: Sequence[float], window_us: int, *, left_us: int = 0
) -> WarmUpAdvice:
    """Advise on a series with one value a window, from the beginning of the run.

    At most half of the series is ever advised; an optimum there means that the series
    has not settled. Nor is anything advised where less than `left_us` microseconds
    would be left: what takes that long cannot have settled. Raises ValueError for a
    window that is not positive.
    """
    if window_us < 1:
        raise ValueError(f"a window is longer than {window_us} microseconds")
    batches = _batches(values)
    if len(batches) < LEAST_BATCHES:
        return _too_short(metric, LEAST_BATCHES * BATCH * window_us)
    cut, limit = best_cut(batches), len(batches) // 2
    advised_us = cut * BATCH * window_us
    if cut < limit and len(values) * window_us - advised_us < left_us:
        return _too_short(metric, advised_us + left_us)
    settled = cut < limit
    return WarmUpAdvice(
        metric=metric,
        finding=WarmUpFinding.SETTLED if settled else WarmUpFinding.NOT_SETTLED,
        advised_us=advised_us,
    )


def _too_short(metric: str, needed_us: int) -> WarmUpAdvice:
    finding = WarmUpFinding.TOO_SHORT
    return WarmUpAdvice(metric=metric, finding=finding, needed_us=needed_us)


def best_cut(batches: Sequence[float]) -> int:
    """The number of batches to leave out at the beginning, at most half of them."""
    scores = list(_scores(batches))
    return scores.index(min(scores))


def _batches(values: Sequence[float]) -> list[float]:
    """Means of five values each; a shorter rest at the end is left out."""
    starts = range(0, len(values) - BATCH + 1, BATCH)
    return [math.fsum(values[start : start + BATCH]) / BATCH for start in starts]


def _scores(batches: Sequence[float]) -> Iterator[float]:
    """The squared standard error of the mean of the rest, for each cut.

    Each score is summed on its own, because running sums of squares lose digits where
    all values are large; a series has only a few hundred batches.
    """
    for cut in range(len(batches) // 2 + 1):
        rest = batches[cut:]
        mean = math.fsum(rest) / len(rest)
        yield math.fsum((value - mean) ** 2 for value in rest) / len(rest) ** 2
