"""The end of a run, derived from its records when it is written and when it is read.

The digest in a run detects damage, but is no signature. A reader therefore derives the
verdict, exit code and totals again from the scenarios, and compares.
"""

from collections.abc import Sequence
from pathlib import Path

from invitelab.conformance.execution import verdicts
from invitelab.conformance.execution.verdicts import sentence
from invitelab.conformance.features.clauses import Clause
from invitelab.conformance.known_failures.entries import Known, Stale
from invitelab.errors import ExitCode, InvitelabError, UsageError
from invitelab.formats import run as records
from invitelab.formats.run import (
    ClauseRecord,
    Footer,
    Header,
    Problem,
    Run,
    ScenarioRecord,
    StaleEntry,
)
from invitelab.safe_text import printable


def read_run(path: Path) -> Run:
    """Read a `run.jsonl`, and check its conclusion against its scenarios.

    Raises UsageError when it cannot be read (see `records.read`), or when verdict,
    exit code, totals or clauses do not follow from its scenarios.
    """
    run = records.read(path)
    wrong = what_does_not_follow(run)
    if wrong is not None:
        msg = f"{printable(str(path))} contradicts itself: {wrong}"
        raise UsageError(msg, hint="run the check again")
    return run


def what_does_not_follow(run: Run) -> str | None:
    """The first statement that does not follow from the scenarios; None if all do."""
    if run.footer is None:
        return None
    for clause in run.clauses:
        if clause != _judged(clause, run.scenarios):
            return f"the scenarios say something else of {printable(clause.clause)}"
    found = run.footer
    expected = end(
        run.header,
        run.scenarios,
        run.clauses,
        whole=found.whole,
        problem=found.problem,
        stale=found.stale_entries,
    )
    for name in ("verdict", "exit_code", "totals", "blame", "reason", "stale"):
        if getattr(found, name) != getattr(expected, name):
            return f"its {name.replace('_', ' ')} does not follow from its scenarios"
    return None


def _judged(clause: ClauseRecord, scenarios: Sequence[ScenarioRecord]) -> ClauseRecord:
    stated = Clause(id=clause.clause, level=clause.level, text=clause.text, section="")
    return verdicts.judge_clause(stated, scenarios)


def end(
    header: Header,
    scenarios: Sequence[ScenarioRecord],
    clauses: Sequence[ClauseRecord],
    *,
    whole: bool,
    problem: Problem | None,
    stale: Sequence[StaleEntry],
) -> Footer:
    """The footer of a run, without its digest: a pure function of the records.

    `whole` says that the whole suite was selected, `problem` ended the run early.
    """
    concluded = verdicts.conclude(
        scenarios,
        clauses,
        header=header,
        problem=None if problem is None else _NotedError(problem),
        selected_all=whole,
        stale=[_stale(entry) for entry in stale],
    )
    return Footer(
        verdict=concluded.verdict,
        reason=sentence(concluded.reason or "") or None,
        blame=concluded.blame,
        exit_code=concluded.exit_code,
        stale=concluded.stale,
        stale_entries=tuple(stale),
        whole=whole,
        problem=problem,
        totals=verdicts.totals(scenarios, clauses),
        sha256="",
    )


def concluded(footer: Footer) -> verdicts.Conclusion:
    """The verdict that a footer has on record."""
    return verdicts.Conclusion(
        verdict=footer.verdict,
        exit_code=ExitCode(footer.exit_code),
        reason=footer.reason,
        blame=footer.blame,
        stale=footer.stale,
    )


class _NotedError(InvitelabError):
    """A stored problem as an error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, blame=problem.blame)
        self.code = ExitCode(problem.exit_code)


def noted(error: InvitelabError | None) -> Problem | None:
    """A problem in the form in which it is stored."""
    if error is None:
        return None
    return Problem(
        message=sentence(str(error)),
        blame=error.blame,
        exit_code=error.code,
    )


def entry(stale: Stale) -> StaleEntry:
    """A stale entry of the baseline in the form in which it is stored."""
    known = stale.entry
    return StaleEntry(
        scenario=known.scenario,
        clause=known.clause,
        example=known.example,
        sentence=sentence(stale.sentence),
    )


def _stale(entry: StaleEntry) -> Stale:
    known = Known(
        scenario=entry.scenario,
        clause=entry.clause,
        issue="",
        example=entry.example,
    )
    return Stale(entry=known, sentence=entry.sentence)
