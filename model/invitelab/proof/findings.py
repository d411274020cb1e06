"""What is not as it must be in a proof, a sentence each."""

from collections.abc import Iterable, Iterator
from itertools import chain

from invitelab.formats.proof import (
    ClauseProof,
    FloorProof,
    IdentityProof,
    MutantProof,
    MutantStatus,
    PanelProof,
    Proof,
)
from invitelab.formats.run import Level, RunVerdict

LEAST = {Level.REQUIRED: 2, Level.INTERPRETATION: 1}
"""Mutants that a clause has at least."""


def complaints(proof: Proof) -> Iterator[str]:
    """Everything; nothing when the suite is proven."""
    return chain(
        _about_what_is_missing(proof),
        _about_clauses(proof.clauses),
        _about_mutants(proof.mutants),
        _about_the_floor(proof.floor),
        _about_the_panel(proof.panel),
        _about_identity(proof.identity),
    )


def _about_what_is_missing(proof: Proof) -> Iterator[str]:
    parts = {"floor": proof.floor, "panel": proof.panel, "identity": proof.identity}
    yield from (f"nobody was tried for the {name}" for name in parts if not parts[name])


def _about_clauses(clauses: Iterable[ClauseProof]) -> Iterator[str]:
    for clause in clauses:
        least = LEAST[clause.level]
        if clause.mutants < least:
            noun = "mutant" if clause.mutants == 1 else "mutants"
            yield f"{clause.clause} has {clause.mutants} {noun}, and needs {least}"
        elif clause.level is Level.REQUIRED and not clause.killed:
            yield f"{clause.clause} has no mutant that is killed"


def _about_mutants(mutants: Iterable[MutantProof]) -> Iterator[str]:
    for mutant in mutants:
        match mutant.fate:
            case MutantStatus.SURVIVED:
                yield f"{mutant.name} survived: nothing fails ({mutant.clause})"
            case MutantStatus.ELSEWHERE:
                red = ", ".join(mutant.red)
                yield f"{mutant.name} broke {mutant.clause} unobserved; red: {red}"
            case MutantStatus.BROKEN:
                yield f"{mutant.name} is broken: {mutant.message}"
            case MutantStatus.EXCUSED if not (mutant.excuse or "").strip():
                yield f"{mutant.name} survived, and is excused without a word"
            case MutantStatus.KILLED | MutantStatus.EXCUSED:
                pass


def _about_the_floor(floor: Iterable[FloorProof]) -> Iterator[str]:
    for hollow in floor:
        if hollow.verdict not in {RunVerdict.NON_CONFORMANT, RunVerdict.INVALID}:
            yield f"{hollow.name} is {hollow.verdict.value}, though it does nothing"
        if hollow.hollow:
            clauses = ", ".join(hollow.hollow)
            yield f"{hollow.name} satisfies {clauses}, though it does nothing"


def _about_the_panel(panel: Iterable[PanelProof]) -> Iterator[str]:
    for member in panel:
        if member.wrong:
            yield f"{member.name} is right, and {', '.join(member.wrong)} is red"
        elif member.verdict is not RunVerdict.CONFORMANT:
            yield f"{member.name} is right, and {member.verdict.value}"
        if member.clause is not None and member.clause not in member.deviations:
            yield f"{member.name} reads {member.clause} otherwise, and nothing deviates"


def _about_identity(ways: Iterable[IdentityProof]) -> Iterator[str]:
    for way in ways:
        if not way.same:
            count = len(way.differing)
            yield f"{way.target} is not the same: scenarios that differ: {count}"
