"""The matrix: sorted so that its structure shows."""

import pytest

from invitelab.formats.proof import MutantStatus, Proof
from invitelab.reporting.proof.matrix import MEANINGS, Mark, matrix, own_mark


def test_what_every_mutant_must_turn_red_is_a_diagonal(proven: Proof) -> None:
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


def test_of_one_clause_the_purest_comes_first(proven: Proof) -> None:
    """Those that turn more red stand behind it."""
    first, second, *rest = proven.mutants
    wide = first.model_copy(update={"red": (first.clause, "TILE-1")})
    shown = matrix(proven.model_copy(update={"mutants": (wide, second, *rest)}))
    names = [column.name for column in shown.columns]
    assert names.index(second.name) < names.index(wide.name)


def test_neighbours_that_turn_red_are_marked_beside(proven: Proof) -> None:
    """Once each, and the clause of its own once."""
    first, *rest = proven.mutants
    wide = first.model_copy(update={"red": ("TILE-1", first.clause, "TILE-2")})
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


@pytest.mark.parametrize("fate", MutantStatus)
def test_only_the_killed_are_marked_as_killed(fate: MutantStatus) -> None:
    """What needs a look is marked as missed."""
    marks = {MutantStatus.KILLED: Mark.KILLED, MutantStatus.EXCUSED: Mark.EXCUSED}
    assert marks.get(fate, Mark.MISSED) is own_mark(fate)


def test_every_mark_has_a_meaning() -> None:
    """For the legend."""
    assert set(Mark) == set(MEANINGS)
