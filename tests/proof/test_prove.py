"""Everything is tried, and everything that is wrong is a finding."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pytest

from invitelab.conformance.features.clauses import load
from invitelab.formats.proof import (
    ConformingVariantProof,
    MutantProof,
    MutantStatus,
    NullImplementationProof,
    Proof,
    ProofPart,
    TransportProof,
)
from invitelab.formats.run import Level, RunVerdict
from invitelab.proof import prove as proving
from invitelab.proof.conforming_variants import INTERPRETATIONS, VARIANTS
from invitelab.proof.mutants import MUTANTS
from invitelab.proof.null_implementations import (
    NULL_IMPLEMENTATIONS,
    try_null_implementation,
)
from invitelab.proof.prove import Job, assemble, jobs, prove
from invitelab.proof.suite_run import every_pickle
from invitelab.proof.transport_equivalence import TRANSPORTS

# Putting together


def test_a_proven_suite_has_no_findings(proven: Proof) -> None:
    """A survivor with a waiver is none either."""
    assert () == proven.findings


def test_everything_that_is_wrong_is_a_finding(unproven: tuple[Proof, str]) -> None:
    """That one and no other."""
    proof, says = unproven
    assert (says,) == proof.findings


@pytest.mark.parametrize("clause", load())
def test_a_clause_without_a_mutant_is_a_finding(
    right_parts: Sequence[ProofPart], clause: str
) -> None:
    """Of each level, with what it needs."""
    parts = [
        part
        for part in right_parts
        if not (isinstance(part, MutantProof) and part.clause == clause)
    ]
    least = 2 if load()[clause].level is Level.REQUIRED else 1
    assert (f"{clause} has 0 mutants of at least {least}",) == assemble(parts).findings


def test_a_required_clause_needs_a_mutant_that_is_killed(
    right_parts: Sequence[ProofPart],
) -> None:
    """Waivers for all of them are not enough."""
    waived = {
        "status": MutantStatus.WAIVED,
        "killers": (),
        "failing_clauses": (),
        "waiver": "who knows",
    }
    parts = [
        part.model_copy(update=waived)
        if isinstance(part, MutantProof) and part.clause == "EXPIRY-2"
        else part
        for part in right_parts
    ]
    assert ("EXPIRY-2 has no mutant that is killed",) == assemble(parts).findings


def test_a_waiver_is_not_empty(right_parts: Sequence[ProofPart]) -> None:
    """Otherwise the survivor is a finding."""
    parts = [
        part.model_copy(update={"waiver": " "})
        if isinstance(part, MutantProof) and part.name == "waived-mutant"
        else part
        for part in right_parts
    ]
    says = "waived-mutant (PLATFORM-1) survived with an empty waiver"
    assert (says,) == assemble(parts).findings


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NullImplementationProof, "null implementations"),
        (ConformingVariantProof, "conforming variants"),
        (TransportProof, "transports"),
    ],
)
def test_a_part_without_a_trial_is_a_finding(
    right_parts: Sequence[ProofPart], kind: type[ProofPart], name: str
) -> None:
    """Each part needs at least one trial."""
    parts = [part for part in right_parts if not isinstance(part, kind)]
    assert (f"no {name} were tried",) == assemble(parts).findings


def test_all_findings_are_told(right_parts: Sequence[ProofPart]) -> None:
    """Without any mutant there is one for every clause."""
    parts = [part for part in right_parts if not isinstance(part, MutantProof)]
    assert len(load()) == len(assemble(parts).findings)


def test_a_clause_counts_its_mutants_and_its_killers(
    right_parts: Sequence[ProofPart],
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


def test_a_waived_mutant_is_not_killed(proven: Proof) -> None:
    """It counts as a mutant of its clause all the same."""
    assert ("PLATFORM-1", 3, 2) == (
        proven.clauses[0].clause,
        proven.clauses[0].mutants,
        proven.clauses[0].killed,
    )


def test_scenarios_that_kill_no_mutant_are_redundant(proven: Proof) -> None:
    """They are named by their indexes."""
    killers = {place for mutant in proven.mutants for place in mutant.killers}
    assert len(every_pickle()) == len(proven.scenarios)
    assert set(range(len(proven.scenarios))) == killers | set(proven.redundant)
    assert not killers & set(proven.redundant)
    assert proven.redundant


def seeds_of(
    parts: Sequence[ProofPart], name: str, *changes: Mapping[str, object]
) -> list[ProofPart]:
    """Replace a conforming variant by several trials of it, each with changes."""
    (one,) = (
        p for p in parts if isinstance(p, ConformingVariantProof) if p.name == name
    )
    return [
        *(part for part in parts if part != one),
        *(one.model_copy(update=change) for change in changes),
    ]


def test_a_variant_is_one_however_many_seeds(right_parts: Sequence[ProofPart]) -> None:
    """It conforms if it does so with every seed."""
    proof = assemble(seeds_of(right_parts, "odd", {}, {}, {}))
    assert ["other", "odd"] == [one.name for one in proof.conforming_variants]
    assert (3, ()) == (
        proof.conforming_variants[1].seeds,
        proof.conforming_variants[1].failing_seeds,
    )
    assert () == proof.findings


def test_a_failure_with_one_seed_is_a_finding(right_parts: Sequence[ProofPart]) -> None:
    """That names the seed."""
    wrong = {
        "verdict": RunVerdict.NON_CONFORMANT,
        "false_failures": ("TILE-1",),
        "failing_seeds": (7,),
    }
    proof = assemble(seeds_of(right_parts, "odd", {}, wrong, {}))
    assert ("conforming variant odd fails TILE-1 (seed 7)",) == proof.findings


def test_an_interpretation_deviates_with_every_seed(
    right_parts: Sequence[ProofPart],
) -> None:
    """One seed with which it does not is a finding."""
    missed = {"deviations": (), "failing_seeds": (2,)}
    proof = assemble(seeds_of(right_parts, "other", {}, {}, missed))
    says = (
        "conforming variant other interprets EXPIRY-6 differently: no deviation"
        " (seed 2)"
    )
    assert (says,) == proof.findings


# Trying


def nulls(*names: str) -> Callable[[int], list[Job]]:
    """Make a list of jobs that tries these null implementations alone."""

    def jobs(seeds: int) -> list[Job]:
        assert 1 == seeds
        return [(try_null_implementation, name) for name in names]

    return jobs


def test_everything_is_tried_once() -> None:
    """Every transport, null implementation, variant, interpretation and mutant."""
    names = [name for _, name in jobs()]
    assert [
        *TRANSPORTS,
        *NULL_IMPLEMENTATIONS,
        *VARIANTS,
        *INTERPRETATIONS,
        *MUTANTS,
    ] == names


def test_each_variant_is_tried_with_each_seed() -> None:
    """Everything else once."""
    names = [name for _, name in jobs(3)]
    variants = [*VARIANTS, *INTERPRETATIONS]
    assert 2 * len(variants) == len(names) - len(jobs())
    assert {3} == {names.count(name) for name in variants}
    attempts = [attempt for attempt, _ in proving.variant_jobs(range(4, 6))]
    seeds = [one.keywords["seed"] for one in attempts if isinstance(one, partial)]
    assert [4, 5] * len(variants) == seeds


def test_jobs_are_done_in_processes_and_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What they find is in the order of the jobs."""
    names = ["flood", "null"]
    monkeypatch.setattr(proving, "jobs", nulls(*names))
    told: list[tuple[int, int]] = []
    proof = prove(1, lambda done, all_: told.append((done, all_)))
    assert names == [one.name for one in proof.null_implementations]
    assert [(1, 2), (2, 2)] == told


def test_an_error_in_a_job_ends_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is raised as it is."""
    monkeypatch.setattr(proving, "jobs", nulls("missing"))
    with pytest.raises(KeyError, match="missing"):
        prove(1)
