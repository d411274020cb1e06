"""Two runs side by side: signs, intervals, and what can be said for sure."""

import pytest

from invitelab.reporting.load.contrast import (
    comparison_line,
    comparison_words,
    interval,
)
from invitelab.reporting.load.words import MINUS
from invitelab.results import Comparison, Difference, Estimate


def spaces(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u00a0", " ")


def difference(mean: float, *, significant: bool | None) -> Difference:
    """Make a difference of a delay."""
    return Difference(
        metric="notify_delay",
        statistic="p99",
        unit="us",
        a=100_000,
        b=100_000 + mean,
        difference=Estimate(mean=mean, low=mean - 1000, high=mean + 1000)
        if significant is not None
        else Estimate(mean=mean),
        significant=significant,
    )


def comparison(*differences: Difference, paired: bool = True) -> Comparison:
    """Make a comparison."""
    return Comparison(
        a="a",
        b="b",
        seed_a=1,
        seed_b=1 if paired else 2,
        paired=paired,
        changed={},
        differences=differences,
    )


def test_a_difference_has_its_sign_and_interval() -> None:
    """A minus is a minus, and nothing has none."""
    assert f"{MINUS}5 ms ({MINUS}6 ms to {MINUS}4 ms)" == spaces(
        interval(difference(-5000, significant=True))
    )
    assert "+5 ms" == spaces(interval(difference(5000, significant=None)))
    assert "0 s" == spaces(interval(difference(0, significant=None)))


@pytest.mark.parametrize(
    ("significant", "words"),
    [
        (True, "1 of 1 figure differ for sure (paired by replication): notify delay"),
        (False, "None of 1 figure differs for sure (paired by replication): every"),
        (None, "1 figure, paired by replication: with one pair of runs nothing tells"),
    ],
)
def test_the_words_claim_no_more_than_the_interval(
    significant: bool | None,  # noqa: FBT001 - a parameter of the cases
    words: str,
) -> None:
    """One pair of runs proves nothing."""
    found = comparison_words(comparison(difference(5000, significant=significant)))
    assert found.startswith(words)


def test_runs_that_are_not_paired_are_called_so() -> None:
    """For then chance is part of every difference."""
    assert comparison_line(comparison(paired=False)).startswith("Not paired: seeds 1")
    assert comparison_line(comparison()).startswith("Paired: both have seed 1")
