"""Grids and searches in words: what is missed, what was found, and what was not."""

from collections.abc import Callable

import pytest

from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.formats.several_results import Search, SearchEnd, Sweep, SweepPoint
from invitelab.reporting.load.charts import grid
from invitelab.reporting.load.charts.base import Chart
from invitelab.reporting.load.grid_text import (
    cell_text,
    grid_rows,
    grid_text,
    has_point_pages,
    point_page,
    search_text,
)
from invitelab.reporting.load.objective_text import statement
from invitelab.reporting.load.plotting.canvas import house_style

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED


@pytest.fixture
def steady(make_results: Callable[[str], Results]) -> Results:
    """Give a run with several objectives."""
    return make_results("steady")


def judged(results: Results, *verdicts: ObjectiveVerdict) -> Results:
    """Give these verdicts to the first objectives, and leave the others out."""
    pairs = zip(results.objectives, verdicts, strict=False)
    objectives = tuple(
        one.model_copy(update={"verdict": verdict}) for one, verdict in pairs
    )
    return results.model_copy(update={"objectives": objectives})


@pytest.fixture
def two_by_two(steady: Results) -> Sweep:
    """Make a grid: one point meets both, two miss one, one is undecided."""
    found = {
        ("1", "20/s"): (MET, MET),
        ("2", "20/s"): (MET, MISSED),
        ("1", "40/s"): (MISSED, MISSED),
        ("2", "40/s"): (UNDECIDED, MET),
    }
    return Sweep(
        title="Desk",
        path="relay.servers",
        second_path="arrivals.rate",
        points_planned=4,
        points=tuple(
            SweepPoint(
                value=first,
                number=float(first),
                second=second,
                results=judged(steady, *verdicts),
            )
            for (first, second), verdicts in found.items()
        ),
    )


def drawn(sweep: Sweep) -> tuple[Chart, ...]:
    """Draw its charts."""
    with house_style():
        return grid.charts(sweep)


def words(chart: Chart) -> list[str]:
    """Give the verdicts in its table."""
    return [row[-1] for row in chart.table.rows]


def test_a_cell_names_what_is_missed(two_by_two: Sweep) -> None:
    """Or what is undecided; and it links to the report of its point."""
    rows = grid_rows(two_by_two)
    assert ["20/s", "40/s"] == [second for second, _ in rows]
    cells = [cell for _, row in rows for cell in row if cell is not None]
    first, second = two_by_two.points[0].results.objectives
    assert "✓ met" == cells[0].text
    assert cells[1].text.startswith("✗ ")
    assert second.metric.replace("_", " ") in cells[1].text
    assert first.metric.replace("_", " ") in cells[2].text
    assert cells[3].text.startswith("? ")
    for number, (cell, point) in enumerate(zip(cells, two_by_two.points, strict=True)):
        assert cell.page == point_page(number, point)
        assert cell.text == cell_text(point)
    assert 4 == len({cell.page for cell in cells})


def test_a_grid_has_a_map_of_each_objective(two_by_two: Sweep) -> None:
    """The first one is of all; each says at how many points it is met."""
    whole, *maps = drawn(two_by_two)
    objectives = two_by_two.points[0].results.objectives
    assert [statement(one) for one in objectives] == [one.title for one in maps]
    assert whole.description.startswith(
        "All objectives together: of 4 points, met at 1, missed at 2, undecided at 1."
    )
    assert "met at 2, missed at 1, undecided at 1" in maps[0].description
    assert "met at 2, missed at 2" in maps[1].description
    signs = [text.split()[0] for text in words(maps[0])]
    assert ["✓", "✓", "✗", "?"] == signs


def test_what_is_missed_or_undecided_is_named_by_both_values(
    two_by_two: Sweep,
) -> None:
    """A value alone is true of a row of points, and not of one."""
    first, second = map(statement, two_by_two.points[0].results.objectives)
    assert grid_text(two_by_two).partition(" Missed: ")[2] == (
        f"{first} at 1 by 40/s; {second} at 2 by 20/s and 1 by 40/s."
        f" Undecided: {first} at 2 by 40/s."
    )


