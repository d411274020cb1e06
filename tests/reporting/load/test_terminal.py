"""Simulations on a terminal: verdict last, foreign text escaped."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from invitelab.formats.results import Checked, Detached, Estimate, Results, Violated
from invitelab.formats.several_results import Comparison, Difference, Sweep, SweepPoint
from invitelab.reporting.load.terminal import (
    bar,
    print_comparison,
    print_load,
    print_sweep,
)

STORED = Path("reports/desk/report.html")
HOSTILE = "\x1b[31m[bold]\u202e"


@pytest.fixture
def console() -> Console:
    """Give a console that records what is printed."""
    return Console(file=io.StringIO(), width=150, highlight=False, emoji=False)


def printed(console: Console) -> str:
    """Give what was printed, with ordinary spaces."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_verdict_comes_last(console: Console, steady: Results) -> None:
    """After the title, the outcomes, the delays and where the report is."""
    print_load(console, steady, STORED)
    lines = printed(console).splitlines()
    assert "Monday morning at a support desk" == lines[0]
    assert "report   reports/desk/report.html" == lines[-2]
    assert "MISSED - 2 of 4 objectives met, 1 missed, 1 undecided" == lines[-1]


def test_quiet_leaves_the_verdict_alone(console: Console, steady: Results) -> None:
    """On one line."""
    print_load(console, steady, STORED, quiet=True)
    assert 1 == len(printed(console).splitlines())


def test_every_objective_has_its_sign(console: Console, steady: Results) -> None:
    """Readable without colour."""
    print_load(console, steady, STORED)
    text = printed(console)
    assert [2, 1, 1] == [text.count(w) for w in ("✓ met", "✗ missed", "? undecided")]


@pytest.mark.parametrize("name", ["nothing", "one", "short", "huge"])
def test_any_run_can_be_printed(
    console: Console, make_results: Callable[[str], Results], name: str
) -> None:
    """Without samples, without intervals, with a billion of everything."""
    print_load(console, make_results(name), STORED)
    text = printed(console)
    assert "again    invitelab simulate support_desk --seed 1" in text
    assert "nan" not in text


def test_violations_and_detached_instruments_are_printed(
    console: Console, steady: Results
) -> None:
    """Broken invariants first, then instruments that were taken off."""
    checked = Checked(
        invitations=9,
        facts=9,
        violations=(Violated(invariant="ONE-END", at_us=1, message=HOSTILE),) * 7,
    )
    detached = (Detached(instrument="relay", error="ZeroDivisionError"),)
    wrong = steady.model_copy(update={"checked": checked, "detached": detached})
    print_load(console, wrong, STORED)
    text = printed(console)
    assert 5 == text.count("! ONE-END at 1 ")
    assert "! and 2 violations more: results.json has all" in text
    assert "! instrument relay detached: ZeroDivisionError" in text
    assert text.splitlines()[-1].endswith("7 broken invariants")


def test_names_are_neither_escapes_nor_markup(
    console: Console, make_hostile: Callable[[str], Results]
) -> None:
    """Nor do they change the direction of text."""
    hostile = make_hostile(HOSTILE)
    print_load(console, hostile, STORED)
    point = SweepPoint(value=HOSTILE, number=None, results=hostile)
    print_sweep(
        console,
        Sweep(title=HOSTILE, path=HOSTILE, points_planned=1, points=(point,)),
        STORED,
    )
    text = printed(console)
    assert "[31m[bold]Monday" in text
    assert set[str]() == {"\x1b", "\u202e"} & set(text)


def test_a_sweep_and_a_comparison_end_with_what_they_come_to(
    console: Console, steady: Results
) -> None:
    """After a line for each point and each figure."""
    point = SweepPoint(value="25/s", number=25, results=steady)
    print_sweep(
        console,
        Sweep(title="Rates", path="rate", points_planned=1, points=(point,)),
        STORED,
    )
    assert "25/s" in printed(console)
    one = Difference(
        metric="accepted",
        statistic="share",
        unit="1",
        a=0.5,
        b=0.6,
        difference=Estimate(mean=0.1, low=0.05, high=0.15),
        significant=True,
    )
    both = Comparison(
        a="x",
        b="y",
        seed_a=1,
        seed_b=1,
        paired=True,
        changed={"relay.servers": ("8", "4")},
        differences=(one,),
    )
    print_comparison(console, both, STORED)
    text = printed(console)
    assert "relay.servers: 8 -> 4" in text
    assert text.splitlines()[-1].endswith(
        "In y, accepted share is 0.1 higher (better)."
    )


@pytest.mark.parametrize(
    ("part", "width"), [(0, 0), (1e-9, 1), (0.5, 4), (1, 8), (7, 8), (-1, 0)]
)
def test_a_bar_is_as_long_as_its_part(part: float, width: int) -> None:
    """A part above zero has at least an eighth of a column."""
    assert width == len(bar(part, 8))
