"""Simulations as documents, and as annotations."""

from collections.abc import Callable

import pytest

from invitelab.formats.percentiles import value_at
from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.common.github import AnnotationLevel
from invitelab.reporting.load.document import (
    load_annotations,
    simulated,
    simulated_points,
    sweep_annotations,
)
from invitelab.reporting.load.markdown import sweep_markdown
from invitelab.reporting.load.summary import headline, verdict_line

MakeResults = Callable[[str], Results]


def nowhere(_number: int) -> tuple[None, int]:
    """Say that no objective has a place."""
    return None, 0


def test_the_figures_are_those_of_the_results(steady: Results) -> None:
    """Objectives whole, delays by three percentiles."""
    found = simulated(steady)
    assert (steady.objectives, steady.outcomes) == (found.objectives, found.outcomes)
    assert (headline(steady), verdict_line(steady)) == (found.verdict, found.text)
    by_metric = {one.metric: one for one in found.delays}
    for one in steady.distributions:
        delay = by_metric[one.metric]
        assert (one.count, one.never) == (delay.count, delay.never)
        assert max(0, value_at(one, 0.5) or 0) == (delay.p50_us or 0)


def test_an_annotation_stands_where_its_objective_does(steady: Results) -> None:
    """And only those that are not met have one."""
    not_met = [
        number
        for number, one in enumerate(steady.objectives)
        if one.verdict.value in {"missed", "undecided"}
    ]
    first, *others = load_annotations(steady, lambda number: ("my.toml", number + 1))
    assert "invitelab simulate " in first.title
    assert not_met
    assert [("my.toml", number + 1) for number in not_met] == [
        (one.file, one.line) for one in others
    ]


def test_an_incomplete_run_is_an_error(steady: Results) -> None:
    """Whatever its objectives say so far."""
    cut = steady.model_copy(update={"complete": False})
    assert AnnotationLevel.ERROR is next(load_annotations(cut, nowhere)).level


def test_a_sweep_is_a_notice_with_a_simulation_for_each_point(steady: Results) -> None:
    """That objectives are missed at some of them is what it looks for."""
    points = tuple(
        SweepPoint(value=value, number=float(value), results=steady)
        for value in ("1", "2")
    )
    sweep = Sweep(title="S", path="relay.servers", points_planned=2, points=points)
    (only,) = sweep_annotations(sweep)
    assert AnnotationLevel.NOTICE is only.level
    assert ["1", "2"] == [one.value for one in simulated_points(sweep)]
    assert {headline(steady)} == {
        one.simulation.verdict for one in simulated_points(sweep)
    }


def test_a_point_of_a_grid_has_both_values(steady: Results) -> None:
    """In the document, and in a column each of the table."""
    point = SweepPoint(value="1", number=1.0, second="20/s", results=steady)
    grid = Sweep(
        title="S",
        path="relay.servers",
        second_path="arrivals.rate",
        points_planned=1,
        points=(point,),
    )
    (only,) = simulated_points(grid)
    assert ("1", "20/s") == (only.value, only.second)
    assert "| relay.servers | arrivals.rate | notify p99" in sweep_markdown(grid)
    assert "| 1 | 20/s | " in sweep_markdown(grid)
    (notice,) = sweep_annotations(grid)
    assert "invitelab sweep relay.servers by arrivals.rate" == notice.title
    assert "\n- `relay.servers by arrivals.rate`: 1 point" in sweep_markdown(grid)


@pytest.mark.parametrize("field", ["name", "title"])
def test_foreign_text_is_on_one_line(steady: Results, field: str) -> None:
    """In the document and in a command of the workflow."""
    hostile = steady.model_copy(update={field: "a\n::error::b\x1b[31m"})
    assert "\n" not in getattr(simulated(hostile), field)
    assert all(
        1 == len(str(one).splitlines()) for one in load_annotations(hostile, nowhere)
    )
