"""Every mutant is killed by its clause, and the reference by none."""

import re
from collections.abc import Callable

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.target import Target
from invitelab.adapters.transports.direct import DirectTarget
from invitelab.conformance.execution.engine import Engine
from invitelab.conformance.factors.depth import Depth
from invitelab.conformance.features.clauses import load
from invitelab.formats.run import Level, RunVerdict, Verdict
from invitelab.proof import mutants
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant
from invitelab.proof.suite_run import every_pickle, is_observed, run_suite

Judge = Callable[..., Engine]

NAMED = {
    "expires-at-119-5-s": "EXPIRY-6",
    "expires-at-120-5-s": "EXPIRY-6",
    "never-expires": "EXPIRY-2",
    "modify-restarts-the-timer": "PENDING-6",
    "ghost-after-cancel": "PENDING-3",
    "alias-missing": "NOTIFY-4",
    "invites-pre-7": "DIRECT-3",
    "versions-as-text": "DIRECT-1",
    "profile-ignored": "SESSION-2",
    "session-reversed": "SESSION-4",
    "lock-ignored": "SESSION-6",
}
"""Defects that must be among the mutants, and the clauses that they break."""


KINDS = {
    "a timer off by a bit": "expires-at-119-5-s",
    "a timer of one side only": "timer-only-at-the-guest",
    "one surface forgotten": "no-popup",
    "the right thing for the wrong person": "tile-invites-the-first",
    "versions compared as text": "versions-as-text",
    "a boundary version": "version-7-0-0-is-too-old",
    "state left behind by an earlier invitation": "old-timer-ends-the-next",
    "only the second invitation": "pops-up-once",
    "only after a change": "changed-never-expires",
    "only through one entry point": "version-unchecked-in-address-book",
    "only for aliases": "requests-by-alias-lost",
    "only for portable clients": "portable-recipient-has-a-minute",
    "only with two notifications": "two-notifications-one-inviter",
    "a race in which an accept beats a cancel": "accept-beats-cancel",
    "permissions partly applied": "change-takes-nothing-away",
    "a lock that holds at first": "locks-end-with-the-two-minutes",
    "a session started twice": "session-started-twice",
    "a refusal that has the effect anyway": "too-old-refused-and-sent",
    "an effect with a refusal": "change-refused-and-made",
    "the right thing for another of several": "cancel-takes-the-oldest",
    "a list that is too short": "fifth-is-not-shown",
    "only the fourth change": "fourth-change-lost",
    "only long after": "late-cancel-ends-a-session-of-half-a-minute",
    "a look that comes later": "late-cancel-ends-the-session-soon",
    "after the other role": "former-inviter-switches",
    "beside a session": "reject-ends-what-runs",
    "what was switched in an earlier session": "denied-for-the-person",
    "what has ended shown again on return": "returns-to-the-cancelled",
    "a bystander from before": "who-rejected-joins-too",
}
"""Kinds of defects that occur in practice, with a mutant of each."""

TEN_DIGITS = {
    "nine-digits-only",
    "groups-from-the-left-only",
    "recent-sessions-cut-long-ids",
}
"""The mutants that an ID of ten digits shows, of whichever shape."""

ANY_VALUE = {
    name: mutant
    for name, mutant in MUTANTS.items()
    if mutant.value is None and name not in TEN_DIGITS
}
"""The mutants that scenarios find whatever values they are tried with."""


# What they are


def test_there_are_a_hundred_and_ten_at_least() -> None:
    """Each name is the key of its mutant, so none is there twice."""
    assert len(MUTANTS) >= 110
    assert [*MUTANTS] == [mutant.name for mutant in MUTANTS.values()]


def test_no_two_have_the_same_defect() -> None:
    """By its description."""
    assert len(MUTANTS) == len({mutant.defect for mutant in MUTANTS.values()})


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_of_each_kind(kind: str) -> None:
    """Under this name."""
    assert KINDS[kind] in MUTANTS


@pytest.mark.parametrize(("name", "clause"), NAMED.items(), ids=list(NAMED))
def test_a_defect_that_is_required_is_there(name: str, clause: str) -> None:
    """With the clause that it breaks."""
    assert clause == MUTANTS[name].clause


def test_a_mutant_has_a_name_a_clause_and_a_defect() -> None:
    """In a form for tables and command lines."""
    for mutant in MUTANTS.values():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", mutant.name), mutant
        assert mutant.clause in load(), mutant
        assert mutant.defect[0].islower(), mutant
        assert not mutant.defect.endswith("."), mutant


def test_a_mutant_can_be_named_as_a_target() -> None:
    """Its factory makes a new one each time."""
    for mutant in MUTANTS.values():
        name = mutant.name.replace("-", "_")
        target = Target.parse(f"py:invitelab.proof.mutants:{name}")
        assert "invitelab.proof.mutants" == target.parts[0], mutant
        factory: Callable[[], Reference] = getattr(mutants, target.parts[1])
        assert isinstance(factory(), Reference), mutant
        assert factory() is not factory(), mutant


def test_a_mutant_that_does_not_exist_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="there is no mutant angel"):
        mutants.__getattr__("angel")


# What becomes of them


@pytest.mark.parametrize("mutant", ANY_VALUE.values(), ids=list(ANY_VALUE))
def test_a_mutant_is_killed_by_its_clause(judge: Judge, mutant: Mutant) -> None:
    """At an observation of a scenario that cites it; an error does not count.

    Those of one value have a test of their own, `test_values.py`.
    """
    engine = judge(DirectTarget(mutant.make()), mutant.clause)
    killers = [record for record in engine.scenarios if is_observed(record)]
    assert killers
    level = load()[mutant.clause].level
    expected = Verdict.FAIL if level is Level.REQUIRED else Verdict.DEVIATION
    assert {expected} == {record.verdict for record in killers}
    assert {mutant.clause} == {id_ for record in killers for id_ in record.clauses}


@pytest.mark.parametrize("name", sorted(TEN_DIGITS))
def test_a_mutant_of_long_ids_is_killed_by_its_clause(judge: Judge, name: str) -> None:
    """By the values of the standard depth; stories as they are written find nothing."""
    clause, make = MUTANTS[name].clause, MUTANTS[name].make
    own = [one for one in every_pickle() if clause in one.scenario.tags]
    engine = run_suite(DirectTarget(make()), depth=Depth.STANDARD, pickles=own)
    assert any(is_observed(one) for one in engine.scenarios if not one.besides)
    as_written = judge(DirectTarget(make()), clause)
    assert {Verdict.PASS} == {record.verdict for record in as_written.scenarios}


@pytest.mark.parametrize("name", ["lock-ignored", "alias-missing"])
def test_a_mutant_breaks_little_else(directly: Judge, name: str) -> None:
    """A small change fails one required clause, and the run with it."""
    engine = directly(MUTANTS[name].make())
    failed = [r.clause for r in engine.clauses if r.verdict is Verdict.FAIL]
    assert [MUTANTS[name].clause] == failed
    end = engine.conclusion
    assert end is not None
    assert (RunVerdict.NON_CONFORMANT, MUTANTS[name].clause) == (
        end.verdict,
        end.reason,
    )


def test_the_reference_is_killed_by_none(reference_run: Engine) -> None:
    """Everything passes, and nothing is left out."""
    end = reference_run.conclusion
    assert end is not None
    assert (RunVerdict.CONFORMANT, None) == (end.verdict, end.reason)
    assert {Verdict.PASS} == {record.verdict for record in reference_run.scenarios}
    assert {Verdict.PASS} == {record.verdict for record in reference_run.clauses}
