"""Several runs fit on a terminal, and what is not alike is named."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.conformance.features.clauses import load
from invitelab.formats.run import Run, ScenarioRecord, Verdict
from invitelab.reporting.conformance.markdown import comparison_markdown
from invitelab.reporting.conformance.side_by_side import print_repeats, print_runs

Make = Callable[[Verdict], Run]
MakeRun = Callable[[Sequence[ScenarioRecord]], Run]
Record = Callable[[str, Verdict], ScenarioRecord]


@pytest.fixture
def ending(make_run: MakeRun, record: Record) -> Make:
    """Make a run of two clauses, one of which ends so."""

    def make(verdict: Verdict) -> Run:
        other = Verdict.NOT_RUN if verdict is Verdict.NOT_RUN else Verdict.PASS
        return make_run([record("EXPIRY-1", other), record("EXPIRY-2", verdict)])

    return make


def printed(runs: Sequence[Run], *, width: int = 120, quiet: bool = False) -> list[str]:
    """Give the lines on a terminal of that width."""
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    print_runs(console, runs, stored=Path("there/report.html"), quiet=quiet)
    return stream.getvalue().splitlines()


def repeated(*runs: Run) -> list[str]:
    """Give the lines on the runs of one target."""
    stream = io.StringIO()
    print_repeats(Console(file=stream, width=120), [runs])
    return stream.getvalue().splitlines()


def rows(lines: Sequence[str]) -> list[str]:
    """Give those of the table."""
    return [line for line in lines if line.startswith(tuple(load()))]


def test_only_what_is_not_green_everywhere_has_a_row(ending: Make) -> None:
    """With the verdict of each run in words, and the text of the clause."""
    lines = printed([ending(Verdict.PASS), ending(Verdict.FAIL)])
    (row,) = rows(lines)
    words = ["EXPIRY-2", "ok", "pass", "x", "fail"]
    assert words == row.split()[: len(words)]
    assert load()["EXPIRY-2"].text[:20] in row
    assert "report  there/report.html" in lines


def test_where_all_is_green_there_is_no_table(ending: Make) -> None:
    """Two verdicts are enough."""
    lines = printed([ending(Verdict.PASS), ending(Verdict.PASS)])
    assert not any("clause " in line for line in lines)


def test_each_run_says_its_verdict_and_counts_its_sentences(ending: Make) -> None:
    """A target that did not start has none."""
    runs = [ending(Verdict.FAIL), ending(Verdict.NOT_RUN)]
    lines = printed(runs, width=200)
    assert (
        "    NON-CONFORMANT: an accept after the two minutes still starts a session"
        " (EXPIRY-2), clock virtual (proven)"
    ) in lines
    counted = [line for line in lines if " of 26 sentences" in line]
    assert 1 == len(counted)
    assert not any("sentences" in line for line in printed(runs, quiet=True))


def test_quiet_leaves_the_verdicts(ending: Make) -> None:
    """No table, and no word of the page."""
    lines = printed([ending(Verdict.PASS), ending(Verdict.FAIL)], quiet=True)
    text = "\n".join(lines)
    assert "NON-CONFORMANT" in text
    assert not rows(lines)
    assert "report" not in text


def test_a_run_that_shows_nothing_is_no_reason_for_a_row(ending: Make) -> None:
    """A target that did not start would fill the screen with all clauses."""
    assert not rows(printed([ending(Verdict.PASS), ending(Verdict.NOT_RUN)]))


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("count", [2, 5, 20])
def test_every_run_has_its_column_however_many_there_are(
    ending: Make, count: int, width: int
) -> None:
    """In as many tables as it takes; each row begins with its clause."""
    runs = [ending(Verdict.FAIL) for _ in range(count)]
    lines = printed(runs, width=width)
    headings = " ".join(line for line in lines if line.startswith("clause "))
    missing = [place for place in range(1, count + 1) if f"[{place}]" not in headings]
    assert not missing
    assert count == sum(row.split().count("x") for row in rows(lines))
    table = [line for line in lines if line.startswith(("clause ", "EXPIRY-"))]
    assert all(len(line) <= width for line in table)


def test_runs_that_ended_alike_are_reported_as_such(ending: Make) -> None:
    """In one line."""
    (line,) = repeated(ending(Verdict.FAIL), ending(Verdict.FAIL))
    assert line.endswith(": 2 runs, all alike")


def test_what_changes_is_named_with_every_verdict(ending: Make) -> None:
    """In the order of the runs; and so is the verdict of the whole."""
    lines = repeated(*map(ending, (Verdict.PASS, Verdict.FAIL, Verdict.PASS)))
    assert lines[0].endswith(": 3 runs, not alike")
    assert [
        "  the run: INCONCLUSIVE, NON-CONFORMANT, INCONCLUSIVE",
        "  EXPIRY-2 It cannot be accepted: pass, fail, pass",
    ] == lines[1:]


def test_what_a_scenario_shows_about_other_clauses_is_none(
    make_run: MakeRun, record: Record
) -> None:
    """Its own record says how it has ended."""
    ended = [record("EXPIRY-2", one) for one in (Verdict.PASS, Verdict.FAIL)]
    blocked = {"verdict": Verdict.BLOCKED, "blocked_by": "NOTIFY-1", "besides": True}
    besides = ended[0].model_copy(update=blocked)
    lines = repeated(*(make_run([one, besides]) for one in ended))
    assert "  EXPIRY-2 It cannot be accepted: pass, fail" in lines


def test_a_run_that_ended_early_is_not_alike(ending: Make) -> None:
    """Although it is, as far as it goes."""
    whole = ending(Verdict.FAIL)
    short = whole.model_copy(update={"scenarios": whole.scenarios[:1]})
    lines = repeated(whole, short)
    assert ["  EXPIRY-2 It cannot be accepted: fail, not reached"] == lines[1:]


def test_one_run_is_not_called_alike(ending: Make) -> None:
    """Where the others have left no result there is nothing to compare."""
    (line,) = repeated(ending(Verdict.PASS))
    assert line.endswith(": 1 run, and none to compare it with")


def test_what_walks_found_is_shown_of_each(ending: Make) -> None:
    """Of those that were walked on."""
    run = ending(Verdict.PASS)
    assert run.footer is not None
    footer = run.footer.model_copy(update={"walks": "20 with seed 0: *nothing*"})
    both = [run, run.model_copy(update={"footer": footer})]
    found = [line for line in printed(both, quiet=True) if "seed" in line]
    assert ["    walks 20 with seed 0: *nothing*"] == found
    written = comparison_markdown(both).splitlines()
    found = [line for line in written if "seed" in line]
    assert ["  - Random walks: 20 with seed 0: \\*nothing\\*"] == found
