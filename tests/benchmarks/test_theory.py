"""The formulas of the known truths give values that are published, or found again."""

import math

import numpy as np
import pytest
from theory import (
    Fates,
    Risks,
    constant_wait,
    erlang_c,
    exponential_wait,
    integral,
    mixed,
    two_uniforms,
)

from invitelab.world.scenario.values import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Uniform,
)

SECOND_US = 1e6


def constant(value: str) -> Constant:
    """Always that long."""
    return Constant.model_validate({"distribution": "constant", "value": value})


def exponential(mean: str) -> Exponential:
    """Exponential with that mean."""
    return Exponential.model_validate({"distribution": "exponential", "mean": mean})


def uniform(low: str, high: str) -> Uniform:
    """Uniform from low to high."""
    table = {"distribution": "uniform", "low": low, "high": high}
    return Uniform.model_validate(table)


def lognormal(median: str, sigma: float) -> Lognormal:
    """Lognormal around that median."""
    table = {"distribution": "lognormal", "median": median, "sigma": sigma}
    return Lognormal.model_validate(table)


# Queues.


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_one_server_is_busy_as_often_as_its_load_says(load: float) -> None:
    """With one server, Erlang's C is the load, and the wait is load / (1 - load)."""
    assert load == pytest.approx(erlang_c(1, load), rel=1e-12)
    assert load / (1 - load) == pytest.approx(exponential_wait(1, load), rel=1e-12)


def test_two_servers_wait_as_the_formula_by_hand_says() -> None:
    """With two servers, Erlang's C is 2 load^2 / (1 + load)."""
    assert 1 / 3 == pytest.approx(erlang_c(2, 1.0), rel=1e-12)
    assert 2 * 0.8**2 / 1.8 == pytest.approx(erlang_c(2, 1.6), rel=1e-12)


def test_erlang_c_is_its_sum() -> None:
    """The recursion agrees with the definition, term by term, for ten servers."""
    offered, servers = 7.3, 10
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    terms = [offered**n / math.factorial(n) for n in range(servers)]
    assert last / (sum(terms) + last) == pytest.approx(erlang_c(10, 7.3), rel=1e-12)


@pytest.mark.parametrize("load", [0.2, 0.5, 0.8, 0.95])
def test_constant_services_halve_the_wait_of_one_server(load: float) -> None:
    """Crommelin's series for one server is the formula of Pollaczek and Khinchine."""
    half = exponential_wait(1, load) / 2
    assert half == pytest.approx(constant_wait(1, load), rel=1e-9)


@pytest.mark.parametrize("servers", [2, 5, 8])
@pytest.mark.parametrize("load", [0.5, 0.7, 0.9])
def test_constant_services_wait_about_as_cosmetatos_says(
    servers: int, load: float
) -> None:
    """His approximation of M/D/c (G. P. Cosmetatos, INFOR 13, 1975, page 328)."""
    root = math.sqrt(4 + 5 * servers) - 2
    more = (1 - load) * (servers - 1) * root / (16 * load * servers)
    near = exponential_wait(servers, load) / 2 * (1 + more)
    assert near == pytest.approx(constant_wait(servers, load), rel=0.03)


def test_constant_services_wait_as_a_simulated_queue_does() -> None:
    """M/D/3 by its recursion: each message has the worker of the third one before."""
    random, servers, load = np.random.default_rng(1), 3, 0.7
    gaps = random.exponential(1 / (load * servers), (400_000, servers)).sum(axis=1)
    steps = np.concatenate(([0.0], np.cumsum(1 - gaps)))
    waits = steps - np.minimum.accumulate(steps)
    assert waits.mean() == pytest.approx(constant_wait(servers, load), rel=0.02)


# Invitations.

DELAY_US = 164_400
CASES: dict[str, tuple[Distribution, Distribution]] = {
    "smooth": (lognormal("20s", 1.2), exponential("30s")),
    "kinks": (uniform("5s", "150s"), uniform("10s", "60s")),
    "jumps": (constant("40s"), constant("70s")),
    "both": (constant("30s"), lognormal("25s", 0.4)),
    "late": (exponential("300s"), uniform("100s", "200s")),
}


def risks(think: Distribution, cancel_after: Distribution) -> Risks:
    """Half of the recipients accept, a fifth rejects; four of ten inviters cancel."""
    return Risks(
        accept=0.5,
        reject=0.2,
        think=think,
        cancel=0.4,
        cancel_after=cancel_after,
        delay_us=DELAY_US,
    )


