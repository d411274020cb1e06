"""A run as Markdown, such as for a pull request."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from invitelab.formats.run import ClauseRecord, Level, Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import GLYPHS, transcript
from invitelab.reporting.common.markdown import code, fenced, folded, plain, table
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.cause_text import (
    REST,
    beyond_causes,
    cause_words,
    extent,
    untried_words,
)
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.matrix import (
    NOT_IN_ORDER,
    Area,
    Cell,
    matrix,
    parts,
    passed_of,
    run_labels,
    totals,
)
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
    yield from _broken(run)
    yield from _sentences(run)
    yield from _clauses(run)
    yield "## How it was checked"
    yield ""
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
    if run.footer and run.footer.learned:
        yield f"- Learned: {plain(run.footer.learned.says)}"
    if run.header.hint and run.header.problem:
        yield f"- Hint: {plain(run.header.hint)}"
    if run.header.stderr:
        yield ""
        yield from fenced(run.header.stderr.splitlines())


# --- What is broken --------------------------------------------------------------


def _broken(run: Run) -> Iterator[str]:
    """The causes, the first of them open; then what is no failure of the run."""
    found = causes(run)
    beyond = beyond_causes(run, found)
    if found:
        yield "## What is broken"
        yield ""
    for number, one in enumerate(found, start=1):
        yield f"{number}. **{plain(cause_words(one, run))}**: {plain(extent(one))}"
    for one in found:
        yield from _records(
            cause_words(one, run), one.records, run, is_open=one is found[0]
        )
    for verdict, records in groupby(beyond, key=lambda record: record.verdict):
        yield from _records(REST[verdict], tuple(records), run, is_open=False)
    untried = untried_words(run)
    if untried is not None:
        yield ""
        yield f"{plain(untried)}."
    if found or beyond or untried is not None:
        yield ""


def _records(
    title: str, records: Sequence[ScenarioRecord], run: Run, *, is_open: bool
) -> Iterator[str]:
    """The scenarios of a cause: the first in sight if it is open, others folded up."""
    yield ""
    if is_open:
        yield f"### {plain(title)}"
        yield from _failure(records[0], run)
        records, title = records[1:], "more scenarios of it"
    if records:
        if is_open:
            yield ""
        count = f" ({len(records)})"
        yield folded(f"{title}{count}")
        for record in records:
            yield from _failure(record, run)
        yield ""
        yield "</details>"


def _failure(record: ScenarioRecord, run: Run) -> Iterator[str]:
    first, *rest = transcript(record, run.header)
    yield ""
    yield f"#### {plain(first)}"
    yield ""
    yield from fenced(rest)


# --- Clauses and sentences -------------------------------------------------------


def _clauses(run: Run) -> Iterator[str]:
    """The clauses that are not in order, and the others folded up."""
    if not run.clauses:
        return
    yield "## Clauses"
    yield ""
    noted = [one for one in run.clauses if one.verdict in NOT_IN_ORDER]
    others = [one for one in run.clauses if one.verdict not in NOT_IN_ORDER]
    if noted:
        yield from _clause_table(noted, run)
        yield ""
    if others:
        held = sum(one.verdict is Verdict.PASS for one in others)
        more = len(others) - held
        untried = f", {more} not tried or not applicable" if more else ""
        verb = "clause holds" if held == 1 else "clauses hold"
        yield folded(f"{held} {verb}{untried}")
        yield ""
        yield from _clause_table(others, run)
        yield ""
        yield "</details>"
        yield ""


def _clause_table(clauses: Sequence[ClauseRecord], run: Run) -> Iterator[str]:
    return table(
        ("clause", "level", "passed", "verdict", "what must be observable"),
        (
            (
                clause.clause,
                clause.level.value,
                passed_of(clause, run),
                verdict_word(clause.verdict),
                clause.text,
            )
            for clause in clauses
        ),
    )


def _sentences(run: Run) -> Iterator[str]:
    """The specification, sentence by sentence, or why it cannot be shown."""
    shown = sentence_list(run)
    if shown.note:
        yield shown.note
        yield ""
    if not shown.sentences:
        return
    yield "## The specification, sentence by sentence"
    yield ""
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
        if run.footer and run.footer.learned:
            yield f"  - Learned: {plain(run.footer.learned.says)}"
        for capability, reason in sorted(run.header.declined.items()):
            yield f"  - Declined: {plain(capability)}: {plain(reason)}"
        if run.header.hint and run.header.problem:
            yield f"  - Hint: {plain(run.header.hint)}"
    yield ""
    yield from _causes_beside(runs, names)
    yield "## Clauses"
    yield ""
    divided = parts(matrix(runs))
    if divided.broken:
        yield from _matrix(divided.broken, names)
        yield ""
    yield folded("clauses that hold, and those that were not tried")
    yield ""
    yield from _matrix((*divided.open, *divided.holding), names)
    for what, figures in totals(runs):
        yield f"| {what} | | {' | '.join(figures)} | |"
    yield ""
    yield "</details>"


def _causes_beside(runs: Sequence[Run], names: Sequence[str]) -> Iterator[str]:
    """What is broken in each run, by causes."""
    found = [(name, run, causes(run)) for name, run in zip(names, runs, strict=True)]
    if not any(some for *_, some in found):
        return
    yield "## What is broken"
    yield ""
    for name, run, some in found:
        if some:
            yield f"- **{name}**"
        for one in some:
            yield f"  - {plain(cause_words(one, run))}: {plain(extent(one))}"
    yield ""


def _matrix(areas: Sequence[Area], names: Sequence[str]) -> Iterator[str]:
    yield f"| clause | level | {' | '.join(names)} | what must be observable |"
    yield f"|---|---|{'---|' * len(names)}---|"
    for row in (row for area in areas for row in area.rows):
        required = row.level is Level.REQUIRED
        id_ = plain(row.clause)
        clause = f"**{id_}**" if required else id_
        cells = " | ".join(_cell(one) for one in row.cells)
        yield f"| {clause} | {row.level.value} | {cells} | {plain(row.text)} |"


def _cell(cell: Cell) -> str:
    """`ok 4/4`, `x 3/4 fail`: passing needs no words."""
    words = "" if cell.verdict is Verdict.PASS else f" {cell.word}"
    sign = GLYPHS[cell.verdict or Verdict.NOT_RUN]
    return f"{plain(sign)} {cell.count}{words}".replace("  ", " ")
