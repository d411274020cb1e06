"""A table of text, as pages, Markdown and terminal show it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Column names and rows.

    Each row has a cell for each column. `text_columns` are the indices of columns that
    are aligned left; the others are numbers. `note` says what was left out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    text_columns: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Refuse a row that has not a cell a column."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("each row of a table has a cell a column")


def thinned(rows: Sequence[tuple[str, ...]], most: int) -> tuple[tuple[str, ...], ...]:
    """Evenly spaced rows, at most about `most`, the first among them."""
    every = max(-(-len(rows) // most), 1)
    return tuple(rows[::every])
