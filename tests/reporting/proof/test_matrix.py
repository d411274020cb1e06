"""The matrix: sorted so that its structure shows."""

import pytest

from invitelab.formats.proof import MutantStatus, Proof
from invitelab.reporting.proof.matrix import MEANINGS, Mark, matrix, own_mark


def test_the_required_failures_are_a_diagonal(proven: Proof) -> None:
    """From left to right the clauses only ever come further down."""
    shown = matrix(proven)
    own = [cell for cell in shown.cells if cell.mark is not Mark.ALSO]
    assert list(range(len(proven.mutants))) == [cell.column for cell in own]
    rows = [cell.row for cell in own]
    assert sorted(rows) == rows
    assert proven.clauses == shown.rows


def test_a_cell_is_where_its_clause_and_its_mutant_meet(proven: Proof) -> None:
    """Whatever the order of the mutants was."""
    turned = proven.model_copy(update={"mutants": proven.mutants[::-1]})
    shown = matrix(turned)
    assert shown == matrix(proven)
    for cell in shown.cells:
        assert shown.columns[cell.column].clause == shown.rows[cell.row].clause


def test_of_one_clause_the_mutant_with_fewest_failures_comes_first(
    proven: Proof,
) -> None:
    """Mutants that make more clauses fail stand behind it."""
    first, second, *rest = proven.mutants
    wide = first.model_copy(update={"failing_clauses": (first.clause, "TILE-1")})
    shown = matrix(proven.model_copy(update={"mutants": (wide, second, *rest)}))
    names = [column.name for column in shown.columns]
    assert names.index(second.name) < names.index(wide.name)


def test_other_clauses_that_fail_are_marked_as_such(proven: Proof) -> None:
    """Once each, and the clause of its own once."""
    first, *rest = proven.mutants
    wide = first.model_copy(
        update={"failing_clauses": ("TILE-1", first.clause, "TILE-2")}
    )
    shown = matrix(proven.model_copy(update={"mutants": (wide, *rest)}))
    (column,) = (n for n, one in enumerate(shown.columns) if one.name == first.name)
    marks = {
        (shown.rows[cell.row].clause, cell.mark)
        for cell in shown.cells
        if cell.column == column
    }
    assert {
        (first.clause, Mark.KILLED),
        ("TILE-1", Mark.ALSO),
        ("TILE-2", Mark.ALSO),
    } == marks


@pytest.mark.parametrize("status", MutantStatus)
def test_only_the_killed_are_marked_as_killed(status: MutantStatus) -> None:
    """Every other status but waived is marked as missed."""
    marks = {MutantStatus.KILLED: Mark.KILLED, MutantStatus.WAIVED: Mark.WAIVED}
    assert marks.get(status, Mark.MISSED) is own_mark(status)


def test_every_mark_has_a_meaning() -> None:
    """For the legend."""
    assert set(Mark) == set(MEANINGS)
