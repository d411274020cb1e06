"""Attempts are a Poisson process of the given rate."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from invitelab.world.load.arrivals import instants
from invitelab.world.load.rng import CounterRng
from invitelab.world.scenario.schema import Poisson, Stages

SECOND_US = 1_000_000
SEEDS = 60

Counts = NDArray[np.int64]
"""Of attempts: a row a seed, a column a window."""


def poisson(rate: str) -> Poisson:
    """Describe arrivals at a constant rate."""
    return Poisson.model_validate({"kind": "poisson", "rate": rate})


def stages(*parts: dict[str, str]) -> Stages:
    """Describe arrivals at a rate that changes."""
    return Stages.model_validate({"kind": "stages", "stages": parts})


def counted(arrivals: Poisson | Stages, bounds_s: Sequence[float]) -> Counts:
    """Count the attempts between the bounds, a row a seed."""
    end_us = round(bounds_s[-1] * SECOND_US)
    edges = [bound * SECOND_US for bound in bounds_s]
    rows = [
        np.histogram([*instants(arrivals, end_us, CounterRng(seed, 0))], bins=edges)[0]
        for seed in range(SEEDS)
    ]
    return np.array(rows)


def assert_poisson(counts: Counts, expected: Sequence[float]) -> None:
    """Compare counts with their means: a chi-square over all windows and seeds.

    A Poisson count is as far from its mean as the root of it, neither more nor less.
    """
    means = np.array(expected)
    chi_square = float(((counts - means) ** 2 / means).sum())
    degrees = counts.size
    assert abs(chi_square - degrees) < 4 * math.sqrt(2 * degrees)
    sums = counts.sum(axis=0)
    assert (abs(sums - SEEDS * means) < 4 * np.sqrt(SEEDS * means)).all()


def test_a_constant_rate_is_a_poisson_process() -> None:
    """In every second as many as the rate says, give or take its root."""
    counts = counted(poisson("50/s"), range(11))
    assert_poisson(counts, [50] * 10)


def test_windows_have_nothing_in_common() -> None:
    """Whether one second was busy says nothing about the next."""
    counts = counted(poisson("50/s"), range(11)) - 50
    related = (counts[:, 1:] * counts[:, :-1]).sum() / (counts**2).sum()
    assert abs(related) < 4 / math.sqrt(counts.size)


def test_a_ramp_rises_evenly() -> None:
    """From 0 to 80 over 8 s: the n-th second has 10 n - 5; then the rate is held."""
    ramp = stages({"for": "8s", "from": "0/s", "to": "80/s"})
    expected = [10 * second - 5 for second in range(1, 9)] + [80, 80]
    assert_poisson(counted(ramp, range(11)), expected)


def test_a_ramp_falls_to_nothing() -> None:
    """And nothing comes afterwards."""
    ramp = stages({"for": "8s", "from": "80/s", "to": "0/s"})
    counts = counted(ramp, range(11))
    assert 0 == counts[:, 8:].sum()
    assert_poisson(counts[:, :8], [85 - 10 * second for second in range(1, 9)])


def test_a_stage_without_a_rate_is_empty() -> None:
    """At the beginning, in the middle and at the end."""
    pauses = stages(
        {"for": "2s", "rate": "0/s"},
        {"for": "1s", "rate": "60/s"},
        {"for": "3s", "rate": "0/s"},
        {"for": "2s", "rate": "20/s"},
        {"for": "1s", "rate": "0/s"},
    )
    counts = counted(pauses, [0, 2, 3, 6, 8, 10])
    assert [0, 0, 0] == counts.sum(axis=0)[[0, 2, 4]].tolist()
    assert_poisson(counts[:, [1, 3]], [60, 40])


@pytest.mark.parametrize(
    "arrivals",
    [
        poisson("200/s"),
        stages({"for": "3s", "from": "300/s", "to": "0/s"}),
        stages({"for": "1us", "rate": "1000000/s"}, {"for": "5s", "rate": "90/s"}),
    ],
)
def test_they_come_in_order_and_in_time(arrivals: Poisson | Stages) -> None:
    """Whole microseconds that never run back, from 0 to just before the end."""
    end_us = 10 * SECOND_US
    found = list(instants(arrivals, end_us, CounterRng(3, 0)))
    assert sorted(found) == found
    assert {int} == {type(at_us) for at_us in found}
    assert 0 <= found[0] <= found[-1] < end_us


def test_twice_the_rate_halves_every_instant() -> None:
    """The gaps stay the same in units of the rate."""
    slow = list(instants(poisson("20/s"), 100 * SECOND_US, CounterRng(3, 0)))
    fast = list(instants(poisson("40/s"), 50 * SECOND_US, CounterRng(3, 0)))
    assert len(slow) == len(fast) > 1_500
    assert all(abs(2 * b - a) <= 2 for a, b in zip(slow, fast, strict=True))


def test_a_longer_run_begins_alike() -> None:
    """What comes later changes nothing before it."""
    short = list(instants(poisson("300/s"), 5 * SECOND_US, CounterRng(3, 0)))
    long = list(instants(poisson("300/s"), 50 * SECOND_US, CounterRng(3, 0)))
    assert short == long[: len(short)]
    assert long[len(short)] >= 5 * SECOND_US


def test_stages_of_one_rate_are_a_constant_rate() -> None:
    """Cutting a stretch in two changes no instant by more than rounding does."""
    whole = list(instants(poisson("30/s"), 60 * SECOND_US, CounterRng(4, 0)))
    halves = stages({"for": "7s", "rate": "30/s"}, {"for": "9s", "rate": "30/s"})
    cut = list(instants(halves, 60 * SECOND_US, CounterRng(4, 0)))
    assert all(abs(a - b) <= 1 for a, b in zip(whole, cut, strict=True))
