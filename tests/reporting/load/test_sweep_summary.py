"""Sweeps: the knee, and the sentences about it."""

from collections.abc import Callable, Sequence

import pytest

from invitelab.formats.results import Results
from invitelab.formats.several_results import Sweep, SweepPoint
from invitelab.reporting.load.sweep_summary import (
    knee,
    sweep_line,
    sweep_text,
    sweep_title,
)

MakeSweep = Callable[[Sequence[float]], Sweep]


@pytest.fixture
def make_sweep(steady: Results) -> MakeSweep:
    """Make a sweep whose delays are multiples of the ordinary."""

    def slower(results: Results, factor: float) -> Results:
        found = tuple(
            one.model_copy(
                update={
                    "curve": tuple(
                        point.model_copy(
                            update={
                                "value": point.value.model_copy(
                                    update={
                                        end: value * factor
                                        for end, value in point.value
                                    }
                                )
                            }
                        )
                        for point in one.curve
                    )
                }
            )
            for one in results.distributions
        )
        return results.model_copy(update={"distributions": found})

    def make(factors: Sequence[float]) -> Sweep:
        points = tuple(
            SweepPoint(value=f"{n}0/s", number=10 * n, results=slower(steady, factor))
            for n, factor in enumerate(factors, 1)
        )
        return Sweep(
            title="Rates",
            path="arrivals.rate",
            points_planned=len(points),
            points=points,
        )

    return make


@pytest.mark.parametrize(
    ("factors", "at"),
    [
        ((1, 1.1, 1.9, 2.5, 90), 2),
        ((90, 9, 1.1, 1), 2),
        ((1, 9, 9), 0),
        ((1, 1.2, 1.9), None),
        ((1, 9, 1, 9), None),
        ((1, 9), None),
        ((), None),
    ],
)
def test_the_knee_is_the_last_point_near_the_best(
    make_sweep: MakeSweep, factors: Sequence[float], at: int | None
) -> None:
    """From whichever side; no bend, two bends and two points have none."""
    assert at == knee(make_sweep(factors).points)


def test_the_knee_is_named(make_sweep: MakeSweep) -> None:
    """With its value, its delay and the load of the relay."""
    words = sweep_text(make_sweep((1, 1, 9)))
    assert "0 of 3 values of arrivals.rate meet every objective." in words
    assert "The knee is at 20/s: beyond it" in words
    assert "3 points, seed 1" == sweep_line(make_sweep((1, 1, 9)))


def test_what_is_missed_is_named_with_its_values(make_sweep: MakeSweep) -> None:
    """As in a grid: the count alone sends a reader to a file."""
    sweep = make_sweep((1, 9))
    first, second = sweep.points
    missed = second.results.objectives[-1]
    one = first.results.objectives[0].model_copy(update={"verdict": missed.verdict})
    results = second.results.model_copy(update={"objectives": (one, missed)})
    before = first.results.model_copy(
        update={"objectives": (first.results.objectives[0], missed)}
    )
    points = (
        first.model_copy(update={"results": before}),
        second.model_copy(update={"results": results}),
    )
    text = sweep_text(sweep.model_copy(update={"points": points}))
    assert (
        "Missed: 99 % of notify_delay at most 400 ms at 20/s; 99 % of expiry_lag at"
        " most 1 s at all 2 points."
    ) in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        (
            [False, True, True],
            "2 of 3 values of rate meet every objective. All do from",
        ),
        ([False, False, True], "All do from 3/s on."),
        ([True, True, True], ""),
        ([False, True, False], ""),
        ([True, False, True], ""),
    ],
)
def test_the_first_value_that_is_enough_is_named(
    steady: Results, met: list[bool], expected: str
) -> None:
    """Where all after it are, too."""
    good, bad = steady.objectives[0], steady.objectives[-1]
    points = tuple(
        SweepPoint(
            value=f"{at}/s",
            number=at,
            results=steady.model_copy(update={"objectives": (good if ok else bad,)}),
        )
        for at, ok in enumerate(met, 1)
    )
    text = sweep_text(Sweep(title="R", path="rate", points_planned=3, points=points))
    assert (expected in text) if expected else ("All do from" not in text)


def test_the_title_has_how_many_points_are_missing(make_sweep: MakeSweep) -> None:
    """Those that never began, and those that are not complete."""
    whole = make_sweep((1, 2))
    assert "Rates" == sweep_title(whole)
    few = whole.model_copy(update={"points_planned": 3})
    assert "Rates (INCOMPLETE: 2 of 3 points)" == sweep_title(few)
    cut = whole.points[0].results.model_copy(update={"complete": False})
    points = (whole.points[0].model_copy(update={"results": cut}), whole.points[1])
    partly = whole.model_copy(update={"points": points})
    assert "Rates (INCOMPLETE: 1 of 2 points)" == sweep_title(partly)


def test_a_sweep_without_points_says_so(make_sweep: MakeSweep) -> None:
    """Instead of dividing by nothing."""
    assert "There is nothing to draw: the sweep has no points." == sweep_text(
        make_sweep(())
    )


def test_a_point_without_objectives_or_end_meets_nothing(steady: Results) -> None:
    """An incomplete run does not meet its objectives."""
    met = steady.model_copy(update={"objectives": steady.objectives[:1]})
    cut = met.model_copy(update={"complete": False})

    def words(results: Results) -> str:
        point = SweepPoint(value="1/s", number=1, results=results)
        return sweep_text(
            Sweep(title="Rates", path="rate", points_planned=1, points=(point,))
        )

    assert words(met).startswith("1 of 1 values of rate meet every objective.")
    assert words(cut).startswith("0 of 1 values of rate meet every objective.")
    promising_nothing = met.model_copy(update={"objectives": ()})
    assert words(promising_nothing).startswith("The scenario promises nothing")


def test_a_sweep_without_some_delays_has_no_knee(make_sweep: MakeSweep) -> None:
    """A point without a p99 may be beyond any knee."""
    sweep = make_sweep((1, 1, 9))
    *rest, last = sweep.points
    silent = last.results.model_copy(update={"distributions": ()})
    points = (*rest, last.model_copy(update={"results": silent}))
    text = sweep_text(sweep.model_copy(update={"points": points}))
    assert text.endswith("is not a time at each of them, so no bend can be told.")
