"""Figures as words, for the sentences that results carry with them.

Two kinds of precision: a *bound* was written by a person and is repeated as it was, a
*figure* was measured and is cut to four digits.
"""

import math
from typing import Literal

Unit = Literal["us", "1"]
"""Microseconds of virtual time, or a plain number."""

BOUND_DIGITS = 12
FIGURE_DIGITS = 4
THIN_SPACE = "\N{THIN SPACE}"
SCALES = ((1_000_000, "s"), (1_000, "ms"), (1, "\N{MICRO SIGN}s"))


def bound(value: float, unit: Unit) -> str:
    """A figure somebody has chosen: `400 ms`, `0.05`."""
    return _joined([value], unit, BOUND_DIGITS)


def figure(value: float, unit: Unit) -> str:
    """A figure that was measured: `408.2 ms`, `0.6021`."""
    return _joined([value], unit, FIGURE_DIGITS)


def interval(low: float, high: float, unit: Unit) -> str:
    """Both ends in the unit of the larger: `396 to 420 ms`."""
    return _joined([low, high], unit, FIGURE_DIGITS)


def _joined(values: list[float], unit: Unit, digits: int) -> str:
    largest = max(abs(value) for value in values)
    if unit == "1":
        return " to ".join(_numbers(values, largest, digits))
    size_us, name = _scale(largest)
    scaled = [value / size_us for value in values]
    return f"{' to '.join(_numbers(scaled, largest / size_us, digits))} {name}"


def _scale(largest_us: float) -> tuple[int, str]:
    """The largest unit of which there is one; zero is in seconds."""
    if not largest_us:
        return SCALES[0]
    # What four digits would write as 1,000 ms is 1 s.
    fitting = (scale for scale in SCALES if largest_us >= scale[0] * 0.99995)
    return next(fitting, SCALES[-1])


def _numbers(values: list[float], largest: float, digits: int) -> list[str]:
    """As many decimals as give the largest its digits, without the idle zeros."""
    magnitude = math.floor(math.log10(largest)) if largest else 0
    decimals = max(0, digits - 1 - magnitude)
    return [_number(round(value, decimals), decimals) for value in values]


def _number(value: float, decimals: int) -> str:
    # Adding zero takes the sign off a zero.
    text = f"{value + 0.0:,.{decimals}f}".replace(",", THIN_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text
