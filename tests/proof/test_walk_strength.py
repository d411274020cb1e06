"""Walks find mutants that no scenario was written for, and by the right name mostly.

`benchmarks/walks.py` tries all of them, names those that are missed, and takes minutes.
"""

import pytest

from invitelab.proof.mutants import MUTANTS
from invitelab.proof.walk_strength import found

SAMPLE = sorted(MUTANTS)[::14]


@pytest.mark.slow  # up to two hundred walks each
def test_most_mutants_are_found() -> None:
    """Three in four of a sample at least; some can only be called another reading."""
    clauses = [found(name) for name in SAMPLE]
    assert len([clause for clause in clauses if clause]) >= len(SAMPLE) * 3 / 4


def test_what_the_page_demands_is_called_by_its_name() -> None:
    """The clause that was broken."""
    assert "NOTIFY-4" == found("alias-missing")
