"""Numbers, durations and foreign text, formatted alike in all reports."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

GROUP_SPACE = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MILLISECOND_US = 1_000
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
UNITS_US = (
    (SECOND_US, "s"),
    (MILLISECOND_US, "ms"),
    (1, "\N{MICRO SIGN}s"),
)
Unit = Literal["us", "1"]
"""Microseconds of virtual time, or a plain number."""
EXACT_DIGITS = 12
MEASURED_DIGITS = 4
LEAST = 1e-12
"""Differences from 0 and 1 below that are rounding errors."""
NEARLY = 1e-6
"""Tolerance of a float that should be a whole number."""
NEARLY_ALL = 0.9995
"""The least share that three digits would write as 100 %."""


def clean(text: str) -> str:
    """Text without control and bidirectional characters, on one line."""
    kept = (NO_BREAK_SPACE, GROUP_SPACE)
    spaced = (" " if c.isspace() and c not in kept else c for c in text)
    seen = (char for char in spaced if char.isprintable() or char in kept)
    return " ".join(word for word in "".join(seen).split(" ") if word)


def short(text: str, most: int) -> str:
    """Clean text of at most so many characters."""
    whole = clean(text)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + ELLIPSIS


def figures(value: float) -> str:
    """A number with three significant digits: `0.05`, `3.66`, `408`, `12 300`."""
    size = abs(value)
    if size >= 100:  # noqa: PLR2004 - from here on there are three digits
        return grouped(round(value))
    text = f"{size:.3g}"
    if LEAST <= size < 1:
        text = f"{Decimal(text):f}"  # not as 1e-05
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def grouped(number: int) -> str:
    """A whole number with its thousands set apart: `812 345`."""
    text = f"{abs(number):,}".replace(",", GROUP_SPACE)
    return f"{MINUS}{text}" if number < 0 else text


def count(number: float) -> str:
    """A number of things: a whole one in full, others with three digits."""
    return grouped(int(number)) if float(number).is_integer() else figures(number)


def compact(number: float) -> str:
    """A number of things, short: `950`, `4 k`, `2.5 M`, `70 G`."""
    # In three digits 999 600 can only be written as 1 M.
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(number) >= size * 0.9995:
            unit = 1e3 if letter == "k" else size
            return f"{figures(number / unit)}{NO_BREAK_SPACE}{letter}"
    return count(number)


def duration(value_us: float) -> str:
    """A time with three digits: `0 s`, `850 us`, `3.66 ms`, `1.25 s`, `2 min 10 s`."""
    if value_us < 0:
        return f"{MINUS}{duration(-value_us)}"
    if value_us < MINUTE_US - SECOND_US // 20:
        return _below_a_minute(value_us)
    seconds = round(value_us / SECOND_US)
    parts = (
        (seconds // 86_400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    kept = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(kept[:2]).replace(" ", NO_BREAK_SPACE)


def _below_a_minute(value_us: float) -> str:
    unit_us, unit = _unit_of(value_us, 3)
    return f"{figures(value_us / unit_us)}{NO_BREAK_SPACE}{unit}"


def _unit_of(value_us: float, digits: int) -> tuple[int, str]:
    """The largest unit of which there is one, in so many digits; zero is in seconds."""
    if not value_us:
        return UNITS_US[0]
    # In three digits 999.6 ms can only be written as 1 s.
    least = 1 - 0.5 / 10**digits
    return next((one for one in UNITS_US if value_us >= one[0] * least), UNITS_US[-1])


def exact(value: float, unit: Unit) -> str:
    """A number with all its digits, in one unit: `400 ms`, `0.05`."""
    return _in_one_unit([value], unit, EXACT_DIGITS)


def measured(value: float, unit: Unit) -> str:
    """A number with four digits, in one unit: `408.2 ms`, `0.6021`."""
    return _in_one_unit([value], unit, MEASURED_DIGITS)


def measured_range(low: float, high: float, unit: Unit) -> str:
    """Both ends with four digits, in the unit of the larger: `396 to 420 ms`."""
    return _in_one_unit([low, high], unit, MEASURED_DIGITS)


def _in_one_unit(values: Sequence[float], unit: Unit, digits: int) -> str:
    largest = max(abs(value) for value in values)
    size, name = _unit_of(largest, MEASURED_DIGITS) if unit == "us" else (1, "")
    magnitude = math.floor(math.log10(largest / size)) if largest else 0
    # As many decimals as give the largest its digits; trailing zeros are cut.
    decimals = max(0, digits - 1 - magnitude)
    numbers = [_number(round(value / size, decimals), decimals) for value in values]
    return f"{' to '.join(numbers)} {name}".rstrip()


def _number(value: float, decimals: int) -> str:
    # Adding zero makes a negative zero positive.
    text = f"{value + 0.0:,.{decimals}f}".replace(",", GROUP_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant(at_us: int) -> str:
    """A point of virtual time: `0 s`, `2 min 10 s`."""
    return duration(at_us)


def share(value: float) -> str:
    """A share from 0 to 1: `0 %`, `5.05 %`, `67.8 %`.

    Only 1 is `100 %`: what is nearly 1 has more digits, as `99.99 %`.
    """
    if NEARLY_ALL <= value < 1 - LEAST:
        return percent(value)
    return f"{figures(100 * value)}{NO_BREAK_SPACE}%"


def percent(probability: float) -> str:
    """A probability below one, never rounded up: `20 %`, `98.4 %`, `99.9992 %`."""
    decimals = max(0, math.ceil(-math.log10(1 - probability) - NEARLY) - 1)
    scale = 10**decimals
    digits = math.floor(100 * probability * scale + NEARLY) / scale
    return f"{digits:.10g}{NO_BREAK_SPACE}%"


def quantity(value: float, unit: str) -> str:
    """A figure with three digits: a time in unit `us`, a plain number in unit `1`."""
    return duration(value) if unit == "us" else figures(value)


def rate(per_second: float) -> str:
    """A rate: `25 /s`."""
    return f"{figures(per_second)}{NO_BREAK_SPACE}/s"


def percentile(probability: float) -> str:
    """The name of a percentile: `p50`, `p99.9`."""
    return f"p{100 * probability:.10g}"


def plural(number: int, one: str, many: str = "") -> str:
    """The number with its noun: `1 run`, `5 runs`."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """Items in a row: `a`, `a and b`, `a, b and c`."""
    row = list(items)
    if len(row) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(row)
    return f"{', '.join(row[:-1])} and {row[-1]}"


def sentence(text: str) -> str:
    """The text with a capital letter at the beginning."""
    return text[:1].upper() + text[1:]


def spoken(kind: str) -> str:
    """An identifier as words: `notify delay` of `notify_delay`."""
    return clean(kind).replace("_", " ").replace("-", " ")


def file_name(text: str) -> str:
    """The text as a file name of letters, digits, `_` and `-` alone."""
    kept = (c if (c.isascii() and c.isalnum()) or c in "_-" else "_" for c in text)
    return "".join(kept)[:100] or "_"
