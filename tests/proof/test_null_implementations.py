"""Null implementations are rejected; a working one among them is noticed."""

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.run import RunVerdict
from invitelab.proof import null_implementations
from invitelab.proof.null_implementations import (
    NULL_IMPLEMENTATIONS,
    NullImplementation,
    try_null_implementation,
)


@pytest.mark.parametrize("name", NULL_IMPLEMENTATIONS)
def test_a_null_implementation_is_rejected(name: str) -> None:
    """It satisfies no clause."""
    tried = try_null_implementation(name)
    assert tried.verdict in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}
    assert ((), ()) == (tried.passed, tried.vacuous)
    assert (name, NULL_IMPLEMENTATIONS[name].defect) == (tried.name, tried.defect)


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
