"""The value types of a scenario: quantities with units, shares and distributions.

Every table is a frozen pydantic model that accepts only its own keys. A mistake is a
sentence that continues the path of the value: `arrivals.rate` "is missing a unit".
"""

import math
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails

from invitelab.inputs.part import Part
from invitelab.inputs.units import (
    DURATION_PATTERN,
    DURATION_UNITS_US,
    OFFSET_PATTERN,
    RATE_PATTERN,
    duration_text,
    parse_duration,
    parse_rate,
    rate_text,
)
from invitelab.inputs.validation import shown

HIGHEST_RATE_PER_S = 1_000_000.0
LARGEST_OFFSET_US = 24 * DURATION_UNITS_US["h"]
_SUM_TOLERANCE = 1e-9


def complain(mistakes: Iterable[tuple[tuple[str | int, ...], object, str]]) -> None:
    """Raise ValidationError with all mistakes of a check, if there are any.

    A mistake is (path below the value, input, sentence).
    """
    details = [
        InitErrorDetails(
            type="value_error",
            loc=path,
            input=value,
            ctx={"error": ValueError(sentence)},
        )
        for path, value, sentence in mistakes
    ]
    if details:
        raise ValidationError.from_exception_data("Scenario", details)


# --- Quantities ------------------------------------------------------------------


def _is_text_or_number(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _offset(value: object) -> int:
    if not _is_text_or_number(value):
        raise ValueError(f'has to be a duration like "30s", not {shown(value)}')
    # The parser explains what is wrong with a number without a unit.
    return parse_duration(value if isinstance(value, str) else shown(value))


def _duration(value: object) -> int:
    duration_us = _offset(value)
    if duration_us < 0:
        raise ValueError(f"must not be negative, and is {shown(value)}")
    return duration_us


def _rate(value: object) -> float:
    if not _is_text_or_number(value):
        raise ValueError(f'has to be a rate like "40/s", not {shown(value)}')
    rate_per_s = parse_rate(value if isinstance(value, str) else shown(value))
    if rate_per_s > HIGHEST_RATE_PER_S:
        raise ValueError(f"has to be at most 1000000/s, not {shown(value)}")
    return rate_per_s


def _above_zero(value: int) -> int:
    if value == 0:
        raise ValueError("has to be longer than zero")
    return value


def _some(value: float) -> float:
    if value == 0:
        raise ValueError("has to be above zero")
    return value


def _near(value: int) -> int:
    if abs(value) > LARGEST_OFFSET_US:
        raise ValueError("has to be at most a day either way")
    return value


_AS_DURATION = PlainSerializer(duration_text, return_type=str, when_used="json")

Duration = Annotated[
    int,
    PlainValidator(_duration),
    _AS_DURATION,
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
"""Microseconds, zero or more; written `400ms`."""

PositiveDuration = Annotated[Duration, AfterValidator(_above_zero)]
"""Microseconds, at least one."""

Offset = Annotated[
    int,
    PlainValidator(_offset),
    AfterValidator(_near),
    _AS_DURATION,
    WithJsonSchema({"type": "string", "pattern": OFFSET_PATTERN}),
]
"""Microseconds, at most a day, may be negative; written `-3s`."""

Rate = Annotated[
    float,
    PlainValidator(_rate),
    PlainSerializer(rate_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": RATE_PATTERN}),
]
"""Events per second, zero or more; written `40/s`."""

PositiveRate = Annotated[Rate, AfterValidator(_some)]
"""Events per second, above zero."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A share or a probability, 0 to 1."""


def sums_to_one(shares: Iterable[float]) -> None:
    """Raise ValueError unless the shares sum to 1."""
    total = math.fsum(shares)
    if abs(total - 1) > _SUM_TOLERANCE:
        raise ValueError(f"has to sum to 1, and sums to {total:.6g}")


# --- Distributions ---------------------------------------------------------------


class Constant(Part):
    """Always the same duration."""

    distribution: Literal["constant"]
    value: Duration

    @property
    def mean_us(self) -> float:
        """The mean in microseconds."""
        return float(self.value)


class Uniform(Part):
    """Any duration from `low` to `high`, each as likely."""

    distribution: Literal["uniform"]
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("has to have a low that is not above its high")
        return self

    @property
    def mean_us(self) -> float:
        """The mean in microseconds."""
        return (self.low + self.high) / 2


class Exponential(Part):
    """The exponential distribution: times between independent events."""

    distribution: Literal["exponential"]
    mean: PositiveDuration

    @property
    def mean_us(self) -> float:
        """The mean in microseconds."""
        return float(self.mean)


class Lognormal(Part):
    """The lognormal distribution: mostly near the median, sometimes far above it."""

    distribution: Literal["lognormal"]
    median: PositiveDuration
    sigma: Annotated[float, Field(ge=0, le=5)]

    @property
    def mean_us(self) -> float:
        """The mean in microseconds."""
        return self.median * math.exp(self.sigma**2 / 2)


Distribution = Annotated[
    Constant | Uniform | Exponential | Lognormal, Field(discriminator="distribution")
]
"""How long something takes."""
