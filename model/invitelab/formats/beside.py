"""A part of `comparison.json`: what was measured, beside the simulation of it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from invitelab.formats.estimates import ShareEstimate
from invitelab.formats.observed import Outcome
from invitelab.formats.ranges import Amount, Count, Value

Probability = Annotated[float, Field(ge=0, lt=1)]


class OverlayPoint(Value):
    """A quantile of both; the model explains one that is measured from `low` to `high`.

    Only at `tested` points is that a test; others are for drawing.
    """

    probability: Probability
    model_us: Amount
    measured_us: Amount
    low_us: Amount
    high_us: Amount
    tested: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether the model explains what was measured here."""
        return self.low_us <= self.measured_us <= self.high_us


class Overlay(Value):
    """One delay in both. The counts are of samples, and of what never happened.

    `explained` is the highest tested probability up to which all are explained: None
    where the lowest is not. Without `points` neither has enough samples.
    """

    metric: str
    model_count: Count
    model_never: Count
    measured_count: Count
    measured_never: Count
    points: tuple[OverlayPoint, ...]
    explained: Probability | None

    @model_validator(mode="after")
    def _follows(self) -> Self:
        """Reject points out of order, and an end that does not follow from them."""
        if any(a.probability >= b.probability for a, b in pairwise(self.points)):
            raise ValueError("the points of an overlay are in order")
        if self.explained != explained_up_to(self.points):
            raise ValueError("what is explained follows from the tested points")
        return self

    @property
    def last_tested(self) -> float | None:
        """The highest tested probability."""
        return max((one.probability for one in self.points if one.tested), default=None)


class OutcomePair(Value):
    """The share of an outcome in both; `different` if chance does not explain it."""

    outcome: Outcome
    model: ShareEstimate
    measured: ShareEstimate
    different: bool


class Calibration(Value):
    """A network and a relay that would give the measured notify delay.

    `latency` and `service` are values of a scenario's `network.latency` and
    `relay.service`. They give `fitted_*`, the quantiles of a relay without waits;
    `exact` says that these are the measured ones, within their resolution.
    """

    latency: Mapping[str, str | float]
    service: Mapping[str, str | float]
    measured_p50_us: Amount
    measured_p99_us: Amount
    fitted_p50_us: Amount
    fitted_p99_us: Amount
    exact: bool


class Beside(Value):
    """A measurement beside the model: the `model` is run `a` or `b` of the comparison.

    `measured` names what was measured, and `source` says how the figures came here.
    """

    model: Literal["a", "b"]
    source: Literal["target", "import"]
    measured: str
    replications: Count
    overlays: tuple[Overlay, ...]
    shares: tuple[OutcomePair, ...]
    calibration: Calibration | None = None


def explained_up_to(points: tuple[OverlayPoint, ...]) -> float | None:
    """The highest tested probability before the first that is not explained."""
    found = None
    for one in points:
        if one.tested and not one.is_inside:
            break
        found = one.probability if one.tested else found
    return found
