"""Rules for verdicts: from the end of each scenario to the verdict of the run.

* A violated required clause is a `fail`, a different interpretation a `deviation`.
* A crash, a hang or an error satisfies no clause, and is never a deviation.
* A Given that the target refuses blocks the scenario: the clause of the refused
  operation fails, and the clause under test is judged by its other scenarios.
* So does an operation that was answered and had no effect, in a scenario of a required
  clause. A Given that does not hold otherwise is `error: setup`: the clause was never
  reached.
* A declared method that does not exist is a `fail` at any level.
* A capability is not supported only if the target declines it; a scenario that was not
  selected does not count as passed.
* An error in a step of a user's own shows nothing: the run is INVALID.
* A known failure stays a failure: it changes the exit code, and never the verdict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from invitelab.conformance.execution.outcomes import (
    Blocked,
    Delayed,
    ExpectationFailed,
    Inconclusive,
    NotApplicable,
    WithoutEffect,
)
from invitelab.conformance.features.clauses import Clause, level_of
from invitelab.errors import (
    Blame,
    CallError,
    ExitCode,
    InvitelabError,
    MethodMissingError,
    OwnStepError,
    one_line,
)
from invitelab.formats.evidence import broken, undecided
from invitelab.formats.run import (
    Absent,
    ClauseRecord,
    Header,
    Level,
    RunVerdict,
    ScenarioRecord,
    Verdict,
)
from invitelab.safe_text import escaped

if TYPE_CHECKING:
    from invitelab.conformance.known_failures.entries import Stale


MAX_MESSAGE = 1000
"""Length of a message in reports, in characters."""


def sentence(text: str) -> str:
    """Foreign text as reports show it: one line, escaped, at most `MAX_MESSAGE`."""
    return escaped(one_line(text), MAX_MESSAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict of a scenario, and what the report says about it."""

    verdict: Verdict
    message: str | None = None
    kind: str | None = None
    blame: Blame | None = None
    absent: Absent | None = None
    blocked_by: str | None = None


PASSED = Judgement(verdict=Verdict.PASS)
NOT_RUN = Judgement(verdict=Verdict.NOT_RUN)


def judge(
    error: BaseException | None, clauses: tuple[str, ...], *, in_setup: bool
) -> Judgement:
    """The verdict of one scenario.

    `error` ended it, in a Given if `in_setup`; `clauses` are the ids that it cites.
    """
    match error:
        case None:
            return PASSED
        case NotApplicable():
            return Judgement(verdict=Verdict.NOT_APPLICABLE, message=str(error))
        case Inconclusive():
            kind = Delayed.kind if isinstance(error, Delayed) else None
            return Judgement(
                verdict=Verdict.INCONCLUSIVE, kind=kind, message=str(error)
            )
        case Blocked():
            return _blocked(error, clauses, in_setup=in_setup)
        case ExpectationFailed():
            return _not_met(error, clauses, in_setup=in_setup)
        case MethodMissingError():
            return Judgement(
                verdict=Verdict.FAIL,
                message=str(error),
                kind=error.kind,
                blame=error.blame,
            )
        case CallError():
            return _failed_call(error)
        case OwnStepError():
            return _error("steps", str(error), error.blame)
        case InvitelabError():
            return _error("harness", str(error), error.blame)
        case _:
            message = f"{type(error).__name__}: {error}"
            return _error("harness", message, Blame.HARNESS)


def _blocked(error: Blocked, clauses: tuple[str, ...], *, in_setup: bool) -> Judgement:
    """What the scenario needs is not there; its own clause may be the one to blame."""
    required = level_of(clauses) is Level.REQUIRED
    if isinstance(error, WithoutEffect) and not required:
        return _not_met(error, clauses, in_setup=in_setup)
    if error.clause in clauses:
        return _not_met(error, clauses, in_setup=False)
    return Judgement(
        verdict=Verdict.BLOCKED,
        message=f"blocked by {error.clause}: {error}",
        absent=error.absent,
        blocked_by=error.clause,
    )


def _not_met(
    error: ExpectationFailed, clauses: tuple[str, ...], *, in_setup: bool
) -> Judgement:
    """An expectation that was not met: in a Given the clause was never reached."""
    if in_setup:
        setup = _error("setup", str(error), Blame.IMPLEMENTATION)
        return replace(setup, absent=error.absent)
    required = level_of(clauses) is Level.REQUIRED
    verdict = Verdict.FAIL if required else Verdict.DEVIATION
    return Judgement(verdict=verdict, message=str(error), absent=error.absent)


def _failed_call(error: CallError) -> Judgement:
    """A call without an answer; where this machine stood still it shows nothing."""
    judged = _error(error.kind, error.told, error.blame)
    hidden = error.blame is Blame.ENVIRONMENT
    return replace(judged, verdict=Verdict.INCONCLUSIVE) if hidden else judged


