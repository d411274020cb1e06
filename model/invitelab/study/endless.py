"""What came in one of two runs alone: percentiles of a delay without a difference.

A run in which nobody sees an invitation any more has no notify delay. To leave that out
of a comparison would leave out what broke.
"""

from collections.abc import Iterator

from invitelab.formats.percentiles import never_at, value_at
from invitelab.formats.results import Results
from invitelab.formats.several_results import EndlessFigure

METRICS = ("notify_delay", "decision_delay", "session_delay")
PERCENTILES = {"p50": 0.5, "p99": 0.99}


def endless_figures(a: Results, b: Results) -> Iterator[EndlessFigure]:
    """The percentiles that have a value in one run, and are endless in the other."""
    for metric in METRICS:
        for statistic, probability in PERCENTILES.items():
            before = _figure(a, metric, probability)
            after = _figure(b, metric, probability)
            if before and after and (before[0] is None) != (after[0] is None):
                yield EndlessFigure(
                    metric=metric, statistic=statistic, a=before[0], b=after[0]
                )


def _figure(
    results: Results, metric: str, probability: float
) -> tuple[float | None] | None:
    """A percentile in microseconds, None if it never came; None if it is not known."""
    found = results.distribution(metric)
    if found is None:
        return None
    if never_at(found, probability):
        return (None,)
    value = value_at(found, probability)
    return None if value is None else (value,)
