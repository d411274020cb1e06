"""A run on a terminal and in a pipe: the verdict last, and a target's words as text."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.sentences import OTHER_SUITE
from invitelab.reporting.conformance.terminal import (
    MOST_FAILURES,
    MOST_SENTENCES,
    RUN_STYLES,
    STYLES,
    WIDE,
    print_run,
    report_console,
)

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]

STORED = Path("run.jsonl")
CLOCK = ", clock virtual (proven)"
SENTENCE = (
    "NON-CONFORMANT: the implementation crashes where PENDING-2 is tried, and 1 more"
    " clause is broken"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def piped(run: Run, *, quiet: bool = False) -> str:
    """Print to something that is no terminal."""
    stream = io.StringIO()
    console = Console(file=stream, width=WIDE, highlight=False, emoji=False)
    print_run(console, run, stored=STORED, quiet=quiet)
    return stream.getvalue()


def coloured(run: Run) -> str:
    """Print to something that claims to be one."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=WIDE, highlight=False, emoji=False, force_terminal=True
    )
    print_run(console, run, stored=STORED)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the caller's terminal wants does not count."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


# What is printed


def test_the_verdict_comes_last(mixed: Run) -> None:
    """After the totals; the target and the suite come first."""
    lines = piped(mixed).splitlines()
    assert "target  cmd:./acme --stdio (acme 2.3)" == lines[0]
    assert lines[1].startswith("suite   invitelab 0.1.0")
    assert lines[-3].startswith("7 scenarios: ")
    assert lines[-2].startswith("required 1/44 - ")
    assert f"NON-CONFORMANT (EXPIRY-2, PENDING-2){CLOCK}" == lines[-1]


def test_the_verdict_opens_as_a_sentence_with_what_is_not_in_order(
    mixed: Run,
) -> None:
    """Causes, then sentences, the worst first; what was not selected has none."""
    lines = piped(mixed).splitlines()
    assert [
        "",
        SENTENCE,
        "1. the implementation crashes where PENDING-2 is tried: seen in 1 scenario",
        (
            "2. an accept after the two minutes still starts a session (EXPIRY-2): seen"
            " in 1 scenario"
        ),
        "",
    ] == lines[2:7]
    place = next(n for n, line in enumerate(lines) if line.startswith("x  24"))
    assert [
        "x  24  The invitation is over two minutes after it was sent. (EXPIRY-2)",
        (
            "!  23  The inviter can change or cancel the invitation as long as it is"
            " pending. (PENDING-2)"
        ),
        (
            "0 of 26 sentences hold, 2 do not, 19 are not tried in full and 5 demand"
            " nothing"
        ),
        "",
    ] == lines[place : place + 4]


def test_sentences_beyond_the_limit_are_counted(
    make_run: MakeRun, record: Record, mixed: Run
) -> None:
    """Ten lines are enough of them; a whole run has lines for what was not tried."""
    run = make_run([record(clause.clause) for clause in mixed.clauses])
    lines = piped(run).splitlines()
    shown = [line for line in lines if re.match(r"x +\d+  ", line)]
    assert MOST_SENTENCES == len(shown)
    assert f"... and {21 - MOST_SENTENCES} more" in lines
    assert mixed.footer is not None
    footer = mixed.footer.model_copy(update={"whole": True})
    whole = piped(mixed.model_copy(update={"footer": footer})).splitlines()
    assert 8 == sum(re.match(r"\. +\d+  ", line) is not None for line in whole)


def test_a_part_without_a_whole_sentence_has_none_to_count(
    make_run: MakeRun, record: Record
) -> None:
    """One that has all clauses of a sentence counts it."""
    run = make_run([record("EXPIRY-1", Verdict.PASS)], selected_all=False)
    assert "sentences" not in piped(run)
    run = make_run([record("EMAIL-5", Verdict.PASS)], selected_all=False)
    assert "1 of 26 sentences holds, 20 are not tried in full" in piped(run)


