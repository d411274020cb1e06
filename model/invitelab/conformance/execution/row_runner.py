"""Runs a scenario with each of its rows, and finds which values make it fail.

A scenario that fails with a value that leans on an interpretation is tried once more
without such values: if it passes then, it is that interpretation that differs. Of the
rows that fail otherwise the first is reduced: values without which it fails as well are
taken out, so that the record shows the shortest story and names what it needs.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import partial
from typing import Protocol

from invitelab.conformance.execution.verdicts import WORST_FIRST
from invitelab.conformance.factors.cast import PLAIN, Row
from invitelab.conformance.factors.run_plan import RunPlan, leaning
from invitelab.conformance.factors.table import Value
from invitelab.conformance.features.clauses import load
from invitelab.conformance.features.gherkin import Pickle
from invitelab.errors import MethodMissingError
from invitelab.formats.run import Level, ScenarioRecord, Verdict

BAD = frozenset({Verdict.FAIL, Verdict.DEVIATION, Verdict.ERROR, Verdict.BLOCKED})
REPEATABLE = frozenset({None, "setup", "missing-method"})
"""Kinds of failures that are worth more runs; each crash would cost a restart."""

EARLIER = frozenset({"history", "after the history", "changes", "bystander"})
"""Factors whose values are something that has happened before the story begins."""

STOPPED = frozenset({Verdict.BLOCKED, Verdict.NOT_APPLICABLE})
"""Verdicts of a row that something before the story may have ended."""

MOST_REDUCTIONS = 1500
"""Runs of a whole suite that look for needed values; an implementation that loses a
common value fails in nearly every scenario."""

MOST_ANEW = 2
"""Processes started for each leaning value, to see whether it fails there as well."""

DEPENDS = "it passes, so it depends on what was run before"
"""The end of the message of a failure that is not of a value."""

MOST_REDUCED = 3
"""Rows of a scenario that are reduced, while the shortest needs several values."""


class Attempt(Protocol):
    """Runs a scenario with one row; see `Engine.attempt`."""

    def __call__(
        self, pickle: Pickle, row: Row, *, draw: int, terse: bool = False
    ) -> ScenarioRecord:
        """Run it once."""
        ...


class Anew(Protocol):
    """Runs a scenario in a new process of the target; see `Engine.attempt_anew`."""

    def __call__(self, pickle: Pickle, row: Row, *, draw: int) -> ScenarioRecord | None:
        """Run it once; None if the process cannot be started."""
        ...


class Once(Protocol):
    """Runs one scenario with the identities of one place in the plan."""

    def __call__(self, row: Row, *, terse: bool = False) -> ScenarioRecord:
        """Run it once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A scenario with all its rows."""

    record: ScenarioRecord
    besides: tuple[ScenarioRecord, ...] = ()
    """What some rows show about other clauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """A row that was run, without the values that belong to other clauses."""

    row: Row
    record: ScenarioRecord
    once: Once


