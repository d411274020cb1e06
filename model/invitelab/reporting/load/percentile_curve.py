"""Quantiles of a distribution as text."""

from collections.abc import Callable

from invitelab.formats.percentiles import (
    LEAST_BEYOND,
    NEAR,
    estimate_at,
    never_at,
    value_at,
)
from invitelab.formats.results import Distribution
from invitelab.reporting.common.formatting import duration

__all__ = [
    "LEAST_BEYOND",
    "NEAR",
    "NEVER",
    "estimate_at",
    "never_at",
    "quantile_text",
    "value_at",
]

NEVER = "never"
"""Text in place of the time of what did not happen."""


def quantile_text(
    distribution: Distribution,
    probability: float,
    *,
    unknown: str = "-",
    formatted: Callable[[float], str] = duration,
) -> str:
    """The quantile as text: a time, `never`, or `unknown` with too few samples."""
    value = value_at(distribution, probability)
    if value is not None:
        return formatted(value)
    return NEVER if never_at(distribution, probability) else unknown
