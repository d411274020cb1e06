"""The rules: from how a scenario ended to what is said of the implementation.

* A broken required clause is a `fail`, a broken interpretation a `deviation`.
* A crash, a hang or an error satisfies nothing and is nobody's deviation.
* A Given that does not hold is `error: setup`: the clause was never reached.
* A declared method that does not exist is a `fail` at any level.
* Nothing is ever inferred to be unsupported, and nothing unselected counts as passed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from invitelab.conformance.clauses import Clause, level_of
from invitelab.conformance.outcomes import Inconclusive, NotApplicable, Unmet
from invitelab.errors import (
    Blame,
    CallError,
    ExitCode,
    InvitelabError,
    MethodMissingError,
)
from invitelab.records import (
    Absent,
    ClauseRecord,
    Header,
    Level,
    RunVerdict,
    ScenarioRecord,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A scenario's verdict and what the report says of it."""

    verdict: Verdict
    message: str | None = None
    kind: str | None = None
    blame: Blame | None = None
    absent: Absent | None = None


PASSED = Judgement(verdict=Verdict.PASS)
NOT_RUN = Judgement(verdict=Verdict.NOT_RUN)


def judge(
    error: BaseException | None, clauses: tuple[str, ...], *, in_setup: bool
) -> Judgement:
    """The verdict of one scenario, from how it ended and in which kind of step."""
    match error:
        case None:
            return PASSED
        case NotApplicable():
            return Judgement(verdict=Verdict.NOT_APPLICABLE, message=str(error))
        case Inconclusive():
            return Judgement(verdict=Verdict.INCONCLUSIVE, message=str(error))
        case Unmet() if in_setup:
            return _error("setup", str(error), Blame.IMPLEMENTATION)
        case Unmet():
            required = level_of(clauses) is Level.REQUIRED
            verdict = Verdict.FAIL if required else Verdict.DEVIATION
            return Judgement(verdict=verdict, message=str(error), absent=error.absent)
        case MethodMissingError():
            return Judgement(
                verdict=Verdict.FAIL,
                message=str(error),
                kind=error.kind,
                blame=error.blame,
            )
        case CallError():
            return _error(error.kind, str(error), error.blame)
        case InvitelabError():
            return _error("harness", str(error), error.blame)
        case _:
            message = f"{type(error).__name__}: {error}"
            return _error("harness", message, Blame.HARNESS)


def _error(kind: str, message: str, blame: Blame) -> Judgement:
    return Judgement(verdict=Verdict.ERROR, kind=kind, message=message, blame=blame)


WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.DEVIATION,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_RUN,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)
"""A clause is as good as its worst scenario; not-applicable only if nothing else."""


def judge_clause(clause: Clause, scenarios: Sequence[ScenarioRecord]) -> ClauseRecord:
    """One clause over the scenarios that cite it; verdict None when none was run."""
    citing = [record for record in scenarios if clause.id in record.clauses]
    verdicts = [record.verdict for record in citing]
    worst = next((verdict for verdict in WORST_FIRST if verdict in verdicts), None)
    return ClauseRecord(
        clause=clause.id,
        level=clause.level,
        text=clause.text,
        verdict=worst,
        passed=verdicts.count(Verdict.PASS),
        scenarios=len(citing),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What is said of the whole run."""

    verdict: RunVerdict
    exit_code: ExitCode
    reason: str | None = None
    blame: Blame | None = None


COUNTS_AT_ANY_LEVEL = {"crash", "hang", "fault", "missing-method"}
"""Kinds of trouble no reading of the page excuses, whatever clause was being tried."""


def conclude(
    scenarios: Sequence[ScenarioRecord],
    clauses: Sequence[ClauseRecord],
    *,
    header: Header,
    problem: InvitelabError | None,
    selected_all: bool,
) -> Conclusion:
    """The verdict of the run and its exit code. The first rule that holds decides."""
    if not scenarios:
        return _invalid("nothing was selected")
    if problem is not None:
        return _invalid(str(problem), problem.blame, problem.code)
    for blame, code in _SPOILERS:
        spoiled = [record for record in scenarios if record.blame is blame]
        if spoiled:
            return _invalid(str(spoiled[0].message), blame, code)
    broken = list(_broken(scenarios))
    if broken:
        reasons = dict.fromkeys(_reason(record) for record in broken)
        return _conclusion(RunVerdict.NON_CONFORMANT, ", ".join(reasons))
    if not selected_all:
        return _conclusion(RunVerdict.PARTIAL, "only a part of the suite was selected")
    open_ = [
        record.clause
        for record in clauses
        if record.level is Level.REQUIRED
        and record.verdict in {None, Verdict.INCONCLUSIVE, Verdict.NOT_RUN}
    ]
    if open_:
        return _conclusion(RunVerdict.INCONCLUSIVE, ", ".join(open_))
    if not any(record.verdict is Verdict.PASS for record in scenarios):
        return _invalid("nothing was applicable")
    return _conclusion(RunVerdict.CONFORMANT, _declined(header))


def _reason(record: ScenarioRecord) -> str:
    """The clauses; for what no reading excuses, what it was as well."""
    names = " ".join(record.clauses)
    required = record.level is Level.REQUIRED
    return names if required else f"{record.kind} in {names}"


def _broken(scenarios: Iterable[ScenarioRecord]) -> Iterable[ScenarioRecord]:
    for record in scenarios:
        required = record.level is Level.REQUIRED
        if record.verdict is Verdict.FAIL or (
            record.verdict is Verdict.ERROR
            and (required or record.kind in COUNTS_AT_ANY_LEVEL)
        ):
            yield record


_EXIT_CODES = {
    RunVerdict.CONFORMANT: ExitCode.CONFORMANT,
    RunVerdict.PARTIAL: ExitCode.CONFORMANT,
    RunVerdict.NON_CONFORMANT: ExitCode.NON_CONFORMANT,
    RunVerdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


_SPOILERS = ((Blame.HARNESS, ExitCode.HARNESS), (Blame.ADAPTER, ExitCode.INVALID))
"""Whose mistakes in one scenario make the whole run worthless, the worst first."""


def _conclusion(verdict: RunVerdict, reason: str | None) -> Conclusion:
    return Conclusion(verdict=verdict, exit_code=_EXIT_CODES[verdict], reason=reason)


def _invalid(
    reason: str, blame: Blame | None = None, code: ExitCode = ExitCode.INVALID
) -> Conclusion:
    return Conclusion(
        verdict=RunVerdict.INVALID, exit_code=code, reason=reason, blame=blame
    )


def _declined(header: Header) -> str | None:
    if not header.declined:
        return None
    return f"declined: {', '.join(sorted(header.declined))}"


def totals(
    scenarios: Sequence[ScenarioRecord], clauses: Sequence[ClauseRecord]
) -> dict[str, int]:
    """All denominators: clauses by level and verdict, and scenarios by verdict."""
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
    counted["untested"] = verdicts.count(None) + verdicts.count(Verdict.NOT_RUN)
    counted["scenarios"] = len(scenarios)
    for verdict in Verdict:
        count = [record.verdict for record in scenarios].count(verdict)
        if count:
            counted[f"scenarios {verdict.value}"] = count
    return counted
