"""Comparisons of two runs as text."""

from collections.abc import Iterator, Sequence

from invitelab.formats.several_results import Comparison, Difference
from invitelab.reporting.common.formatting import (
    MINUS,
    clean,
    duration,
    figures,
    grouped,
    listed,
    plural,
    spoken,
)
from invitelab.reporting.load.beside_text import besides, conclusion

NO_VERDICT = {False: "no difference shown", None: "too few replications"}
"""Where a difference may be chance."""

WORSE_ABOVE = frozenset({"notify_delay", "expired", "refused"})
"""Figures of which less is better."""

WORSE_BELOW = frozenset({"accepted"})
"""Of which more is better. Of all others neither is: it depends on what was changed."""

LONGEST_NAME = 20
"""Of a run that a column is headed with, in characters."""

ABSENT = "(absent)"
"""Stands for a key that only the other scenario has."""

NO_VALUES = frozenset({"title", "summary", "seed", "replications", "max_replications"})
"""Keys of a scenario that do not change what happens in its world."""


def name_of(difference: Difference) -> str:
    """The name of a figure: `notify delay p99`."""
    return clean(f"{spoken(difference.metric)} {difference.statistic}")


def names(comparison: Comparison) -> tuple[str, str]:
    """What the runs are called beside figures: their names, or `a` and `b`."""
    a, b = clean(comparison.a), clean(comparison.b)
    short = a != b and max(len(a), len(b)) <= LONGEST_NAME
    return (a, b) if short and a and b else ("a", "b")


def verdict(difference: Difference) -> str:
    """`longer (worse)` of the second run, or why there is no such word."""
    if not difference.significant:
        return NO_VERDICT[difference.significant]
    return _direction(difference)


def _direction(difference: Difference) -> str:
    """How the second run differs, and whether that is better or worse if it is either.

    Words of a time are `longer` and `shorter`, of all else `higher` and `lower`.
    """
    more = difference.difference.mean > 0
    time = difference.unit == "us"
    word = ("longer" if more else "shorter") if time else "higher" if more else "lower"
    if difference.metric in WORSE_ABOVE | WORSE_BELOW:
        bad = more if difference.metric in WORSE_ABOVE else not more
        return f"{word} ({'worse' if bad else 'better'})"
    return word


def amount(value: float, unit: str) -> str:
    """A figure of a run, in its unit: a time or a plain number."""
    return duration(value) if unit == "us" else figures(value)


def signed(value: float, unit: str) -> str:
    """A difference with its sign: `+12 ms`."""
    text = amount(value, unit)
    return text if text.startswith(MINUS) or not value else f"+{text}"


def interval(difference: Difference) -> str:
    """A difference with its interval: `+12 ms (+4 ms to +20 ms)`."""
    found, unit = difference.difference, difference.unit
    text = signed(found.mean, unit)
    if found.low is None or found.high is None:
        return text
    return f"{text} ({signed(found.low, unit)} to {signed(found.high, unit)})"


def changed_values(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Each value that differs between the scenarios: its path, in a and in b."""
    for path, (a, b) in comparison.changed.items():
        yield (
            clean(path),
            clean(ABSENT if a is None else a),
            clean(ABSENT if b is None else b),
        )


def comparison_summary(comparison: Comparison) -> str:
    """The sentences that name what never came, and the figures that are different."""
    if comparison.beside is not None:
        return conclusion(comparison.beside)
    return " ".join([*_endless(comparison), _different(comparison)])


def _endless(comparison: Comparison) -> Iterator[str]:
    """What came in one run alone."""
    a, b = names(comparison)
    for one in comparison.endless:
        what = clean(f"{spoken(one.metric)} {one.statistic}")
        if one.b is None and one.a is not None:
            yield f"In {b}, {what} is endless (worse; {duration(one.a)} in {a})."
        elif one.b is not None:
            yield f"In {b}, {what} is {duration(one.b)} (better; endless in {a})."


def _different(comparison: Comparison) -> str:
    """The sentence that names the figures that are different."""
    differences = comparison.differences
    if not differences:
        return "There is nothing to compare: no figure was measured in both runs."
    sure = [one for one in differences if one.significant]
    number = plural(len(differences), "figure")
    how = "paired by replication" if comparison.paired else "not paired"
    if all(one.significant is None for one in differences):
        few = "pairs" if comparison.paired else "replications of each run"
        return (
            f"Too few replications: {number}, {how}; fewer than three {few} tell no"
            " difference from chance."
        )
    if not sure:
        return _none_shown(differences, how)
    named = [
        f"{name_of(one)} is {amount(abs(one.difference.mean), one.unit)}"
        f" {_direction(one)}"
        for one in sure
    ]
    are = "is" if len(sure) == 1 else "are"
    _, b = names(comparison)
    return f"{len(sure)} of {number} {are} different ({how}). In {b}, {listed(named)}."


def _none_shown(differences: Sequence[Difference], how: str) -> str:
    """No difference is shown; figures of too few replications are mentioned apart.

    Their intervals may exclude zero by chance.
    """
    few = sum(one.significant is None for one in differences)
    number = plural(len(differences) - few, "figure")
    text = f"No difference shown in {number} ({how}): every interval holds zero."
    if few:
        text += f" Too few replications for {grouped(few)} more."
    return text


def comparison_line(comparison: Comparison) -> str:
    """Whether the runs are paired, and what a difference can be attributed to."""
    if comparison.beside is not None:
        return besides(comparison, comparison.beside)
    text = [_pairing(comparison), _scenarios(comparison)]
    if len(comparison.differences) > 1:
        text.append(
            "Each interval is as wide as its figure was tested for: 5 % of error in all"
            f" {plural(len(comparison.differences), 'figure')} together (Holm)."
        )
    return " ".join(text)


def _pairing(comparison: Comparison) -> str:
    seeds = f"seeds {comparison.seed_a} and {comparison.seed_b}"
    if not comparison.paired and comparison.seed_a == comparison.seed_b:
        return (
            "Not paired: no replication of one has its counterpart in the other;"
            " chance is part of every difference."
        )
    if not comparison.paired:
        return (
            f"Not paired: {seeds} have no random numbers in common; chance is part of"
            " every difference."
        )
    text = (
        f"Paired: both have seed {comparison.seed_a}, so that each replication of"
        " one is compared with the same replication of the other"
    )
    most = max(comparison.replications_a, comparison.replications_b)
    if most == comparison.pairs:
        return f"{text}."
    return (
        f"{text}; {comparison.pairs} of {comparison.replications_a} and of"
        f" {comparison.replications_b} have a counterpart, the others are left out."
    )


def _scenarios(comparison: Comparison) -> str:
    """What a difference can be attributed to."""
    keys = comparison.changed.keys()
    values = plural(len(keys - NO_VALUES), "value")
    if "title" in keys and not keys - NO_VALUES:
        return (
            "These are two scenarios with the same values under different titles:"
            " nothing but chance can differ."
        )
    if "title" in keys:
        return (
            f"These are two different scenarios, apart in {values}: no difference can"
            " be put down to one of them."
        )
    if not keys - NO_VALUES:
        return "Both are of the same scenario: nothing but chance can differ."
    if len(keys - NO_VALUES) == 1:
        return "One value of the scenario differs."
    return (
        f"{values} of the scenario differ: no difference can be put down to one of"
        " them alone."
    )
