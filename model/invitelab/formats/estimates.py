"""Metrics in results.json: estimates, percentile curves and samples."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Final, Self

from pydantic import AfterValidator, Field, model_validator

from invitelab.formats.added_fields import Extended
from invitelab.formats.ranges import (
    Count,
    Instant,
    Number,
    Positive,
    Value,
    check_amounts,
    check_interval,
    check_samples,
    check_shares,
    rises,
)

SIGNED: Final = "expiry_lag"
"""The only metric that may be negative, because it is read on the clock of a host."""


class Estimate(Value):
    """A mean over replications; `low` and `high` are its 95 % interval."""

    mean: Number
    low: Number | None = None
    high: Number | None = None

    @property
    def figures(self) -> tuple[float, ...]:
        """The mean, and the ends of the interval where there is one."""
        ends = (end for end in (self.low, self.high) if end is not None)
        return (self.mean, *ends)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Reject an interval with one end, out of order, or without the mean."""
        check_interval(self.low, self.mean, self.high)
        return self


def _as_share(estimate: Estimate) -> Estimate:
    check_shares(estimate.figures)
    return estimate


def _as_amount(estimate: Estimate) -> Estimate:
    check_amounts(estimate.figures)
    return estimate


ShareEstimate = Annotated[Estimate, AfterValidator(_as_share)]
AmountEstimate = Annotated[Estimate, AfterValidator(_as_amount)]


class Bin(Value):
    """`count` samples in `[lower, upper)`, in the distribution's unit."""

    lower: Count
    upper: Count
    count: Positive

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        """Reject a bin that is empty or inverted."""
        if self.lower >= self.upper:
            raise ValueError("a bin ends after it begins")
        return self


class CurvePoint(Value):
    """One point of a percentile curve."""

    probability: Annotated[float, Field(ge=0, lt=1)]
    value: Estimate


class Distribution(Extended):
    """All samples of one metric, over all replications, in microseconds.

    `count` samples are in `bins` (of the merged histogram, in order, none empty) or are
    `negative`, which `early` has in bins without their sign (empty in older files).
    `never` others did not happen and are longer than any; `still_open` ones were left
    undecided by an interruption. `curve` is over `count` and `never`, and ends where
    fewer than ten samples are beyond, or where quantiles are among `never`.
    """

    ADDED: ClassVar[frozenset[str]] = frozenset({"early"})

    metric: str
    count: Count
    never: Count = 0
    still_open: Count = 0
    negative: Count = 0
    minimum_us: Instant | None = None
    maximum_us: Instant | None = None
    mean_us: Estimate | None = None
    curve: tuple[CurvePoint, ...] = ()
    bins: tuple[Bin, ...] = ()
    early: tuple[Bin, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Reject bins and points out of order, and samples that are in no bin."""
        if not (_in_order(self.bins) and _in_order(self.early)):
            raise ValueError("the bins are in order and do not overlap")
        if any(a.probability >= b.probability for a, b in pairwise(self.curve)):
            raise ValueError("the points of the curve are in order")
        if self.negative > self.count:
            raise ValueError("the negative samples are some of all samples")
        in_bins = self.negative + sum(one.count for one in self.bins)
        if self.bins and in_bins != self.count:
            raise ValueError("the samples are as many as those of all bins")
        if self.early and self.negative != sum(one.count for one in self.early):
            raise ValueError("the early samples are as many as those of their bins")
        return self

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        """Reject negative times, a falling curve, and values outside the samples."""
        estimates = [point.value for point in self.curve]
        if not rises(one.mean for one in estimates):
            raise ValueError("the values of the curve do not fall")
        estimates += [self.mean_us] if self.mean_us else []
        figures = [value for one in estimates for value in one.figures]
        if not self.negative:
            check_amounts([*figures, self.minimum_us or 0, self.maximum_us or 0])
        elif self.metric != SIGNED:
            raise ValueError(f"only samples of {SIGNED} may be negative")
        means = [one.mean for one in estimates]
        check_samples(self.minimum_us, means, self.maximum_us)
        return self


def _in_order(bins: Sequence[Bin]) -> bool:
    return all(a.upper <= b.lower for a, b in pairwise(bins))
