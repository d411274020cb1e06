"""Each other interpretation is a deviation of its clause, and of no other."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.execution.engine import Engine
from invitelab.formats.run import RunVerdict, Verdict
from invitelab.protocol.policy import Knob, Policy, knobs

Judge = Callable[..., Engine]

KNOBS = list(knobs())
ASKED: set[str] = set()


class Watched(Policy):
    """Our interpretations; notes which of them are used."""

    def __getattribute__(self, name: str) -> object:
        """Note it."""
        ASKED.add(name)
        return super().__getattribute__(name)


@pytest.fixture(scope="module")
def asking(directly: Judge) -> Mapping[str, set[str]]:
    """Map each knob to the titles of the scenarios in which it is used."""
    asked: list[set[str]] = []

    def finished(*_: object) -> None:
        asked.append(set(ASKED))
        ASKED.clear()

    engine = directly(Reference(policy=Watched(), finished=finished))
    titles = [record.title for record in engine.scenarios]
    return {
        knob.name: {
            title
            for title, names in zip(titles, asked[CLOCKS_PROOF:], strict=True)
            if knob.name in names
        }
        for knob in KNOBS
    }


CLOCKS_PROOF = 2
"""How many worlds there are before the first scenario's."""


def test_every_interpretation_can_be_flipped(reference_run: Engine) -> None:
    """There is a knob for each of them."""
    interpretations = {
        record.clause
        for record in reference_run.clauses
        if record.level == "interpretation"
    }
    assert interpretations == {knob.clause for knob in KNOBS}


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_another_interpretation_deviates_at_its_clause_alone(
    directly: Judge, asking: Mapping[str, set[str]], knob: Knob
) -> None:
    """No other clause moves, and the run stays conformant.

    A scenario that does not use the interpretation cannot change, and is not run.
    """
    policy = replace(Policy(), **{knob.name: False})
    engine = directly(Reference(policy=policy), titles=asking[knob.name])
    moved = {
        (id_, record.verdict)
        for record in engine.scenarios
        for id_ in record.clauses
        if record.verdict is not Verdict.PASS
    }
    assert {(knob.clause, Verdict.DEVIATION)} == moved
    end = engine.conclusion
    assert end is not None
    assert RunVerdict.PARTIAL is end.verdict


def test_all_other_interpretations_at_once_are_conformant(directly: Judge) -> None:
    """Neither a failure nor an error of a required clause."""
    flipped = Policy(**dict.fromkeys((knob.name for knob in KNOBS), False))
    engine = directly(Reference(policy=flipped))
    end = engine.conclusion
    assert end is not None
    assert RunVerdict.CONFORMANT is end.verdict
    required = {r.verdict for r in engine.clauses if r.level == "required"}
    assert {Verdict.PASS} == required


@pytest.mark.parametrize("latency_ms", [80, 1000])
def test_a_target_that_settles_is_inconclusive_where_time_is_short_only(
    directly: Judge, latency_ms: int
) -> None:
    """At the tick with little latency, and within a second of it with much."""
    engine = directly(Reference(latency_ms=latency_ms))
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


def test_a_target_that_settles_as_slowly_as_it_may_never_fails(directly: Judge) -> None:
    """Sixty seconds are allowed: what comes too late then is inconclusive."""
    engine = directly(Reference(latency_ms=20_000))
    assert {Verdict.PASS, Verdict.INCONCLUSIVE} == {
        record.verdict for record in engine.scenarios
    }
