"""Traces: the instants of attempts to invite, one row each, in a CSV file.

The header names a column `at_ms` or `at_s`, which counts from the beginning of the run.
All other columns are ignored, and rows may be in any order.
"""

import csv
import re
from collections.abc import Iterator
from decimal import Context, Decimal
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.reading import check_readable, unreadable
from invitelab.inputs.units import LONGEST_US, duration_text
from invitelab.inputs.validation import shown
from invitelab.safe_text import printable

MOST_ROWS = 5_000_000
MOST_BYTES = 200_000_000

_COLUMNS_US = {"at_ms": 1_000, "at_s": 1_000_000}
_EXACT = Context(prec=60)
"""Enough digits for every number that is accepted, in microseconds."""
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,30})?")
_HINT = 'the first line names the columns, for example "at_ms"'
_TOO_LATE_HINT = (
    "raise the scenario's duration; with --set duration=... later rows are left out"
)


def read_trace(
    path: Path, *, until_us: int | None = None, most_rows: int = MOST_ROWS
) -> list[int]:
    """The instants in whole microseconds, sorted.

    Raises UsageError when the file is missing, too large or not such a table, or has a
    row at `until_us` or later; a mistake in a row is shown as `file:line: sentence`.
    """
    check_readable(path, most_bytes=MOST_BYTES, hint=_HINT)
    try:
        # Spreadsheets write a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            instants_us = sorted(_instants(path, file, most_rows, until_us))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, hint=_HINT) from error
    if not instants_us:
        raise UsageError(f"{printable(str(path))} has no rows", hint=_HINT)
    return instants_us


def _instants(
    path: Path, lines: Iterator[str], most_rows: int, until_us: int | None
) -> Iterator[int]:
    rows = csv.reader(lines, strict=True)
    try:
        header = next(rows, None)
        column, unit_us = _column(path, header or [])
        for count, row in enumerate((row for row in rows if row), start=1):
            if count > most_rows:
                raise _wrong(path, rows.line_num, f"more than {most_rows:,} rows")
            if column >= len(row):
                raise _wrong(path, rows.line_num, "the row is shorter than the header")
            text = row[column].strip()
            if not _NUMBER.fullmatch(text):
                raise _wrong(
                    path, rows.line_num, f"{shown(text)} is not a time, zero or later"
                )
            exact_us = _EXACT.multiply(Decimal(text), Decimal(unit_us))
            if exact_us > LONGEST_US:
                raise _wrong(path, rows.line_num, f"{shown(text)} is after a year")
            if until_us is not None and exact_us >= until_us:
                raise _too_late(path, rows.line_num, text, until_us)
            # Rounding must not move an instant to the end.
            last_us = LONGEST_US if until_us is None else until_us - 1
            yield min(round(exact_us), last_us)
    except csv.Error as error:
        raise _wrong(path, rows.line_num, f"not CSV: {error}") from error


def _column(path: Path, header: list[str]) -> tuple[int, int]:
    """The index of the column with the time, and its unit in microseconds."""
    names = [name.strip() for name in header]
    found = [name for name in names if name in _COLUMNS_US]
    if len(found) != 1:
        problem = "more than one column is" if found else "no column is"
        raise _wrong(path, 1, f"{problem} at_ms or at_s")
    return names.index(found[0]), _COLUMNS_US[found[0]]


def _too_late(path: Path, line: int, text: str, until_us: int) -> UsageError:
    duration = duration_text(until_us)
    sentence = f"{shown(text)} is not within the scenario's duration of {duration}"
    return _wrong(path, line, sentence, hint=_TOO_LATE_HINT)


def _wrong(path: Path, line: int, sentence: str, *, hint: str = _HINT) -> UsageError:
    return UsageError(f"{printable(str(path))}:{max(line, 1)}: {sentence}", hint=hint)
