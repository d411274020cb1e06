"""Clauses against mutants: who turns which clause red, and who should have.

Rows are the clauses in the order of the page, columns the mutants in the order of the
clause that each breaks. So what a mutant must turn red is a diagonal, and what it turns
red beside lies off it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from invitelab.formats.proof import ClauseProof, MutantProof, MutantStatus, Proof
from invitelab.reporting.common.safe_document import safe_document


class Mark(StrEnum):
    """What a cell shows."""

    KILLED = "killed"
    ALSO = "also"
    EXCUSED = "excused"
    MISSED = "missed"


MEANINGS = {
    Mark.KILLED: "killed by a scenario of the clause that it breaks",
    Mark.ALSO: "another clause that turns red as well",
    Mark.EXCUSED: "not killed, and justified in writing",
    Mark.MISSED: "not killed by the clause that it breaks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One mark: `row` and `column` are places in the matrix."""

    row: int
    column: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Everything that the picture shows."""

    rows: Sequence[ClauseProof]
    columns: Sequence[MutantProof]
    cells: Sequence[Cell]


def matrix(proof: Proof) -> Matrix:
    """Clauses against mutants, the mutants sorted by clause and by what they do."""
    proof = safe_document(proof)
    places = {one.clause: place for place, one in enumerate(proof.clauses)}
    columns = sorted(
        proof.mutants,
        key=lambda mutant: (places[mutant.clause], len(mutant.red), mutant.name),
    )
    cells = [
        Cell(row=places[clause], column=column, mark=mark)
        for column, mutant in enumerate(columns)
        for clause, mark in _marks(mutant)
    ]
    return Matrix(rows=proof.clauses, columns=columns, cells=cells)


def _marks(mutant: MutantProof) -> Iterator[tuple[str, Mark]]:
    yield mutant.clause, own_mark(mutant.fate)
    for clause in mutant.red:
        if clause != mutant.clause:
            yield clause, Mark.ALSO


def own_mark(fate: MutantStatus) -> Mark:
    """How the clause that a mutant breaks is marked."""
    match fate:
        case MutantStatus.KILLED:
            return Mark.KILLED
        case MutantStatus.EXCUSED:
            return Mark.EXCUSED
        case MutantStatus.ELSEWHERE | MutantStatus.BROKEN | MutantStatus.SURVIVED:
            return Mark.MISSED
