"""Each distribution has the mean and the quantiles that the books give it."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from invitelab.inputs.units import LONGEST_US
from invitelab.world.load.distributions import Durations, sample
from invitelab.world.load.rng import CounterRng, Floats
from invitelab.world.scenario.schema import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Uniform,
)

CHUNKS = 200
MEAN_US = 10_000_000
SIGMA = 0.9

CONSTANT = Constant.model_validate({"distribution": "constant", "value": "10s"})
UNIFORM = Uniform.model_validate(
    {"distribution": "uniform", "low": "5s", "high": "15s"}
)
EXPONENTIAL = Exponential.model_validate({"distribution": "exponential", "mean": "10s"})
LOGNORMAL = Lognormal.model_validate(
    {"distribution": "lognormal", "median": "10s", "sigma": SIGMA}
)
every_kind = pytest.mark.parametrize(
    "distribution",
    [CONSTANT, UNIFORM, EXPONENTIAL, LOGNORMAL],
    ids=lambda one: one.distribution,
)


def drawn() -> tuple[Floats, Floats]:
    """Draw 204,800 pairs of numbers, the same ones every time."""
    rng = CounterRng(2026, 0)
    chunks = [rng.uniforms(1, chunk) for chunk in range(CHUNKS)]
    numbers = np.concatenate(chunks, axis=1)
    return numbers[0], numbers[1]


def many(distribution: Distribution) -> Durations:
    """Take a big sample."""
    return sample(distribution, *drawn())


@every_kind
def test_the_mean_is_the_mean(distribution: Distribution) -> None:
    """Within four of the sample's own standard errors."""
    found = many(distribution)
    error = found.std() / math.sqrt(found.size)
    assert abs(found.mean() - distribution.mean_us) <= 4 * error


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_the_quantiles_are_the_quantiles(share: float) -> None:
    """Share by share: so many lie below the closed form, within four errors."""
    closed_us: list[tuple[Distribution, float]] = [
        (UNIFORM, 5_000_000 + 10_000_000 * share),
        (EXPONENTIAL, -MEAN_US * math.log(1 - share)),
        (LOGNORMAL, MEAN_US * math.exp(SIGMA * NormalDist().inv_cdf(share))),
    ]
    for distribution, quantile_us in closed_us:
        found = many(distribution)
        below = (found <= quantile_us).mean()
        assert abs(below - share) < 4 * math.sqrt(share * (1 - share) / found.size)


def test_the_logarithm_of_a_lognormal_is_normal() -> None:
    """With the sigma that was asked for, and as far to either side."""
    logs = np.log(many(LOGNORMAL) / MEAN_US)
    assert abs(logs.std() - SIGMA) < 4 * SIGMA / math.sqrt(2 * logs.size)
    assert abs(((logs - logs.mean()) ** 3).mean()) < 4 * math.sqrt(15 / logs.size)


@every_kind
def test_a_duration_is_a_whole_number_and_no_less_than_zero(
    distribution: Distribution,
) -> None:
    """Even where chance is at its extremes."""
    edges = np.array([2.0**-53, 0.25, 0.5, 0.75, 1 - 2.0**-53])
    first, second = (axis.ravel() for axis in np.meshgrid(edges, edges))
    found = sample(distribution, first, second)
    assert np.dtype(np.int64) == found.dtype
    assert (found >= 0).all()


def test_nothing_takes_longer_than_a_year() -> None:
    """The widest distribution there can be does not wrap around to the past."""
    widest = Lognormal.model_validate(
        {"distribution": "lognormal", "median": "8000h", "sigma": 5.0}
    )
    found = many(widest)
    assert 0 <= found.min()
    assert LONGEST_US == found.max()


def test_no_spread_is_no_chance() -> None:
    """Every draw of a lognormal without sigma is its median."""
    flat = Lognormal.model_validate(
        {"distribution": "lognormal", "median": "7ms", "sigma": 0.0}
    )
    assert {7_000} == set(many(flat).tolist())
    assert {10_000_000} == set(many(CONSTANT).tolist())


@every_kind
def test_a_draw_depends_on_its_own_numbers(distribution: Distribution) -> None:
    """Independent of the other values in the array."""
    first, second = drawn()
    together = sample(distribution, first[:1000], second[:1000])
    alone = sample(distribution, first[500:501], second[500:501])
    assert [together[500]] == alone.tolist()


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [(CONSTANT, 10_000_000), (UNIFORM, 8_000_000), (EXPONENTIAL, 12_039_728)],
    ids=lambda one: getattr(one, "distribution", ""),
)
def test_known_durations_stay_the_same(
    distribution: Distribution, expected: int
) -> None:
    """A change of the way from numbers to times changes every result."""
    first, second = np.array([0.3]), np.array([0.7])
    assert [expected] == sample(distribution, first, second).tolist()
    # Box and Muller's: the root of -2 ln 0.3 times the cosine of 0.7 of a turn.
    normal = math.sqrt(-2 * math.log(0.3)) * math.cos(2 * math.pi * 0.7)
    lognormal = round(MEAN_US * math.exp(SIGMA * normal))
    assert [lognormal] == sample(LOGNORMAL, first, second).tolist()
