"""Axes and their marks: steps of 1, 2 and 5, and steps of clocks for time."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from invitelab.reporting.common.formatting import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    compact,
    duration,
)

Format = Callable[[float], str]
CLOCK_STEPS_US = tuple(
    number * unit_us
    for unit_us, numbers in (
        (SECOND_US, (1, 2, 5, 10, 15, 30)),
        (MINUTE_US, (1, 2, 5, 10, 15, 30)),
        (HOUR_US, (1, 2, 3, 6, 12)),
        (DAY_US, (1, 2, 5, 10)),
    )
    for number in numbers
)
LOG_MARKS_US = (
    *(n * 10.0**power for power in range(7) for n in (1, 2, 5)),
    *(n * SECOND_US for n in (10.0, 20.0)),
    *(n * MINUTE_US for n in (1.0, 2.0, 5.0, 10.0, 20.0)),
    *(n * HOUR_US for n in (1.0, 2.0, 5.0, 10.0)),
    *(n * DAY_US for n in (1.0, 2.0, 5.0, 10.0)),
)
LOG_FEW_US = (
    *(10.0**power for power in range(8)),
    MINUTE_US,
    10.0 * MINUTE_US,
    HOUR_US,
    10.0 * HOUR_US,
    DAY_US,
    10.0 * DAY_US,
)
MOST_TICKS = 50
LEAST = 1e-12
"""Ranges below that count as empty: their steps would be too small for a float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis: its ends, its marks and their labels."""

    low: float
    high: float
    marks: tuple[float, ...]
    labels: tuple[str, ...]
    logarithmic: bool = False


def step_of(span: float, marks: int) -> float:
    """The 1-2-5 step that divides a span into at most `marks` parts."""
    rough = span / max(marks, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    # With a tolerance, so that 0.3 / 3 still gives 0.1.
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough * (1 - 1e-9))


def clock_step_us(span_us: float, marks: int) -> float:
    """As `step_of` with the steps of clocks, and 1-2-5 below a second."""
    rough_us = span_us / max(marks, 1)
    if rough_us < SECOND_US:
        return max(step_of(span_us, marks), 1)
    return next(
        (step for step in CLOCK_STEPS_US if step >= rough_us), step_of(span_us, marks)
    )


def linear(high: float, format_mark: Format = compact, *, marks: int = 5) -> Scale:
    """An axis from zero to the first mark at or above `high`."""
    return _from_zero(high, step_of(high, marks) if high > LEAST else 1, format_mark)


def durations(high_us: float, *, marks: int = 5) -> Scale:
    """An axis of time from zero to the first mark at or above `high_us`."""
    step_us = clock_step_us(high_us, marks) if high_us > LEAST else SECOND_US
    return _from_zero(high_us, step_us, duration)


def _from_zero(high: float, step: float, format_mark: Format) -> Scale:
    parts = max(math.ceil(high / step - 1e-9), 1)
    marks = tuple(step * number for number in range(min(parts, MOST_TICKS) + 1))
    return Scale(
        low=0,
        high=max(high, marks[-1]),
        marks=marks,
        labels=("0", *(format_mark(mark) for mark in marks[1:])),
    )


def clock(begin_us: float, end_us: float, *, marks: int = 7) -> Scale:
    """An axis of virtual time; its ends need not have marks."""
    step_us = clock_step_us(max(end_us - begin_us, 1), marks)
    first = math.ceil(begin_us / step_us - 1e-9)
    last = math.floor(end_us / step_us + 1e-9)
    number = min(last - first + 1, MOST_TICKS)
    # A product of floats may lie just beyond the end.
    found = tuple(min(n * step_us, end_us) for n in range(first, first + number))
    return Scale(
        low=begin_us,
        high=end_us,
        marks=found,
        labels=tuple(duration(mark) if mark else "0" for mark in found),
    )


def around(values: Sequence[float], format_mark: Format, *, marks: int = 4) -> Scale:
    """An axis around values that may lie close together, not necessarily from zero."""
    low, high = min(values), max(values)
    # Labels have three digits: on a narrower axis all would be equal.
    span = max(high - low, max(abs(high), abs(low)) * 0.02)
    span = span if span > LEAST else 1.0
    middle = (low + high) / 2
    low, high = middle - span * 0.65, middle + span * 0.65
    step = step_of(high - low, marks)
    first, last = math.ceil(low / step), math.floor(high / step)
    found = tuple(step * n for n in range(first, min(last, first + MOST_TICKS) + 1))
    return Scale(low=low, high=high, marks=found, labels=tuple(map(format_mark, found)))


def log_durations(low_us: float, high_us: float, *, marks: int = 8) -> Scale:
    """A logarithmic axis of time with marks such as 1 s, 10 s and 1 min."""
    inside = [
        [mark for mark in set_of if low_us * 0.999 <= mark <= high_us * 1.001]
        for set_of in (LOG_MARKS_US, LOG_FEW_US)
    ]
    found = inside[0] if len(inside[0]) <= marks else inside[1]
    found = found[:: max(math.ceil(len(found) / marks), 1)]
    return Scale(
        low=low_us,
        high=high_us,
        marks=tuple(found),
        labels=tuple(map(duration, found)),
        logarithmic=True,
    )


def round_down(value: float) -> float:
    """The largest 1-2-5 number at or below a positive value."""
    power = math.floor(math.log10(value))
    candidates = [float(f"{digit}e{power}") for digit in (1, 2, 5)]
    return max((n for n in candidates if n <= value * (1 + 1e-9)), default=value)


def round_up(value: float) -> float:
    """The smallest 1-2-5 number at or above a positive value."""
    power = math.floor(math.log10(value))
    candidates = [float(f"{digit}e{power}") for digit in (1, 2, 5, 10)]
    return min((n for n in candidates if n >= value * (1 - 1e-9)), default=value)
