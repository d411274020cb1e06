"""Quantities with units: `30min`, `4min30s`, `40/s`, parsed and formatted.

Durations become an integer of microseconds, rates a float per second. An invalid text
raises ValueError with a sentence that continues the name of the quantity: "is missing
a unit: ...".
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

DURATION_UNITS_US: Mapping[str, int] = MappingProxyType(
    {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000}
)
RATE_UNITS_S: Mapping[str, int] = MappingProxyType({"s": 1, "min": 60, "h": 3_600})

_WHOLE = r"[0-9]{1,15} ?"
_LAST = r"[0-9]{1,15}(\.[0-9]{1,12})? ?"
_TIME = (  # the units go down, and only the last amount has a fraction
    rf"({_LAST}h|({_WHOLE}h ?)?({_LAST}min|({_WHOLE}min ?)?"
    rf"({_LAST}s|({_WHOLE}s ?)?({_LAST}ms|({_WHOLE}ms ?)?{_LAST}us))))"
)
DURATION_PATTERN = rf"^{_TIME}$"
OFFSET_PATTERN = rf"^-?{_TIME}$"
RATE_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,30})? ?/ ?(s|min|h)$"

LONGEST_US = 366 * 24 * DURATION_UNITS_US["h"]
"""A year, the longest duration: as a float it is exact to the microsecond."""

SLOWEST_PER_S = 1e-9
"""The lowest rate above zero, so that every rate can be written as a decimal."""

_DURATION = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,12})?) ?([a-zA-Z]{1,9})")
_PARTS = re.compile(  # 1e3s is no amount of e
    r"([0-9]{1,15}(?:\.[0-9]{1,12})?) ?((?![eE][0-9])[a-zA-Z]{1,9})"
)
_COMPOUND = re.compile(rf"(-?)({_PARTS.pattern}(?: ?{_PARTS.pattern})+)")
_RATE = re.compile(r"(-?[0-9]{1,12}(?:\.[0-9]{1,30})?) ?/ ?([a-zA-Z]{1,9})")
_BARE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?")
_MOST_DECIMALS = 3


def parse_duration(text: str) -> int:
    """Microseconds of a text like `1.5s` or `4min30s`; a sign is allowed.

    Raises ValueError.
    """
    compound = _COMPOUND.fullmatch(text)
    exact_us = _sum_us(compound[2]) if compound else _one_us(text)
    if compound and compound[1]:
        exact_us = -exact_us
    if exact_us.denominator != 1:
        raise ValueError('is finer than a microsecond: write for example "250us"')
    if abs(exact_us) > LONGEST_US:
        raise ValueError('is longer than a year: write for example "2h"')
    return int(exact_us)


def _one_us(text: str) -> Fraction:
    """An amount with one unit, in microseconds."""
    example = 'write for example "30s" (units: us, ms, s, min, h)'
    amount, unit = _split(_DURATION, text, "duration", example)
    return amount * _unit_us(unit, example)


def _sum_us(text: str) -> Fraction:
    """Amounts with units that go down, in microseconds: all but the last are whole."""
    example = 'write for example "4min30s" (units: h, min, s, ms, us)'
    parts = _PARTS.findall(text)
    units_us = [_unit_us(unit, example) for _, unit in parts]
    downwards = all(a > b for a, b in pairwise(units_us))
    if not downwards or any("." in amount for amount, _ in parts[:-1]):
        raise ValueError(
            "is not a duration: its units go down, and only the last amount has a"
            f" fraction, {example}"
        )
    amounts = (Fraction(amount) for amount, _ in parts)
    return sum(
        (amount * unit_us for amount, unit_us in zip(amounts, units_us, strict=True)),
        Fraction(0),
    )


def _unit_us(unit: str, example: str) -> int:
    if unit not in DURATION_UNITS_US:
        raise ValueError(f'has the unknown unit "{unit}": {example}')
    return DURATION_UNITS_US[unit]


def parse_rate(text: str) -> float:
    """Events per second of a text like `40/s` or `1200/h`. Raises ValueError."""
    example = 'write for example "40/s" (units: /s, /min, /h)'
    amount, unit = _split(_RATE, text, "rate", example)
    if unit not in RATE_UNITS_S:
        raise ValueError(f'has the unknown unit "/{unit}": {example}')
    if amount < 0:
        raise ValueError(f"must not be negative: {example}")
    rate_per_s = float(amount / RATE_UNITS_S[unit])
    if 0 < rate_per_s < SLOWEST_PER_S:
        raise ValueError(f"is too slow to ever happen: {example}")
    return rate_per_s


def duration_text(duration_us: int) -> str:
    """The duration in the largest unit that needs at most 3 decimals: `1.5min`."""
    for unit, unit_us in reversed([*DURATION_UNITS_US.items()]):
        amount = Fraction(duration_us, unit_us)
        short = (amount * 10**_MOST_DECIMALS).denominator == 1
        if short and abs(amount) >= 1:
            return f"{_decimal(float(amount))}{unit}"
    return "0s"


def rate_text(rate_per_s: float) -> str:
    """The shortest text that `parse_rate` reads as exactly this rate."""
    texts = (
        f"{_decimal(rate_per_s * unit_s)}/{unit}"
        for unit, unit_s in RATE_UNITS_S.items()
    )
    exact = [text for text in texts if parse_rate(text) == rate_per_s]
    return min(exact, key=len)


def _split(
    form: re.Pattern[str], text: str, noun: str, example: str
) -> tuple[Fraction, str]:
    """The amount and the text of the unit, which need not be a known one."""
    match = form.fullmatch(text)
    if match is None:
        if _BARE.fullmatch(text):
            raise ValueError(f"is missing a unit: {example}")
        raise ValueError(f"is not a {noun}: {example}")
    return Fraction(match[1]), match[2]


def _decimal(number: float) -> str:
    """A float as text without an exponent, and without a fraction of zero."""
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")
