"""Objectives as text: the promise, and why its verdict is as it is."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf

import pytest

from invitelab.formats.results import Objective, Outcome, Results
from invitelab.reporting.load.objective_text import reason, statement
from invitelab.study.intervals import positive, proportion
from invitelab.study.objectives import Promise, after_interruption, judge

FAST = Promise(
    metric="notify_delay", quantile=0.99, at_most=True, bound=400_000, unit="us"
)
ACCEPTED = Promise(metric="accepted", at_most=False, bound=0.5, unit="1")
SAMPLES = 10_000
Figures = Sequence[float | None]
ReasonOf = Callable[[Objective, Figures], str]


@pytest.fixture
def reason_of(steady: Results) -> ReasonOf:
    """Give the reason of an objective in a run with a replication for each figure."""

    def make(objective: Objective, figures: Figures) -> str:
        update = {
            "replications": steady.replications[: len(figures)],
            "outcomes": {**steady.outcomes, Outcome.PENDING: 31},
        }
        text = reason(objective, steady.model_copy(update=update))
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    return make


@pytest.mark.parametrize(
    ("expected", "promise"),
    [
        ("99 % of notify_delay at most 400 ms", FAST),
        ("accepted at least 0.5", ACCEPTED),
        (
            "mean of relay_wait at most 2.5 ms",
            Promise(
                metric="relay_wait",
                statistic="mean",
                at_most=True,
                bound=2500,
                unit="us",
            ),
        ),
        (
            "99 % of session_delay at least 1 s",
            Promise(
                metric="session_delay",
                quantile=0.01,
                at_most=False,
                bound=1_000_000,
                unit="us",
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_promise_is_put_into_words(expected: str, promise: Promise) -> None:
    """Which part of which metric is promised to be what."""
    assert expected == statement(judge(promise, [None], 0))


@pytest.mark.parametrize(
    ("expected", "figures"),
    [
        (
            (
                "408 ms (of one replication, so there is no interval) is not at most"
                " 400 ms"
            ),
            [408_000],
        ),
        (
            "391 ms (388.5 to 393.5 ms, 3 replications) is at most 400 ms",
            [390_000, 391_000, 392_000],
        ),
        (
            "396.7 ms (358.7 to 434.6 ms, 3 replications) is not surely at most 400 ms",
            [380_000, 400_000, 410_000],
        ),
        (
            "390 ms (in each of 2 replications) is at most 400 ms",
            [390_000, 390_000],
        ),
        (
            "400.001 ms (in each of 2 replications) is not at most 400 ms",
            [400_001, 400_001],
        ),
        (
            (
                "390 ms (in each of 2 replications) is at most 400 ms, "
                "but 1 replication has too few samples"
            ),
            [390_000, 390_000, None],
        ),
        (
            (
                "390 ms (of one replication, so there is no interval) is not surely at"
                " most 400 ms, but 2 replications have too few samples"
            ),
            [None, 390_000, None],
        ),
        (
            (
                "no replication has 10 samples beyond that quantile"
                " (10 000 samples in all)"
            ),
            [None, None],
        ),
    ],
)
def test_a_reason_gives_figure_interval_and_bound(
    reason_of: ReasonOf, expected: str, figures: Figures
) -> None:
    """Never so rounded that it contradicts itself."""
    assert expected == reason_of(judge(FAST, figures, SAMPLES), figures)


def test_an_interval_that_is_wider_says_so(reason_of: ReasonOf) -> None:
    """Where it is one of several looks."""
    # Their standard deviation is 5 ms.
    figures = [383_675.44, 386_837.72, 390_000, 393_162.28, 396_324.56]
    judged = judge(FAST, figures, SAMPLES, error=0.0171)
    assert reason_of(judged, figures) == (
        "390 ms (381.2 to 398.8 ms at 98.29 %, for several looks, 5 replications) is"
        " at most 400 ms"
    )


@pytest.mark.parametrize(
    ("expected", "samples"),
    [
        ("there are no samples of accepted", 0),
        ("the 4 samples of accepted are too few", 4),
    ],
)
def test_a_share_without_figures_has_a_reason(
    reason_of: ReasonOf, expected: str, samples: int
) -> None:
    """It has no quantile to speak of."""
    assert expected == reason_of(judge(ACCEPTED, [None], samples), [None])


@pytest.mark.parametrize(
    ("expected", "figures"),
    [
        (
            (
                "9 000 of 10 000 (90 %) never happened, in the one replication more"
                " than the 1 % that may take longer than 400 ms"
            ),
            [inf],
        ),
        (
            (
                "9 000 of 10 000 (90 %) never happened, in each replication more than"
                " the 1 % that may take longer than 400 ms"
            ),
            [inf, inf],
        ),
        (
            (
                "9 000 of 10 000 (90 %) never happened, in 1 of 2 replications more"
                " than the 1 % that may take longer than 400 ms, but 1 replication has"
                " too few samples"
            ),
            [inf, 300_000, None],
        ),
    ],
)
def test_an_infinite_figure_is_called_never(
    reason_of: ReasonOf, expected: str, figures: Figures
) -> None:
    """With how many samples are of what did not happen."""
    assert expected == reason_of(judge(FAST, figures, SAMPLES, never=9_000), figures)


def test_what_did_not_happen_is_a_doubt(reason_of: ReasonOf) -> None:
    """Where the figures are finite, but a share of so many samples need not be."""
    figures = [300_000, 301_000, 302_000]
    within = partial(proportion, [0.99, 0.98, 0.995], trials=[200] * 3)
    judged = judge(FAST, figures, 600, never=7, interval=positive, within=within)
    assert reason_of(judged, figures).endswith(
        "at most 400 ms, but 7 of 600 (1.17 %) never happened, and 3 replications"
        " cannot exclude that more than 1 % miss the bound"
    )


def test_an_interruption_is_a_doubt(reason_of: ReasonOf) -> None:
    """With the number of invitations that were still to be decided."""
    open_ = after_interruption(FAST, judge(FAST, [300_000], SAMPLES), [100.0, inf])
    assert reason_of(open_, [300_000]) == (
        "so far 300 ms (of one replication, so there is no interval) is at most 400 ms,"
        " but the run was interrupted with 31 counted invitations pending"
    )
