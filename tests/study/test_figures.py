"""Each metric of an objective has one figure a replication."""

from collections.abc import Callable
from math import inf

import pytest

from invitelab.formats.results import ObjectiveVerdict, Outcome
from invitelab.study.figures import (
    extremes,
    figure,
    judge_objectives,
    samples,
    utilisation,
)
from invitelab.study.measurement import GONE_DELAY, Measurement
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import METRICS, Objective, Scenario

Make = Callable[[dict[str, object]], Loaded]
Measured = Callable[..., Measurement]


@pytest.fixture
def promising(tiny: Make) -> Callable[..., Scenario]:
    """Make the tiny scenario with one objective, and a memory if it needs that."""

    def make(**keys: object) -> Scenario:
        limited = {"relay.memory": 9} if keys["metric"] == GONE_DELAY else {}
        return tiny({"objectives": [keys], **limited}).scenario

    return make


@pytest.fixture
def one(measured: Measured) -> Measurement:
    """Make a replication with samples of all metrics."""
    found = measured(accepted=40, gone=True)
    found.pending_peak = 17
    for place, delay in enumerate(found.delays.values(), start=1):
        delay.record(1_000 * place, 30)
        delay.record(4_000 * place, 10)
    found.pools[MessageClass.OFFER].waits.record(100, 3)
    found.pools[MessageClass.POLL].waits.record(500)
    found.pools[MessageClass.POLL].counted_us = 3_000_000
    return found


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        (1_000, {"metric": "notify_delay", "quantile": 0.5, "at_most": "1s"}),
        (None, {"metric": "notify_delay", "quantile": 0.99, "at_most": "1s"}),
        (8_000, {"metric": "decision_delay", "statistic": "max", "at_most": "1s"}),
        (5_250, {"metric": "session_delay", "statistic": "mean", "at_most": "1s"}),
        (16_000, {"metric": "expiry_lag", "statistic": "max", "at_most": "1s"}),
        (20_000, {"metric": "gone_delay", "statistic": "max", "at_most": "1s"}),
        (200, {"metric": "relay_wait", "statistic": "mean", "at_most": "1s"}),
        (0.2, {"metric": "relay_utilisation", "at_most": 0.5}),
        (17, {"metric": "pending_peak", "at_most": 5}),
        (0.4, {"metric": "accepted", "at_most": 0.5}),
        (0.6, {"metric": "expired", "at_most": 0.5}),
        (0, {"metric": "refused", "at_most": 0.5}),
    ],
    ids=str,
)
def test_a_metric_has_its_figure(
    promising: Callable[..., Scenario],
    one: Measurement,
    expected: float | None,
    keys: dict[str, object],
) -> None:
    """None for a quantile with too few samples beyond it."""
    scenario = promising(**keys)
    assert figure(scenario.objectives[0], scenario, one) == pytest.approx(expected)


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_figures_and_samples(
    promising: Callable[..., Scenario], one: Measurement, metric: str
) -> None:
    """Every objective that a scenario can have can be judged."""
    keys = {"statistic": "max"} if METRICS[metric] == "us" else {}
    bound = "1h" if METRICS[metric] == "us" else 1
    scenario = promising(metric=metric, at_most=bound, **keys)
    objective: Objective = scenario.objectives[0]
    assert figure(objective, scenario, one) is not None
    assert samples(objective, one) > 0


def test_a_share_of_nothing_is_no_figure(
    promising: Callable[..., Scenario], measured: Measured
) -> None:
    """There is no invitation."""
    nothing = measured()
    nothing.outcomes.clear()
    scenario = promising(metric="accepted", at_least=0.5)
    assert figure(scenario.objectives[0], scenario, nothing) is None


def test_the_busiest_pool_is_the_relays_utilisation(
    scenario: Scenario, one: Measurement
) -> None:
    """Three seconds of the fifteen between warm-up and the end."""
    found = utilisation(scenario, one)
    assert {kind.name.lower() for kind in MessageClass} == set(found)
    assert (0.2, 0) == (found["poll"], found["offer"])


@pytest.mark.parametrize(
    ("expected", "reached_us"), [(0.2, 20_000_000), (0.6, 10_000_000), (0, 5_000_000)]
)
def test_utilisation_is_of_the_time_that_has_passed(
    scenario: Scenario, one: Measurement, expected: float, reached_us: int
) -> None:
    """Also for an interrupted replication; it is 0 before the warm-up."""
    one.reached_us = reached_us
    assert expected == utilisation(scenario, one)["poll"]


def test_objectives_are_judged_over_all_replications(
    promising: Callable[..., Scenario], measured: Measured
) -> None:
    """With as many samples as all of them have."""
    scenario = promising(metric="accepted", at_least=0.4)
    ones = [measured(number, accepted=50) for number in range(3)]
    (found,) = judge_objectives(scenario, ones)
    assert (ObjectiveVerdict.MET, 300) == (found.verdict, found.samples)
    assert Outcome.ACCEPTED.value == found.metric


