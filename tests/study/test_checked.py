"""A single fault, of any kind, sign and size, breaks no invariant.

Each test is one replication as `invitelab simulate` runs it, with the histories that it
samples and checks. A clock that runs wrong is the hardest for the checkers: what one
client causes at another may come earlier by their clocks.
"""

from collections.abc import Callable, Mapping

import pytest

from invitelab.protocol.history import FactKind
from invitelab.study.measurement import Measurement
from invitelab.study.replication import Job, replicate
from invitelab.study.traces import Sample, broken_invariants, sampled_traces
from invitelab.world.load.load_world import LoadWorld
from invitelab.world.scenario.file import Loaded, loads

WORLD = """
title = "One fault"
duration = "60s"
warm_up = "0s"
[population]
clients = 20
versions = { "7.1.4" = 1.0 }
[arrivals]
kind = "poisson"
rate = "1/s"
[people]
answer = { accept = 0.60, reject = 0.10, ignore = 0.30 }
think = { distribution = "exponential", mean = "10s" }
cancel = 0.2
modify = 0.2
[network]
latency = { distribution = "constant", value = "20ms" }
[relay]
servers = 2
service = { distribution = "constant", value = "1ms" }
"""
SHARED = ("loss", "duplicate", "reorder", "partition", "crash", "suspend")
SKEWS = ("1ms", "-1ms", "3s", "-3s", "1min", "-1min", "1h", "-1h")
DRIFTS = (50.0, -50.0, 100_000.0, -100_000.0)


def fault(kind: str, **more: object) -> dict[str, object]:
    """Make a fault without its time."""
    return {"kind": kind, **more}


FAULTS = [
    *(fault(kind, share=share) for kind in SHARED for share in (0.1, 0.5, 1.0)),
    *(fault("delay", by=by) for by in ("10ms", "700ms", "5s", "1min")),
    fault("relay-restart"),
    *(fault("skew", share=share, by=by) for share in (0.5, 1.0) for by in SKEWS),
    *(
        fault("skew", share=0.5, by=by, drift_ppm=drift)
        for by in ("0s", "2s")
        for drift in DRIFTS
    ),
]
SPANS = [("10s", "2min"), ("20s", "10s"), ("30s", "1s")]


def in_turn(place: int) -> int:
    """Give each fault a time span, different for faults of one kind."""
    return (place + place // len(SPANS)) % len(SPANS)


TRIED = [
    pytest.param(
        alone,
        *span,
        id=" ".join(map(str, (*alone.values(), *span))),
        marks=[] if turn == in_turn(place) else pytest.mark.slow,
    )
    for place, alone in enumerate(FAULTS)
    for turn, span in enumerate(SPANS)
]
"""Every fault for every span; the default suite tries each for one."""


def measured(at: str, lasts: str, alone: Mapping[str, object]) -> Measurement:
    """Run one replication with these faults."""
    faults = [{**alone, "at": at, "for": lasts}]
    scenario = loads(WORLD, {"faults": faults}).scenario
    return replicate(Job(scenario=scenario, seed=1, number=0))


@pytest.mark.parametrize(("alone", "at", "lasts"), TRIED)
def test_a_fault_alone_breaks_nothing(
    alone: Mapping[str, object], at: str, lasts: str
) -> None:
    """No instrument is taken off, either."""
    measurement = measured(at, lasts, alone)
    assert ((), ()) == (measurement.violations, measurement.detached)
    assert measurement.checked > 5


def test_every_kind_of_fault_is_tried() -> None:
    """All that a scenario can have."""
    kinds = {*SHARED, "delay", "relay-restart", "skew"}
    assert kinds == {alone["kind"] for alone in FAULTS}


@pytest.mark.parametrize("by", ["10s", "-10s"])
def test_a_trace_is_in_the_order_of_the_world(by: str) -> None:
    """However wrong clocks are, nothing is shown before it was sent."""
    skew = {"kind": "skew", "share": 0.5, "by": by}
    for trace in measured("0s", "3min", skew).traces:
        times = [moment.at_us for moment in trace.moments]
        kinds = [moment.kind for moment in trace.moments]
        assert sorted(times) == times
        assert "sent" == kinds[0]
        if {"shown", "clicked", "ended"} <= set(kinds):
            assert kinds.index("shown") < kinds.index("clicked")


def test_a_cancel_is_before_the_end_that_it_causes() -> None:
    """Although the host grants it after the end."""
    kinds_of_traces = [
        [moment.kind for moment in trace.moments]
        for trace in measured("0s", "1s", FAULTS[0]).traces
    ]
    cancelled = [kinds for kinds in kinds_of_traces if "cancelled" in kinds]
    assert cancelled
    for kinds in cancelled:
        assert kinds.index("cancelled") + 1 == kinds.index("ended")


def test_time_after_the_end_of_a_run_is_not_judged(
    tiny: Callable[[dict[str, object]], Loaded],
) -> None:
    """What was still to come when a run was stopped is no violation."""
    sample = Sample(every=1)
    world = LoadWorld(tiny({}).scenario, instruments=[sample])
    world.env.advance(30_000_000)
    clients = world.directory.specs()
    ended = {
        fact.invitation
        for kept in sample.facts.values()
        for fact in kept
        if fact.kind is FactKind.ENDED
    }
    assert set(sample.facts) - ended
    assert [] == broken_invariants(sample, clients, until_us=world.env.now_us)
    assert len(sampled_traces(sample, clients)) > 1
