"""A table of invitations that were measured elsewhere: CSV, one row an invitation.

Its columns are described in docs/measured-elsewhere.md. Rows are read one by one, so a
table may be large; what is kept of a row are numbers. A mistake is told in one sentence
with its line, and nothing is made of a table that has one.
"""

import csv
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np

from invitelab.errors import UsageError
from invitelab.formats.observed import Outcome
from invitelab.formats.reading import check_readable, unreadable
from invitelab.inputs.validation import closest, shown
from invitelab.protocol.values import Version
from invitelab.safe_text import printable

MOST_ROWS: Final = 5_000_000
MOST_BYTES: Final = 2_000_000_000

NEVER: Final = -(2**62)
"""Stands for an instant that never came."""

INSTANTS: Final = ("sent", "shown", "decided", "session", "ended")
REQUIRED: Final = ("invitation", *INSTANTS)
OPTIONAL: Final = ("outcome", "answer", "inviter_version", "recipient_version")

ENDS: Final = ("ended", "decided", "session")
"""What says when an invitation ended, the first of them that is there."""

UNITS_US: Final[Mapping[str, int]] = {"us": 1, "ms": 1_000, "s": 1_000_000}
ISO: Final = "iso"
TIMES: Final = ("ms", "us", "s", ISO)
"""The values of `--time`."""

OUTCOMES: Final = tuple(Outcome)
ANSWERS: Final = ("accept", "reject", "none")
UNKNOWN: Final = -1
"""Stands for an answer or a version that the table does not tell."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT: Final = Context(prec=60)
_NUMBER: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,30})?")
_HINT: Final = "the first line names the columns: " + ",".join(REQUIRED)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(slots=True)
class Events:
    """The invitations of a table, one entry each in every column.

    Instants are in microseconds, NEVER where the cell was empty. `outcome` is a place
    in OUTCOMES, `answer` what the recipient intended, a place in ANSWERS or UNKNOWN.
    `versions` are major versions of inviter and recipient, UNKNOWN where not told.
    """

    instants: dict[str, "array[int]"] = field(
        default_factory=lambda: {name: array("q") for name in INSTANTS}
    )
    outcome: "array[int]" = field(default_factory=lambda: array("b"))
    answer: "array[int]" = field(default_factory=lambda: array("b"))
    versions: tuple["array[int]", "array[int]"] = field(
        default_factory=lambda: (array("i"), array("i"))
    )
    names: "array[int]" = field(default_factory=lambda: array("Q"))
    """A hash of 64 bits of each invitation's name."""
    lines: "array[int]" = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        """The number of invitations."""
        return len(self.outcome)


def read_events(path: Path, *, time: str = "ms", most_rows: int = MOST_ROWS) -> Events:
    """The invitations of a table, in the order of its rows.

    `time` is the unit of columns that name none: a key of UNITS_US, or ISO. Raises
    UsageError when the file is missing, too large or not such a table; a mistake in a
    row is shown as `file:line: sentence`.
    """
    check_readable(path, most_bytes=MOST_BYTES, hint=_HINT)
    events = Events()
    try:
        # Spreadsheets write a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            _read(path, file, time, most_rows, events)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error, hint=_HINT) from error
    if not len(events):
        raise UsageError(f"{printable(str(path))} has no rows", hint=_HINT)
    _refuse_second_rows(path, events)
    return events


def _read(
    path: Path, lines: Iterator[str], time: str, most_rows: int, into: Events
) -> None:
    rows = csv.reader(lines, strict=True)
    try:
        columns = _Columns(next(rows, list[str]()), time)
        for row in rows:
            if row:
                _refuse_too_many(into, most_rows)
                columns.add(row, rows.line_num, into)
    except _Wrong as wrong:
        place = f"{printable(str(path))}:{max(rows.line_num, 1)}"
        raise UsageError(f"{place}: {wrong}", hint=wrong.hint) from None
    except csv.Error as error:
        place = f"{printable(str(path))}:{max(rows.line_num, 1)}"
        raise UsageError(f"{place}: not CSV: {error}", hint=_HINT) from error