def test_of_many_points_a_sentence_tells_the_number(
    two_by_two: Sweep, steady: Results
) -> None:
    """The map has each of them."""
    missed = judged(steady, MISSED)
    points = tuple(
        SweepPoint(value=str(one), number=one, second="20/s", results=missed)
        for one in range(8)
    )
    what = statement(missed.objectives[0])
    every = two_by_two.model_copy(update={"points": points})
    assert grid_text(every).endswith(f" Missed: {what} at all 8 points.")
    met = points[0].model_copy(update={"results": judged(steady, MET)})
    most = two_by_two.model_copy(update={"points": (met, *points[1:])})
    assert grid_text(most).endswith(f" Missed: {what} at 7 points.")


def lines(chart: Chart) -> int:
    """How many pieces of a bound are drawn: strokes of 2.6 points."""
    assert chart.picture is not None
    return chart.picture.svg.count("stroke-width: 2.6")


def test_the_bound_is_between_points_that_meet_it_and_others(
    two_by_two: Sweep,
) -> None:
    """A piece for each pair of neighbours of which one alone meets it."""
    whole, first, second = drawn(two_by_two)
    # Of the second objective both diagonals differ.
    assert [2, 2, 4] == [lines(whole), lines(first), lines(second)]
    same = two_by_two.model_copy(
        update={
            "points": tuple(
                point.model_copy(update={"results": two_by_two.points[0].results})
                for point in two_by_two.points
            )
        }
    )
    for chart in drawn(same):
        assert 0 == lines(chart)
        assert "thick line" not in chart.description


def test_a_grid_without_objectives_says_so(two_by_two: Sweep, steady: Results) -> None:
    """None of its points meets or misses anything."""
    points = tuple(
        one.model_copy(update={"results": judged(steady)}) for one in two_by_two.points
    )
    assert (
        "The scenario promises nothing at any of 4 points of relay.servers by"
        " arrivals.rate."
    ) == grid_text(two_by_two.model_copy(update={"points": points}))


def test_an_interrupted_grid_has_holes(two_by_two: Sweep) -> None:
    """A point that has not begun is no cell, and no mistake."""
    some = two_by_two.model_copy(update={"points": two_by_two.points[:3]})
    assert [[True, True], [True, False]] == [
        [cell is not None for cell in row] for _, row in grid_rows(some)
    ]
    assert 3 == len(words(drawn(some)[0]))


def searched(steady: Results, end: SearchEnd, smallest: str, missing: str) -> Sweep:
    """Make a search of which two values were tried."""
    values = {"3": judged(steady, MISSED), "4": judged(steady, MET)}
    return Sweep(
        title="Desk",
        path="relay.servers",
        search=Search(
            end=end,
            values=64,
            first="1",
            last="64",
            smallest=smallest,
            missing=missing,
            tests=14,
        ),
        points_planned=2,
        points=tuple(
            SweepPoint(value=text, number=float(text), results=results)
            for text, results in values.items()
        ),
    )


@pytest.mark.parametrize(
    ("expected", "end", "smallest", "missing"),
    [
        (
            (
                "relay.servers = 4 is the smallest of 64 values from 1 to 64 that meets"
                " all objectives; 3 misses "
            ),
            *(SearchEnd.FOUND, "4", "3"),
        ),
        (
            (
                "relay.servers = 1 is the smallest of 64 values from 1 to 64 that meets"
                " all objectives. "
            ),
            *(SearchEnd.FOUND, "1", ""),
        ),
        (
            (
                "None of 64 values from 1 to 64 of relay.servers meets all objectives:"
                " 64 misses "
            ),
            *(SearchEnd.NONE, "", "64"),
        ),
        (
            (
                "Undecided: of 64 values from 1 to 64 of relay.servers, 4 meets all"
                " objectives and 2 misses one, and what is between them is not"
                " decided. More replications (--replications) would tell more. "
            ),
            *(SearchEnd.UNDECIDED, "4", "2"),
        ),
        (
            (
                "Undecided: of 64 values from 1 to 64 of relay.servers, none is"
                " decided. More replications (--replications) would tell more. "
            ),
            *(SearchEnd.UNDECIDED, "", ""),
        ),
    ],
    ids=range(5),
)
def test_a_search_says_how_it_ended(
    steady: Results, expected: str, end: SearchEnd, smallest: str, missing: str
) -> None:
    """And how many values and runs it took, with the runs of all replications."""
    sweep = searched(steady, end, smallest, missing)
    text = search_text(sweep)
    assert text.startswith(expected)
    assert "2 values were tried in 10 runs" in text
    assert has_point_pages(sweep)
