"""Comparisons as text: signs, intervals and significance."""

import pytest

from invitelab.formats.results import Estimate
from invitelab.formats.several_results import Comparison, Difference, EndlessFigure
from invitelab.reporting.common.formatting import MINUS
from invitelab.reporting.load.comparison_text import (
    comparison_line,
    comparison_summary,
    interval,
    names,
    verdict,
)


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
    """A negative one has a minus sign, zero has none."""
    assert f"{MINUS}5 ms ({MINUS}6 ms to {MINUS}4 ms)" == spaces(
        interval(difference(-5000, significant=True))
    )
    assert "+5 ms" == spaces(interval(difference(5000, significant=None)))
    assert "0 s" == spaces(interval(difference(0, significant=None)))


@pytest.mark.parametrize(
    ("significant", "words"),
    [
        (
            True,
            "1 of 1 figure is different (paired by replication). In b, notify delay",
        ),
        (False, "No difference shown in 1 figure (paired by replication): every"),
        (
            None,
            "Too few replications: 1 figure, paired by replication; fewer than three",
        ),
    ],
)
def test_the_summary_claims_no_more_than_the_interval(
    significant: bool | None,  # noqa: FBT001 - a parameter of the cases
    words: str,
) -> None:
    """Two pairs of replications are not significant."""
    found = comparison_summary(comparison(difference(5000, significant=significant)))
    assert found.startswith(words)


@pytest.mark.parametrize(
    ("metric", "unit", "mean", "word"),
    [
        ("notify_delay", "us", 5000, "longer (worse)"),
        ("notify_delay", "us", -5000, "shorter (better)"),
        ("accepted", "1", 0.1, "higher (better)"),
        ("accepted", "1", -0.1, "lower (worse)"),
        ("expired", "1", 0.1, "higher (worse)"),
        ("refused", "1", -0.1, "lower (better)"),
        ("relay_utilisation", "1", 0.1, "higher"),
        ("rejected", "1", -0.1, "lower"),
        ("pending", "1", 3, "higher"),
    ],
)
def test_a_difference_says_its_direction(
    metric: str, unit: str, mean: float, word: str
) -> None:
    """And whether that is worse, of figures of which one direction surely is."""
    one = difference(5000, significant=True).model_copy(
        update={"metric": metric, "unit": unit, "difference": Estimate(mean=mean)}
    )
    assert word == verdict(one)
    assert f"{word}." in comparison_summary(comparison(one))


@pytest.mark.parametrize("significant", [False, None])
def test_what_may_be_chance_has_no_direction(
    significant: bool | None,  # noqa: FBT001 - a parameter of the cases
) -> None:
    """Whatever its mean is."""
    assert "longer" not in verdict(difference(5000, significant=significant))


@pytest.mark.parametrize(
    ("runs", "called"),
    [
        (("before", "after"), ("before", "after")),
        (("same", "same"), ("a", "b")),
        (("before", "reports/load/support_desk"), ("a", "b")),
    ],
)
def test_runs_are_called_by_their_names_where_these_are_short(
    runs: tuple[str, str], called: tuple[str, str]
) -> None:
    """Two of one name, or of a long one, could not be told apart in a column."""
    a, b = runs
    assert called == names(comparison().model_copy(update={"a": a, "b": b}))


def test_an_interval_of_too_few_pairs_is_not_said_to_hold_zero() -> None:
    """Two pairs have an interval, which may leave it out, and decide nothing."""
    few = difference(5000, significant=True).model_copy(update={"significant": None})
    found = comparison_summary(comparison(difference(5, significant=False), few))
    assert found == (
        "No difference shown in 1 figure (paired by replication): every interval holds"
        " zero. Too few replications for 1 more."
    )


def test_runs_that_are_not_paired_are_called_so() -> None:
    """Chance is part of every difference then."""
    assert comparison_line(comparison(paired=False)).startswith("Not paired: seeds 1")
    assert comparison_line(comparison()).startswith("Paired: both have seed 1")


def line(**keys: object) -> str:
    """Make the line on the pairing of two runs of one seed."""
    same: dict[str, object] = {
        "replications_a": 3,
        "replications_b": 3,
        "pairs": 3,
        **keys,
    }
    return comparison_line(comparison().model_copy(update=same))


def test_runs_of_unequal_length_say_what_is_left_out() -> None:
    """And those of equal length do not."""
    assert "left out" not in line()
    assert "3 of 3 and of 5 have a counterpart" in line(replications_b=5)


def test_a_seed_alone_pairs_nothing() -> None:
    """Runs of one seed without common replications are not paired."""
    words = line(paired=False, seed_b=1, pairs=0)
    assert words.startswith("Not paired: no replication of one has its counterpart")


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Both are of the same scenario", []),
        ("Both are of the same scenario", ["seed", "replications"]),
        ("One value of the scenario differs.", ["seed", "relay.servers"]),
        ("2 values of the scenario differ:", ["relay.servers", "arrivals.rate"]),
        ("These are two different scenarios, apart in 1 value:", ["title", "duration"]),
        ("These are two scenarios with the same values under", ["title", "seed"]),
    ],
)
def test_a_difference_is_attributed_to_one_value_or_to_none(
    words: str, keys: list[str]
) -> None:
    """Runs of different scenarios are called so."""
    assert words in line(changed=dict.fromkeys(keys, ("1", "2")))


def test_what_never_came_in_one_run_is_told_first() -> None:
    """It has no difference, and would else be missing."""
    endless = (
        EndlessFigure(metric="notify_delay", statistic="p99", a=58_500, b=None),
        EndlessFigure(metric="session_delay", statistic="p50", a=None, b=2_000_000),
    )
    both = comparison(difference(5000, significant=False))
    text = spaces(comparison_summary(both.model_copy(update={"endless": endless})))
    assert text.startswith(
        "In b, notify delay p99 is endless (worse; 58.5 ms in a)."
        " In b, session delay p50 is 2 s (better; endless in a). No difference shown"
    )
