"""Simulations as Markdown: verdict first, foreign text escaped."""

from collections.abc import Callable

from invitelab.formats.results import Results
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.markdown import markdown
from invitelab.reporting.load.tables import Table

CHART = Chart(
    name="relay",
    title="The relay",
    description="It was *full*.",
    picture=None,
    table=Table(columns=("a",), rows=()),
)


def test_the_verdict_stands_under_the_title(steady: Results) -> None:
    """With all denominators."""
    lines = markdown(steady, ()).splitlines()
    assert "# Monday morning at a support desk" == lines[0]
    assert "**MISSED - 2 of 4 objectives met, 1 missed, 1 undecided**" == lines[2]


def test_every_objective_and_outcome_has_a_row(steady: Results) -> None:
    """Of as many cells as the table has columns."""
    rows = [line for line in markdown(steady, ()).splitlines() if line[:1] == "|"]
    assert 2 + len(steady.objectives) + 2 + 6 == len(rows)
    assert {5} == {row.replace("\\|", "").count("|") for row in rows}


def test_a_chart_without_a_picture_has_no_link(steady: Results) -> None:
    """It has its description."""
    text = markdown(steady, (CHART,))
    assert "## The relay\n\nIt was \\*full\\*.\n" in text
    assert "![" not in text


def test_hostile_names_are_text(make_hostile: Callable[[str], Results]) -> None:
    """Neither HTML nor a link nor a table nor an escape."""
    title = markdown(make_hostile("<img>|[x](y)`\x1b[2J"), ()).splitlines()[0]
    assert title.startswith("# &lt;img>\\|\\[x\\](y)\\`\\[2JMonday")
