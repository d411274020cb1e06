"""Each way to read the page is a deviation of its clause, and of no other."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from invitelab.adapters.reference import Reference
from invitelab.conformance.engine import Engine
from invitelab.protocol.policy import Knob, Policy, knobs
from invitelab.records import RunVerdict, Verdict

Judge = Callable[..., Engine]

KNOBS = list(knobs())


def test_every_interpretation_can_be_flipped(reference_run: Engine) -> None:
    """There is a knob for each of them."""
    interpretations = {
        record.clause
        for record in reference_run.clauses
        if record.level == "interpretation"
    }
    assert interpretations == {knob.clause for knob in KNOBS}


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_another_reading_deviates_at_its_clause_alone(
    judge: Judge, reference_run: Engine, knob: Knob
) -> None:
    """No other clause moves, and the run stays conformant."""
    engine = judge(Reference(policy=replace(Policy(), **{knob.name: False})))
    before = {record.clause: record.verdict for record in reference_run.clauses}
    after = {record.clause: record.verdict for record in engine.clauses}
    assert before | {knob.clause: Verdict.DEVIATION} == after
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.CONFORMANT, None) == (end.verdict, end.reason)


def test_all_other_readings_at_once_are_conformant(judge: Judge) -> None:
    """Neither a failure nor an error of a required clause."""
    flipped = Policy(**dict.fromkeys((knob.name for knob in KNOBS), False))
    engine = judge(Reference(policy=flipped))
    end = engine.conclusion
    assert end is not None
    assert RunVerdict.CONFORMANT is end.verdict
    required = {r.verdict for r in engine.clauses if r.level == "required"}
    assert {Verdict.PASS} == required


@pytest.mark.parametrize("latency_ms", [80, 1000])
def test_a_target_that_settles_is_inconclusive_where_time_is_short_only(
    judge: Judge, latency_ms: int
) -> None:
    """At the tick with little latency, and within a second of it with much."""
    engine = judge(Reference(latency_ms=latency_ms))
    assert {Verdict.PASS, Verdict.INCONCLUSIVE} == {
        record.verdict for record in engine.scenarios
    }
    open_ = {r.clause for r in engine.clauses if r.verdict is Verdict.INCONCLUSIVE}
    end = engine.conclusion
    assert end is not None
    if latency_ms == 80:
        assert {"EXPIRY-6"} == open_
        assert RunVerdict.CONFORMANT is end.verdict
    else:
        assert {"EXPIRY-1", "EXPIRY-2", "EXPIRY-6"} <= open_
        assert RunVerdict.INCONCLUSIVE is end.verdict


def test_a_target_that_settles_as_slowly_as_it_may_never_fails(judge: Judge) -> None:
    """Sixty seconds are allowed: what comes too late then is inconclusive."""
    engine = judge(Reference(latency_ms=20_000))
    assert {Verdict.PASS, Verdict.INCONCLUSIVE} == {
        record.verdict for record in engine.scenarios
    }
