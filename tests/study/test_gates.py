"""Gates: they fail beyond their limit, hold within it, and noise does not decide."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import pytest
from blank_results import POOL, WINDOW

from invitelab.formats.gates import GateDoubt, GateVerdict
from invitelab.formats.results import (
    Checked,
    CurvePoint,
    Distribution,
    Estimate,
    Objective,
    ObjectiveVerdict,
    Outcome,
    Replication,
    Results,
    VersionPair,
)
from invitelab.study.compare import compare
from invitelab.study.gate_grammar import parse_gate
from invitelab.study.gates import compared_objectives, judge_gates

HOLDS, FAILS, UNDECIDED = GateVerdict
MS = 1000
MANY = 1000


def replication(
    number: int,
    p99_us: float | None = None,
    *,
    accepted: int = 600,
    is_never: bool = False,
) -> Replication:
    """One of a thousand invitations that are accepted or expire."""
    return Replication(
        number=number,
        attempts=MANY,
        outcomes={Outcome.ACCEPTED: accepted, Outcome.EXPIRED: MANY - accepted},
        notify_p50_us=None,
        notify_p99_us=p99_us,
        notify_p99_never=is_never,
        pending_mean=10,
        pending_peak=20,
        messages=4 * MANY,
    )


def results(
    ones: Sequence[Replication],
    *,
    seed: int = 1,
    objectives: Sequence[Objective] = (),
    distributions: Sequence[Distribution] = (),
) -> Results:
    """Results of ten seconds with these replications."""
    accepted = sum(one.outcomes[Outcome.ACCEPTED] for one in ones)
    expired = sum(one.outcomes[Outcome.EXPIRED] for one in ones)
    sent = accepted + expired
    pair = VersionPair(sender=7, recipient=7, direct=sent, by_email=0, refused=0)
    return Results(
        title="A desk",
        summary="",
        name="desk",
        scenario={},
        scenario_digest="",
        seed=seed,
        complete=True,
        reached_us=1,
        replications_planned=len(ones),
        duration_us=10_000_000,
        warm_up_us=0,
        lifetime_us=120_000_000,
        window_us=10_000_000,
        attempts=sent,
        emailed=0,
        outcomes={Outcome.ACCEPTED: accepted, Outcome.EXPIRED: expired},
        outcome_shares={},
        messages={},
        objectives=tuple(objectives),
        distributions=tuple(distributions),
        windows=(WINDOW,),
        pools=(POOL,),
        versions=(pair,),
        refusals={},
        faults=(),
        replications=tuple(ones),
        pending_mean=Estimate(mean=0),
        pending_peak=20,
        warm_up_advice=(),
        traces=(),
        detached=(),
        checked=Checked(invitations=0, facts=0),
    )


def loads(values: Sequence[float], *, seed: int = 1) -> Results:
    """Results whose busiest pool has these shares of its time taken."""
    return results(
        [
            replication(at).model_copy(update={"relay_utilisation": value})
            for at, value in enumerate(values)
        ],
        seed=seed,
    )


def delays(values_ms: Sequence[float], *, seed: int = 1) -> Results:
    """Results whose p99 of the notify delay has these values in milliseconds."""
    return results(
        [replication(at, value * MS) for at, value in enumerate(values_ms)], seed=seed
    )


def verdict(a: Results, b: Results, gate: str) -> GateVerdict:
    """The verdict on one gate."""
    (found,) = judge_gates(a, b, [parse_gate(gate)])
    return found.verdict


A = delays([100, 104, 97, 101, 98])


@pytest.mark.parametrize(
    ("factor", "gate", "expected"),
    [
        (1.20, "notify_delay p99 +10%", FAILS),
        (1.02, "notify_delay p99 +10%", HOLDS),
        (1.10, "notify_delay p99 +10%", UNDECIDED),
        (1.20, "notify_delay p99 +10ms", FAILS),
        (1.02, "notify_delay p99 +10ms", HOLDS),
        (0.80, "notify_delay p99 +0%", HOLDS),
        (0.80, "notify_delay p99 -10%", FAILS),
        (0.98, "notify_delay p99 -10%", HOLDS),
        (1.50, "notify_delay p99 -10%", HOLDS),
    ],
)
def test_paired_runs_are_decided_by_a_small_difference(
    factor: float, gate: str, expected: GateVerdict
) -> None:
    """Replications scatter by 3 %, and all of them in the same way."""
    values = [one.notify_p99_us or 0 for one in A.replications]
    b = delays([factor * value / MS for value in values])
    assert expected is verdict(A, b, gate)


def test_independent_runs_need_a_larger_one() -> None:
    """With another seed the scatter of both is in the interval."""
    values = [100, 140, 60, 120, 80]
    a, b = delays(values), delays([1.2 * value for value in values], seed=2)
    assert FAILS is verdict(
        a, delays([1.2 * v for v in values]), "notify_delay p99 +5%"
    )
    assert UNDECIDED is verdict(a, b, "notify_delay p99 +5%")


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_decides_in_five_of_a_hundred_comparisons_at_most(seed: int) -> None:
    """At the limit itself each wrong verdict has 2.5 %; both worlds draw by chance."""
    random = Random(seed)
    found: Counter[GateVerdict] = Counter()
    asked = [parse_gate("notify_delay p99 +10%")]
    for _ in range(600):
        a = delays([random.gauss(100, 5) for _ in range(6)], seed=1)
        b = delays([random.gauss(110, 5) for _ in range(6)], seed=seed)
        found[judge_gates(a, b, asked)[0].verdict] += 1
    assert 0.05 >= found[FAILS] / 600
    assert 0.05 >= found[HOLDS] / 600
    assert 0 < found[FAILS]


def test_several_gates_share_the_error() -> None:
    """The interval of each is wider, and `missed` takes no part in it."""
    b = delays([111, 116, 108, 112, 109])
    one, *_ = judge_gates(A, b, [parse_gate("notify_delay p99 +5%")])
    gates = ["notify_delay p99 +5%", "accepted -1%", "missed"]
    several, *_ = judge_gates(A, b, [parse_gate(gate) for gate in gates])
    assert 0.95 == pytest.approx(one.confidence)
    assert 0.975 == pytest.approx(several.confidence)
    assert one.beyond is not None
    assert several.beyond is not None
    assert (several.beyond.low or 0) < (one.beyond.low or 0)


def test_two_replications_decide_nothing() -> None:
    """However large the difference is."""
    (gate,) = judge_gates(
        delays([100, 101]), delays([900, 901]), [parse_gate("notify_delay p99 +1%")]
    )
    assert (UNDECIDED, GateDoubt.FEW) == (gate.verdict, gate.doubt)


def test_a_figure_that_is_missing_somewhere_is_not_overlooked() -> None:
    """The replication without it could be the one that is slow."""
    ones = [replication(at, 100.0 * MS) for at in range(5)]
    b = results([*ones[:4], replication(4, None)])
    assert UNDECIDED is verdict(results(ones), b, "notify_delay p99 +10%")
    none = results([replication(at) for at in range(5)])
    (gate,) = judge_gates(none, none, [parse_gate("notify_delay p99 +10%")])
    assert GateDoubt.UNMEASURED is gate.doubt


@pytest.mark.parametrize(
    ("never", "expected"), [(5, FAILS), (1, UNDECIDED), (0, HOLDS)]
)
def test_what_never_happens_is_beyond_every_limit(
    never: int, expected: GateVerdict
) -> None:
    """In all replications it fails; in some, more of them may tell."""
    ones = [
        replication(at, None if at < never else 100.0 * MS, is_never=at < never)
        for at in range(5)
    ]
    a = results([replication(at, 100.0 * MS) for at in range(5)])
    assert expected is verdict(a, results(ones), "notify_delay p99 +10s")


@pytest.mark.parametrize(
    ("accepted", "gate", "expected"),
    [
        (500, "accepted -5%", FAILS),
        (500, "accepted -0.05", FAILS),
        (500, "accepted -0.2", HOLDS),
        (500, "accepted count -50", FAILS),
        (500, "accepted rate -5/s", FAILS),
        (500, "accepted rate -20/s", HOLDS),
        (500, "expired +10%", FAILS),
        (600, "accepted -5%", HOLDS),
        (600, "messages count +1%", HOLDS),
        (600, "attempts rate -1%", HOLDS),
        (600, "pending peak +5", HOLDS),
        (600, "pending mean +50%", HOLDS),
    ],
)
def test_shares_counts_and_rates_can_be_limited(
    accepted: int, gate: str, expected: GateVerdict
) -> None:
    """Of a thousand invitations in ten seconds, 600 are accepted in the first run."""
    a = results([replication(at, accepted=600 + at) for at in range(5)])
    b = results([replication(at, accepted=accepted + at) for at in range(5)])
    assert expected is verdict(a, b, gate)


def distribution(
    curve: Mapping[float, tuple[float, float, float]], *, never: int = 0
) -> Distribution:
    """A decision delay with these percentiles, in milliseconds: low, mean and high."""
    return Distribution(
        metric="decision_delay",
        count=1000,
        never=never,
        curve=tuple(
            CurvePoint(
                probability=at,
                value=Estimate(mean=mean * MS, low=low * MS, high=high * MS),
            )
            for at, (low, mean, high) in curve.items()
        ),
    )


def of_delays(found: Distribution) -> Results:
    """Results of five replications with this delay."""
    ones = [replication(at, 100.0 * MS) for at in range(5)]
    return results(ones, distributions=[found])


@pytest.mark.parametrize(
    ("b", "expected"),
    [
        ((190, 200, 210), FAILS),
        ((98, 102, 106), HOLDS),
        ((100, 112, 124), UNDECIDED),
    ],
)
def test_other_percentiles_are_decided_by_the_intervals_of_both_runs(
    b: tuple[float, float, float], expected: GateVerdict
) -> None:
    """The limit of 115 ms has the uncertainty of the first run in it."""
    first = of_delays(distribution({0.5: (97, 100, 103)}))
    second = of_delays(distribution({0.5: b}))
    assert expected is verdict(first, second, "decision_delay p50 +15%")


def test_recovered_variances_add_up() -> None:
    """Limits 3 and 4 below and above: together 5, by Pythagoras."""
    first = of_delays(distribution({0.5: (97, 100, 103)}))
    second = of_delays(distribution({0.5: (106, 110, 114)}))
    (gate,) = judge_gates(first, second, [parse_gate("decision_delay p50 +0ms")])
    assert gate.beyond is not None
    low, high = gate.beyond.low or 0, gate.beyond.high or 0
    assert 5_000 == pytest.approx(low)
    assert 15_000 == pytest.approx(high)


def test_a_percentile_that_is_never_reached_fails() -> None:
    """It is endless, where that of the first run is not."""
    first = of_delays(distribution({0.5: (97, 100, 103)}))
    second = of_delays(distribution({}, never=4000))
    assert FAILS is verdict(first, second, "decision_delay p50 +1h")
    assert UNDECIDED is verdict(second, second, "decision_delay p50 +1h")


def test_an_outage_fails_every_percentile() -> None:
    """Where nothing happened there is no sample, but it was measured."""
    first = of_delays(distribution({0.5: (97, 100, 103)}))
    outage = Distribution(metric="decision_delay", count=0, never=4000)
    (gate,) = judge_gates(
        first, of_delays(outage), [parse_gate("decision_delay p50 +1h")]
    )
    assert (FAILS, GateDoubt.NEVER) == (gate.verdict, gate.doubt)


def objective(verdict: ObjectiveVerdict, metric: str = "accepted") -> Objective:
    """An objective with this verdict."""
    return Objective(
        metric=metric,
        quantile=None,
        at_most=False,
        bound=0.5,
        unit="1",
        verdict=verdict,
        figure_verdict=verdict,
        estimate=None,
        endless=int(verdict is ObjectiveVerdict.MET),
        samples=1,
    )


MET, MISSED, NOT_SURE, NOT_APPLICABLE = ObjectiveVerdict


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([MET, MISSED, NOT_SURE], FAILS),
        ([MET, NOT_SURE], UNDECIDED),
        ([MET, NOT_APPLICABLE], HOLDS),
        ([NOT_APPLICABLE], UNDECIDED),
        ([], UNDECIDED),
    ],
)
def test_missed_objectives_of_the_second_run_fail(
    verdicts: Sequence[ObjectiveVerdict], expected: GateVerdict
) -> None:
    """Those of the first do not matter; without any there is nothing to hold."""
    a = results([replication(0)], objectives=[objective(MISSED)])
    b = results([replication(0)], objectives=[objective(one) for one in verdicts])
    assert expected is verdict(a, b, "missed")


def test_objectives_of_both_runs_are_beside_each_other() -> None:
    """By their promise; one that only a single run has has no other side."""
    a = results(
        [replication(0)], objectives=[objective(MET), objective(MET, "expired")]
    )
    b = results([replication(0)], objectives=[objective(MISSED)])
    both, alone = compared_objectives(a, b)
    assert ("accepted", True) == (both.either.metric, both.has_changed)
    assert ("expired", None, False) == (alone.either.metric, alone.b, alone.has_changed)


def test_a_comparison_holds_its_gates_and_objectives() -> None:
    """In its document, which without them is what it was."""
    b = results([replication(at, 100.0 * MS) for at in range(5)])
    found = compare(A, b, [parse_gate("notify_delay p99 +10%")])
    assert ["notify_delay p99 +10%"] == [one.gate for one in found.gates]
    assert not {"gates", "objectives"} & compare(A, b).model_dump().keys()


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("relay_utilisation +10%", FAILS),
        ("relay_utilisation mean +0.2", FAILS),
        ("relay_utilisation +0.5", HOLDS),
        ("relay_utilisation -10%", HOLDS),
    ],
)
def test_the_load_of_the_relay_has_gates(gate: str, expected: GateVerdict) -> None:
    """What limits a promise about it has to hold from one run to the next, too."""
    a, b = loads([0.42, 0.43, 0.44]), loads([0.86, 0.87, 0.88])
    assert expected is verdict(a, b, gate)


def test_a_load_is_compared() -> None:
    """Beside the delays and the outcomes."""
    found = compare(loads([0.42, 0.43, 0.44]), loads([0.86, 0.87, 0.88]))
    (one,) = (d for d in found.differences if d.metric == "relay_utilisation")
    assert one.significant
    assert 0.44 == pytest.approx(one.difference.mean)


def test_what_was_measured_elsewhere_has_no_load() -> None:
    """Its relay is not ours."""
    unknown = results([replication(at, 1.0) for at in range(3)])
    assert UNDECIDED is verdict(unknown, unknown, "relay_utilisation +10%")
