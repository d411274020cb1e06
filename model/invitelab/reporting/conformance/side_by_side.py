"""Several runs on a terminal: the clauses that differ, and the verdict of each."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from invitelab.formats.run import ClauseRecord, Level, Run, ScenarioRecord, Verdict
from invitelab.formats.transcript import GLYPHS
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.cause_text import cause_words, extent
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.sentences import count_sentences, sentence_list
from invitelab.reporting.conformance.summary import (
    denominators,
    qualifiers,
    scenario_counts,
    target_line,
    verdict_word,
)
from invitelab.reporting.conformance.terminal import RUN_STYLES, STYLES, line
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

CLAUSE_WIDTH = 12
WORD_WIDTH = 17
"""Of the longest verdict with its sign."""

SIGN_WIDTH = 4
"""Of the number of a target, in brackets."""

GAP = 2
MOST_CAUSES = 5
"""Causes of a run that are named; others are counted."""

NOTHING = frozenset({None, Verdict.NOT_RUN})
"""Verdicts of a clause that was not tried."""


def print_runs(
    console: Console, runs: Sequence[Run], *, stored: Path | None, quiet: bool = False
) -> None:
    """Print clauses that do not pass everywhere, and verdicts; `quiet`: these alone."""
    runs = [safe_document(run) for run in runs]
    if not quiet:
        for number, run in enumerate(runs, start=1):
            line(console, f"[{number}] {target_line(run.header)}")
        console.print()
        for table in _differences(runs, console.width):
            console.print(table)
            console.print()
        if stored is not None:
            line(console, f"report  {stored}")
            console.print()
    for number, run in enumerate(runs, start=1):
        if quiet:
            line(console, f"[{number}] {target_line(run.header)}")
        style = RUN_STYLES[run.footer.verdict] if run.footer else "bold red"
        lead = "   " if quiet else f"[{number}]"
        line(console, f"{lead} {scenario_counts(run)}; {denominators(run)}")
        sentences = sentence_list(run).sentences
        if sentences and not quiet:
            line(console, f"    {count_sentences(sentences)}")
        for words in _found_beside(run):
            line(console, f"    {words}")
        line(console, f"    {verdict_sentence(run)}{qualifiers(run)}", style)
        if not quiet:
            _print_causes(console, run)


def _found_beside(run: Run) -> Iterator[str]:
    """What random walks and learning found."""
    if run.footer and run.footer.walks:
        yield f"walks {run.footer.walks}"
    if run.footer and run.footer.learned:
        yield f"learned {run.footer.learned.says}"


def _print_causes(console: Console, run: Run) -> None:
    """What is broken in one run, by causes."""
    found = causes(run)
    for place, one in enumerate(found[:MOST_CAUSES], start=1):
        line(console, f"    {place}. {cause_words(one, run)}: {extent(one)}")
    if len(found) > MOST_CAUSES:
        line(console, f"    ... and {len(found) - MOST_CAUSES} more causes")


def _differences(runs: Sequence[Run], width: int) -> Iterator[Table]:
    """One row a clause that does not pass everywhere, one column a run.

    Where verdicts in words do not fit side by side there are signs alone, in as many
    tables as are needed.
    """
    clauses = zip(*(run.clauses for run in runs), strict=False)
    rows = [row for row in clauses if _differs(row, runs)]
    if not rows:
        return
    room = width - CLAUSE_WIDTH
    in_words = len(runs) * (WORD_WIDTH + GAP) <= room
    cell_width = WORD_WIDTH if in_words else SIGN_WIDTH
    most = max(1, room // (cell_width + GAP))
    for first in range(0, len(runs), most):
        places = range(first, min(first + most, len(runs)))
        yield _table(rows, places, cell_width, with_text=len(places) < most)


def _differs(row: Sequence[ClauseRecord], runs: Sequence[Run]) -> bool:
    """Whether a clause needs a row; runs without any verdict are left out."""
    verdicts = {
        record.verdict
        for record, run in zip(row, runs, strict=True)
        if any(clause.verdict not in NOTHING for clause in run.clauses)
    }
    return not (verdicts <= {Verdict.PASS} or verdicts <= NOTHING)


def _table(
    rows: Sequence[Sequence[ClauseRecord]],
    places: Sequence[int],
    cell_width: int,
    *,
    with_text: bool,
) -> Table:
    """The columns of some runs; `with_text` adds what a clause demands, cut to fit."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clause", no_wrap=True, min_width=CLAUSE_WIDTH)
    for place in places:
        table.add_column(f"[{place + 1}]", no_wrap=True, min_width=cell_width)
    if with_text:
        table.add_column("what must be observable", overflow="ellipsis", no_wrap=True)
    for row in rows:
        bold = "bold" if row[0].level is Level.REQUIRED else ""
        cells = [_cell(row[place].verdict, cell_width) for place in places]
        text = [Text(row[0].text)] if with_text else []
        table.add_row(Text(row[0].clause, style=bold), *cells, *text)
    return table


def _cell(verdict: Verdict | None, width: int) -> Text:
    word = verdict_word(verdict)
    sign = "" if verdict is None else GLYPHS[verdict]
    return Text(word if width == WORD_WIDTH else sign, style=STYLES[verdict])


def print_repeats(console: Console, repeats: Sequence[Sequence[Run]]) -> None:
    """Print whether the runs of each target ended alike, and what did not."""
    for rounds in repeats:
        runs = [safe_document(run) for run in rounds]
        changing = list(_changing(runs))
        target = target_line(runs[0].header)
        if len(runs) == 1:
            line(
                console, f"{target}: 1 run, and none to compare it with", "bold yellow"
            )
        elif not changing:
            line(console, f"{target}: {len(runs)} runs, all alike", "green")
        else:
            line(console, f"{target}: {len(runs)} runs, not alike", "bold yellow")
            for title, verdicts in changing:
                line(console, f"  {title}: {', '.join(verdicts)}")


def _changing(runs: Sequence[Run]) -> Iterator[tuple[str, list[str]]]:
    """The run, if it did not always end alike, and the scenarios that did not.

    A run that ended early did not reach all of them.
    """
    ends = [run.footer.verdict.value if run.footer else "INCOMPLETE" for run in runs]
    if len(set(ends)) > 1:
        yield "the run", ends
    found = [
        {_name(one): one.verdict for one in run.scenarios if not one.besides}
        for run in runs
    ]
    for name in dict.fromkeys(name for verdicts in found for name in verdicts):
        verdicts = [one[name].value if name in one else "not reached" for one in found]
        if len(set(verdicts)) > 1:
            yield name, verdicts


def _name(record: ScenarioRecord) -> str:
    example = f" [{record.example}]" if record.example else ""
    return f"{' '.join(record.clauses)} {record.title}{example}"