def test_a_run_of_another_suite_has_no_sentences(mixed: Run) -> None:
    """A line says so."""
    text = piped(mixed.model_copy(update={"clauses": mixed.clauses[1:]}))
    assert f"\n{OTHER_SUITE}\n\n" in text
    assert "of 26 sentences" not in text


def test_the_clauses_that_are_not_in_order_have_rows(mixed: Run) -> None:
    """The others are counted."""
    judged = [
        line.split()[0]
        for line in piped(mixed).splitlines()
        if re.match(r"[A-Z]+-\d+ ", line)
    ]
    assert ["PENDING-1", "PENDING-2", "EXPIRY-2", "EXPIRY-6"] == judged
    assert "1 clause holds" in piped(mixed).splitlines()


def test_where_else_a_clause_fails_is_not_cut_off(
    make_run: MakeRun, record: Record
) -> None:
    """What it demands is long, and cut instead."""
    fields = {"verdict": Verdict.BLOCKED, "blocked_by": "EXPIRY-2"}
    blocked = record("SESSION-1").model_copy(update=fields)
    run = make_run([record("EXPIRY-2", Verdict.PASS), blocked])
    clauses = [one.model_copy(update={"text": "long " * 40}) for one in run.clauses]
    lines = piped(run.model_copy(update={"clauses": tuple(clauses)})).splitlines()
    assert any("1/1 and 1 other fails  x  fail " in line for line in lines)


def test_a_scenario_of_each_cause_is_shown(mixed: Run) -> None:
    """In their order; then what differs or is open."""
    lines = piped(mixed).splitlines()
    starts = ("! PE", "x EX", "~ EX", "? PE")
    places = [next(n for n, line in enumerate(lines) if line[:4] == s) for s in starts]
    assert sorted(places) == places
    assert 4 == sum(line.startswith("  repro ") for line in lines)


def test_the_worst_of_a_clause_stands_for_all(
    make_run: MakeRun, record: Record
) -> None:
    """The others rarely show more; they are counted."""
    records = [record(title=f"Title {number}") for number in range(5)]
    text = piped(make_run(records))
    assert 1 == text.count("  repro ")
    assert "Title 0" in text
    assert "... and 4 more: report.md has them all" in text


def test_failures_beyond_the_limit_are_counted(
    make_run: MakeRun, record: Record, mixed: Run
) -> None:
    """A wrong implementation fails everywhere."""
    records = [record(clause.clause) for clause in mixed.clauses]
    text = piped(make_run(records))
    assert MOST_FAILURES == text.count("  repro ")
    assert f"... and {79 - MOST_FAILURES} more" in text


def test_scenarios_that_could_not_be_tried_are_counted(
    make_run: MakeRun, record: Record
) -> None:
    """One that alone shows the clause that blocks it is a failure already."""
    fields = {"blocked_by": "PENDING-1", "message": "refused"}
    blocked = record("SESSION-3", Verdict.BLOCKED).model_copy(update=fields)
    told = "1 scenario could not be tried because of PENDING-1"
    assert told in piped(make_run([record("PENDING-1"), blocked])).splitlines()
    assert told not in piped(make_run([blocked]))


def test_quiet_leaves_the_totals_and_the_verdict(mixed: Run) -> None:
    """As a sentence; and a hint, where something kept the run from running."""
    lines = piped(mixed, quiet=True).splitlines()
    assert piped(mixed).splitlines()[-3:-1] == lines[:-1]
    assert f"{SENTENCE}{CLOCK}" == lines[-1]
    header = mixed.header.model_copy(update={"problem": "no", "hint": "try this"})
    hindered = mixed.model_copy(update={"header": header})
    assert [SENTENCE, "hint    try this"] == piped(hindered, quiet=True).splitlines()[
        :2
    ]