@dataclass(slots=True)
class RowRunner:
    """Runs scenarios with the rows of a plan.

    A brief one ends a scenario at its first failure, and reduces nothing.
    """

    plan: RunPlan
    attempt: Attempt
    anew: Anew | None = None
    _: KW_ONLY
    brief: bool = False
    begun: Counter[Value] = field(default_factory=Counter[Value])
    """How often a new process was started for a leaning value."""
    reductions: int = 0
    """Runs that looked for needed values so far."""
    blocking: set[str | None] = field(default_factory=set[str | None])
    """Clauses that have blocked a row so far."""
    suspects: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    """Factors that other scenarios needed for their failures, the latest first."""

    def run(self, pickle: Pickle) -> Tried:
        """Run one scenario with every row."""
        done: list[_Done] = []
        besides: list[ScenarioRecord] = []
        for draw, row in enumerate(self.plan.rows_of(pickle)):
            one = self._run_row(pickle, draw, row, besides)
            done.append(one)
            if one.record.verdict is Verdict.NOT_RUN or self._is_over(one.record):
                break
        return Tried(record=self._summed(done), besides=tuple(besides))

    def _run_row(
        self, pickle: Pickle, draw: int, row: Row, besides: list[ScenarioRecord]
    ) -> _Done:
        """Run one row; what it shows about other clauses is added to `besides`."""
        once: Once = partial(self.attempt, pickle, draw=draw)
        record = once(row, terse=draw > 0)
        values = _excused_by(record, row)
        if values:
            anew = self._anew(pickle, draw, values)
            trial = _Leaning(
                row=row, record=record, values=values, once=once, anew=anew
            )
            row, record = trial.judged(besides)
        found = _Done(row=row, record=record, once=once)
        done = _before_the_story(found)
        if record.verdict is Verdict.BLOCKED:
            besides.append(self._blocked(found))
        return done

    def _blocked(self, done: _Done) -> ScenarioRecord:
        """What a blocked row shows about the clause that blocks it.

        The first of each such clause is reduced to the values that it needs, unless it
        is not there because of its values.
        """
        record = done.record
        left = (record.message or "").endswith(DEPENDS)
        if self.brief or left or record.blocked_by in self.blocking:
            return _besides(record, done.row)
        self.blocking.add(record.blocked_by)
        row, record = self._reduced(done)
        needed = tuple(str(value) for value in row.values())
        return _besides(record, row).model_copy(update={"needed": needed})

    def _anew(
        self, pickle: Pickle, draw: int, values: Sequence[Value]
    ) -> Callable[[Row], ScenarioRecord | None]:
        """Runs a row in a new process, where one of the values was not often there."""

        def run(row: Row) -> ScenarioRecord | None:
            if (
                self.anew is None
                or min(map(self.begun.__getitem__, values)) >= MOST_ANEW
            ):
                return None
            self.begun.update(values)
            return self.anew(pickle, row, draw=draw)

        return run

    def _is_over(self, record: ScenarioRecord) -> bool:
        """Whether more rows of this scenario are not worth their time."""
        if record.kind not in REPEATABLE:
            return record.verdict in BAD
        return self.brief and record.verdict in {Verdict.FAIL, Verdict.DEVIATION}

    def _summed(self, done: Sequence[_Done]) -> ScenarioRecord:
        """One record for all rows: that of the worst, reduced if it has failed."""
        worst = min(done, key=lambda one: WORST_FIRST.index(one.record.verdict))
        row, record = worst.row, worst.record
        if not record.title:  # a terse record of a run that has passed
            record = worst.once(row)
        needed: tuple[str, ...] = ()
        failed = sum(one.record.verdict in BAD for one in done)
        if record.verdict in BAD and record.kind in REPEATABLE and not self.brief:
            alike = [one for one in done if _fails_like(one.record, record)]
            row, record = self._shortest(alike)
            needed = tuple(str(value) for value in row.values())
        return record.model_copy(
            update={
                "runs": len(done),
                "failed_runs": failed,
                "values": {name: value.name for name, value in row.items()},
                "needed": needed,
            }
        )

    def _shortest(self, alike: Sequence[_Done]) -> tuple[Row, ScenarioRecord]:
        """The row that needs the fewest values, of the first few that fail alike.

        Two values together may do what one does alone in another row.
        """
        row, record = self._reduced(alike[0])
        for one in alike[1:MOST_REDUCED]:
            if len(row) <= 1:
                break
            other, found = self._reduced(one)
            if len(other) < len(row):
                row, record = other, found
        if row:
            self.suspects = [frozenset(row), *self.suspects[:2]]
        return row, record

    def _reduced(self, worst: _Done) -> tuple[Row, ScenarioRecord]:
        """The row without the values that its failure does not need."""
        row, record = worst.row, worst.record
        for trial in self._shortcuts(row):
            found = self._fails_too(worst, trial)
            if found is not None:
                row, record = trial, found
                break
        for name in list(row):
            trial = {factor: row[factor] for factor in row if factor != name}
            found = self._fails_too(worst, trial)
            if found is not None:
                row, record = trial, found
        return row, record

    def _shortcuts(self, row: Row) -> Iterator[Row]:
        """Short rows that are likely to do: none, and what others have needed."""
        if row:
            yield PLAIN
        for names in self.suspects:
            if names < frozenset(row):
                yield {name: row[name] for name in row if name in names}

    def _fails_too(self, worst: _Done, row: Row) -> ScenarioRecord | None:
        """The record with another row if the scenario fails in the same way with it."""
        if self.reductions >= MOST_REDUCTIONS:
            return None
        self.reductions += 1
        record = worst.once(row)
        return record if _fails_like(record, worst.record) else None


