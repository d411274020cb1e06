"""Null implementations are rejected; a working one among them is noticed."""

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.features.clauses import load
from invitelab.formats.run import Level, RunVerdict
from invitelab.proof import null_implementations
from invitelab.proof.null_implementations import (
    NULL_IMPLEMENTATIONS,
    NullImplementation,
    try_null_implementation,
)

RECORDINGS = [name for name in NULL_IMPLEMENTATIONS if name.startswith("recording")]
WITHOUT_EFFECT = [name for name in NULL_IMPLEMENTATIONS if name not in RECORDINGS]


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_a_null_implementation_is_rejected(name: str) -> None:
    """It satisfies no clause."""
    tried = try_null_implementation(name)
    assert tried.verdict in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}
    assert ((), ()) == (tried.passed, tried.vacuous)
    assert (name, NULL_IMPLEMENTATIONS[name].defect) == (tried.name, tried.defect)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_of_another_seed_is_rejected(name: str) -> None:
    """It satisfies no required clause."""
    tried = try_null_implementation(name)
    assert () == tried.vacuous
    assert RunVerdict.NON_CONFORMANT is tried.verdict


def test_a_recording_is_played_with_another_seed() -> None:
    """By the calls before, by the method and by the position."""
    assert 3 == len(RECORDINGS)
    assert {1} == {NULL_IMPLEMENTATIONS[name].seed for name in RECORDINGS}
    assert {0} == {NULL_IMPLEMENTATIONS[name].seed for name in WITHOUT_EFFECT}


def test_there_is_one_of_each_kind() -> None:
    """Each name is the key of its implementation, so none is there twice."""
    names = {
        "null",
        "always-ok",
        "always-refuse",
        "echo",
        "crash",
        "hang",
        "flood",
        "clock-liar",
    }
    assert set[str]() == names - set(NULL_IMPLEMENTATIONS)
    assert list(NULL_IMPLEMENTATIONS) == [
        one.name for one in NULL_IMPLEMENTATIONS.values()
    ]


@pytest.mark.slow
def test_a_recording_may_satisfy_interpretations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what is required is vacuous then."""
    right = NullImplementation(
        name="right", defect="none", make=Reference, required_alone=True
    )
    monkeypatch.setitem(NULL_IMPLEMENTATIONS, "right", right)
    tried = try_null_implementation("right")
    assert {"EXPIRY-1", "EXPIRY-6"} <= set(tried.passed)
    assert {Level.REQUIRED} == {load()[clause].level for clause in tried.vacuous}
    assert {Level.INTERPRETATION} == {
        load()[clause].level for clause in set(tried.passed) - set(tried.vacuous)
    }


@pytest.mark.slow
def test_clauses_that_pass_are_vacuous(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Except for those that are vacuous by design."""
    right = NullImplementation(name="right", defect="none", make=Reference)
    monkeypatch.setitem(NULL_IMPLEMENTATIONS, "right", right)
    monkeypatch.setattr(
        null_implementations, "VACUOUS_BY_DESIGN", frozenset({"EXPIRY-1"})
    )
    tried = try_null_implementation("right")
    assert RunVerdict.CONFORMANT is tried.verdict
    assert "EXPIRY-1" in tried.passed
    assert {"EXPIRY-1"} == set(tried.passed) - set(tried.vacuous)