def test_last_lines_are_shown_once(mixed: Run) -> None:
    """A hint that quotes them is left out; one with more is not."""
    problem = {"problem": "no", "stderr": "starting\nno licence"}

    def lines(hint: str) -> list[str]:
        header = mixed.header.model_copy(update={**problem, "hint": hint})
        run = mixed.model_copy(update={"header": header})
        return piped(run, quiet=True).splitlines()

    last = ["stderr  starting", "stderr  no licence"]
    assert [SENTENCE, *last, *piped(mixed, quiet=True).splitlines()] == lines(
        "its last line on stderr: no licence"
    )
    assert [SENTENCE, *last, "hint    buy one"] == lines("buy one")[:4]


def test_a_clause_is_cut_off_on_a_terminal_alone(mixed: Run) -> None:
    """In a pipe its text is whole, however long it is."""
    (one,) = [clause for clause in mixed.clauses if clause.verdict is Verdict.FAIL][:1]
    long = one.model_copy(update={"text": f"{'long ' * 60}end"})
    rest = [clause for clause in mixed.clauses if clause is not one]
    run = mixed.model_copy(update={"clauses": (long, *rest)})
    assert f"{'long ' * 60}end" in piped(run)


def test_a_run_of_nothing_has_no_table(make_run: MakeRun) -> None:
    """Nor a failure."""
    text = piped(make_run([]))
    assert "what must be observable" not in text
    assert text.endswith(f"INVALID (nothing was selected){CLOCK}\n")


def test_a_run_without_an_end_is_incomplete(mixed: Run) -> None:
    """Its verdict shows that."""
    text = piped(mixed.model_copy(update={"footer": None}))
    assert text.endswith("INCOMPLETE (the run has no end)\n")


# How


def test_in_a_pipe_there_are_no_escapes(mixed: Run) -> None:
    """Nor anything else that is not to be seen."""
    assert piped(mixed).replace("\n", "").isprintable()


def test_on_a_terminal_there_are_colours(mixed: Run) -> None:
    """The words are the same."""
    assert COLOUR.search(coloured(mixed))
    plain = ESCAPE.sub("", coloured(mixed))
    assert piped(mixed) == plain


def test_no_color_is_heeded(mixed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal too."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(coloured(mixed))


def test_every_verdict_has_a_style() -> None:
    """Of a clause and of a run."""
    assert {*Verdict, None} == set(STYLES)
    assert 5 == len(RUN_STYLES)


def test_a_pipe_is_wide_enough_for_a_clause(
    capsys: pytest.CaptureFixture[str], mixed: Run
) -> None:
    """What is read by no window is cut by none."""
    console = report_console()
    print_run(console, mixed, stored=STORED)
    assert WIDE == console.width
    assert "…" not in capsys.readouterr().out


def test_a_long_line_is_not_wrapped(make_run: MakeRun, record: Record) -> None:
    """A path or a command must be copied in one piece."""
    long = "x" * 1000
    assert long in piped(make_run([record(message=long)]))


MARKUP = "[red]a[/red] [link=http://x]b[/link] [/] :smile: https://x 127.0.0.1 {'a': 1}"


def test_what_looks_like_markup_is_text(
    make_run: MakeRun, record: Record, mixed: Run
) -> None:
    """In a message, in what was exchanged, in a name, in a reason and in a hint."""
    assert mixed.footer is not None
    header = mixed.header.model_copy(
        update={
            "target": MARKUP,
            "implementation": MARKUP,
            "problem": MARKUP,
            "hint": MARKUP,
        }
    )
    run = make_run([record(message=MARKUP, title=MARKUP)], header=header)
    footer = mixed.footer.model_copy(update={"reason": MARKUP})
    text = piped(run.model_copy(update={"footer": footer}))
    assert f"target  {MARKUP} ({MARKUP})\n" in text
    assert f". client.menu client=Ada -> refused {MARKUP}\n" in text
    assert f"x    {MARKUP}      clock: " in text
    assert f"hint    {MARKUP}\n" in text
    assert text.endswith(f"NON-CONFORMANT ({MARKUP}){CLOCK}\n")
    assert ESCAPE.sub("", coloured(run)) == piped(run)
