"""Everything is tried, and each thing that is wrong has its sentence."""

from collections.abc import Sequence

import pytest

from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import (
    FloorProof,
    IdentityProof,
    MutantProof,
    MutantStatus,
    PanelProof,
    Part,
    Proof,
)
from invitelab.formats.run import Level
from invitelab.proof import prove as proving
from invitelab.proof.conforming_variants import PANEL, READINGS
from invitelab.proof.mutant_trial import every_pickle
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.null_implementations import FLOOR, try_hollow
from invitelab.proof.prove import assemble, jobs, prove
from invitelab.proof.transport_equivalence import WAYS

# Putting together


def test_where_all_is_right_there_is_no_complaint(proven: Proof) -> None:
    """A survivor that is excused is none either."""
    assert () == proven.complaints


def test_each_thing_that_is_wrong_has_its_sentence(unproven: tuple[Proof, str]) -> None:
    """That one and no other."""
    proof, says = unproven
    assert (says,) == proof.complaints


@pytest.mark.parametrize("clause", load())
def test_a_clause_without_a_mutant_is_a_complaint(
    right_parts: Sequence[Part], clause: str
) -> None:
    """Of each level, with what it needs."""
    parts = [
        part
        for part in right_parts
        if not (isinstance(part, MutantProof) and part.clause == clause)
    ]
    least = 2 if load()[clause].level is Level.REQUIRED else 1
    assert (f"{clause} has 0 mutants, and needs {least}",) == assemble(parts).complaints


def test_a_required_clause_needs_a_mutant_that_is_killed(
    right_parts: Sequence[Part],
) -> None:
    """Excuses for all of them are none."""
    excused = {
        "fate": MutantStatus.EXCUSED,
        "killers": (),
        "red": (),
        "excuse": "who knows",
    }
    parts = [
        part.model_copy(update=excused)
        if isinstance(part, MutantProof) and part.clause == "EXPIRY-2"
        else part
        for part in right_parts
    ]
    assert ("EXPIRY-2 has no mutant that is killed",) == assemble(parts).complaints


def test_an_excuse_has_words(right_parts: Sequence[Part]) -> None:
    """Or a survivor is one like all others."""
    parts = [
        part.model_copy(update={"excuse": " "})
        if isinstance(part, MutantProof) and part.name == "saint"
        else part
        for part in right_parts
    ]
    says = "saint survived, and is excused without a word"
    assert (says,) == assemble(parts).complaints


@pytest.mark.parametrize(
    ("kind", "name"),
    [(FloorProof, "floor"), (PanelProof, "panel"), (IdentityProof, "identity")],
)
def test_nothing_is_proven_by_nobody(
    right_parts: Sequence[Part], kind: type[Part], name: str
) -> None:
    """Each part needs somebody who was tried."""
    parts = [part for part in right_parts if not isinstance(part, kind)]
    assert (f"nobody was tried for the {name}",) == assemble(parts).complaints


def test_all_complaints_are_told(right_parts: Sequence[Part]) -> None:
    """Without any mutant there is one for every clause."""
    parts = [part for part in right_parts if not isinstance(part, MutantProof)]
    assert len(load()) == len(assemble(parts).complaints)


def test_a_clause_counts_its_mutants_and_its_killers(
    right_parts: Sequence[Part],
) -> None:
    """A scenario that kills two of them counts once."""
    parts = [
        part.model_copy(update={"killers": (7, 9)})
        if isinstance(part, MutantProof) and part.clause == "EXPIRY-2"
        else part
        for part in right_parts
    ]
    proof = assemble(parts)
    (clause,) = (one for one in proof.clauses if one.clause == "EXPIRY-2")
    assert (2, 2, 2) == (clause.mutants, clause.killed, clause.killers)
    assert (Level.REQUIRED, load()["EXPIRY-2"].text) == (clause.level, clause.text)


def test_an_excused_mutant_is_not_killed(proven: Proof) -> None:
    """It counts as a mutant of its clause all the same."""
    assert ("PLATFORM-1", 3, 2) == (
        proven.clauses[0].clause,
        proven.clauses[0].mutants,
        proven.clauses[0].killed,
    )


def test_scenarios_that_kill_nobody_are_idle(proven: Proof) -> None:
    """By their places among all."""
    killers = {place for mutant in proven.mutants for place in mutant.killers}
    assert len(every_pickle()) == len(proven.scenarios)
    assert set(range(len(proven.scenarios))) == killers | set(proven.idle)
    assert not killers & set(proven.idle)
    assert proven.idle


# Trying


def test_everything_is_tried_once() -> None:
    """Every way, hollow one, odd one, reading and mutant."""
    names = [name for _, name in jobs()]
    assert [*WAYS, *FLOOR, *PANEL, *READINGS, *MUTANTS] == names


def test_jobs_are_done_in_processes_and_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What they find is in the order of the jobs."""
    names = ["flood", "null"]
    monkeypatch.setattr(proving, "jobs", lambda: [(try_hollow, name) for name in names])
    told: list[tuple[int, int]] = []
    proof = prove(1, lambda done, all_: told.append((done, all_)))
    assert names == [hollow.name for hollow in proof.floor]
    assert [(1, 2), (2, 2)] == told


def test_a_job_that_breaks_off_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its error is ours."""
    monkeypatch.setattr(proving, "jobs", lambda: [(try_hollow, "nobody")])
    with pytest.raises(KeyError, match="nobody"):
        prove(1)
