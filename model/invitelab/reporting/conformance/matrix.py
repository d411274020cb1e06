"""The matrix of clauses and implementations."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from invitelab.formats.run import ClauseRecord, Level, Run, Verdict
from invitelab.reporting.common.formatting import short
from invitelab.reporting.common.signs import SCENARIO_SIGNS

LONGEST_LABEL = 32
NOT_IN_ORDER = frozenset(
    {
        Verdict.FAIL,
        Verdict.ERROR,
        Verdict.DEVIATION,
        Verdict.INCONCLUSIVE,
        Verdict.BLOCKED,
    }
)
"""Verdicts of a clause that are to be looked at."""

_BROKEN = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.DEVIATION})

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
    others: int = 0
    """Scenarios of other clauses that this one fails in, where it does in none of its
    own."""

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
        return counted(self.passed, self.scenarios, self.others)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The matrix by what is to be read: each part has areas, and a number of rows."""

    broken: tuple[Area, ...]
    """Not in order in one implementation at least."""
    open: tuple[Area, ...]
    """Not tried, or not applicable."""
    holding: tuple[Area, ...]


def parts(areas: Sequence[Area]) -> Parts:
    """Put the rows of a matrix apart."""
    return Parts(
        broken=_some(areas, _is_broken),
        open=_some(areas, lambda row: not _is_broken(row) and not _holds(row)),
        holding=_some(areas, _holds),
    )


def _some(areas: Sequence[Area], wanted: Callable[[Row], bool]) -> tuple[Area, ...]:
    chosen = [
        Area(name=area.name, rows=tuple(filter(wanted, area.rows))) for area in areas
    ]
    return tuple(area for area in chosen if area.rows)


def _is_broken(row: Row) -> bool:
    return any(cell.verdict in NOT_IN_ORDER for cell in row.cells)


def _holds(row: Row) -> bool:
    return all(cell.verdict is Verdict.PASS for cell in row.cells)


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
            cells=tuple(
                _cell(column.get(one.clause), run)
                for column, run in zip(columns, runs, strict=True)
            ),
        )
        for one in known.values()
    ]
    return tuple(
        Area(name=name, rows=tuple(members)) for name, members in groupby(rows, _area)
    )


def _cell(record: ClauseRecord | None, run: Run) -> Cell:
    if record is None:
        return Cell()
    return Cell(
        verdict=record.verdict,
        passed=record.passed,
        scenarios=record.scenarios,
        others=in_others(record, run),
    )


def in_others(record: ClauseRecord, run: Run) -> int:
    """In how many scenarios of others a clause fails that fails in none of its own."""
    if record.verdict not in NOT_IN_ORDER or any(
        one.verdict in _BROKEN and record.clause in one.clauses and not one.besides
        for one in run.scenarios
    ):
        return 0
    return sum(
        record.clause in {one.blocked_by, *(one.clauses if one.besides else ())}
        for one in run.scenarios
    )


def passed_of(record: ClauseRecord, run: Run) -> str:
    """The scenarios of a clause that passed, and where else it fails."""
    return counted(record.passed, record.scenarios, in_others(record, run)) or "0/0"


def counted(passed: int, scenarios: int, others: int = 0) -> str:
    """`3/4`, and where else it fails: `4/4 and 2 others fail`; nothing for none."""
    own = [f"{passed}/{scenarios}"] if scenarios else []
    more = [f"{others} {'other fails' if others == 1 else 'others fail'}"]
    return " and ".join([*own, *(more if others else [])])


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


def _label(run: Run) -> str:
    header = run.header
    return header.name or header.implementation or header.target


def run_labels(runs: Sequence[Run]) -> tuple[str, ...]:
    """A short unique name for each run: that of the user, of itself, or the target."""
    names = [short(_label(run), LONGEST_LABEL) or "?" for run in runs]
    many = Counter(names)
    return tuple(
        f"{name} ({number})" if many[name] > 1 else name
        for number, name in enumerate(names, start=1)
    )
