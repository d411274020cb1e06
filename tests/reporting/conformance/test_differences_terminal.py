"""Two runs on a terminal: what they come to stands last."""

import io
from collections.abc import Callable

from rich.console import Console

from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.formats.specification import load
from invitelab.reporting.conformance.differences import Change, Differences, differences
from invitelab.reporting.conformance.differences_terminal import (
    CHANGE_STYLES,
    MOST_NAMED,
    MOST_SENTENCES,
    print_differences,
)
from invitelab.reporting.conformance.terminal import WIDE

Record = Callable[..., ScenarioRecord]
MakeRun = Callable[..., Run]

HOSTILE = "\x1b[31m[red]a[/red]\u202e\n:smile:"
SHOWN = r"\x1b[31m[red]a[/red]\u202e\n:smile:"


def printed(found: Differences, *, quiet: bool = False) -> list[str]:
    """Print to something that is no terminal; the lines without trailing spaces."""
    stream = io.StringIO()
    console = Console(file=stream, width=WIDE, highlight=False, emoji=False)
    print_differences(console, found, ("old", "new"), quiet=quiet)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_what_became_worse_is_shown(make_run: MakeRun, record: Record) -> None:
    """The runs, the clauses, the scenarios, the counts, and the result."""
    crash = record("EXPIRY-3", Verdict.ERROR, title="Another")
    a = make_run([record(verdict=Verdict.PASS), crash])
    b = make_run([record(), crash.model_copy(update={"kind": "hang"})])
    lines = printed(differences(a, b))
    assert lines[0].startswith("A  old   NON-CONFORMANT (EXPIRY-3)")
    assert lines[1].startswith("B  new   NON-CONFORMANT (EXPIRY-2, EXPIRY-3)")
    assert ["EXPIRY-2", "ok", "pass", "x", "fail", "worse"] == lines[4].split()[:6]
    assert [
        "EXPIRY-2  ok pass          x  fail         worse     It cannot be accepted",
        "EXPIRY-3  !  error: crash  !  error: hang  other     Another",
    ] == lines[7:9]
    assert "2 scenarios in both: 0 the same, 1 worse, 0 better, 1 other" == lines[-2]
    assert "WORSE (EXPIRY-2)" == lines[-1]


def test_sentences_that_changed_come_first(make_run: MakeRun, record: Record) -> None:
    """Those that no longer hold before those that hold now; of many, the first few."""

    def run(*failing: str) -> Run:
        return make_run(
            [
                record(id_, Verdict.FAIL if id_ in failing else Verdict.PASS)
                for id_ in load()
            ]
        )

    found = differences(run("EMAIL-5"), run("EXPIRY-2", "EXPIRY-3", "TILE-1"))
    assert [
        (
            "2 sentences no longer hold: The invitation is over two minutes after it"
            " was sent. (24); Invite in the context menu of a contact's tile starts an"
            " invitation, in each of the four lists. (26)"
        ),
        "1 sentence holds now: A link below the own ID starts the email. (9)",
    ] == printed(found)[:2]
    assert 2 == len(printed(found, quiet=True))
    line = printed(differences(run(), run(*load())))[0]
    assert line.startswith("21 sentences no longer hold: ")
    assert line.endswith(f"; and {21 - MOST_SENTENCES} more")


def test_what_became_better_is_shown(make_run: MakeRun, record: Record) -> None:
    """By clause."""
    a, b = make_run([record()]), make_run([record(verdict=Verdict.PASS)])
    assert "NO WORSE (better: EXPIRY-2)" == printed(differences(a, b))[-1]


def test_equal_runs_take_few_lines(make_run: MakeRun, record: Record) -> None:
    """No table, and no reason; a failure that stays is no worse."""
    run = make_run([record(title="one"), record(title="two")])
    lines = printed(differences(run, run))
    assert ["", "2 scenarios in both: 2 the same, 0 worse, 0 better, 0 other"] == (
        lines[2:4]
    )
    assert ["NO WORSE"] == lines[4:]


def test_quiet_leaves_what_they_come_to(make_run: MakeRun, record: Record) -> None:
    """The same two lines."""
    found = differences(make_run([record(verdict=Verdict.PASS)]), make_run([record()]))
    assert printed(found)[-2:] == printed(found, quiet=True)


def test_another_suite_is_named(mixed: Run) -> None:
    """Among the differences, and with the counts."""
    header = mixed.header.model_copy(update={"suite": "ba9876543210"})
    lines = printed(differences(mixed, mixed.model_copy(update={"header": header})))
    assert "   suite: 0123456789ab -> ba9876543210" in lines
    assert lines[-2].endswith("0 other - of different suites")


def test_new_and_missing_scenarios_are_named(make_run: MakeRun, record: Record) -> None:
    """Some of them, and how many."""
    old = [record(title=f"Old {number}") for number in range(MOST_NAMED + 2)]
    lines = printed(differences(make_run(old), make_run([record(title="New")])))
    assert "new   x fail   EXPIRY-2   New" in lines
    assert "gone  x fail   EXPIRY-2   Old 0" in lines
    assert f"gone  x fail   EXPIRY-2   Old {MOST_NAMED}" not in lines
    assert "gone  and 2 more" in lines
    assert lines[-2].endswith(f"0 other - 1 new - {MOST_NAMED + 2} gone")


def test_a_run_that_says_nothing_is_named(make_run: MakeRun, record: Record) -> None:
    """With its verdict."""
    a, b = make_run([record(verdict=Verdict.PASS)]), make_run([])
    line = printed(differences(a, b))[-1]
    assert line.startswith("WORSE (B says nothing: INVALID (nothing was selected)")


def test_what_a_file_says_is_text(make_run: MakeRun, record: Record) -> None:
    """Neither markup nor an escape, and one line stays one."""
    header = make_run([]).header
    hostile = header.model_copy(update={"target": HOSTILE, "implementation": HOSTILE})
    a = make_run([record(title=HOSTILE, verdict=Verdict.PASS), record(title="b")])
    b = make_run([record(title=HOSTILE)], header=hostile)
    lines = printed(differences(a, b))
    assert f"   calls itself: acme 2.3 -> {SHOWN}" in lines
    assert any(line.endswith(f"worse     {SHOWN}") for line in lines)
    assert "".join(lines).isprintable()


def test_every_change_has_a_style() -> None:
    """On a terminal."""
    assert set(Change) == set(CHANGE_STYLES)
