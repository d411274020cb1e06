"""The figures of a proof, and the sentences around them."""

import pytest

from invitelab.formats.proof import MutantProof, MutantStatus, Proof
from invitelab.formats.run import RunVerdict
from invitelab.reporting.proof.summary import (
    areas,
    is_rejected,
    killed_by_one,
    lines,
    reason,
    redundant_by_feature,
    required,
    survivors,
    verdict,
)


def test_a_proven_suite_has_a_line_for_each_part(proven: Proof) -> None:
    """With every total, and the waived mutants."""
    found = list(lines(proven))
    count = len(proven.scenarios)
    assert found[0].startswith(
        "mutants 125: 124 killed, 1 waived; by area Platform 4/5, Email 20/20, "
    )
    assert [
        (
            "required 44/45 clauses: every mutant killed by its own clause;"
            " not of PLATFORM-1"
        ),
        (
            f"scenarios {count}: 124 kill a mutant, {count - 124} redundant;"
            " 34 clauses covered by one scenario only"
        ),
        "conforming variants 2: 0 false failures",
        "null implementations 1: all rejected",
        "transport equivalence 1: the same records",
    ] == found[1:]
    assert "PROVEN" == verdict(proven)


def test_where_all_required_mutants_are_killed_no_clause_is_named(
    proven: Proof,
) -> None:
    """All of them are killed."""
    clauses = [one.model_copy(update={"killed": one.mutants}) for one in proven.clauses]
    proof = proven.model_copy(update={"clauses": tuple(clauses)})
    assert "required 45/45 clauses: every mutant killed by its own clause" in lines(
        proof
    )


def test_a_failed_proof_names_what_is_wrong_in_each_line(failed_proof: Proof) -> None:
    """Clauses, variants, null implementations and transports."""
    found = list(lines(failed_proof))
    assert found[0].startswith(
        "mutants 125: 121 killed, 1 killed-by-other, 1 broken, 1 waived, 1 survived;"
    )
    assert "; not of PLATFORM-1, EMAIL-1 and EMAIL-2" in found[1]
    assert [
        "conforming variants 2: 1 false failure; no deviation for other",
        "null implementations 1: not rejected: null",
        "transport equivalence 1: other records over tcp",
    ] == found[3:]
    assert "NOT PROVEN" == verdict(failed_proof)


def test_each_wrong_thing_makes_the_verdict(unproven: tuple[Proof, str]) -> None:
    """One is enough."""
    assert "NOT PROVEN" == verdict(unproven[0])


def test_a_clause_without_mutants_is_not_killed(proven: Proof) -> None:
    """Nothing of it was proven."""
    first, *rest = proven.clauses
    none = first.model_copy(update={"mutants": 0, "killed": 0})
    proof = proven.model_copy(update={"clauses": (none, *rest)})
    assert (45, [first.clause]) == required(proof)


def test_areas_count_what_is_in_them(proven: Proof) -> None:
    """All clauses and mutants are in one, in the order of the page."""
    found = areas(proven)
    assert ["Platform", "Email", "Direct"] == [area.name for area in found][:3]
    assert ("4/5", 5, 4, 1) == (
        found[0].figure,
        found[0].mutants,
        found[0].killed,
        found[0].waived,
    )
    assert list(proven.clauses) == [one for area in found for one in area.clauses]
    assert len(proven.mutants) == sum(area.mutants for area in found)


def test_waived_mutants_are_the_last_of_the_survivors(failed_proof: Proof) -> None:
    """The others have to be looked at."""
    statuses = [mutant.status for mutant in survivors(failed_proof)]
    assert [
        MutantStatus.SURVIVED,
        MutantStatus.KILLED_BY_OTHER,
        MutantStatus.BROKEN,
        MutantStatus.WAIVED,
    ] == statuses


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (MutantStatus.KILLED, "said"),
        (MutantStatus.BROKEN, "said"),
        (MutantStatus.WAIVED, "because"),
        (MutantStatus.SURVIVED, "no scenario fails"),
        (
            MutantStatus.KILLED_BY_OTHER,
            "no scenario of its clause fails, only of TILE-1 and TILE-2",
        ),
    ],
)
def test_every_status_has_its_reason(
    proven: Proof, status: MutantStatus, words: str
) -> None:
    """As a phrase."""
    mutant: MutantProof = proven.mutants[0].model_copy(
        update={
            "status": status,
            "message": "said",
            "waiver": "because",
            "failing_clauses": ("TILE-1", "TILE-2"),
        }
    )
    assert words == reason(mutant)


@pytest.mark.parametrize("ended", RunVerdict)
def test_only_some_verdicts_are_a_rejection(proven: Proof, ended: RunVerdict) -> None:
    """And no clause that needs an effect may have passed."""
    vacuous = proven.null_implementations[0].model_copy(update={"verdict": ended})
    bad = ended in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}
    assert bad == is_rejected(vacuous)
    assert not is_rejected(vacuous.model_copy(update={"vacuous": ("TILE-1",)}))


def test_a_clause_that_one_scenario_kills_is_told_with_it(proven: Proof) -> None:
    """The one that must not be lost."""
    found = killed_by_one(proven)
    assert found
    for clause, place in found:
        (mutant,) = (one for one in proven.mutants if one.clause == clause.clause)
        assert proven.scenarios[mutant.killers[0]] == place


def test_redundant_scenarios_are_listed_by_feature(proven: Proof) -> None:
    """Each with how many it has in all."""
    found = redundant_by_feature(proven)
    listed = [place for _, _, places in found for place in places]
    assert [proven.scenarios[number] for number in proven.redundant] == listed
    assert len(proven.scenarios) == sum(count for _, count, _ in found)
