"""The clauses in every form of `--format`."""

from collections.abc import Iterator, Mapping, Sequence

from invitelab.cli.support.output_format import HARNESS, Answer
from invitelab.conformance.features.clauses import Clause
from invitelab.conformance.features.lint import Outline
from invitelab.formats.command_output import (
    CitingScenario,
    ClausesOutput,
    ListedClause,
)
from invitelab.protocol.policy import knobs
from invitelab.reporting.common.github import Annotation, AnnotationLevel
from invitelab.reporting.common.markdown import table

Scenarios = Mapping[str, Sequence[Outline]]


def clauses_answer(clauses: Sequence[Clause], scenarios: Scenarios) -> Answer:
    """The clauses, each with the scenarios that cite it."""
    return Answer(
        document=lambda code: ClausesOutput(
            harness=HARNESS,
            exit_code=code,
            clauses=tuple(_listed(one, scenarios[one.id]) for one in clauses),
        ),
        markdown=lambda: "\n".join(_markdown(clauses, scenarios)) + "\n",
        annotations=lambda: [_annotation(one) for one in clauses],
    )


def _listed(clause: Clause, scenarios: Sequence[Outline]) -> ListedClause:
    return ListedClause(
        clause=clause.id,
        level=clause.level,
        section=clause.section,
        text=clause.text,
        policy=tuple(one.name for one in knobs() if one.clause == clause.id),
        scenarios=tuple(
            CitingScenario(
                feature=f"features/{one.path.name}",
                line=one.line,
                title=one.title,
                rows=one.rows,
            )
            for one in scenarios
        ),
    )


def _markdown(clauses: Sequence[Clause], scenarios: Scenarios) -> Iterator[str]:
    yield "# Clauses"
    yield ""
    columns = ("clause", "level", "scenarios", "what must be observable")
    yield from table(
        columns,
        (
            (
                one.id,
                one.level.value,
                str(sum(outline.rows for outline in scenarios[one.id])),
                one.text,
            )
            for one in clauses
        ),
    )


def _annotation(clause: Clause) -> Annotation:
    title = f"{clause.id} ({clause.level.value})"
    return Annotation(level=AnnotationLevel.NOTICE, title=title, message=clause.text)
