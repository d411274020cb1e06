"""Numbers, durations and other people's names as words, everywhere the same."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

THIN_SPACE = "\N{THIN SPACE}"
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
"""What is closer to zero, or to one, is nothing that was measured."""
NEARLY = 1e-6
"""How far a float may be from the whole number that is meant."""
NEARLY_ALL = 0.9995
"""From there on three digits would write a share as 100 %."""


def clean(text: str) -> str:
    """Text without control and bidirectional characters, on one line."""
    kept = (NO_BREAK_SPACE, THIN_SPACE)
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
    text = f"{abs(number):,}".replace(",", THIN_SPACE)
    return f"{MINUS}{text}" if number < 0 else text


def count(number: float) -> str:
    """A quantity of things: whole when it is, three digits otherwise."""
    return grouped(int(number)) if float(number).is_integer() else figures(number)


def compact(number: float) -> str:
    """A quantity where there is little room: `950`, `4 k`, `2.5 M`, `70 G`."""
    # 999 600 has three digits as 1 M only.
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(number) >= size * 0.9995:
            unit = 1e3 if letter == "k" else size
            return f"{figures(number / unit)}{NO_BREAK_SPACE}{letter}"
    return count(number)


def duration(value_us: float) -> str:
    """A span of time: `0 s`, `850 us`, `3.66 ms`, `1.25 s`, `2 min 10 s`."""
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
    """A bound as it was chosen, with all its digits: `400 ms`, `0.05`."""
    return _in_one_unit([value], unit, EXACT_DIGITS)


def measured(value: float, unit: Unit) -> str:
    """A figure with four digits, in one unit: `408.2 ms`, `0.6021`."""
    return _in_one_unit([value], unit, MEASURED_DIGITS)


def measured_range(low: float, high: float, unit: Unit) -> str:
    """Both ends with four digits, in the unit of the larger: `396 to 420 ms`."""
    return _in_one_unit([low, high], unit, MEASURED_DIGITS)


def _in_one_unit(values: Sequence[float], unit: Unit, digits: int) -> str:
    largest = max(abs(value) for value in values)
    size, name = _unit_of(largest, MEASURED_DIGITS) if unit == "us" else (1, "")
    magnitude = math.floor(math.log10(largest / size)) if largest else 0
    # As many decimals as give the largest its digits, without the idle zeros.
    decimals = max(0, digits - 1 - magnitude)
    numbers = [_number(round(value / size, decimals), decimals) for value in values]
    return f"{' to '.join(numbers)} {name}".rstrip()


def _number(value: float, decimals: int) -> str:
    # Adding zero takes the sign off a zero.
    text = f"{value + 0.0:,.{decimals}f}".replace(",", THIN_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant(at_us: int) -> str:
    """A point of virtual time: `0 s`, `2 min 10 s`."""
    return duration(at_us)


def share(value: float) -> str:
    """A part of the whole: `0 %`, `5.05 %`, `67.8 %`.

    Next to all is not all: `99.99 %`.
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
    """A figure in the unit of an objective: `us` is a time, `1` is a plain number."""
    return duration(value) if unit == "us" else figures(value)


def rate(per_second: float) -> str:
    """How often: `25 /s`."""
    return f"{figures(per_second)}{NO_BREAK_SPACE}/s"


def percentile(probability: float) -> str:
    """The usual name: `p50`, `p99.9`."""
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
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def spoken(kind: str) -> str:
    """The name of a metric, a message or a reason as words: `notify delay`."""
    return clean(kind).replace("_", " ").replace("-", " ")


def file_name(text: str) -> str:
    """The text as a name of a file, of letters, digits, `_` and `-` alone."""
    kept = (c if (c.isascii() and c.isalnum()) or c in "_-" else "_" for c in text)
    return "".join(kept)[:100] or "_"
