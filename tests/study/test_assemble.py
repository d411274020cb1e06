"""Results of replications: sums are complete, means are over replications."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from invitelab.formats.results import (
    CurvePoint,
    Estimate,
    Outcome,
    Results,
    VersionPair,
)
from invitelab.study.assemble import PROBABILITIES, Subject, assemble, rising
from invitelab.study.measurement import DELAYS, Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.series import over_time, pending_mean
from invitelab.world.load.queues import MessageClass
from invitelab.world.scenario.file import Loaded
from invitelab.world.scenario.schema import Scenario

Make = Callable[[Mapping[str, object]], Loaded]
Measured = Callable[..., Measurement]
SENT = [kind for kind in Outcome if kind is not Outcome.REFUSED]


@pytest.fixture(scope="module")
def ones(scenario: Scenario) -> list[Measurement]:
    """Run three replications."""
    return [replicate(Job(scenario=scenario, seed=3, number=n)) for n in range(3)]


@pytest.fixture(scope="module")
def results(scenario: Scenario, ones: Sequence[Measurement]) -> Results:
    """Put them together."""
    return put_together(scenario, ones)


def put_together(scenario: Scenario, ones: Sequence[Measurement]) -> Results:
    """Assemble measurements under a name."""
    return assemble(Subject(scenario=scenario, name="tiny", digest="0"), ones)


# Sums


def test_outcomes_add_up_over_replications(results: Results) -> None:
    """Each attempt of each replication is counted once."""
    assert results.attempts == sum(one.attempts for one in results.replications)
    for kind in Outcome:
        parts = [one.outcomes[kind] for one in results.replications]
        assert results.outcomes[kind] == sum(parts)


def test_version_pairs_hold_every_attempt(results: Results) -> None:
    """Each is direct, an email, or refused."""
    pairs = results.versions
    assert results.attempts == sum(
        pair.direct + pair.by_email + pair.refused for pair in pairs
    )
    assert sum(results.outcomes[kind] for kind in SENT) == sum(
        pair.direct for pair in pairs
    )
    assert results.emailed == sum(pair.by_email for pair in pairs)
    assert results.outcomes[Outcome.REFUSED] == sum(results.refusals.values())


def test_a_pair_that_could_not_be_is_refused(
    scenario: Scenario, measured: Measured
) -> None:
    """The refused ones are the attempts without those sent directly or by email."""
    one = measured()
    one.tried[7, 6], one.mailed[7, 6] = 9, 4
    one.outcomes[Outcome.REFUSED] = one.refusals["not connected"] = 5
    one.attempts, one.emailed = 109, 4
    expected = VersionPair(sender=7, recipient=6, direct=0, by_email=4, refused=5)
    assert expected == put_together(scenario, [one]).versions[0]


def test_histograms_hold_every_sample(
    results: Results, ones: Sequence[Measurement]
) -> None:
    """Bins and negative ones together have the samples of all replications."""
    assert list(DELAYS) == [one.metric for one in results.distributions]
    for distribution in results.distributions:
        parts = [one.delays[distribution.metric].count for one in ones]
        held = sum(each.count for each in distribution.bins) + distribution.negative
        assert sum(parts) == distribution.count == held


def test_messages_are_counted_by_kind_and_reason(
    scenario: Scenario, measured: Measured
) -> None:
    """Carried ones by kind, dropped ones by reason, over all replications."""
    ones = [measured(0), measured(1)]
    for one in ones:
        one.pools[MessageClass.POLL].handled[4] = 5
        one.drops["loss"] = 2
    messages = put_together(scenario, ones).messages
    assert (10, 0, 4) == (
        messages["poll"],
        messages["offer"],
        messages["dropped: loss"],
    )


def test_the_invariants_are_checked(
    results: Results, ones: Sequence[Measurement]
) -> None:
    """On all sampled invitations of all replications."""
    assert sum(one.checked for one in ones) == results.checked.invitations > 0
    assert () == results.checked.violations


# Means


def test_shares_are_of_what_was_sent(results: Results) -> None:
    """They add up to one."""
    shares = results.outcome_shares
    assert set(Outcome) == set(shares)
    assert sum(one.mean for one in shares.values()) == pytest.approx(1)


def test_a_share_is_a_mean_over_replications(
    scenario: Scenario, measured: Measured
) -> None:
    """Each replication has the same weight, however few invitations it has."""
    ones = [measured(0, 40), measured(1, 60)]
    ones[1].outcomes = ones[1].outcomes + ones[1].outcomes
    ones[1].attempts = ones[1].tried[7, 7] = ones[1].direct[7, 7] = 200
    shares = put_together(scenario, ones).outcome_shares
    assert shares[Outcome.ACCEPTED].mean == pytest.approx(0.5)


def test_where_nothing_was_sent_there_are_no_shares(
    scenario: Scenario, measured: Measured
) -> None:
    """There are no curves, either, and nothing raises."""
    one = measured()
    one.outcomes.clear()
    one.direct.clear()
    results = put_together(scenario, [one])
    assert {} == results.outcome_shares
    assert all(not each.curve and not each.bins for each in results.distributions)


def test_a_curve_has_intervals_where_all_replications_have_the_quantile(
    scenario: Scenario, measured: Measured
) -> None:
    """Beyond, it has the quantiles of all samples together, without an interval."""
    ones = [measured(number) for number in range(3)]
    for number, one in enumerate(ones):
        for delay in range(50 + 50 * number):
            one.delays["notify_delay"].record(1_000 * delay + number)
    (curve, *_) = put_together(scenario, ones).distributions
    alone = {
        round(point.probability, 3): point.value.low is None for point in curve.curve
    }
    # The shortest has ten samples beyond 80 %, all together beyond 96.6 %.
    assert {0.776: False, 0.8: True} == {at: alone[at] for at in (0.776, 0.8)}
    assert 0.966 > max(alone) > 0.96


def test_one_replication_has_no_interval(
    scenario: Scenario, measured: Measured
) -> None:
    """A single value has no scatter."""
    results = put_together(scenario, [measured()])
    assert Estimate(mean=0.5) == results.outcome_shares[Outcome.ACCEPTED]


# Over time


def test_windows_hold_every_attempt(
    results: Results, ones: Sequence[Measurement]
) -> None:
    """As rates; the last window may be shorter than the others."""
    width_s = results.window_us / 1e6
    end_s = (results.windows[-1].at_us / 1e6) + width_s
    lengths = [width_s] * len(results.windows)
    lengths[-1] -= end_s - 141
    attempts = sum(
        window.offered * length
        for window, length in zip(results.windows, lengths, strict=True)
    )
    assert sum(sum(one.offered) for one in ones) / 3 == pytest.approx(attempts)


def test_windows_end_where_the_replication_did(
    scenario: Scenario, measured: Measured
) -> None:
    """The rate of the last one is over the time that it really had."""
    one = measured()
    one.reached_us = 5_000_000
    one.offered[:3] = [4, 4, 4]
    windows = over_time(scenario, [one])
    assert [2, 2, 4] == [window.offered for window in windows]


def test_a_window_has_the_busiest_pool_and_the_queue(
    scenario: Scenario, measured: Measured
) -> None:
    """Its utilisation, the mean wait and the mean length of the queue."""
    one = measured()
    poll = one.pools[MessageClass.POLL]
    poll.busy_us[3], poll.handled[3] = 1_500_000, 4
    poll.wait_us[3], poll.queued_us[3] = 2_000_000, 3_000_000
    one.pools[MessageClass.OFFER].busy_us[3] = 100_000
    window = over_time(scenario, [one])[3]
    assert (0.75, 500_000, 1.5) == (
        window.relay_utilisation,
        window.relay_wait_us,
        window.relay_queue,
    )


@pytest.mark.parametrize(
    ("expected", "reached_us"), [(2, 141_000_000), (6, 10_000_000), (0, 5_000_000)]
)
def test_the_mean_number_pending_is_weighted_with_time(
    scenario: Scenario, measured: Measured, expected: float, reached_us: int
) -> None:
    """Over the time between warm-up and end."""
    one = measured()
    one.reached_us, one.pending_counted = reached_us, 30_000_000
    assert expected == pending_mean(scenario, one)


@pytest.mark.slow
def test_no_window_is_busier_than_its_workers(tiny: Make) -> None:
    """Not even where more is offered than the relay can serve."""
    drowned = tiny({"relay.service.mean": "2s", "relay.servers": 2}).scenario
    one = replicate(Job(scenario=drowned, seed=3, number=0))
    results = put_together(drowned, [one])
    busy = [window.relay_utilisation for window in results.windows]
    assert 1 == max(busy)
    assert 1 == max(pool.utilisation.mean for pool in results.pools)


# Curves


def point(probability: float, mean: float, half: float | None) -> CurvePoint:
    """Make a point of a curve, with an interval or none."""
    if half is None:
        return CurvePoint(probability=probability, value=Estimate(mean=mean))
    value = Estimate(mean=mean, low=mean - half, high=mean + half)
    return CurvePoint(probability=probability, value=value)


def test_no_mean_falls_along_a_curve() -> None:
    """Each stays in its interval, which is that of the quantile itself."""
    curve = rising([point(0.9, 10, 6), point(0.95, 20, 2), point(0.99, 13, 5)])
    assert [10, 20, 20] == [one.value.mean for one in curve]
    assert [4, 18, 8] == [one.value.low for one in curve]
    assert [16, 22, 20] == [one.value.high for one in curve]


def test_a_share_of_none_has_a_width(scenario: Scenario, measured: Measured) -> None:
    """After 0 of 500, the share is at most 1 in 130."""
    ones = [measured(number) for number in range(5)]
    shares = put_together(scenario, ones).outcome_shares
    refused = shares[Outcome.REFUSED]
    z = 1.959964
    assert (0, 0) == (refused.mean, refused.low)
    assert pytest.approx(z * z / (500 + z * z)) == refused.high


def test_no_delay_may_be_below_zero(scenario: Scenario, measured: Measured) -> None:
    """Not even for two replications of which one is ten times as slow."""
    ones = [measured(number) for number in range(2)]
    for number, one in enumerate(ones):
        one.delays["notify_delay"].record(2_000_000 * 10**number, 30)
        one.pools[MessageClass.OFFER].waits.record(1_000 * 10**number)
        one.pending_counted = 10**number
    results = put_together(scenario, ones)
    (notify, *_) = results.distributions
    waits = [pool.wait_us for pool in results.pools if pool.kind == "offer"]
    found = [notify.mean_us, notify.curve[0].value, results.pending_mean, *waits]
    for each in found:
        assert each is not None
        assert each.low is not None
        assert 0 < each.low < each.mean


def test_no_pool_is_busier_than_wholly(scenario: Scenario, measured: Measured) -> None:
    """Its interval is clipped to 1, however wide that of two replications is."""
    ones = [measured(number) for number in range(2)]
    for number, one in enumerate(ones):
        one.pools[MessageClass.OFFER].counted_us = 12_000_000 + 2_900_000 * number
    pools = put_together(scenario, ones).pools
    (busy,) = [pool.utilisation for pool in pools if pool.kind == "offer"]
    assert busy.low is not None
    assert busy.high is not None
    assert 0 <= busy.low < busy.mean < busy.high <= 1


STAGES = {"kind": "stages", "stages": [{"for": "20s", "from": "1/s", "to": "9/s"}]}
FAULT = {"kind": "loss", "at": "1s", "for": "1s", "share": 0.5}


@pytest.mark.parametrize(
    ("advised", "changes"),
    [(1, {}), (0, {"arrivals": STAGES}), (0, {"faults": [FAULT]})],
)
def test_warm_up_is_advised_where_something_can_settle(
    tiny: Make, measured: Measured, advised: int, changes: Mapping[str, object]
) -> None:
    """Not where the load or the world changes by design."""
    results = put_together(tiny(changes).scenario, [measured()])
    assert advised == len(results.warm_up_advice)


@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999])
def test_a_quantile_with_a_name_is_a_point_of_the_curve(probability: float) -> None:
    """Between two points a curve is only interpolated."""
    assert probability in PROBABILITIES


@pytest.mark.parametrize("missing_us", [0, 1])
def test_a_replication_that_was_stopped_is_marked(
    scenario: Scenario, measured: Measured, missing_us: int
) -> None:
    """Also when it was stopped after the last attempt."""
    one = measured()
    one.reached_us -= missing_us
    assert put_together(scenario, [one]).cut_off == bool(missing_us)
