"""Random walks find mutants, and mostly report the clause that they break.

`benchmarks/walks.py` tries all of them, names those that it misses, and takes minutes.
"""

import pytest

from invitelab.proof.mutants import MUTANTS
from invitelab.proof.walk_strength import found

SAMPLE = sorted(MUTANTS)[::14]


@pytest.mark.slow  # up to two hundred walks each
def test_most_mutants_are_found() -> None:
    """At least three in four of a sample; some look like another interpretation."""
    clauses = [found(name) for name in SAMPLE]
    assert len([clause for clause in clauses if clause]) >= len(SAMPLE) * 3 / 4


def test_the_broken_clause_is_reported() -> None:
    """Here the one that requires the alias."""
    assert "NOTIFY-4" == found("alias-missing")
