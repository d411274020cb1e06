"""A run on a terminal: the verdict, what is broken, the specification, the clauses."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from invitelab.formats.exchanges import OUTSIDE, Played, key_of
from invitelab.formats.exchanges import Key as CallsKey
from invitelab.formats.run import Level, Run, RunVerdict, Verdict
from invitelab.formats.transcript import GLYPHS, transcript
from invitelab.reporting.common.safe_document import safe_document
from invitelab.reporting.conformance.cause_text import (
    beyond_causes,
    cause_words,
    extent,
    untried_words,
)
from invitelab.reporting.conformance.causes import causes
from invitelab.reporting.conformance.matrix import NOT_IN_ORDER, passed_of
from invitelab.reporting.conformance.raw_calls import raw_calls, raw_lines
from invitelab.reporting.conformance.sentences import (
    Standing,
    count_sentences,
    sentence_list,
    worst_first,
)
from invitelab.reporting.conformance.summary import (
    coverage_line,
    denominators,
    qualifiers,
    scenario_counts,
    settling_hint,
    suite_line,
    target_line,
    verdict_line,
    verdict_word,
)
from invitelab.reporting.conformance.verdict_sentence import verdict_sentence

STYLES: dict[Verdict | None, str] = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.ERROR: "bold red",
    Verdict.DEVIATION: "yellow",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.BLOCKED: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.NOT_RUN: "dim",
    None: "dim",
}
RUN_STYLES = {
    RunVerdict.CONFORMANT: "bold green",
    RunVerdict.PARTIAL: "bold yellow",
    RunVerdict.INCONCLUSIVE: "bold yellow",
    RunVerdict.NON_CONFORMANT: "bold red",
    RunVerdict.INVALID: "bold red",
}
JUDGED = frozenset(Verdict) - {Verdict.NOT_RUN}
MOST_FAILURES = 10
MOST_SENTENCES = 10
MOST_LAST_WORDS = 12
"""Lines of what a target wrote to stderr before it could not be used."""

WIDE = 150
"""Columns where there is no window: in a file, a pipe or a log."""

MOST_COLUMNS = 10_000
"""Columns that a table may take there, so that no clause is cut off."""


class PipeSafeConsole(Console):
    """A console whose reader may close the pipe: the run and its exit code stay."""

    def on_broken_pipe(self) -> None:
        """Write nothing more; the exit code stays that of the run."""
        self.quiet = True
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def report_console() -> Console:
    """Stdout: as wide as the terminal, or wide enough for a whole clause."""
    console = PipeSafeConsole(highlight=False, emoji=False)
    return (
        console
        if console.is_terminal
        else PipeSafeConsole(highlight=False, emoji=False, width=WIDE)
    )


Calls = Mapping[CallsKey, Played]


def print_run(
    console: Console,
    run: Run,
    *,
    stored: Path | None,
    quiet: bool = False,
    calls: Calls | None = None,
) -> None:
    """Print the run, the verdict first and last; `quiet`: that and the totals alone.

    `calls` are printed with the failures that they belong to; None: not wanted.
    """
    run = safe_document(run)
    style = RUN_STYLES[run.footer.verdict] if run.footer else "bold red"
    if not quiet:
        line(console, f"target  {target_line(run.header)}")
        line(console, f"suite   {suite_line(run.header)}")
        console.print()
        line(console, verdict_sentence(run), style)
        _print_failures(console, run, calls)
        _print_sentences(console, run)
        console.print()
        _print_clauses(console, run)
        if stored is not None:
            line(console, f"report  {stored}")
    _print_problem(console, run, quiet=quiet)
    settling = settling_hint(run.header)
    if settling is not None and not quiet:
        line(console, f"hint    {settling}", "yellow")
    if run.footer and run.footer.walks:
        line(console, f"walks   {run.footer.walks}")
    if run.footer and run.footer.learned:
        line(console, f"learned {run.footer.learned.says}")
    for sentence in run.footer.stale if run.footer else ():
        line(console, f"stale   {sentence}", "bold red")
    tried = coverage_line(run)
    if tried is not None and not quiet:
        line(console, f"tried   {tried}")
    line(console, scenario_counts(run))
    line(console, denominators(run))
    last = f"{verdict_sentence(run)}{qualifiers(run)}" if quiet else verdict_line(run)
    line(console, last, style)


def _print_problem(console: Console, run: Run, *, quiet: bool) -> None:
    """What kept the run from running, unless it is above; then what to do about it."""
    last_words = run.header.stderr.splitlines()[-MOST_LAST_WORDS:]
    if quiet and run.header.problem and (last_words or run.header.hint):
        line(console, verdict_sentence(run), RUN_STYLES[RunVerdict.INVALID])
    for text in last_words:
        line(console, f"stderr  {text}")
    hint = run.header.hint if run.header.problem else None
    # A hint that only repeats the last line is left out.
    if hint and not (last_words and hint.endswith(last_words[-1])):
        line(console, f"hint    {hint}", "yellow")


def print_walk(console: Console, feature: str, stored: Path) -> None:
    """Print what random walks found, ready to be pasted below a rule of a feature."""
    for text in feature.splitlines():
        line(console, text)
    line(console, f"walk    {stored}\n")


def _print_sentences(console: Console, run: Run) -> None:
    """The sentences of the specification that do not hold in full, the worst first."""
    shown = sentence_list(run)
    if shown.note:
        line(console, shown.note, "yellow")
    if not shown.sentences:
        return
    # What was left out on purpose needs no line.
    whole = run.footer is not None and run.footer.whole
    left_out = set[Standing]() if whole else {Standing.UNTESTED}
    noted = [
        one for one in worst_first(shown.sentences) if one.standing not in left_out
    ]
    for one in noted[:MOST_SENTENCES]:
        sign = GLYPHS[one.verdict or Verdict.NOT_RUN]
        number, text = one.sentence.number, one.sentence.text
        words = f"{sign:<2} {number:>2}  {text} ({', '.join(one.decisive)})"
        line(console, words, STYLES[one.verdict])
    if len(noted) > MOST_SENTENCES:
        line(console, f"... and {len(noted) - MOST_SENTENCES} more", "yellow")
    # Of a part there may be nothing to count.
    if whole or noted or any(one.standing is Standing.HOLDS for one in shown.sentences):
        line(console, count_sentences(shown.sentences))


def _print_clauses(console: Console, run: Run) -> None:
    """The clauses that are not in order, and how many hold."""
    if any(one.verdict in NOT_IN_ORDER for one in run.clauses):
        _print_whole(console, clause_table(run))
    held = sum(one.verdict is Verdict.PASS for one in run.clauses)
    if held:
        line(console, f"{held} {'clause holds' if held == 1 else 'clauses hold'}")
    if any(one.verdict in JUDGED for one in run.clauses):
        console.print()


def _print_whole(console: Console, table: Table) -> None:
    """Print a table; where there is no window, as wide as it is."""
    width = console.width
    if not console.is_terminal:
        options = console.options.update(width=MOST_COLUMNS)
        needed = Measurement.get(console, options, table).maximum
        console.width = max(width, needed)
    console.print(table)
    console.width = width


def clause_table(run: Run) -> Table:
    """One row for each clause that is not in order."""
    noted = [one for one in run.clauses if one.verdict in NOT_IN_ORDER]
    passed = max([6, *(len(passed_of(clause, run)) for clause in noted)])
    widths = {"clause": 12, "level": 14, "passed": passed, "verdict": 14}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, width in widths.items():
        table.add_column(title, no_wrap=True, min_width=width)
    table.add_column("what must be observable", overflow="ellipsis", no_wrap=True)
    for clause in noted:
        required = clause.level is Level.REQUIRED
        table.add_row(
            Text(clause.clause, style="bold" if required else ""),
            clause.level.value,
            passed_of(clause, run),
            Text(verdict_word(clause.verdict), style=STYLES[clause.verdict]),
            Text(clause.text),
        )
    return table


def _print_failures(console: Console, run: Run, calls: Calls | None) -> None:
    """What is broken, by causes, with a scenario of each; then what differs."""
    if calls is not None and run.header.problem:
        _print_calls(console, calls, OUTSIDE)
    found = causes(run)
    if len(found) == 1:  # the sentence before has named it
        line(console, extent(found[0]))
    for number, one in enumerate(found if len(found) > 1 else (), start=1):
        line(console, f"{number}. {cause_words(one, run)}: {extent(one)}")
    # One failure a cause, and a clause: the others of it rarely show more.
    rest = beyond_causes(run, found)
    firsts = {record.clauses: record for record in reversed(rest)}
    chosen = [one.records[0] for one in found] + list(firsts.values())[::-1]
    chosen = chosen[:MOST_FAILURES]
    if chosen:
        console.print()
    for record in chosen:
        first, *others = transcript(record, run.header)
        line(console, first, STYLES[record.verdict])
        for text in others:
            line(console, text)
        _print_calls(console, calls, key_of(record))
        console.print()
    more = len(rest) + sum(len(one.records) for one in found) - len(chosen)
    if more:
        line(console, f"... and {more} more: report.md has them all\n", "yellow")
    untried = untried_words(run)
    if untried is not None:
        line(console, f"{untried}\n", "yellow")


def _print_calls(console: Console, calls: Calls | None, key: CallsKey) -> None:
    """The bytes of the calls of a scenario, if they are wanted and known."""
    if calls is None:
        return
    raw = raw_calls(calls.get(key))
    line(console, f"  trace   {raw.count}" if raw else "  trace   no calls were made")
    for text in raw_lines(raw) if raw else ():
        line(console, text, "dim" if " > " in text[:16] else "")


def line(console: Console, text: str, style: str = "") -> None:
    """Print plain text: it is neither read as markup nor wrapped."""
    console.print(Text(text, style=style), soft_wrap=True)
