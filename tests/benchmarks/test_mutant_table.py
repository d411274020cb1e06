"""The table of mutants that a thorough run finds, as it is published."""

import re
from itertools import pairwise

import pytest

from invitelab.cli import main
from invitelab.formats.run import Level
from invitelab.formats.specification import load
from invitelab.proof.mutants import MUTANTS
from invitelab.target_load.trial import Trial
from mutant_table import how_found, page, summary

NAMES = [
    one.name for one in MUTANTS.values() if load()[one.clause].level is Level.REQUIRED
]
TRIALS = {
    Trial(broken=("NOTIFY-2", "NOTIFY-5")): "breaks NOTIFY-2, NOTIFY-5",
    Trial(failed=3): "calls fail",
    Trial(apart=5, unexplained=1): "goes otherwise than the reference",
    Trial(apart=5, interpretations=("PENDING-7",)): "no: PENDING-7 would explain it",
    Trial(): "no: nothing shows",
}


@pytest.mark.parametrize("trial", TRIALS, ids=list(TRIALS.values()))
def test_each_way_to_find_or_to_miss_a_mutant_is_told(trial: Trial) -> None:
    """It is a miss exactly where the trial says so."""
    told = how_found(trial)
    assert TRIALS[trial] == told
    assert trial.is_found is not told.startswith("no: ")


def test_the_table_begins_with_what_is_missed() -> None:
    """Every mutant has a row, and the heads of its columns are explained."""
    found = dict(zip(NAMES, TRIALS, strict=False))
    told = summary(found)
    assert told.startswith("3 of 5 mutants of required clauses found = 60.0%: 1 by a ")
    lines = list(page(found, told))
    head = next(one for one, below in pairwise(lines) if below.startswith("|--"))
    for word in re.findall(r"\w+", head):
        assert 0 == main(["explain", word])
    rows = [line.strip("| ").split(" | ") for line in lines[lines.index(head) + 2 :]]
    assert set(found) == {name for _, name, _ in rows}
    assert [True, True, False, False, False] == [
        how.startswith("no: ") for *_, how in rows
    ]
