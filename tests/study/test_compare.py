"""Comparisons: common random numbers cancel, and differences are named."""

from collections.abc import Sequence
from random import Random

import pytest
from blank_results import POOL, WINDOW

from invitelab.formats.results import (
    Checked,
    Estimate,
    Outcome,
    Replication,
    Results,
    VersionPair,
)
from invitelab.formats.several_results import Comparison, Difference
from invitelab.study.compare import changed, compare


def replication(
    number: int,
    *,
    p50_us: float | None = 100_000,
    p99_us: float | None = None,
    accepted: int = 60,
    pending_mean: float = 30,
) -> Replication:
    """One replication of a hundred invitations that are accepted or expire."""
    return Replication(
        number=number,
        attempts=100,
        outcomes={Outcome.ACCEPTED: accepted, Outcome.EXPIRED: 100 - accepted},
        notify_p50_us=p50_us,
        notify_p99_us=p99_us,
        pending_mean=pending_mean,
        pending_peak=55,
        messages=1000,
    )


def results(
    replications: Sequence[Replication], *, seed: int = 1, name: str = "desk"
) -> Results:
    """Make results with these replications, and else as little as possible."""
    return Results(
        title="A desk",
        summary="",
        name=name,
        scenario={"relay": {"servers": len(name)}},
        scenario_digest="",
        seed=seed,
        complete=True,
        reached_us=1,
        replications_planned=len(replications),
        duration_us=1,
        warm_up_us=0,
        lifetime_us=120_000_000,
        window_us=1_000_000,
        attempts=sum(one.attempts for one in replications),
        emailed=0,
        outcomes={
            kind: sum(one.outcomes.get(kind, 0) for one in replications)
            for kind in Outcome
        },
        outcome_shares={},
        messages={},
        objectives=(),
        distributions=(),
        windows=(WINDOW,),
        pools=(POOL,),
        versions=(
            VersionPair(
                sender=7,
                recipient=7,
                direct=sum(one.attempts for one in replications),
                by_email=0,
                refused=0,
            ),
        ),
        refusals={},
        faults=(),
        replications=tuple(replications),
        pending_mean=Estimate(mean=0),
        pending_peak=max(one.pending_peak for one in replications),
        warm_up_advice=(),
        traces=(),
        detached=(),
        checked=Checked(invitations=0, facts=0),
    )


def medians(*values_us: float | None) -> list[Replication]:
    """Make replications, numbered from 0, with these median delays."""
    return [
        replication(number, p50_us=value_us)
        for number, value_us in enumerate(values_us)
    ]


def figure(comparison: Comparison, metric: str, statistic: str) -> Difference:
    """Find the difference of that figure."""
    (found,) = (
        difference
        for difference in comparison.differences
        if (metric, statistic) == (difference.metric, difference.statistic)
    )
    return found


def test_runs_of_one_seed_are_compared_in_pairs() -> None:
    """A step of 10 ms is significant, although replications scatter far more."""
    comparison = compare(
        results(medians(100_000, 200_000, 400_000)),
        results(medians(110_000, 210_000, 410_000)),
    )
    found = figure(comparison, "notify_delay", "p50")
    assert (True, 3, 3, 3) == (
        comparison.paired,
        comparison.pairs,
        comparison.replications_a,
        comparison.replications_b,
    )
    assert (700_000 / 3, 730_000 / 3) == (found.a, found.b)
    assert (10_000, True) == (found.difference.mean, found.significant)


def test_runs_of_two_seeds_are_compared_as_a_whole() -> None:
    """The same step is not significant."""
    comparison = compare(
        results(medians(100_000, 200_000, 400_000)),
        results(medians(110_000, 210_000, 410_000), seed=2),
    )
    assert (False, 1, 2) == (comparison.paired, comparison.seed_a, comparison.seed_b)
    assert figure(comparison, "notify_delay", "p50").significant is False


def test_only_replications_of_the_same_number_are_pairs() -> None:
    """Only the numbers that both runs have are compared, in any order."""
    longer = medians(101_000, 201_000, 401_000, 9_000_000)[::-1]
    comparison = compare(results(medians(100_000, 200_000, 400_000)), results(longer))
    assert 1000 == figure(comparison, "notify_delay", "p50").difference.mean


def test_replications_without_a_common_number_are_no_pairs() -> None:
    """The same seed alone does not pair them."""
    comparison = compare(
        results([replication(0), replication(1)]),
        results([replication(2), replication(3)]),
    )
    assert not comparison.paired


def test_a_pair_without_a_figure_is_left_out() -> None:
    """Too few samples in one run exclude the replication of the other, too."""
    comparison = compare(
        results(medians(100_000, None, 400_000)),
        results(medians(101_000, 999_000, 401_000)),
    )
    found = figure(comparison, "notify_delay", "p50")
    assert (250_000, 251_000, 1000) == (found.a, found.b, found.difference.mean)


def test_a_figure_one_run_lacks_has_no_difference() -> None:
    """There is no p99 where one run never had enough samples."""
    comparison = compare(
        results([replication(0, p99_us=300_000)]), results([replication(0)])
    )
    assert not [one for one in comparison.differences if one.statistic == "p99"]


