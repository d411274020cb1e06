"""A check as one JSON document, and as annotations of a GitHub workflow."""

import re
from collections.abc import Iterator
from pathlib import Path

from invitelab.errors import ExitCode
from invitelab.formats.command_output import CheckedTarget, Failure, Problem
from invitelab.formats.run import Level, Run, RunVerdict, ScenarioRecord, Verdict
from invitelab.formats.transcript import clauses_words, level_of, named_target, repro
from invitelab.formats.walk_text import WALK
from invitelab.reporting.common.github import Annotation, AnnotationLevel, place_of
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.summary import (
    qualifiers,
    troubled,
    verdict_line,
)
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

_PLACE = re.compile(r".*?:(?P<line>\d+): ")
_LEVELS = {
    Verdict.FAIL: AnnotationLevel.ERROR,
    Verdict.ERROR: AnnotationLevel.ERROR,
}
_RUN_LEVELS = {
    RunVerdict.CONFORMANT: AnnotationLevel.NOTICE,
    RunVerdict.PARTIAL: AnnotationLevel.NOTICE,
    RunVerdict.INCONCLUSIVE: AnnotationLevel.WARNING,
}


def checked_target(run: Run, page: Path | None) -> CheckedTarget:
    """The run in short; `page` is its report, None where it could not be written."""
    run = safe_document(run)
    header, footer = run.header, run.footer
    return CheckedTarget(
        target=header.target,
        implementation=header.implementation,
        clock=header.clock,
        proven=header.proven,
        seed=header.seed,
        depth=header.depth,
        verdict=footer.verdict if footer else None,
        text=verdict_line(run),
        reason=footer.reason if footer else None,
        blame=footer.blame if footer else None,
        exit_code=footer.exit_code if footer else None,
        whole=footer.whole if footer else False,
        totals=footer.totals if footer else {},
        clauses=run.clauses,
        failures=tuple(_failure(record, run) for record in troubled(run)),
        walks=footer.walks if footer else None,
        learned=footer.learned if footer else None,
        stale=footer.stale if footer else (),
        problem=_problem(run),
        report=None if page is None else page.as_posix(),
    )


def _failure(record: ScenarioRecord, run: Run) -> Failure:
    return Failure(
        verdict=record.verdict,
        clauses=record.clauses,
        level=record.level,
        title=record.title,
        example=record.example,
        feature=record.feature,
        line=record.line,
        kind=record.kind,
        blame=record.blame,
        message=record.message,
        blocked_by=record.blocked_by,
        needed=record.needed,
        known=record.known,
        repeat=repro(record, run.header),
    )


def _problem(run: Run) -> Problem | None:
    """Why no scenario could be run, if none could."""
    if run.header.problem is None:
        return None
    return Problem(message=run.header.problem, hint=run.header.hint or "")


def check_annotations(run: Run, baseline: Path | None = None) -> Iterator[Annotation]:
    """The verdict, and each scenario that did not pass, by cause as in a report.

    Stale entries stand at their lines of the `baseline`, if it is near.

    A workflow shows the first ten: the first cause is among them. A known failure is a
    notice: it does not fail the run.
    """
    run = safe_document(run)
    yield _verdict(run)
    for record in _cause_first(run):
        yield _scenario(record, run)
    for sentence in run.footer.stale if run.footer else ():
        yield _stale(sentence, baseline)


def _stale(sentence: str, baseline: Path | None) -> Annotation:
    """A stale entry; its sentence begins with the name of the file and the line."""
    file = None if baseline is None else place_of(baseline)
    found = _PLACE.match(sentence)
    return Annotation(
        level=AnnotationLevel.ERROR,
        title="stale baseline",
        message=sentence,
        file=file,
        line=int(found["line"]) if file and found else 0,
    )


def _cause_first(run: Run) -> list[ScenarioRecord]:
    """The scenarios in trouble: by cause, then the worst first; known ones last."""
    of_causes = [record for cause in causes(run) for record in cause.records]
    places = {id(record): place for place, record in enumerate(of_causes)}

    def place(record: ScenarioRecord) -> tuple[bool, int]:
        return record.known is not None, places.get(id(record), len(places))

    return sorted(troubled(run), key=place)


def _verdict(run: Run) -> Annotation:
    level = AnnotationLevel.ERROR
    if run.footer is not None:
        level = _RUN_LEVELS.get(run.footer.verdict, level)
        if run.footer.exit_code == ExitCode.CONFORMANT:
            level = AnnotationLevel.NOTICE
    hint = run.header.hint if run.header.problem else None
    lines = [f"{verdict_sentence(run)}{qualifiers(run)}"]
    lines += [f"hint: {hint}"] if hint else []
    title = f"invitelab check {named_target(run.header)}"
    return Annotation(level=level, title=title, message="\n".join(lines))


def _row(record: ScenarioRecord) -> str:
    """The row of an outline, which tells it from the others."""
    is_row = record.example is not None and record.feature != WALK
    return f" [{record.example}]" if is_row else ""


def _scenario(record: ScenarioRecord, run: Run) -> Annotation:
    level = _LEVELS.get(record.verdict, AnnotationLevel.WARNING)
    if record.blocked_by is not None and level_of(record) is Level.REQUIRED:
        level = AnnotationLevel.ERROR
    lines = [record.message or record.verdict.value]
    if record.needed:
        lines.append(f"only with {'; '.join(record.needed)}")
    if record.known is not None:
        level = AnnotationLevel.NOTICE
        lines.append(f"known: {record.known}")
    lines.append(f"again: {repro(record, run.header)}")
    file = place_of(Path(record.feature))
    return Annotation(
        level=level,
        title=f"{clauses_words(record)}: {record.title}{_row(record)}",
        message="\n".join(lines),
        file=file,
        line=record.line if file else 0,
    )
