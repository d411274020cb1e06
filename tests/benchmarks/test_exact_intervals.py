"""The exact intervals agree with tables, and with sums of probabilities."""

import math

import pytest
from exact_intervals import beta, dispersion, gamma, share, squares_over_mean


def binomial_tail(least: int, trials: int, chance: float) -> float:
    """The probability of at least so many."""
    return math.fsum(
        math.comb(trials, n) * chance**n * (1 - chance) ** (trials - n)
        for n in range(least, trials + 1)
    )


def test_a_share_has_the_published_interval() -> None:
    """3 of 10 and 30 of 100, as tables of Clopper and Pearson have them."""
    assert (0.0667, 0.6525) == pytest.approx(share(3, 10, 0.05), abs=1e-4)
    assert (0.2124, 0.3998) == pytest.approx(share(30, 100, 0.05), abs=1e-4)


@pytest.mark.parametrize("error", [0.05, 1e-5])
def test_an_end_of_a_share_leaves_half_of_the_error(error: float) -> None:
    """At the lower end as many or more have that probability, at the upper as few."""
    low, high = share(17, 60, error)
    assert error / 2 == pytest.approx(binomial_tail(17, 60, low), rel=1e-6)
    assert error / 2 == pytest.approx(1 - binomial_tail(18, 60, high), rel=1e-6)


def test_nothing_and_everything_have_one_end() -> None:
    """None of 10 may be up to 31 percent, and all of 10 from 69 percent on."""
    assert (0, 0.3085) == pytest.approx(share(0, 10, 0.05), abs=1e-4)
    assert (0.6915, 1) == pytest.approx(share(10, 10, 0.05), abs=1e-4)


def test_the_ratio_of_beta_is_a_binomial_tail() -> None:
    """I_p(k, n - k + 1) is the probability of k or more, below the middle and above."""
    for chance in (0.1, 0.3, 0.6):
        expected = binomial_tail(12, 40, chance)
        assert expected == pytest.approx(beta(chance, 12, 29), rel=1e-10)


def test_the_ratio_of_gamma_is_a_poisson_tail() -> None:
    """For a whole shape it is the probability of that many or more."""
    below = math.fsum(math.exp(-9) * 9**n / math.factorial(n) for n in range(7))
    assert 1 - below == pytest.approx(gamma(7, 9), rel=1e-12)
    assert gamma(7, 0) == 0


def test_a_dispersion_has_the_quantiles_of_tables() -> None:
    """Chi squared of 10 degrees: 3.247 and 20.483 leave a fortieth each."""
    low, high = dispersion(10, 10, 0.05)
    assert 10 / 20.483 == pytest.approx(low, rel=1e-4)
    assert 10 / 3.247 == pytest.approx(high, rel=1e-4)


def test_squares_are_over_the_mean() -> None:
    """Of 2, 4 and 6: eight over four."""
    assert squares_over_mean([2, 4, 6]) == 2
