"""Where delays were spent, as sentences."""

from collections.abc import Mapping, Sequence

from invitelab.formats.flow import Spent
from invitelab.formats.results import Objective
from invitelab.reporting.common.colours import Role
from invitelab.reporting.common.formatting import (
    duration,
    percentile,
    plural,
    share,
    spoken,
)

PARTS: Mapping[str, tuple[str, str, Role]] = {
    "think": ("people", "was people's own", Role.REJECTED),
    "network": ("network", "was on the network", Role.ACCEPTED),
    "queue": ("queue of the relay", "was in queues of the relay", Role.EXPIRED),
    "service": ("work of the relay", "was work of the relay", Role.PENDING),
    "repeats": (
        "waiting for a repeat",
        "was waiting for a repeat",
        Role.REFUSED,
    ),
}
"""By its name in a `Spent`: a short name of a part, one in a sentence, its colour."""

LEAST = 0.05
"""The least share of a part that a sentence names."""
MOST_NAMED = 3


def part_us(one: Spent, part: str) -> int:
    """A part of a group of delays, in microseconds."""
    found: int = getattr(one, f"{part}_us")
    return found


def parts_of(groups: Sequence[Spent]) -> dict[str, float]:
    """The share of each part in the sum of these delays; empty where it is zero."""
    whole = sum(one.total_us for one in groups)
    if not whole:
        return {}
    return {part: sum(part_us(one, part) for one in groups) / whole for part in PARTS}


def largest_parts(groups: Sequence[Spent]) -> list[str]:
    """The largest parts in words, as `88 % was in queues of the relay`."""
    found = sorted(parts_of(groups).items(), key=lambda pair: -pair[1])
    return [
        f"{share(value)} {PARTS[part][1]}"
        for part, value in found[:MOST_NAMED]
        if value >= LEAST
    ]


def beyond(objective: Objective, spent: Sequence[Spent]) -> list[Spent]:
    """The groups that a bound on a delay is about: those beyond its quantile.

    The slowest that there are, where what is beyond it never came. Without a quantile,
    all of them for a mean, and the last one for a maximum.
    """
    groups = [one for one in spent if one.metric == objective.metric]
    if objective.quantile is not None:
        found = [one for one in groups if one.low >= objective.quantile - 1e-9]
        return found or groups[-1:]
    return groups[-1:] if objective.statistic == "max" else groups


def of_those(groups: Sequence[Spent], *, is_last: bool) -> str:
    """The delays as text: `the 70 delays beyond p99 (1.2 s to 2 min)`.

    `is_last` says that they are the last of their metric.
    """
    first, last = groups[0], groups[-1]
    which = ""
    if first.low or last.high < 1:
        which = f" {between(first.low, last.high, is_last=is_last)}"
    number = sum(one.count for one in groups)
    kind = spoken(first.metric).removesuffix(" delay")
    return (
        f"the {plural(number, f'{kind} delay')}{which}"
        f" ({duration(first.lower_us)} to {duration(last.upper_us)})"
    )


def between(low: float, high: float, *, is_last: bool = False) -> str:
    """The place among the percentiles: `up to p50`, `p50 to p90`, `beyond p99.9`.

    If it is the last of its metric, what is beyond it never happened: `from p90 on`.
    """
    if is_last and low and high < 1:
        return f"from {percentile(low)} on"
    if not low:
        return f"up to {percentile(high)}" if high < 1 else "of all"
    return (
        f"beyond {percentile(low)}"
        if high >= 1
        else f"from {percentile(low)} to {percentile(high)}"
    )