def _error(kind: str, message: str, blame: Blame) -> Judgement:
    return Judgement(verdict=Verdict.ERROR, kind=kind, message=message, blame=blame)


WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.DEVIATION,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_RUN,
    Verdict.PASS,
    Verdict.BLOCKED,
    Verdict.NOT_APPLICABLE,
)
"""Order of verdicts: a clause has the first one that any of its scenarios has."""


def judge_clause(clause: Clause, scenarios: Sequence[ScenarioRecord]) -> ClauseRecord:
    """The record of one clause, over the scenarios that cite it; None if none ran.

    A clause that blocks a scenario of another clause does not hold.
    """
    of_clause = [record for record in scenarios if clause.id in record.clauses]
    verdicts = [record.verdict for record in of_clause]
    worst = next((verdict for verdict in WORST_FIRST if verdict in verdicts), None)
    blocks = any(record.blocked_by == clause.id for record in scenarios)
    if blocks and worst not in {Verdict.FAIL, Verdict.ERROR}:
        required = clause.level is Level.REQUIRED
        worst = Verdict.FAIL if required else Verdict.DEVIATION
    own = [record.verdict for record in of_clause if not record.besides]
    apart = own.count(Verdict.NOT_APPLICABLE) + own.count(Verdict.BLOCKED)
    return ClauseRecord(
        clause=clause.id,
        level=clause.level,
        text=clause.text,
        verdict=worst,
        passed=own.count(Verdict.PASS),
        scenarios=len(own) - apart,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The verdict of a run."""

    verdict: RunVerdict
    exit_code: ExitCode
    reason: str | None = None
    blame: Blame | None = None
    stale: tuple[str, ...] = ()
    """A sentence for each stale entry of the baseline."""


def conclude(
    scenarios: Sequence[ScenarioRecord],
    clauses: Sequence[ClauseRecord],
    *,
    header: Header,
    problem: InvitelabError | None,
    selected_all: bool,
    stale: Sequence["Stale"] = (),
) -> Conclusion:
    """The verdict of the run and its exit code. The first rule that applies decides.

    `problem` ended the run early. `stale` has the stale entries of the baseline;
    scenarios that fail as it says are marked as known. An invalid run has no stale
    entries, since it shows nothing.
    """
    if not scenarios:
        return _invalid("nothing was selected")
    if problem is not None:
        # A failed call would be a failure elsewhere; here it shows nothing.
        shows = problem.code is ExitCode.NON_CONFORMANT
        code = ExitCode.INVALID if shows else problem.code
        return _invalid(str(problem), problem.blame, code)
    for blame, code in _SPOILERS:
        spoiled = [record for record in scenarios if _is_spoiled(record, blame)]
        if spoiled:
            return _invalid(str(spoiled[0].message), blame, code)
    failures = list(broken(scenarios))
    open_ = list(undecided(scenarios, clauses, whole=selected_all))
    if failures:
        blocked = sum(clause.verdict is Verdict.BLOCKED for clause in clauses)
        return _non_conformant(failures, open_, stale, blocked)
    if open_:
        return _conclusion(RunVerdict.INCONCLUSIVE, ", ".join(open_), stale)
    if not selected_all:
        part = "only a part of the suite was selected"
        return _conclusion(RunVerdict.PARTIAL, part, stale)
    if not any(record.verdict is Verdict.PASS for record in scenarios):
        return _invalid("nothing was applicable")
    return _conclusion(RunVerdict.CONFORMANT, _reservations(header, clauses), stale)


def counts(record: ScenarioRecord) -> bool:
    """Whether a scenario alone makes the run NON-CONFORMANT or INVALID."""
    spoils = any(_is_spoiled(record, blame) for blame, _ in _SPOILERS)
    return spoils or next(broken([record]), None) is not None


def _non_conformant(
    failures: Sequence[ScenarioRecord],
    open_: Sequence[str],
    stale: Sequence["Stale"],
    blocked: int,
) -> Conclusion:
    """NON-CONFORMANT. With known failures only, the exit code is that of the rest.

    `blocked` counts the clauses all of whose scenarios are blocked.
    """
    known = [record for record in failures if record.known is not None]
    new = [
        record
        for record in failures
        if record.known is None and not any(one.entry.covers(record) for one in stale)
    ]
    reasons = [_names(new)] if new else []
    if known:
        count = f"{len(known)} scenario{'s' if len(known) > 1 else ''}"
        reasons.append(f"known: {_names(known)}, {count}")
    if blocked:
        noun = "clause" if blocked == 1 else "clauses"
        reasons.append(f"{blocked} {noun} could not be tried because of that")
    if open_ and not new:
        reasons.append(f"open: {', '.join(open_)}")
    rest = RunVerdict.INCONCLUSIVE if open_ else RunVerdict.CONFORMANT
    return _conclusion(
        RunVerdict.NON_CONFORMANT,
        "; ".join(reasons) or None,
        stale,
        exit_as=RunVerdict.NON_CONFORMANT if new else rest,
    )


def _names(failures: Iterable[ScenarioRecord]) -> str:
    """Clauses of these records, each once, separated by commas."""
    return ", ".join(dict.fromkeys(_reason(record) for record in failures))


def _reason(record: ScenarioRecord) -> str:
    """The clauses of a failure, with its kind where they are not required."""
    if record.blocked_by is not None:
        return record.blocked_by
    names = " ".join(record.clauses)
    required = record.level is Level.REQUIRED
    return names if required else f"{record.kind} in {names}"


_EXIT_CODES = {
    RunVerdict.CONFORMANT: ExitCode.CONFORMANT,
    RunVerdict.PARTIAL: ExitCode.CONFORMANT,
    RunVerdict.NON_CONFORMANT: ExitCode.NON_CONFORMANT,
    RunVerdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


_SPOILERS = (
    (Blame.HARNESS, ExitCode.HARNESS),
    (Blame.ENVIRONMENT, ExitCode.INVALID),
    (Blame.ADAPTER, ExitCode.INVALID),
)
"""Blames that make the whole run INVALID, and the exit code; the worst first."""


def _is_spoiled(record: ScenarioRecord, blame: Blame) -> bool:
    """Whether an error with this blame ended it.

    Where the machine stood still a scenario is merely undecided.
    """
    undecided_ = record.verdict is Verdict.INCONCLUSIVE
    return record.blame is blame and not (undecided_ and blame is Blame.ENVIRONMENT)


def _conclusion(
    verdict: RunVerdict,
    reason: str | None,
    stale: Sequence["Stale"],
    *,
    exit_as: RunVerdict | None = None,
) -> Conclusion:
    """A conclusion. A new failure takes precedence over a stale baseline."""
    code = _EXIT_CODES[exit_as or verdict]
    reasons = [reason] if reason else []
    if stale:
        clauses = ", ".join(dict.fromkeys(one.entry.clause for one in stale))
        reasons.append(f"stale baseline: {clauses}")
        if code is not ExitCode.NON_CONFORMANT:
            code = ExitCode.STALE_BASELINE
    return Conclusion(
        verdict=verdict,
        exit_code=code,
        reason="; ".join(reasons) or None,
        stale=tuple(one.sentence for one in stale),
    )


def _invalid(
    reason: str, blame: Blame | None = None, code: ExitCode = ExitCode.INVALID
) -> Conclusion:
    return Conclusion(
        verdict=RunVerdict.INVALID, exit_code=code, reason=reason, blame=blame
    )


def _reservations(header: Header, clauses: Sequence[ClauseRecord]) -> str | None:
    """Declined capabilities and deviations, which are named after CONFORMANT."""
    deviating = [c.clause for c in clauses if c.verdict is Verdict.DEVIATION]
    parts = [f"declined: {', '.join(sorted(header.declined))}"] * bool(header.declined)
    if header.profile is not None and header.profile.otherwise:
        ids = ", ".join(header.profile.otherwise)
        parts.append(f"{header.profile.name} reads {ids} otherwise")
    parts += [f"deviates in {', '.join(deviating)}"] * bool(deviating)
    return "; ".join(parts) or None


def totals(
    scenarios: Sequence[ScenarioRecord], clauses: Sequence[ClauseRecord]
) -> dict[str, int]:
    """Counts of clauses by level and verdict, and of scenarios by verdict."""
    counted: dict[str, int] = {"clauses": len(clauses)}
    for level in Level:
        of_level = [record for record in clauses if record.level is level]
        applicable = [
            record
            for record in of_level
            if record.verdict is not Verdict.NOT_APPLICABLE
        ]
        passed = [record for record in of_level if record.verdict is Verdict.PASS]
        counted[level.value] = len(applicable)
        counted[f"{level.value} passed"] = len(passed)
    verdicts = [record.verdict for record in clauses]
    counted["not applicable"] = verdicts.count(Verdict.NOT_APPLICABLE)
    counted["blocked"] = verdicts.count(Verdict.BLOCKED)
    counted["untested"] = verdicts.count(None) + verdicts.count(Verdict.NOT_RUN)
    own = [record for record in scenarios if not record.besides]
    counted["scenarios"] = len(own)
    counted["runs"] = sum(record.runs for record in own)
    for verdict in Verdict:
        count = [record.verdict for record in own].count(verdict)
        if count:
            counted[f"scenarios {verdict.value}"] = count
    known = sum(record.known is not None for record in own)
    if known:
        counted["scenarios known"] = known
    return counted