def drawn(of: Distribution, random: np.random.Generator, count: int) -> np.ndarray:
    """Durations in microseconds by the generator of numpy, not ours."""
    match of:
        case Constant():
            return np.full(count, float(of.value))
        case Uniform():
            return random.uniform(of.low, of.high, count)
        case Exponential():
            return random.exponential(of.mean, count)
        case Lognormal():
            return random.lognormal(math.log(of.median), of.sigma, count)


@pytest.mark.parametrize("name", CASES)
def test_every_invitation_ends_in_one_way(name: str) -> None:
    """The four probabilities come from different integrals, and sum to one."""
    fates = risks(*CASES[name]).fates()
    total = fates.accepted + fates.rejected + fates.cancelled + fates.expired
    assert total == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_fates_are_those_of_a_million_drawn_lives(name: str) -> None:
    """Within five standard errors, by the first of three instants."""
    think, cancel_after = CASES[name]
    random, count = np.random.default_rng(2), 1_000_000
    chosen, cancels = random.random(count), random.random(count) < 0.4
    answer = drawn(think, random, count) + DELAY_US
    answer[chosen >= 0.7] = np.inf
    cancel = np.where(cancels, drawn(cancel_after, random, count), np.inf)
    stop = np.minimum(cancel, 120 * SECOND_US)
    answered, lifetime = answer < stop, np.minimum(answer, stop)
    fates = risks(think, cancel_after).fates()
    for expected, found in (
        (fates.accepted, answered & (chosen < 0.5)),
        (fates.rejected, answered & (chosen >= 0.5)),
        (fates.cancelled, ~answered & (cancel < 120 * SECOND_US)),
        (fates.expired, ~answered & (cancel >= 120 * SECOND_US)),
    ):
        assert expected == pytest.approx(found.mean(), abs=5 * 0.5 / math.sqrt(count))
    error_us = 5 * float(lifetime.std()) / math.sqrt(count)
    assert fates.mean_us == pytest.approx(lifetime.mean(), abs=error_us)
    accepted = answer[answered & (chosen < 0.5)]
    error_us = 5 * float(accepted.std()) / math.sqrt(len(accepted)) + 1
    assert fates.accepted_us == pytest.approx(accepted.mean(), abs=error_us)


def test_exponential_risks_have_a_closed_form() -> None:
    """Both exponential, without delay: shares as their rates, cut at the deadline."""
    one = Risks(
        accept=1,
        reject=0,
        think=exponential("20s"),
        cancel=1,
        cancel_after=exponential("30s"),
        delay_us=0,
    )
    fates, rate = one.fates(), 1 / 20 + 1 / 30
    left = math.exp(-rate * 120)
    assert left == pytest.approx(fates.expired, rel=1e-9)
    assert (1 - left) / 20 / rate == pytest.approx(fates.accepted, rel=1e-9)
    assert (1 - left) / 30 / rate == pytest.approx(fates.cancelled, rel=1e-9)
    assert (1 - left) / rate * SECOND_US == pytest.approx(fates.mean_us, rel=1e-9)


def test_ignored_invitations_are_pending_for_two_minutes() -> None:
    """Two a second for 120 s each are 240, whatever the think time."""
    ignored = Risks(
        accept=0,
        reject=0,
        think=exponential("20s"),
        cancel=0,
        cancel_after=exponential("30s"),
        delay_us=DELAY_US,
    )
    assert ignored.fates().pending(2) == pytest.approx(240, rel=1e-12)


def test_a_jump_is_no_problem_for_an_integral() -> None:
    """A step at a named instant is integrated exactly."""
    found = integral(lambda at: (at >= 3e6).astype(np.float64), 0, 7e6, at=[3e6])
    assert found == pytest.approx(4e6, rel=1e-12)


def test_the_rule_of_three_points_has_the_moments_of_two_uniforms() -> None:
    """About the mean: none of odd order, width^2 / 6 and width^4 / 15."""
    rule = two_uniforms(200)
    moments = [math.fsum(w * x**n for x, w in rule) for n in range(6)]
    expected = [1, 0, 200**2 / 6, 0, 200**4 / 15, 0]
    assert expected == pytest.approx(moments, rel=1e-12, abs=1e-9)


def test_fates_are_mixed_by_their_weights() -> None:
    """A quarter of one and three quarters of another, and the mean of the decided."""
    ends = {"rejected": 0.0, "cancelled": 0.0}
    sure = Fates(accepted=1, expired=0, mean_us=4e6, accepting_us=4e6, **ends)
    never = Fates(accepted=0, expired=1, mean_us=120e6, accepting_us=0, **ends)
    both = mixed([(0.25, sure), (0.75, never)])
    assert (0.25, 0.75) == (both.accepted, both.expired)
    assert (4e6, 4e6) == pytest.approx((both.decided_us, both.accepted_us))
