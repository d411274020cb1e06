"""Calibration: the network and the relay of a run are found again in its delays."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.formats.results import Results
from invitelab.inputs.units import parse_duration
from invitelab.study.assemble import Subject, assemble
from invitelab.study.calibration import calibrate
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.windows import Windows
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]
Run = Callable[..., Results]

LATENCY_WITHIN = 0.05
SERVICE_WITHIN = 0.25
"""Stated in docs/measured-elsewhere.md, for some ten thousand invitations."""

BUSY: dict[str, object] = {
    "population.clients": 20_000,
    "population.versions": {"7.1.4": 1.0},
    "arrivals.rate": "150/s",
    "duration": "80s",
    "relay.servers": 200,
}


def constant(value: str) -> dict[str, str]:
    """Always as long."""
    return {"distribution": "constant", "value": value}


def exponential(mean: str) -> dict[str, str]:
    """Around a mean."""
    return {"distribution": "exponential", "mean": mean}


def lognormal(median: str, sigma: float = 0.5) -> dict[str, object]:
    """Around a median."""
    return {"distribution": "lognormal", "median": median, "sigma": sigma}


@pytest.fixture(scope="module")
def run(tiny: Make) -> Run:
    """Give a function that runs a world, as if it were measured."""

    def simulate(latency: object, service: object, seed: int = 3) -> Results:
        changes = {**BUSY, "network.latency": latency, "relay.service": service}
        scenario = tiny(changes).scenario
        subject = Subject(scenario=scenario, name="tiny", digest="0")
        return assemble(
            subject, [replicate(Job(scenario=scenario, seed=seed, number=0))]
        )

    return simulate


@pytest.fixture(scope="module")
def guess(tiny: Make) -> Run:
    """Give a function that makes the model: a scenario, of which nothing is read."""

    def make(latency: object, service: object) -> Results:
        changes = {**BUSY, "network.latency": latency, "relay.service": service}
        scenario = tiny(changes).scenario
        one = Measurement.blank(0, Windows.for_run(scenario.end_us))
        one.reached_us = scenario.end_us
        return assemble(Subject(scenario=scenario, name="tiny", digest="0"), [one])

    return make


@pytest.mark.parametrize(
    ("latency", "service", "guess_latency", "guess_service"),
    [
        (constant("40ms"), exponential("10ms"), constant("20ms"), exponential("50ms")),
        (
            lognormal("40ms"),
            exponential("60ms"),
            lognormal("90ms"),
            exponential("20ms"),
        ),
        (
            {"distribution": "uniform", "low": "10ms", "high": "90ms"},
            exponential("30ms"),
            {"distribution": "uniform", "low": "5ms", "high": "45ms"},
            exponential("30ms"),
        ),
        (lognormal("30ms"), constant("80ms"), lognormal("60ms"), constant("10ms")),
    ],
    ids=["constant", "lognormal", "uniform", "constant service"],
)
def test_the_values_of_a_run_are_found_again(
    run: Run,
    guess: Run,
    *,
    latency: dict[str, object],
    service: dict[str, object],
    guess_latency: object,
    guess_service: object,
) -> None:
    """From another guess, within the stated bounds."""
    found = calibrate(guess(guess_latency, guess_service), run(latency, service, 9))
    assert found is not None
    assert found.exact
    for true, fitted, within in (
        (latency, found.latency, LATENCY_WITHIN),
        (service, found.service, SERVICE_WITHIN),
    ):
        assert true.keys() == fitted.keys()
        for key, value in true.items():
            if key in {"distribution", "sigma"}:
                assert value == fitted[key]
                continue
            expected = parse_duration(str(value))
            assert parse_duration(str(fitted[key])) == pytest.approx(
                expected, rel=within
            )


@pytest.mark.slow
def test_what_is_found_gives_the_measured_quantiles(run: Run, guess: Run) -> None:
    """Simulated again, within five in a hundred."""
    measured = run(lognormal("55ms"), exponential("25ms"), 9)
    found = calibrate(guess(lognormal("40ms"), exponential("10ms")), measured)
    assert found is not None
    again = run(dict(found.latency), dict(found.service), 21)
    for quantile in (0.5, 0.99):
        values = [
            next(one.value.mean for one in metric.curve if one.probability == quantile)
            for results in (measured, again)
            if (metric := results.distribution("notify_delay")) is not None
        ]
        assert values[1] == pytest.approx(values[0], rel=0.05)


def test_a_shape_that_does_not_fit_is_told(run: Run, guess: Run) -> None:
    """A constant network and relay have no tail."""
    measured = run(lognormal("40ms", 0.9), exponential("10ms"), 9)
    found = calibrate(guess(constant("40ms"), constant("10ms")), measured)
    assert found is not None
    assert not found.exact
    assert found.fitted_p50_us == found.measured_p50_us
    assert found.fitted_p99_us < found.measured_p99_us


def test_without_a_p99_there_is_no_calibration(guess: Run, tiny: Make) -> None:
    """A short run has too few samples beyond it."""
    scenario = tiny({}).scenario
    subject = Subject(scenario=scenario, name="tiny", digest="0")
    short = assemble(subject, [replicate(Job(scenario=scenario, seed=3, number=0))])
    assert calibrate(guess(constant("40ms"), exponential("10ms")), short) is None