def _refuse_too_many(events: Events, most_rows: int) -> None:
    if len(events) >= most_rows:
        raise _Wrong(f"more than {most_rows:,} rows", "import a part of them")


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    """A mistake in the line that is being read."""

    def __init__(self, sentence: str, hint: str = _HINT) -> None:
        super().__init__(sentence)
        self.hint = hint


class _Columns:
    """Where each column is, and how its cells are read."""

    def __init__(self, header: Sequence[str], time: str) -> None:
        self._width = len(header)
        self._place: dict[str, int] = {}
        self._read: dict[str, Callable[[str], int]] = {}
        for place, cell in enumerate(header):
            name, unit = _name_and_unit(cell.strip(), time)
            if name in self._place:
                raise _Wrong(f"the column {name} is named twice")
            self._place[name] = place
            if name in INSTANTS:
                self._read[name] = _reader(unit)
        missing = [name for name in REQUIRED if name not in self._place]
        if missing:
            raise _Wrong(f"the column {missing[0]} is missing")

    def add(self, row: Sequence[str], line: int, into: Events) -> None:
        """Read a row, check it, and add it. Raises _Wrong."""
        if len(row) != self._width:
            raise _Wrong(f"{len(row)} cells below {self._width} columns")
        name = row[self._place["invitation"]].strip()
        if not name:
            raise _Wrong("the invitation has no name")
        at_us = {one: self._instant(row, one) for one in INSTANTS}
        answer = self._one_of(row, "answer", ANSWERS)
        told = self._one_of(row, "outcome", OUTCOMES)
        outcome = _outcome(at_us, None if told == UNKNOWN else OUTCOMES[told])
        _check(at_us, outcome)
        for one, instant in at_us.items():
            into.instants[one].append(instant)
        into.outcome.append(OUTCOMES.index(outcome))
        into.answer.append(answer)
        for who, versions in zip(("inviter", "recipient"), into.versions, strict=True):
            versions.append(self._major(row, f"{who}_version"))
        digest = blake2b(name.encode(), digest_size=8).digest()
        into.names.append(int.from_bytes(digest, "little"))
        into.lines.append(line)

    def _instant(self, row: Sequence[str], name: str) -> int:
        text = row[self._place[name]].strip()
        if not text:
            return NEVER
        try:
            return self._read[name](text)
        except ValueError as error:
            raise _Wrong(f"{name} {error}") from None

    def _one_of(self, row: Sequence[str], name: str, known: Sequence[str]) -> int:
        text = row[self._place[name]].strip() if name in self._place else ""
        if not text:
            return UNKNOWN
        if text not in known:
            raise _Wrong(f"{name} is {shown(text)}", f"it is {', '.join(known)}")
        return list(known).index(text)

    def _major(self, row: Sequence[str], name: str) -> int:
        text = row[self._place[name]].strip() if name in self._place else ""
        if not text:
            return UNKNOWN
        try:
            return Version.parse(text).major
        except ValueError:
            raise _Wrong(f"{name} is {shown(text)}", 'it is like "7.1.4"') from None


def _name_and_unit(cell: str, time: str) -> tuple[str, str]:
    """The name of a column without the unit that it ends with: `sent_us`."""
    name, _, unit = cell.rpartition("_")
    if name in INSTANTS and unit in UNITS_US:
        return name, unit
    if cell not in {*REQUIRED, *OPTIONAL}:
        known = (*REQUIRED, *OPTIONAL)
        raise _Wrong(f"there is no column {shown(cell)}", closest(cell, known))
    return cell, time


def parse_instant(text: str, time: str) -> int:
    """An instant in a unit of `--time`, as microseconds. Raises ValueError."""
    return _reader(time)(text)


# --- Instants --------------------------------------------------------------------


def _reader(unit: str) -> Callable[[str], int]:
    """Reads an instant as microseconds; it raises ValueError."""
    if unit == ISO:
        return _of_date
    unit_us = Decimal(UNITS_US[unit])

    def of_number(text: str) -> int:
        if text.isdigit() and text.isascii() and len(text) <= 15:  # noqa: PLR2004 - fast
            return int(text) * int(unit_us)
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"is {shown(text)}, which is no number of {unit}")
        return round(_EXACT.multiply(Decimal(text), unit_us))

    return of_number