def _fails_like(one: ScenarioRecord, other: ScenarioRecord) -> bool:
    return (one.verdict, one.kind, one.blocked_by) == (
        other.verdict,
        other.kind,
        other.blocked_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaning:
    """A row that fails, with values that lean on an interpretation."""

    row: Row
    record: ScenarioRecord
    values: Sequence[Value]
    once: Once
    anew: Callable[[Row], ScenarioRecord | None]

    def judged(self, besides: list[ScenarioRecord]) -> tuple[Row, ScenarioRecord]:
        """What counts for the scenario; a deviation is added to `besides`.

        A failure counts that is there without these values too, or that depends on what
        was run before: it is not there again, or not in a new process.
        """
        less = _less(self.row, self.values)
        without = self.once(less)
        if without.verdict in BAD:
            return less, without
        if self.once(self.row).verdict not in BAD:
            return self.row, _depends(self.record, "run again")
        alone = self.anew(self.row)
        if alone is not None and alone.verdict is Verdict.PASS:
            return self.row, _depends(self.record, "in a new process")
        besides.append(_deviation(self.record, self._culprit(), self.row))
        return less, without

    def _culprit(self) -> Value:
        """The value that explains it.

        With one of them alone it fails as well, or else without this one it passes.
        """
        rest = {
            value: [one for one in self.values if one is not value]
            for value in self.values
        }
        suffices = (value for value in self.values if self._fails(rest[value]))
        heals = (value for value in self.values if not self._fails([value]))
        known = self.values[0] if len(self.values) == 1 else None
        return known or next(suffices, None) or next(heals, self.values[0])

    def _fails(self, without: Sequence[Value]) -> bool:
        return self.once(_less(self.row, without)).verdict in BAD


def _depends(record: ScenarioRecord, where: str) -> ScenarioRecord:
    """A failure that is not of a value, but of what is left from another scenario."""
    note = f"{where} {DEPENDS}"
    return record.model_copy(update={"message": f"{record.message}; {note}"})


def _before_the_story(done: _Done) -> _Done:
    """Run it once more without what happened before, where that may have stopped it."""
    row, record = done.row, done.record
    if record.verdict in STOPPED or record.kind == MethodMissingError.kind:
        less = {name: value for name, value in row.items() if name not in EARLIER}
        if len(less) < len(row):
            return replace(done, row=less, record=done.once(less))
    return done


def _excused_by(record: ScenarioRecord, row: Row) -> Sequence[Value]:
    """The values that lean on an interpretation, where the failure may be theirs."""
    if record.verdict not in BAD or record.kind not in REPEATABLE:
        return ()
    return leaning(row, refused=record.refusals > 0)


def _less(row: Row, values: Sequence[Value]) -> Row:
    return {name: value for name, value in row.items() if value not in values}


def _deviation(record: ScenarioRecord, value: Value, row: Row) -> ScenarioRecord:
    """The same record as a deviation of the interpretation that a value leans on."""
    assert value.leans is not None, "it is one that leans"
    blocked = f"blocked by {record.blocked_by}: "
    return _besides(record, row).model_copy(
        update={
            "message": (record.message or "").removeprefix(blocked) or None,
            "clauses": (value.leans,),
            "level": load()[value.leans].level,
            "verdict": Verdict.FAIL
            if load()[value.leans].level is Level.REQUIRED
            else Verdict.DEVIATION,
            "kind": None,
            "blame": None,
            "blocked_by": None,
            "needed": (str(value),),
        }
    )


def _besides(record: ScenarioRecord, row: Row) -> ScenarioRecord:
    values = {name: value.name for name, value in row.items()}
    return record.model_copy(update={"besides": True, "values": values})
