"""A run as Markdown, such as for a pull request."""

from collections.abc import Iterator, Sequence

from invitelab.formats.run import ClauseRecord, Level, Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import GLYPHS, transcript
from invitelab.reporting.common.markdown import code, fenced, plain, table
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.matrix import Cell, matrix, run_labels, totals
from invitelab.reporting.conformance.sentences import (
    JudgedSentence,
    count_sentences,
    sentence_list,
)
from invitelab.reporting.conformance.summary import (
    coverage_details,
    denominators,
    qualifiers,
    scenario_counts,
    suite_line,
    target_line,
    troubled,
    verdict_line,
    verdict_word,
)
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence


def markdown(run: Run) -> str:
    """The report, ending in a newline."""
    return "\n".join(_lines(safe_document(run))) + "\n"


def _lines(run: Run) -> Iterator[str]:
    yield f"# {plain(verdict_sentence(run))}"
    yield ""
    yield from _sentences(run)
    yield f"- Verdict: {plain(verdict_line(run))}"
    yield f"- Target: {code(target_line(run.header))}"
    yield f"- Suite: {plain(suite_line(run.header))}"
    yield f"- Clauses: {denominators(run)}"
    yield f"- Scenarios: {scenario_counts(run)}"
    yield from (
        f"- {name.capitalize()}: {plain(text)}" for name, text in coverage_details(run)
    )
    if run.footer and run.footer.walks:
        yield f"- Random walks: {plain(run.footer.walks)}"
    if run.header.hint and run.header.problem:
        yield f"- Hint: {plain(run.header.hint)}"
    if run.header.stderr:
        yield ""
        yield from fenced(run.header.stderr.splitlines())
    yield ""
    yield from table(
        ("clause", "level", "passed", "verdict", "what must be observable"),
        (
            (
                clause.clause,
                clause.level.value,
                f"{clause.passed}/{clause.scenarios}",
                verdict_word(clause.verdict),
                clause.text,
            )
            for clause in run.clauses
        ),
    )
    for record in troubled(run):
        yield from _failure(record, run)


def _sentences(run: Run) -> Iterator[str]:
    """The specification, sentence by sentence, or why it cannot be shown."""
    shown = sentence_list(run)
    if shown.note:
        yield shown.note
        yield ""
    if not shown.sentences:
        return
    yield f"{count_sentences(shown.sentences)}."
    yield ""
    yield from table(
        ("", "verdict", "sentence of the specification", "clauses"),
        (
            (
                str(one.sentence.number),
                _word(one),
                one.sentence.text,
                one.sentence.excluded or ", ".join(map(_marked, one.clauses)),
            )
            for one in shown.sentences
        ),
    )
    yield ""


def _word(one: JudgedSentence) -> str:
    """The verdict of a sentence with its sign; of one without clauses nothing."""
    return "" if one.sentence.excluded else verdict_word(one.verdict)


def _marked(clause: ClauseRecord) -> str:
    """The id of a clause; with its sign where that is not of a pass."""
    verdict = clause.verdict or Verdict.NOT_RUN
    mark = "" if verdict is Verdict.PASS else f"{GLYPHS[verdict]} "
    return f"{mark}{clause.clause}"


def _failure(record: ScenarioRecord, run: Run) -> Iterator[str]:
    first, *rest = transcript(record, run.header)
    yield ""
    yield f"### {plain(first)}"
    yield ""
    yield from fenced(rest)


def comparison_markdown(runs: Sequence[Run]) -> str:
    """The report of several runs side by side, ending in a newline.

    The failures are in the report of each run.
    """
    return "\n".join(_compared([safe_document(run) for run in runs])) + "\n"


def _compared(runs: Sequence[Run]) -> Iterator[str]:
    names = [plain(name) for name in run_labels(runs)]
    yield f"# {len(runs)} implementations side by side"
    yield ""
    for name, run in zip(names, runs, strict=True):
        sentence = f"{verdict_sentence(run)}{qualifiers(run)}"
        yield f"- **{name}**: {plain(sentence)}"
        yield f"  - Target: {code(target_line(run.header))}"
        yield f"  - Suite: {plain(suite_line(run.header))}"
        yield f"  - Clauses: {denominators(run)}"
        if run.footer and run.footer.walks:
            yield f"  - Random walks: {plain(run.footer.walks)}"
        for capability, reason in sorted(run.header.declined.items()):
            yield f"  - Declined: {plain(capability)}: {plain(reason)}"
        if run.header.hint and run.header.problem:
            yield f"  - Hint: {plain(run.header.hint)}"
    yield ""
    yield f"| clause | level | {' | '.join(names)} | what must be observable |"
    yield f"|---|---|{'---|' * len(names)}---|"
    for area in matrix(runs):
        for row in area.rows:
            required = row.level is Level.REQUIRED
            id_ = plain(row.clause)
            clause = f"**{id_}**" if required else id_
            cells = " | ".join(_cell(one) for one in row.cells)
            yield f"| {clause} | {row.level.value} | {cells} | {plain(row.text)} |"
    for what, figures in totals(runs):
        yield f"| {what} | | {' | '.join(figures)} | |"


def _cell(cell: Cell) -> str:
    """`ok 4/4`, `x 3/4 fail`: passing needs no words."""
    words = "" if cell.verdict is Verdict.PASS else f" {cell.word}"
    sign = GLYPHS[cell.verdict or Verdict.NOT_RUN]
    return f"{plain(sign)} {cell.count}{words}".replace("  ", " ")
