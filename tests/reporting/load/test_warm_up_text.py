"""Advice on the warm-up as text."""

import pytest

from invitelab.formats.results import WarmUpAdvice, WarmUpFinding
from invitelab.reporting.load.warm_up_text import warm_up_text

SECOND_US = 1_000_000


@pytest.mark.parametrize(
    ("expected", "finding", "advised_s", "needed_s"),
    [
        (
            "pending settles after 200 s: leave out at least that much",
            WarmUpFinding.SETTLED,
            200,
            0,
        ),
        ("pending shows no warm-up", WarmUpFinding.SETTLED, 0, 0),
        (
            "pending has not settled after 50 s, half of the run: run longer",
            WarmUpFinding.NOT_SETTLED,
            50,
            0,
        ),
        (
            "pending is too short a series for advice: run at least 140 s",
            WarmUpFinding.TOO_SHORT,
            0,
            140,
        ),
    ],
)
def test_advice_says_what_to_do(
    expected: str, finding: WarmUpFinding, advised_s: int, needed_s: int
) -> None:
    """Times are in the unit of the scenario."""
    advice = WarmUpAdvice(
        metric="pending",
        finding=finding,
        advised_us=advised_s * SECOND_US,
        needed_us=needed_s * SECOND_US,
    )
    assert expected == warm_up_text(advice)
