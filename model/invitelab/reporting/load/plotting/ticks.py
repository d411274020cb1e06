"""Where an axis is marked: steps of 1, 2 and 5, and of clocks where it shows time."""

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

Words = Callable[[float], str]
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
"""What is below is nothing: its steps would be too small for a float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis: its ends, its marks and what stands at them."""

    low: float
    high: float
    marks: tuple[float, ...]
    words: tuple[str, ...]
    logarithmic: bool = False


def step_of(span: float, marks: int) -> float:
    """The 1-2-5 step that cuts a span into at most so many parts."""
    rough = span / max(marks, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    # A hair of room, so that 0.3 / 3 is still 0.1.
    return next(n * power for n in (1, 2, 5, 10) if n * power >= rough * (1 - 1e-9))


def clock_step_us(span_us: float, marks: int) -> float:
    """The step of clocks for that; below a second it is 1-2-5."""
    rough_us = span_us / max(marks, 1)
    if rough_us < SECOND_US:
        return max(step_of(span_us, marks), 1)
    return next(
        (step for step in CLOCK_STEPS_US if step >= rough_us), step_of(span_us, marks)
    )


def linear(high: float, words: Words = compact, *, marks: int = 5) -> Scale:
    """From zero to the first mark at or above `high`."""
    return _from_zero(high, step_of(high, marks) if high > LEAST else 1, words)


def durations(high_us: float, *, marks: int = 5) -> Scale:
    """From zero to the first mark at or above `high_us`, in units of time."""
    step_us = clock_step_us(high_us, marks) if high_us > LEAST else SECOND_US
    return _from_zero(high_us, step_us, duration)


def _from_zero(high: float, step: float, words: Words) -> Scale:
    parts = max(math.ceil(high / step - 1e-9), 1)
    marks = tuple(step * number for number in range(min(parts, MOST_TICKS) + 1))
    return Scale(
        low=0,
        high=max(high, marks[-1]),
        marks=marks,
        words=("0", *(words(mark) for mark in marks[1:])),
    )


def clock(begin_us: float, end_us: float, *, marks: int = 7) -> Scale:
    """Virtual time from beginning to end; the ends need not be marked."""
    step_us = clock_step_us(max(end_us - begin_us, 1), marks)
    first = math.ceil(begin_us / step_us - 1e-9)
    last = math.floor(end_us / step_us + 1e-9)
    number = min(last - first + 1, MOST_TICKS)
    # A product of floats may lie a hair beyond the end.
    found = tuple(min(n * step_us, end_us) for n in range(first, first + number))
    return Scale(
        low=begin_us,
        high=end_us,
        marks=found,
        words=tuple(duration(mark) if mark else "0" for mark in found),
    )


def around(values: Sequence[float], words: Words, *, marks: int = 4) -> Scale:
    """Round values that lie close together; zero is not on it unless it is near."""
    low, high = min(values), max(values)
    # Words have three digits: a narrower axis would say the same at each mark.
    span = max(high - low, max(abs(high), abs(low)) * 0.02)
    span = span if span > LEAST else 1.0
    middle = (low + high) / 2
    low, high = middle - span * 0.65, middle + span * 0.65
    step = step_of(high - low, marks)
    first, last = math.ceil(low / step), math.floor(high / step)
    found = tuple(step * n for n in range(first, min(last, first + MOST_TICKS) + 1))
    return Scale(low=low, high=high, marks=found, words=tuple(map(words, found)))


def log_durations(low_us: float, high_us: float, *, marks: int = 8) -> Scale:
    """A logarithmic axis of time, marked where people count: 1 s, 10 s, 1 min."""
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
        words=tuple(map(duration, found)),
        logarithmic=True,
    )


def round_down(value: float) -> float:
    """The next 1-2-5 number at or below a positive value."""
    power = math.floor(math.log10(value))
    candidates = [float(f"{digit}e{power}") for digit in (1, 2, 5)]
    return max((n for n in candidates if n <= value * (1 + 1e-9)), default=value)


def round_up(value: float) -> float:
    """The next 1-2-5 number at or above a positive value."""
    power = math.floor(math.log10(value))
    candidates = [float(f"{digit}e{power}") for digit in (1, 2, 5, 10)]
    return min((n for n in candidates if n >= value * (1 - 1e-9)), default=value)