# What never happened, and what an interruption leaves open

BIN = 1 / 256
"""How wide a bin is, as a part of its values: finer than that nothing is told."""

HALF_US = {"metric": "notify_delay", "quantile": 0.5, "at_most": "1s"}


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        (inf, HALF_US),
        (1_000, HALF_US | {"quantile": 0.2}),
        (inf, {"metric": "notify_delay", "statistic": "mean", "at_most": "1s"}),
        (inf, {"metric": "notify_delay", "statistic": "max", "at_most": "1s"}),
        (inf, {"metric": "relay_wait", "statistic": "mean", "at_most": "1s"}),
        (2_000, {"metric": "decision_delay", "quantile": 0.5, "at_most": "1s"}),
    ],
    ids=str,
)
def test_a_figure_counts_what_never_happened(
    promising: Callable[..., Scenario],
    one: Measurement,
    expected: float,
    keys: dict[str, object],
) -> None:
    """It is longer than all that did; other metrics do not change."""
    one.delays["notify_delay"].never = 60
    one.pools[MessageClass.OFFER].waits.never = 1
    scenario = promising(**keys)
    found = figure(scenario.objectives[0], scenario, one)
    assert found == pytest.approx(expected, rel=BIN)
    happened = {"notify_delay": 100, "relay_wait": 5, "decision_delay": 40}
    assert happened[str(keys["metric"])] == samples(scenario.objectives[0], one)


SENDING_US, DRAINING_US = 19_000_000, 21_000_000


@pytest.mark.parametrize(
    ("expected", "keys", "reached_us"),
    [
        ((0, 1), {"metric": "accepted", "at_least": 0.5}, SENDING_US),
        ((0.4, 0.7), {"metric": "accepted", "at_least": 0.5}, DRAINING_US),
        ((0, 0), {"metric": "refused", "at_least": 0.5}, DRAINING_US),
        ((17, inf), {"metric": "pending_peak", "at_most": 5}, SENDING_US),
        ((17, 17), {"metric": "pending_peak", "at_most": 5}, DRAINING_US),
        ((0.2, 0.2), {"metric": "relay_utilisation", "at_most": 0.5}, DRAINING_US),
        ((0, inf), HALF_US, SENDING_US),
        ((1_000, 1_000), HALF_US | {"quantile": 0.4}, DRAINING_US),
        ((9_000, inf), HALF_US | {"quantile": 0.6}, DRAINING_US),
        (
            (9_000, inf),
            {"metric": "notify_delay", "statistic": "max", "at_most": "1s"},
            SENDING_US,
        ),
    ],
    ids=str,
)
def test_an_interruption_leaves_a_range(
    promising: Callable[..., Scenario],
    one: Measurement,
    expected: tuple[float, float],
    keys: dict[str, object],
    reached_us: int,
) -> None:
    """From open ones ending at once to never; more may be sent, too."""
    one.outcomes[Outcome.EXPIRED] -= 30
    one.outcomes[Outcome.PENDING] += 30
    one.still_open["notify_delay"].record(9_000, 30)
    one.reached_us = reached_us
    scenario = promising(**keys)
    found = extremes(scenario.objectives[0], scenario, one)
    assert found == pytest.approx(expected, rel=BIN)


def test_an_interrupted_share_is_undecided_while_many_are_pending(
    promising: Callable[..., Scenario], measured: Measured
) -> None:
    """Forty of a hundred, with thirty pending, may become half of them."""
    one = measured(accepted=40)
    one.outcomes[Outcome.EXPIRED] -= 30
    one.outcomes[Outcome.PENDING] += 30
    verdicts: list[ObjectiveVerdict] = []
    for reached_us in (DRAINING_US, 141_000_000):
        one.reached_us = reached_us
        (found,) = judge_objectives(promising(metric="accepted", at_least=0.5), [one])
        verdicts.append(found.verdict)
    assert [ObjectiveVerdict.UNDECIDED, ObjectiveVerdict.MISSED] == verdicts


@pytest.mark.parametrize(
    ("expected", "keys"),
    [
        ("not applicable", {"metric": "relay_utilisation", "at_most": 0.5}),
        (
            "not applicable",
            {"metric": "relay_wait", "quantile": 0.5, "at_most": "1s"},
        ),
        (
            "not applicable",
            {"metric": "session_delay", "quantile": 0.5, "at_most": "1s"},
        ),
        ("met", {"metric": "notify_delay", "quantile": 0.5, "at_most": "1s"}),
        ("missed", {"metric": "accepted", "at_least": 0.9}),
    ],
)
def test_what_was_measured_elsewhere_is_judged_where_it_can_be(
    promising: Callable[..., Scenario],
    one: Measurement,
    expected: str,
    keys: dict[str, object],
) -> None:
    """It has no relay, and may lack a time."""
    del one.delays["session_delay"]
    (found,) = judge_objectives(promising(**keys), [one], has_relay=False)
    assert expected == found.verdict.value
