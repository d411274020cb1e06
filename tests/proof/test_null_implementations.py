"""Whoever does nothing is red, and somebody who does something would be noticed."""

import pytest

from invitelab.adapters.reference.adapter import Reference
from invitelab.formats.run import RunVerdict
from invitelab.proof import null_implementations
from invitelab.proof.null_implementations import FLOOR, NullImplementation, try_hollow


@pytest.mark.parametrize("name", FLOOR)
def test_a_hollow_implementation_is_red(name: str) -> None:
    """It satisfies no clause."""
    tried = try_hollow(name)
    assert tried.verdict in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}
    assert ((), ()) == (tried.passed, tried.hollow)
    assert (name, FLOOR[name].sin) == (tried.name, tried.sin)


def test_the_floor_is_as_broad_as_the_design() -> None:
    """Names are keys, so none is there twice."""
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
    assert set[str]() == names - set(FLOOR)
    assert list(FLOOR) == [hollow.name for hollow in FLOOR.values()]


def test_whoever_does_it_right_does_not_belong_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clauses that pass are told, but for those that ask for nothing."""
    right = NullImplementation(name="right", sin="none", make=Reference)
    monkeypatch.setitem(FLOOR, "right", right)
    monkeypatch.setattr(
        null_implementations, "ASK_FOR_NOTHING", frozenset({"EXPIRY-1"})
    )
    tried = try_hollow("right")
    assert RunVerdict.CONFORMANT is tried.verdict
    assert "EXPIRY-1" in tried.passed
    assert {"EXPIRY-1"} == set(tried.passed) - set(tried.hollow)
