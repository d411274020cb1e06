"""How much of a series is warm-up: advice, for a person to act on.

MSER-5 cuts where the rest has the smallest standard error of its mean: cutting a
transient shrinks the scatter, cutting more than it wastes samples. Values are first
averaged in batches of five, so that no single window decides. Nothing is ever cut by
itself. After K. P. White, "An effective truncation heuristic for bias reduction in
simulation output", Simulation 69 (1997), with the batches of White, Cobb and Spratt,
"A comparison of five steady-state truncation heuristics for simulation" (2000).
"""

import math
from collections.abc import Iterator, Sequence

from invitelab.formats.results import WarmUpAdvice
from invitelab.study import words

BATCH = 5
LEAST_BATCHES = 10
"""With fewer, half of them are too few to tell a trend from chance."""


def advise(
    metric: str, values: Sequence[float], window_us: int, *, left_us: int = 0
) -> WarmUpAdvice:
    """Advise on a series with one value a window, from the beginning of the run.

    At most half of the series is ever advised; an optimum there means that the series
    has not settled, and the sentence says so. Nor is anything advised where less than
    `left_us` would be left: what lives so long cannot have settled. Raises ValueError
    for a window that is not positive.
    """
    if window_us < 1:
        raise ValueError(f"a window is longer than {window_us} microseconds")
    batches = _batches(values)
    if len(batches) < LEAST_BATCHES:
        needed = words.bound(LEAST_BATCHES * BATCH * window_us, "us")
        sentence = f"{metric} is too short a series for advice: run at least {needed}"
        return WarmUpAdvice(metric=metric, advised_us=0, sentence=sentence)
    cut, limit = best_cut(batches), len(batches) // 2
    advised_us = cut * BATCH * window_us
    if cut < limit and len(values) * window_us - advised_us < left_us:
        needed = words.bound(advised_us + left_us, "us")
        sentence = f"{metric} is too short a series for advice: run at least {needed}"
        return WarmUpAdvice(metric=metric, advised_us=0, sentence=sentence)
    return WarmUpAdvice(
        metric=metric,
        advised_us=advised_us,
        sentence=_sentence(metric, advised_us, settled=cut < limit),
    )


def best_cut(batches: Sequence[float]) -> int:
    """How many of the first batches to leave out; at most half of them."""
    scores = list(_scores(batches))
    return scores.index(min(scores))


def _batches(values: Sequence[float]) -> list[float]:
    """Means of five; a rest of fewer than five at the end is left out."""
    starts = range(0, len(values) - BATCH + 1, BATCH)
    return [math.fsum(values[start : start + BATCH]) / BATCH for start in starts]


def _scores(batches: Sequence[float]) -> Iterator[float]:
    """The squared standard error of the mean of what is left, for each cut.

    A series is a few hundred batches long, so each score is summed on its own: running
    sums of squares would lose the digits that matter where all values are large.
    """
    for cut in range(len(batches) // 2 + 1):
        rest = batches[cut:]
        mean = math.fsum(rest) / len(rest)
        yield math.fsum((value - mean) ** 2 for value in rest) / len(rest) ** 2


def _sentence(metric: str, advised_us: int, *, settled: bool) -> str:
    length = words.bound(advised_us, "us")
    if not settled:
        return f"{metric} has not settled after {length}, half of the run: run longer"
    if not advised_us:
        return f"{metric} shows no warm-up"
    return f"{metric} settles after {length}: leave out at least that much"