def _of_date(text: str) -> int:
    """Microseconds since 1970 of a date and time with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-11-30T13:14:05.250Z"
        raise ValueError(f"is {shown(text)}, and not like {example}") from None
    if found.tzinfo is None:
        raise ValueError(f"is {shown(text)}, which has no time zone")
    return (found - _EPOCH) // _MICROSECOND


# --- What a row says -------------------------------------------------------------


def _outcome(at_us: Mapping[str, int], told: Outcome | None) -> Outcome:
    """The outcome that is told, or else the one that the instants say. Raises _Wrong.

    A session is an accept, and an end that nobody decided is an expiry.
    """
    if told is not None:
        return told
    if at_us["session"] != NEVER:
        return Outcome.ACCEPTED
    if at_us["decided"] != NEVER:
        raise _Wrong(
            "it was decided and has no session, so that its outcome is not known",
            "a column outcome says accepted, rejected or cancelled",
        )
    return Outcome.PENDING if at_us["ended"] == NEVER else Outcome.EXPIRED


_ALLOWED: Final[Mapping[Outcome, frozenset[str]]] = {
    Outcome.ACCEPTED: frozenset(INSTANTS),
    Outcome.REJECTED: frozenset({"sent", "shown", "decided", "ended"}),
    Outcome.CANCELLED: frozenset({"sent", "shown", "decided", "ended"}),
    Outcome.EXPIRED: frozenset({"sent", "shown", "ended"}),
    Outcome.REFUSED: frozenset({"sent"}),
    Outcome.PENDING: frozenset({"sent", "shown"}),
}
"""The instants that an invitation with that outcome can have."""

_AFTER_SENT: Final = (
    *(("sent", name) for name in INSTANTS[1:]),
    ("decided", "ended"),
)
_AFTER_SHOWN: Final = (("shown", "decided"), ("shown", "session"))
_ANSWERED: Final = frozenset({Outcome.ACCEPTED, Outcome.REJECTED})
_WITHOUT_END: Final = frozenset({Outcome.PENDING, Outcome.REFUSED})


def _check(at_us: Mapping[str, int], outcome: Outcome) -> None:
    """Refuse a row that contradicts itself. Raises _Wrong."""
    if at_us["sent"] == NEVER:
        raise _Wrong("it was never sent", "an invitation has at least a time sent")
    for name, instant in at_us.items():
        if instant != NEVER and name not in _ALLOWED[outcome]:
            raise _Wrong(f"it is {outcome.value}, and has a time {name}")
    if outcome in _ANSWERED and at_us["shown"] == NEVER:
        raise _Wrong(f"it is {outcome.value}, and was never shown")
    in_order = _AFTER_SENT + (_AFTER_SHOWN if outcome in _ANSWERED else ())
    for first, then in in_order:
        if NEVER < at_us[then] < at_us[first]:
            raise _Wrong(f"{then} is before {first}")
    if outcome not in _WITHOUT_END and end_of(at_us) == NEVER:
        raise _Wrong(f"it is {outcome.value}, and no time says when")


def end_of(at_us: Mapping[str, int]) -> int:
    """When an invitation ended: if that is not told, by the decision or the session."""
    return next((at_us[one] for one in ENDS if at_us[one] != NEVER), NEVER)


def _refuse_second_rows(path: Path, events: Events) -> None:
    """Refuse an invitation that has two rows, and so two ends. Raises UsageError."""
    names = np.frombuffer(events.names, np.uint64)
    order = np.argsort(names, kind="stable")
    same = np.flatnonzero(names[order][1:] == names[order][:-1])
    if len(same):
        firsts, seconds = order[same], order[same + 1]
        place = int(np.argmin(seconds))
        first = events.lines[int(firsts[place])]
        second = events.lines[int(seconds[place])]
        raise UsageError(
            f"{printable(str(path))}:{second}: the invitation has a row already, in"
            f" line {first}",
            hint="each invitation has one row, and one end",
        )
