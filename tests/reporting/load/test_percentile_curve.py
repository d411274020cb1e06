"""Quantiles between the points of a curve."""

import pytest

from invitelab.formats.results import CurvePoint, Distribution, Estimate
from invitelab.reporting.load.percentile_curve import estimate_at, value_at

CURVE = Distribution(
    metric="m",
    count=100,
    curve=(
        CurvePoint(probability=0.0, value=Estimate(mean=10, low=8, high=12)),
        CurvePoint(probability=0.5, value=Estimate(mean=20, low=16, high=24)),
        CurvePoint(probability=0.9, value=Estimate(mean=100)),
    ),
)


@pytest.mark.parametrize(
    ("probability", "value"), [(0, 10), (0.25, 15), (0.5, 20), (0.7, 60), (0.9, 100)]
)
def test_a_value_lies_on_the_line_between_its_points(
    probability: float, value: float
) -> None:
    """At a point it is that of the point."""
    assert pytest.approx(value) == value_at(CURVE, probability)


def test_after_the_end_nothing_is_known() -> None:
    """Nor of a curve without points."""
    assert value_at(CURVE, 0.91) is None
    assert value_at(CURVE.model_copy(update={"curve": ()}), 0.0) is None


def test_the_interval_is_between_two_intervals() -> None:
    """Where one end has none, neither has what is between."""
    assert Estimate(mean=15, low=12, high=18) == estimate_at(CURVE, 0.25)
    later = estimate_at(CURVE, 0.7)
    assert later is not None
    assert (None, None) == (later.low, later.high)
