"""A table of words and numbers, for whatever shows tables."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Column names, and rows of as many cells.

    `wordy` are the columns of words, which begin at the left; the others are figures.
    `note` says what was left out, if anything was.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    wordy: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Refuse a row that has not a cell a column."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("each row of a table has a cell a column")


def thinned(rows: Sequence[tuple[str, ...]], most: int) -> tuple[tuple[str, ...], ...]:
    """At most about so many of the rows, evenly spaced, the first among them."""
    every = max(-(-len(rows) // most), 1)
    return tuple(rows[::every])
