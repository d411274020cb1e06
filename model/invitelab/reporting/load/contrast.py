"""Two runs side by side, in words."""

from invitelab.reporting.load.words import (
    MINUS,
    clean,
    duration,
    figures,
    listed,
    plural,
    spoken,
)
from invitelab.results import Comparison, Difference

WORDS = {True: "differs", False: "no proof", None: "one pair"}


def name_of(difference: Difference) -> str:
    """Metric and statistic as words: `notify delay p99`."""
    return clean(f"{spoken(difference.metric)} {difference.statistic}")


def amount(value: float, unit: str) -> str:
    """A figure of a run: a time or a plain number."""
    return duration(value) if unit == "us" else figures(value)


def signed(value: float, unit: str) -> str:
    """A difference with its sign: `+12 ms`."""
    words = amount(value, unit)
    return words if words.startswith(MINUS) or not value else f"+{words}"


def interval(difference: Difference) -> str:
    """Difference and interval: `+12 ms (+4 ms to +20 ms)`."""
    found, unit = difference.difference, difference.unit
    words = signed(found.mean, unit)
    if found.low is None or found.high is None:
        return words
    return f"{words} ({signed(found.low, unit)} to {signed(found.high, unit)})"


def comparison_words(comparison: Comparison) -> str:
    """Which figures differ for sure, in a sentence."""
    differences = comparison.differences
    if not differences:
        return "There is nothing to compare: no figure was measured in both runs."
    sure = [one for one in differences if one.significant]
    how = "paired by replication" if comparison.paired else "not paired"
    if all(one.significant is None for one in differences):
        return (
            f"{plural(len(differences), 'figure')}, {how}: with one pair of runs"
            " nothing tells a difference from chance."
        )
    if not sure:
        return (
            f"None of {plural(len(differences), 'figure')} differs for sure ({how}):"
            " every 95 % interval holds zero."
        )
    named = [
        f"{name_of(one)} by {signed(one.difference.mean, one.unit)}" for one in sure
    ]
    return (
        f"{len(sure)} of {plural(len(differences), 'figure')} differ for sure ({how}):"
        f" {listed(named)}."
    )


def comparison_line(comparison: Comparison) -> str:
    """How the two runs belong together."""
    if comparison.paired:
        return (
            f"Paired: both have seed {comparison.seed_a}, so that each replication of"
            " one is compared with the same replication of the other."
        )
    return (
        f"Not paired: seeds {comparison.seed_a} and {comparison.seed_b}; chance is part"
        " of every difference."
    )
