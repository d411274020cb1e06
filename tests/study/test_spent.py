"""Where delays were spent: sums by bin, and groups between percentiles."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from invitelab.study.flow import EDGES, flow
from invitelab.study.histogram import index_of, indexes_of
from invitelab.study.replication import Job, replicate
from invitelab.study.spent import SPENT_OF, SpentBins
from invitelab.world.load.time_spent import Parts
from invitelab.world.scenario.file import Loaded

Tiny = Callable[[dict[str, object]], Loaded]

ROWS = st.lists(
    st.tuples(*[st.integers(0, 200_000_000) for _ in Parts._fields]).map(
        lambda row: Parts(*row)
    ),
    min_size=1,
    max_size=60,
)


@given(ROWS)
def test_at_once_is_the_same_as_one_by_one(rows: list[Parts]) -> None:
    """In any order, and in parts that are merged."""
    delays_us = np.array([sum(row) for row in rows], np.int64)
    single, whole, merged = SpentBins(), SpentBins(), SpentBins()
    for row in reversed(rows):
        single.record(sum(row), row)
    whole.record_all(delays_us, np.array(rows, np.int64))
    half = len(rows) // 2
    for some in (slice(half), slice(half, None)):
        part = SpentBins()
        part.record_all(delays_us[some], np.array(rows, np.int64)[some])
        merged.merge(part)
    assert single == whole == merged
    assert [index_of(int(us)) for us in delays_us] == indexes_of(delays_us).tolist()


@given(ROWS, st.integers(0, 100))
def test_groups_lose_nothing(rows: list[Parts], never: int) -> None:
    """Every delay is in one group, between the values that the group names."""
    bins = SpentBins()
    for row in rows:
        bins.record(sum(row), row)
    groups = bins.groups(EDGES, len(rows) + never)
    assert [len(rows), *map(sum, zip(*rows, strict=True))] == [
        sum(column) for column in zip(*(sums for *_, sums in groups), strict=True)
    ]
    for _, _, lower, upper, sums in groups:
        inside = [row for row in rows if lower <= sum(row) < upper]
        assert sums[0] == len(inside)
    assert sorted(high for _, high, *_ in groups) == [high for _, high, *_ in groups]


def test_a_group_ends_at_its_percentile() -> None:
    """Of a thousand different delays, half are up to p50 and ten beyond p99."""
    bins = SpentBins()
    for delay_us in range(1, 1001):
        bins.record(delay_us * 1000, Parts(think_us=delay_us * 1000))
    groups = bins.groups(EDGES, 1000)
    counts = [sums[0] for *_, sums in groups]
    for found, expected in zip(counts, (500, 400, 90, 9, 1), strict=True):
        assert abs(found - expected) <= 4  # a bin is whole in one group


def test_what_never_came_is_beyond() -> None:
    """With as many that never came, nothing that came is beyond p50."""
    bins = SpentBins()
    for delay_us in range(1, 101):
        bins.record(delay_us, Parts(network_us=delay_us))
    assert {0.5} == {high for _, high, *_ in bins.groups(EDGES, 250)}


def test_a_flow_has_what_was_counted(tiny: Tiny) -> None:
    """Totals of the whole run, and as many entries as the run has windows."""
    scenario = tiny({"relay.servers": 1, "relay.queue": 2, "duration": "20s"}).scenario
    runs = [
        replicate(Job(scenario=scenario, seed=seed, number=seed)) for seed in (1, 2)
    ]
    found = flow(scenario, runs)
    width_s = runs[0].windows.width_us / 1e6
    for one in (found.repeated, found.emails_alone, *found.busy.values()):
        assert len(runs[0].windows) == len(one)
    assert found.repeats == sum(sum(run.repeated) for run in runs)
    assert found.attempts == sum(sum(run.offered) for run in runs)
    dropped = sum(sum(rates) for rates in found.dropped.values()) * width_s * 2
    assert abs(dropped - sum(sum(run.drops.values()) for run in runs)) < 1e-6
    for metric in SPENT_OF:
        mine = [one for one in found.spent if one.metric == metric]
        histograms = [run.delays[metric] for run in runs]
        assert sum(one.count for one in histograms) == sum(one.count for one in mine)
        assert sum(one.total for one in histograms) == sum(one.total_us for one in mine)
