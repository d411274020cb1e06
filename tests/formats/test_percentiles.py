"""Quantiles of a stored distribution, of which some never came."""

import pytest

from invitelab.formats.estimates import Distribution
from invitelab.formats.percentiles import LEAST_BEYOND, never_at


@pytest.mark.parametrize(
    ("count", "never", "probability", "expected"),
    [
        (3, LEAST_BEYOND, 0.99, True),
        (3, LEAST_BEYOND - 1, 0.99, False),
        (3, LEAST_BEYOND, 0.1, False),
        (10_000, LEAST_BEYOND, 0.99, False),
    ],
)
def test_a_quantile_is_never_where_ten_never_came(
    *, count: int, never: int, probability: float, expected: bool
) -> None:
    """However few came: more samples could show no time. As `study.histogram` says."""
    found = Distribution(metric="notify_delay", count=count, never=never, curve=())
    assert expected is never_at(found, probability)
