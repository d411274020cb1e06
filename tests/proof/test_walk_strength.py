"""Random walks find mutants, and mostly report the clause that they break.

`benchmarks/walks.py` tries all of them, names those that it misses, and takes minutes.
"""

from collections.abc import Mapping

import pytest

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.conformance.features.clauses import level_of
from invitelab.errors import CrashError
from invitelab.formats.run import Level
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.mutants.base import Mutant
from invitelab.proof.walk_strength import EXAMPLES, found

REQUIRED = [
    name
    for name in sorted(MUTANTS)
    if level_of((MUTANTS[name].clause,)) is Level.REQUIRED
]
SAMPLE = REQUIRED[::5]


@pytest.mark.slow  # up to two hundred walks each
@pytest.mark.parametrize("seed", [0, 1])
def test_nearly_all_mutants_of_required_clauses_are_found(seed: int) -> None:
    """Nineteen in twenty of a sample, whatever the seed."""
    missed = [name for name in SAMPLE if found(name, seed=seed) is None]
    assert len(missed) <= len(SAMPLE) / 20, missed


@pytest.mark.slow  # up to two hundred walks each
def test_most_mutants_of_interpretations_are_found() -> None:
    """Half of a sample, in half of the walks; some look like another interpretation."""
    others = sorted(set(MUTANTS) - set(REQUIRED))[::5]
    assert (
        len([name for name in others if found(name, examples=EXAMPLES // 2)])
        >= len(others) / 2
    )


def test_the_broken_clause_is_reported() -> None:
    """Here the one that requires the alias."""
    assert "NOTIFY-4" == found("alias-missing")


class CrashesOnAccept(Reference):
    """Reference that crashes when an invitation is accepted."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Crash, or answer."""
        if method == "invitation.accept":
            raise CrashError("the target crashed")
        return super().request(method, params)


def test_a_crash_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever clause the mutant was to break."""
    crashes = Mutant(
        name="crashes",
        clause="SESSION-1",
        defect="an accept ends in a crash",
        make=CrashesOnAccept,
    )
    monkeypatch.setitem(MUTANTS, crashes.name, crashes)
    assert "crash" == found("crashes", examples=20)
