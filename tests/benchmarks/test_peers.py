"""Peers do the same work, and the check before their times would notice if not."""

import pytest

import heap
import naive
from agreement import UnlikeError, check_delays, check_outcomes, likelihood, tail
from contest import LABELS, NEEDED, contenders
from workload import Workload

INVITATIONS = 1_500
CRITICAL = [(1, 3.841), (2, 5.991), (3, 7.815), (4, 9.488), (9, 16.919)]
"""What chi-square exceeds with a probability of 5 %, from any table."""


@pytest.mark.parametrize(("freedom", "critical"), CRITICAL)
def test_the_tail_of_chi_square_is_that_of_tables(
    freedom: int, critical: float
) -> None:
    """Odd and even degrees of freedom have formulas of their own."""
    assert pytest.approx(0.05, abs=2e-5) == tail(critical, freedom)


def test_equal_shares_are_as_likely_as_can_be() -> None:
    """Sizes may differ, and outcomes that nobody had do not count."""
    left = {"accepted": 60, "expired": 40, "rejected": 0}
    right = {"accepted": 600, "expired": 400}
    assert pytest.approx(1.0) == likelihood(left, right)


def test_heap_does_what_naive_does() -> None:
    """With the same random numbers everything is the same, to the last delay."""
    workload = Workload(invitations=INVITATIONS, seed=1)
    assert naive.simulate(workload) == heap.simulate(workload)


def test_shares_of_heap_and_naive_agree() -> None:
    """With other random numbers outcomes and mean delays differ by chance alone."""
    plain = naive.simulate(Workload(invitations=INVITATIONS, seed=1))
    bare = heap.simulate(Workload(invitations=INVITATIONS, seed=3))
    check_outcomes("heap", bare.outcomes, plain.outcomes)
    found, expected = bare.mean_notify_delay_s, plain.mean_notify_delay_s
    check_delays("heap", (found, INVITATIONS), (expected, INVITATIONS))


def test_the_short_form_has_offers_and_answers_alone() -> None:
    """Each of them once, but for offers that are changed."""
    short = Workload(invitations=INVITATIONS, acknowledged=False)
    result = heap.simulate(short)
    assert {"offer", "answer"} == set(result.messages)
    assert INVITATIONS == result.outcomes.total()


def test_a_biased_workload_is_refused() -> None:
    """Fifteen in a hundred more who accept are no chance."""
    plain = naive.simulate(Workload(invitations=INVITATIONS, seed=1))
    biased = heap.simulate(Workload(invitations=INVITATIONS, seed=3, accept=0.75))
    with pytest.raises(UnlikeError, match=r"heap has other outcomes: .* \(p = "):
        check_outcomes("heap", biased.outcomes, plain.outcomes)


def test_a_faster_network_is_refused() -> None:
    """A mean delay that differs by a tenth is no chance."""
    with pytest.raises(UnlikeError, match=r"after 48\.00 ms in the mean, not 53\.00"):
        check_delays("heap", (0.048, INVITATIONS), (0.053, INVITATIONS))


def test_a_peer_that_is_not_installed_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence says so, with a hint; the others are measured all the same."""
    found = contenders()
    said = capsys.readouterr().err
    for name in NEEDED:
        missing = name not in found
        assert missing == (f"{name} is not installed, so it is left out" in said)
    assert (len(found) < len(LABELS)) == ("hint: `make bench` installs it" in said)
