"""The figures of a proof, and the sentences around them."""

import pytest

from invitelab.formats.proof import MutantProof, MutantStatus, Proof
from invitelab.formats.run import RunVerdict
from invitelab.reporting.proof.summary import (
    areas,
    idle_by_feature,
    is_red,
    killed_by_one,
    lines,
    required,
    survivors,
    verdict,
    why,
)


def test_what_is_proven_is_said_line_by_line(proven: Proof) -> None:
    """Every denominator, and who was excused."""
    told = list(lines(proven))
    count = len(proven.scenarios)
    assert told[0].startswith(
        "mutants 115: 114 killed, 1 excused; by area Platform 3/4, Email 18/18, "
    )
    assert [
        (
            "required 42/43 clauses: every mutant killed for the right reason;"
            " not of PLATFORM-1"
        ),
        (
            f"scenarios {count}: 114 kill a mutant, {count - 114} kill none;"
            " 28 clauses killed by one only"
        ),
        "panel 2: 0 false failures",
        "floor 1: all red",
        "identity 1 way: the same",
    ] == told[1:]
    assert "PROVEN" == verdict(proven)


def test_where_no_required_mutant_is_excused_the_line_ends_there(
    proven: Proof,
) -> None:
    """All of them are killed."""
    clauses = [one.model_copy(update={"killed": one.mutants}) for one in proven.clauses]
    proof = proven.model_copy(update={"clauses": tuple(clauses)})
    assert "required 43/43 clauses: every mutant killed for the right reason" in lines(
        proof
    )


def test_what_is_wrong_is_said_line_by_line(doubtful: Proof) -> None:
    """With the names of those that are not as they must be."""
    told = list(lines(doubtful))
    assert told[0].startswith(
        "mutants 115: 111 killed, 1 killed elsewhere, 1 broken, 1 excused, 1 survived;"
    )
    assert "; not of PLATFORM-1, EMAIL-1 and EMAIL-2" in told[1]
    assert [
        "panel 2: 1 false failure; nothing deviates for other",
        "floor 1: not red: null",
        "identity 1 way: not the same over tcp",
    ] == told[3:]
    assert "NOT PROVEN" == verdict(doubtful)


def test_each_wrong_thing_makes_the_verdict(unproven: tuple[Proof, str]) -> None:
    """One is enough."""
    assert "NOT PROVEN" == verdict(unproven[0])


def test_a_clause_without_mutants_is_not_killed(proven: Proof) -> None:
    """Nothing of it was proven."""
    first, *rest = proven.clauses
    none = first.model_copy(update={"mutants": 0, "killed": 0})
    proof = proven.model_copy(update={"clauses": (none, *rest)})
    assert (43, [first.clause]) == required(proof)


def test_areas_count_what_is_in_them(proven: Proof) -> None:
    """All clauses and mutants are in one, in the order of the page."""
    found = areas(proven)
    assert ["Platform", "Email", "Direct"] == [area.name for area in found][:3]
    assert ("3/4", 4, 3, 1) == (
        found[0].figure,
        found[0].mutants,
        found[0].killed,
        found[0].excused,
    )
    assert list(proven.clauses) == [one for area in found for one in area.clauses]
    assert len(proven.mutants) == sum(area.mutants for area in found)


def test_the_excused_are_the_last_of_the_survivors(doubtful: Proof) -> None:
    """The others need somebody to look at them."""
    fates = [mutant.fate for mutant in survivors(doubtful)]
    assert [
        MutantStatus.SURVIVED,
        MutantStatus.ELSEWHERE,
        MutantStatus.BROKEN,
        MutantStatus.EXCUSED,
    ] == fates


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        (MutantStatus.KILLED, "said"),
        (MutantStatus.BROKEN, "said"),
        (MutantStatus.EXCUSED, "because"),
        (MutantStatus.SURVIVED, "nothing fails"),
        (
            MutantStatus.ELSEWHERE,
            "its own clause shows nothing; red: TILE-1 and TILE-2",
        ),
    ],
)
def test_every_fate_has_its_reason(
    proven: Proof, fate: MutantStatus, words: str
) -> None:
    """In a few words."""
    mutant: MutantProof = proven.mutants[0].model_copy(
        update={
            "fate": fate,
            "message": "said",
            "excuse": "because",
            "red": ("TILE-1", "TILE-2"),
        }
    )
    assert words == why(mutant)


@pytest.mark.parametrize("ended", RunVerdict)
def test_only_a_bad_verdict_is_red(proven: Proof, ended: RunVerdict) -> None:
    """And no clause that needs an effect may have passed."""
    hollow = proven.floor[0].model_copy(update={"verdict": ended})
    bad = ended in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}
    assert bad == is_red(hollow)
    assert not is_red(hollow.model_copy(update={"hollow": ("TILE-1",)}))


def test_a_clause_that_one_scenario_kills_is_told_with_it(proven: Proof) -> None:
    """The one that must not be lost."""
    found = killed_by_one(proven)
    assert found
    for clause, place in found:
        (mutant,) = (one for one in proven.mutants if one.clause == clause.clause)
        assert proven.scenarios[mutant.killers[0]] == place


def test_idle_scenarios_are_told_by_feature(proven: Proof) -> None:
    """Each with how many it has in all."""
    found = idle_by_feature(proven)
    told = [place for _, _, places in found for place in places]
    assert [proven.scenarios[number] for number in proven.idle] == told
    assert len(proven.scenarios) == sum(count for _, count, _ in found)
