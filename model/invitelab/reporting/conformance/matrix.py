"""The matrix of clauses and implementations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from invitelab.formats.run import ClauseRecord, Level, Run, Verdict
from invitelab.reporting.common.formatting import short
from invitelab.reporting.common.signs import SCENARIO_SIGNS

LONGEST_LABEL = 32
MEANINGS = {
    Verdict.PASS: "everything was as the clause demands",
    Verdict.FAIL: "a required clause is broken",
    Verdict.DEVIATION: "an interpretation differs, which is no failure",
    Verdict.INCONCLUSIVE: "could not be decided, mostly because of the clock",
    Verdict.ERROR: "a crash, a hang, an invalid answer, or a setup that failed",
    Verdict.BLOCKED: "the target refuses an operation that it needs, of another clause",
    Verdict.NOT_APPLICABLE: "the implementation declined a required capability",
    Verdict.NOT_RUN: "not run, or never reached",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One clause of one implementation. `verdict` None: untested, or never judged."""

    verdict: Verdict | None = None
    passed: int = 0
    scenarios: int = 0

    @property
    def sign(self) -> str:
        """One character."""
        return SCENARIO_SIGNS[self.verdict or Verdict.NOT_RUN]

    @property
    def word(self) -> str:
        """The verdict's name."""
        return "untested" if self.verdict is None else self.verdict.value

    @property
    def count(self) -> str:
        """`3/4`: scenarios that passed, of those that ran; nothing where none did."""
        return f"{self.passed}/{self.scenarios}" if self.scenarios else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause over all implementations."""

    clause: str
    level: Level
    text: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The clauses that share the first part of their names."""

    name: str
    rows: tuple[Row, ...]


def matrix(runs: Sequence[Run]) -> tuple[Area, ...]:
    """Every clause that any of the runs knows, in the order of the specification."""
    known: dict[str, ClauseRecord] = {}
    for run in runs:
        known |= {one.clause: one for one in run.clauses if one.clause not in known}
    columns = [{one.clause: one for one in run.clauses} for run in runs]
    rows = [
        Row(
            clause=one.clause,
            level=one.level,
            text=one.text,
            cells=tuple(_cell(column.get(one.clause)) for column in columns),
        )
        for one in known.values()
    ]
    return tuple(
        Area(name=name, rows=tuple(members)) for name, members in groupby(rows, _area)
    )


def _cell(record: ClauseRecord | None) -> Cell:
    if record is None:
        return Cell()
    return Cell(
        verdict=record.verdict, passed=record.passed, scenarios=record.scenarios
    )


def _area(row: Row) -> str:
    return row.clause.partition("-")[0].capitalize()


def totals(runs: Sequence[Run]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The last rows of the matrix: a name, and a figure for every implementation."""
    wanted = [
        ("required clauses", "required passed", "required"),
        ("interpretations", "interpretation passed", "interpretation"),
        ("blocked", "blocked", None),
        ("not applicable", "not applicable", None),
        ("untested", "untested", None),
        ("scenarios", "scenarios pass", "scenarios"),
    ]
    return tuple(
        (name, tuple(_figure(run, part, whole) for run in runs))
        for name, part, whole in wanted
    )


def _figure(run: Run, part: str, whole: str | None) -> str:
    if run.footer is None:
        return SCENARIO_SIGNS[Verdict.NOT_RUN]
    counted = run.footer.totals
    figure = str(counted.get(part, 0))
    return figure if whole is None else f"{figure}/{counted.get(whole, 0)}"


def run_labels(runs: Sequence[Run]) -> tuple[str, ...]:
    """A short unique name for each run: that of the implementation, or the target."""
    names = [
        short(run.header.implementation or run.header.target, LONGEST_LABEL) or "?"
        for run in runs
    ]
    many = Counter(names)
    return tuple(
        f"{name} ({number})" if many[name] > 1 else name
        for number, name in enumerate(names, start=1)
    )
