"""The matrix of clauses and mutants: which mutant makes which clause fail.

Rows are the clauses in the order of the specification, columns the mutants in the order
of the clause that each breaks. So the failures that are required form a diagonal.
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
    WAIVED = "waived"
    MISSED = "missed"


MEANINGS = {
    Mark.KILLED: "killed by a scenario of the clause that it breaks",
    Mark.ALSO: "another clause that fails as well",
    Mark.WAIVED: "not killed, with a written waiver",
    Mark.MISSED: "not killed by the clause that it breaks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A mark in the matrix, with the indexes of its row and column."""

    row: int
    column: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Clauses, mutants, and the cells that are marked."""

    rows: Sequence[ClauseProof]
    columns: Sequence[MutantProof]
    cells: Sequence[Cell]


def matrix(proof: Proof) -> Matrix:
    """Make the matrix; mutants are sorted by clause, failures and name."""
    proof = safe_document(proof)
    places = {one.clause: place for place, one in enumerate(proof.clauses)}
    columns = sorted(
        proof.mutants,
        key=lambda mutant: (
            places[mutant.clause],
            len(mutant.failing_clauses),
            mutant.name,
        ),
    )
    cells = [
        Cell(row=places[clause], column=column, mark=mark)
        for column, mutant in enumerate(columns)
        for clause, mark in _marks(mutant)
    ]
    return Matrix(rows=proof.clauses, columns=columns, cells=cells)


def _marks(mutant: MutantProof) -> Iterator[tuple[str, Mark]]:
    yield mutant.clause, own_mark(mutant.status)
    for clause in mutant.failing_clauses:
        if clause != mutant.clause:
            yield clause, Mark.ALSO


def own_mark(status: MutantStatus) -> Mark:
    """The mark of the clause that a mutant breaks, by the status of the mutant."""
    match status:
        case MutantStatus.KILLED:
            return Mark.KILLED
        case MutantStatus.WAIVED:
            return Mark.WAIVED
        case MutantStatus.KILLED_BY_OTHER | MutantStatus.BROKEN | MutantStatus.SURVIVED:
            return Mark.MISSED