def test_one_pair_is_no_evidence() -> None:
    """There is a difference, without a statement on its significance."""
    comparison = compare(results(medians(100_000)), results(medians(150_000)))
    found = figure(comparison, "notify_delay", "p50")
    assert (Estimate(mean=50_000), None) == (found.difference, found.significant)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_pairs_that_agree_are_no_evidence(seed: int) -> None:
    """Nor are two replications each: equal values may be a coincidence."""
    comparison = compare(
        results(medians(100_000, 100_000)),
        results(medians(150_000, 150_000), seed=seed),
    )
    assert {None} == {one.significant for one in comparison.differences}


def test_a_difference_of_one_step_is_not_sure_for_want_of_a_spread() -> None:
    """One more invitation in a hundred, three times, is not significant."""
    comparison = compare(
        results([replication(number) for number in range(3)]),
        results([replication(number, accepted=61) for number in range(3)]),
    )
    assert figure(comparison, "accepted", "share").significant is False


def test_a_run_does_not_differ_from_itself() -> None:
    """No key has changed, and no difference is significant."""
    run = results(medians(100_000, 200_000, 300_000))
    comparison = compare(run, run)
    assert {} == comparison.changed
    assert {False} == {one.significant for one in comparison.differences}


def scattered(random: Random, number: int) -> Replication:
    """Make a replication with figures that are correlated as those of a run."""
    accepted = sum(random.random() < 0.6 for _ in range(100))
    load = random.gauss(30, 3)
    return replication(
        number,
        p50_us=100_000 * random.lognormvariate(0, 0.02) + 500 * (load - 30),
        p99_us=400_000 * random.lognormvariate(0, 0.2) + 5000 * (load - 30),
        accepted=accepted,
        pending_mean=load,
    )


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("number", [3, 5])
def test_the_same_scenario_is_seldom_called_different(number: int, seed: int) -> None:
    """Any of its figures is so in 5 of 100 comparisons at most."""
    random = Random(100 * number + seed)
    rounds, wrong = 600, 0
    for _ in range(rounds):
        a, b = ([scattered(random, n) for n in range(number)] for _ in range(2))
        comparison = compare(results(a), results(b, seed=seed))
        wrong += any(one.significant for one in comparison.differences)
    assert wrong / rounds <= 0.05


def test_an_interval_holds_zero_where_no_difference_is_shown_and_nowhere_else() -> None:
    """At any error that Holm's procedure leaves for a figure."""
    random = Random(5)
    seen: set[bool | None] = set()
    for _ in range(60):
        a = [scattered(random, number) for number in range(6)]
        b = [
            one.model_copy(
                update={
                    "pending_mean": one.pending_mean + random.gauss(6, 3),
                    "notify_p50_us": one.notify_p50_us * random.gauss(1.03, 0.02),
                }
            )
            for one in a
            if one.notify_p50_us is not None
        ]
        for one in compare(results(a), results(b)).differences:
            found = one.difference
            assert found.low is not None
            assert found.high is not None
            assert one.significant is not (found.low <= 0 <= found.high)
            assert one.confidence >= 0.95
            seen.add(one.significant)
    assert {True, False} == seen


def test_shares_and_pending_are_compared() -> None:
    """Six more accepted of a hundred, and a mean of twelve fewer pending."""
    comparison = compare(
        results([replication(0), replication(1)]),
        results(
            [
                replication(0, accepted=65, pending_mean=20),
                replication(1, accepted=67, pending_mean=16),
            ]
        ),
    )
    share = figure(comparison, "accepted", "share")
    pending = figure(comparison, "pending", "mean")
    assert pytest.approx((0.6, 0.66, 0.06)) == (share.a, share.b, share.difference.mean)
    assert (30, 18, -12) == (pending.a, pending.b, pending.difference.mean)
    assert 55 == figure(comparison, "pending", "peak").a


def test_a_comparison_names_its_runs_and_what_changed() -> None:
    """It has both names and the key with another value."""
    one = medians(100_000)
    comparison = compare(results(one, name="desk"), results(one, name="storm"))
    assert ("desk", "storm") == (comparison.a, comparison.b)
    assert {"relay.servers": ("4", "5")} == comparison.changed


def test_changes_are_found_at_any_depth() -> None:
    """In tables and lists, also where only one side has the key."""
    before = {
        "title": "x",
        "arrivals": {"rate": "25/s", "kind": "poisson"},
        "objectives": [{"metric": "accepted", "at_least": 0.5}],
        "faults": [],
    }
    after = {
        "title": "x",
        "arrivals": {"rate": "50/s", "kind": "poisson"},
        "objectives": [{"metric": "accepted", "at_least": 0.6}],
        "faults": [{"kind": "loss"}],
        "loss": None,
    }
    expected = {
        "arrivals.rate": ("25/s", "50/s"),
        "faults": ("[]", None),
        "faults.0.kind": (None, "loss"),
        "loss": (None, "null"),
        "objectives.0.at_least": ("0.5", "0.6"),
    }
    assert expected == changed(before, after)
