"""Gates as they are written: `notify_delay p99 +10%`, `accepted -2%`, `missed`.

A gate is a figure and a change, upwards or downwards. It fails where the second run is
beyond that change, so the sign says which direction is bad.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from invitelab.errors import UsageError
from invitelab.formats.observed import Outcome
from invitelab.inputs.units import parse_duration, parse_rate
from invitelab.inputs.validation import closest

MISSED = "missed"
DELAYS = (
    "notify_delay",
    "decision_delay",
    "session_delay",
    "gone_delay",
    "expiry_lag",
)
UTILISATION = "relay_utilisation"
COUNTED = ("attempts", "messages")
HINT = (
    'a gate is a figure and a change, such as "notify_delay p99 +10%", '
    '"decision_delay p50 +200ms", "accepted -2%", "pending peak +500"; or "missed"'
)

_CHANGE = re.compile(r"([+-])\s*(.+)")
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*%")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_QUANTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,4})?)")
_WHOLE = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A gate: the figure, and the factor and the amount that limit it.

    The limit is `factor * a + amount`. `sign` is 1 where more is bad, and -1 where less
    is. `missed` has neither figure nor limit.
    """

    text: str
    metric: str = ""
    statistic: str = ""
    sign: Literal[1, -1] = 1
    factor: float = 1.0
    amount: float = 0.0

    @property
    def is_missed(self) -> bool:
        """Whether it is about the objectives."""
        return not self.metric

    @property
    def figure(self) -> str:
        """The figure as it is written: `notify_delay p99`."""
        return f"{self.metric} {self.statistic}"

    @property
    def unit(self) -> Literal["us", "1"]:
        """The unit of the figure: microseconds, or a plain number."""
        return "us" if self.metric in DELAYS else "1"

    @property
    def quantile(self) -> float | None:
        """The quantile of a delay, 0 to 1; None for any other figure."""
        found = _QUANTILE.fullmatch(self.statistic)
        return float(found[1]) / _WHOLE if found else None


def figures() -> Iterator[str]:
    """Every figure that has a name of its own, as it is written in a gate."""
    yield from (f"{metric} p99" for metric in DELAYS)
    yield from (f"{metric} mean" for metric in DELAYS)
    yield from (
        f"{outcome.value} {statistic}"
        for outcome, statistic in product(Outcome, ("share", "count", "rate"))
    )
    yield from ("pending mean", "pending peak", f"{UTILISATION} mean")
    yield from (f"{what} {one}" for what, one in product(COUNTED, ("count", "rate")))


def parse_gate(text: str) -> Asked:
    """Read a gate. Raises UsageError with an example, and with similar names."""
    words = text.split()
    if words == [MISSED]:
        return Asked(text=MISSED)
    places = [at for at, word in enumerate(words) if word[0] in "+-"]
    if not places or places[0] == 0:
        raise _wrong(text, "has to be a figure and a change with its sign")
    change = _CHANGE.fullmatch(" ".join(words[places[0] :]))
    if change is None:
        raise _wrong(text, "has no amount behind its sign")
    metric, statistic = _figure(text, words[: places[0]])
    named = Asked(text=" ".join(words), metric=metric, statistic=statistic)
    sign: Literal[1, -1] = 1 if change[1] == "+" else -1
    share, amount = _amount(named, change[2])
    if sign < 0 and share > 1:
        raise _wrong(text, "asks for a loss of more than all")
    return Asked(
        text=named.text,
        metric=metric,
        statistic=statistic,
        sign=sign,
        factor=1 + sign * share,
        amount=sign * amount,
    )


def parse_gates(texts: tuple[str, ...]) -> list[Asked]:
    """Read several gates; the same one twice is read once. Raises UsageError."""
    return list(dict.fromkeys(map(parse_gate, texts)))


def _figure(text: str, words: list[str]) -> tuple[str, str]:
    """Metric and statistic; an outcome without one is a share, the load a mean."""
    if words == [UTILISATION]:
        return UTILISATION, "mean"
    if len(words) == 1 and words[0] in list(Outcome):
        return words[0], "share"
    metric, statistic = (*words, "")[:2] if len(words) <= 2 else ("", "")  # noqa: PLR2004
    metric = "pending" if metric == Outcome.PENDING else metric
    name = f"{metric} {statistic}"
    if metric in DELAYS and _is_quantile(statistic):
        return metric, statistic
    if name in set(figures()):
        return metric, statistic
    raise _wrong(
        text,
        f'names no figure with "{" ".join(words)}"',
        hint=f"{closest(' '.join(words), list(figures()))}; a delay has any "
        "percentile: p50, p95, p99.9",
    )


def _is_quantile(statistic: str) -> bool:
    found = _QUANTILE.fullmatch(statistic)
    return found is not None and float(found[1]) > 0


def _amount(named: Asked, text: str) -> tuple[float, float]:
    """The share of the first run, and the amount in the unit of the figure."""
    if found := _PERCENT.fullmatch(text):
        return float(found[1]) / _WHOLE, 0.0
    try:
        if named.unit == "us":
            return 0.0, float(parse_duration(text))
        if named.statistic == "rate":
            return 0.0, parse_rate(text)
    except ValueError as error:
        raise _wrong(named.text, f"has a change that {error}") from error
    if not _NUMBER.fullmatch(text):
        raise _wrong(named.text, f'has to change by a number or by %, not by "{text}"')
    if (named.statistic == "share" or named.metric == UTILISATION) and float(text) > 1:
        raise _wrong(
            named.text,
            "changes a share by more than 1, which is all",
            hint=f"a per cent sign makes it a part of the first run: {text}%",
        )
    return 0.0, float(text)


def _wrong(text: str, sentence: str, *, hint: str = HINT) -> UsageError:
    return UsageError(f"--fail-if {text!r} {sentence}", hint=hint)
