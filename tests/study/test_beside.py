"""A measurement beside the model: a right model explains all, a wrong one does not."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from invitelab.formats.beside import Overlay, OverlayPoint, explained_up_to
from invitelab.formats.results import Distribution, Outcome, Results
from invitelab.formats.several_results import Comparison
from invitelab.study.assemble import Subject, assemble, distribution_of
from invitelab.study.beside import METRICS, TESTED, beside, overlay
from invitelab.study.compare import compare
from invitelab.study.histogram import Histogram
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.world.scenario.file import Loaded

Make = Callable[[Mapping[str, object]], Loaded]
Measured = Callable[..., Measurement]
Values = NDArray[np.float64]
REPLICATIONS, SIZE, TRIALS = 5, 2_000, 60


def histogram(values: Values, never: int = 0) -> Histogram:
    """The values in whole microseconds."""
    found = Histogram(never=never)
    found.record_all(np.rint(values).astype(np.int64))
    return found


def of(*runs: Values, never: int = 0) -> Distribution:
    """The notify delay of those runs."""
    return distribution_of("notify_delay", [histogram(run, never) for run in runs])


def drawn(chance: np.random.Generator, size: int = SIZE) -> Values:
    """A run of delays around 90 ms."""
    return chance.lognormal(np.log(90_000), 0.5, size)


def laid(measured: Values, chance: np.random.Generator, never: int = 0) -> Overlay:
    """The overlay of a measured run on five simulated ones."""
    model = of(*(drawn(chance) for _ in range(REPLICATIONS)))
    return overlay(model, of(measured, never=never), REPLICATIONS)


def is_explained(found: Overlay) -> bool:
    """Whether all tested percentiles are explained."""
    return found.explained == found.last_tested is not None


# How often a right model is called right


@pytest.mark.slow
@pytest.mark.parametrize("size", [SIZE, SIZE // 4, SIZE * 4])
def test_a_right_model_explains_all_in_95_of_100(size: int) -> None:
    """Whatever the size of the measured run."""
    chance = np.random.default_rng(size)
    trials = TRIALS // 4 if size > SIZE else TRIALS
    right = sum(is_explained(laid(drawn(chance, size), chance)) for _ in range(trials))
    assert right >= 0.95 * trials


def test_runs_that_differ_among_themselves_are_allowed_to() -> None:
    """Samples of a run have much in common where its relay is busy."""
    chance = np.random.default_rng(5)

    def run() -> Values:
        slower: float = np.exp(chance.normal(0, 0.1))
        return np.multiply(drawn(chance), slower)

    right = 0
    for _ in range(TRIALS):
        model = of(*(run() for _ in range(REPLICATIONS)))
        right += is_explained(overlay(model, of(run()), REPLICATIONS))
    assert right >= 0.95 * TRIALS


def test_a_slower_run_is_not_explained() -> None:
    """A quarter is more than five runs of two thousand differ."""
    chance = np.random.default_rng(6)
    found = [laid(drawn(chance) * 1.25, chance).explained for _ in range(20)]
    assert 20 == found.count(None)


def test_a_slow_tail_is_explained_up_to_the_tail() -> None:
    """Where one in a hundred takes ten times as long, p68 is as in the model."""
    chance = np.random.default_rng(7)
    for _ in range(20):
        measured = drawn(chance, 8_000)
        measured[:80] *= 10
        explained = laid(measured, chance).explained
        assert explained is not None
        assert 0.68 < explained < 0.99


# What is compared


def test_four_percentiles_a_decade_are_tested() -> None:
    """From a tenth on; the others are for drawing."""
    found = laid(drawn(np.random.default_rng(1)), np.random.default_rng(2))
    tested = [round(one.probability, 3) for one in found.points if one.tested]
    first_decade = [0.109, 0.438, 0.684, 0.822, 0.9]
    assert [*first_decade, 0.944, 0.968, 0.982, 0.99, 0.994] == tested
    assert len(found.points) > 2 * len(tested)
    assert 0.5 not in TESTED


def test_what_never_happened_is_part_of_the_measured_quantiles() -> None:
    """So a model without it does not explain the rest, and the curve ends before."""
    chance = np.random.default_rng(8)
    found = laid(drawn(chance), chance, never=SIZE // 10)
    assert SIZE // 10 == found.measured_never
    assert found.points[-1].probability < 1 - 1 / 11
    assert found.explained is None or found.explained < 0.9


def test_a_single_simulated_run_has_no_interval_of_its_own() -> None:
    """Then only the measured one counts."""
    chance = np.random.default_rng(9)
    model, measured = drawn(chance, 20_000), drawn(chance)
    found = overlay(of(model), of(measured), 1)
    assert is_explained(found)
    assert overlay(of(model), of(measured * 1.2), 1).explained is None


def test_too_few_samples_have_no_points() -> None:
    """Ten must lie beyond each."""
    found = overlay(of(*[np.ones(100)] * 2), of(np.ones(9)), 2)
    assert ((), None, None) == (found.points, found.explained, found.last_tested)


def test_equal_delays_are_explained() -> None:
    """They differ by nothing but the resolution of a histogram."""
    constant = np.full(SIZE, 80_100.0)
    found = overlay(of(*[constant] * 5), of(constant + 40), 5)
    assert is_explained(found)
    assert overlay(of(*[constant] * 5), of(constant * 1.02), 5).explained is None


def point(probability: float, measured: float, *, tested: bool = True) -> OverlayPoint:
    """A point that is explained from 1 to 3."""
    return OverlayPoint(
        probability=probability,
        model_us=2,
        measured_us=measured,
        low_us=1,
        high_us=3,
        tested=tested,
    )


@pytest.mark.parametrize(
    ("expected", "points"),
    [
        (None, []),
        (None, [point(0.1, 4), point(0.5, 2)]),
        (0.1, [point(0.1, 2), point(0.5, 4), point(0.9, 2)]),
        (0.5, [point(0.1, 1), point(0.2, 9, tested=False), point(0.5, 3)]),
    ],
)
def test_the_first_that_is_outside_ends_it(
    expected: float | None, points: Sequence[OverlayPoint]
) -> None:
    """Those after it do not count, nor do those that are not tested."""
    assert expected == explained_up_to(tuple(points))


# Whole runs


@pytest.fixture(scope="module")
def runs(tiny: Make) -> tuple[Results, Results]:
    """Give a simulation, and a run of the same world as if it were measured."""
    changes = {"arrivals.rate": "20/s", "duration": "60s", "population.clients": 2_000}
    scenario = tiny(changes).scenario
    ones = [replicate(Job(scenario=scenario, seed=3, number=n)) for n in range(4)]
    subject = Subject(scenario=scenario, name="tiny", digest="0")
    measured = Subject(
        scenario=scenario,
        name="tiny",
        digest="0",
        source="target",
        measured="acme 2.3.1",
    )
    return assemble(subject, ones[:3]), assemble(measured, ones[3:])


@pytest.mark.slow
def test_the_simulated_one_is_the_model(runs: tuple[Results, Results]) -> None:
    """In either order; two of a kind are not laid beside each other."""
    model, measured = runs
    one, other = beside(model, measured), beside(measured, model)
    assert one is not None
    assert other is not None
    assert ("a", "b") == (one.model, other.model)
    assert one.overlays == other.overlays
    assert ("acme 2.3.1", "target", 3) == (one.measured, one.source, one.replications)
    assert METRICS == tuple(each.metric for each in one.overlays)
    assert beside(model, model) is None
    assert beside(measured, measured) is None


def test_one_more_run_of_a_world_is_explained(runs: tuple[Results, Results]) -> None:
    """Its delays and its outcomes."""
    found = beside(*runs)
    assert found is not None
    assert all(is_explained(one) for one in found.overlays)
    assert [] == [one.outcome for one in found.shares if one.different]


def test_a_comparison_has_it_instead_of_differences(
    runs: tuple[Results, Results],
) -> None:
    """And names what was measured; the document is read again."""
    found = compare(*runs)
    assert found.beside == beside(*runs)
    assert ((), "tiny", "acme 2.3.1") == (found.differences, found.a, found.b)
    assert {} == found.changed
    assert found == Comparison.model_validate_json(found.model_dump_json())
    other = {**runs[1].scenario, "replications": 1, "duration": "61s"}
    again = compare(runs[0], runs[1].model_copy(update={"scenario": other}))
    assert {"duration": ("1min", "61s")} == again.changed
    plain = compare(runs[0], runs[0])
    assert plain.beside is None
    assert "beside" not in plain.model_dump()


def test_shares_that_differ_by_more_than_chance_are_told(
    runs: tuple[Results, Results],
) -> None:
    """One measured run has the interval of its number of invitations."""
    model, measured = runs
    shifted = measured.outcome_shares[Outcome.EXPIRED]
    shares = {
        **measured.outcome_shares,
        Outcome.EXPIRED: shifted.model_copy(update={"mean": shifted.mean + 0.2}),
    }
    found = beside(model, measured.model_copy(update={"outcome_shares": shares}))
    assert found is not None
    assert [Outcome.EXPIRED] == [one.outcome for one in found.shares if one.different]
    (pair,) = (one for one in found.shares if one.different)
    number = sum(measured.outcomes.values())
    assert pair.measured.low is not None
    assert pair.measured.high is not None
    half = 1.96 * (pair.measured.mean * (1 - pair.measured.mean) / number) ** 0.5
    # Runs of one world scatter more than independent invitations would.
    assert 1.9 * half < pair.measured.high - pair.measured.low < 8 * half


def test_a_model_whose_runs_scatter_allows_a_measured_run_to(
    runs: tuple[Results, Results],
) -> None:
    """Its invitations say as much as fewer independent ones."""
    model, measured = runs
    share = model.outcome_shares[Outcome.ACCEPTED]
    widths: list[float] = []
    for half in (0.005, 0.2):
        update = {"low": share.mean - half, "high": share.mean + half}
        shares = {
            **model.outcome_shares,
            Outcome.ACCEPTED: share.model_copy(update=update),
        }
        found = beside(model.model_copy(update={"outcome_shares": shares}), measured)
        assert found is not None
        (pair,) = (one for one in found.shares if one.outcome is Outcome.ACCEPTED)
        assert pair.measured.low is not None
        assert pair.measured.high is not None
        widths.append(pair.measured.high - pair.measured.low)
    assert widths[1] > 2 * 0.2 > widths[0]


def test_an_overlay_that_contradicts_its_points_is_damaged() -> None:
    """What is explained follows from them."""
    found = laid(drawn(np.random.default_rng(1)), np.random.default_rng(2))
    with pytest.raises(ValueError, match="follows from the tested points"):
        Overlay.model_validate(found.model_dump() | {"explained": 0.3})
