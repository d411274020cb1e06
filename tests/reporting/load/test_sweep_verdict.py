"""The verdict on a sweep: from which value on, up to which, at none, or at some."""

from collections.abc import Sequence

import pytest

from invitelab.formats.results import ObjectiveVerdict, Results
from invitelab.formats.several_results import Search, SearchEnd, Sweep, SweepPoint
from invitelab.reporting.load.pages import sweep_page
from invitelab.reporting.load.sweep_verdict import sweep_cards, sweep_verdict

MET, MISSED = ObjectiveVerdict.MET, ObjectiveVerdict.MISSED
UNDECIDED = ObjectiveVerdict.UNDECIDED
DASH = "\N{EN DASH}"
OF = {"m": MET, "x": MISSED, "?": UNDECIDED}


def point(results: Results, at: int, sign: str, second: str = "") -> SweepPoint:
    """Make a point; the sign is its verdict, or `!` for one that was cut off."""
    one = results.objectives[0].model_copy(update={"verdict": OF.get(sign, MET)})
    return SweepPoint(
        value=f"{at}",
        number=at,
        second=second,
        results=results.model_copy(
            update={"objectives": (one,), "complete": sign != "!"}
        ),
    )


def line(results: Results, signs: str) -> Sweep:
    """Make a sweep with a point for each sign."""
    points = tuple(point(results, at, sign) for at, sign in enumerate(signs, 1))
    return Sweep(
        title="Desk", path="relay.servers", points_planned=len(signs), points=points
    )


def grid(results: Results, rows: Sequence[str]) -> Sweep:
    """Make a grid with a row of signs for each second value."""
    points = tuple(
        point(results, at, sign, f"{place}0/s")
        for place, signs in enumerate(rows, 1)
        for at, sign in enumerate(signs, 1)
    )
    return Sweep(
        title="Desk",
        path="relay.servers",
        second_path="arrivals.rate",
        points_planned=len(points),
        points=points,
    )


def search(results: Results, end: SearchEnd, smallest: str, missing: str) -> Sweep:
    """Make a search that has tried two values."""
    found = Search(
        end=end,
        values=64,
        first="1",
        last="64",
        smallest=smallest,
        missing=missing,
        tests=14,
    )
    return line(results, "xm").model_copy(update={"search": found})


def told(sweep: Sweep) -> tuple[str, str]:
    """Give looks and heading of the verdict."""
    verdict = sweep_verdict(sweep)
    assert verdict is not None
    return verdict.looks, verdict.heading


@pytest.mark.parametrize(
    ("signs", "looks", "heading"),
    [
        ("mmm", "met", "✓ MET"),
        ("xmm", "met", "✓ MET FROM 2 ON"),
        ("x?m", "met", "✓ MET FROM 3 ON"),
        ("mxx", "met", "✓ MET UP TO 1"),
        ("mmx", "met", "✓ MET UP TO 2"),
        ("xxx", "missed", "✗ MISSED"),
        ("x?x", "undecided", "? UNDECIDED"),
        ("xmx", "", f"{DASH} MET AT 1 OF 3"),
        ("x!m", "met", "✓ MET FROM 3 ON"),
        ("!!!", "undecided", "? UNDECIDED"),
    ],
)
def test_the_heading_says_where_all_are_met(
    steady: Results, signs: str, looks: str, heading: str
) -> None:
    """A point that was cut off meets nothing."""
    assert (looks, heading) == told(line(steady, signs))


def test_values_that_do_not_ascend_have_no_turn(steady: Results) -> None:
    """Nobody knows what would be between them."""
    unordered = line(steady, "xm")
    points = tuple(
        one.model_copy(update={"number": None, "value": text})
        for one, text in zip(unordered.points, ("tcp", "udp"), strict=True)
    )
    named = unordered.model_copy(update={"points": points})
    assert ("", f"{DASH} MET AT 1 OF 2") == told(named)
    falling = unordered.model_copy(update={"points": unordered.points[::-1]})
    assert ("", f"{DASH} MET AT 1 OF 2") == told(falling)


@pytest.mark.parametrize(
    ("end", "smallest", "missing", "verdict"),
    [
        (SearchEnd.FOUND, "2", "1", ("met", "✓ FOUND: 2")),
        (SearchEnd.NONE, "", "64", ("missed", "✗ NONE FOUND")),
        (SearchEnd.UNDECIDED, "2", "", ("undecided", "? UNDECIDED")),
    ],
)
def test_a_search_has_the_verdict_of_its_end(
    steady: Results,
    end: SearchEnd,
    smallest: str,
    missing: str,
    verdict: tuple[str, str],
) -> None:
    """With the number of values that were tried, and of runs."""
    sweep = search(steady, end, smallest, missing)
    assert verdict == told(sweep)
    cards = dict(sweep_cards(sweep))
    assert "values of relay.servers tried" == cards["2 of 64"]
    assert "runs in all" == cards[str(2 * len(steady.replications))]
    captions = " ".join(cards.values())
    assert ("smallest value" in captions) == (end is SearchEnd.FOUND)
    assert ("notify delay p99 at 2" in captions) == bool(smallest)
    assert ("known to miss one" in captions) == bool(missing)


@pytest.mark.parametrize(
    ("signs", "first", "caption"),
    [
        ("xmm", "2", "smallest value of relay.servers that meets every objective"),
        ("mmx", "2", "largest value of relay.servers that meets every objective"),
        ("mmm", "1", "first value of relay.servers that meets every objective"),
        ("xmx", "1 of 3", "values of relay.servers meet every objective"),
        ("xxx", "0 of 3", "values of relay.servers meet every objective"),
    ],
)
def test_the_first_figure_is_the_value_that_is_enough(
    steady: Results, signs: str, first: str, caption: str
) -> None:
    """With the delay and the load there."""
    cards = sweep_cards(line(steady, signs))
    assert (first, caption) == cards[0]
    if " of " not in first:
        assert f"notify delay p99 at {first}" == cards[1][1]
        assert f"busiest relay pool busy at {first}" == cards[2][1]


def test_of_a_grid_each_second_value_has_its_first(steady: Results) -> None:
    """Or none; where the row turns twice, the map alone tells it."""
    sweep = grid(steady, ["xmm", "xxm", "xxx", "xmx"])
    assert ("", f"{DASH} MET AT 4 OF 12") == told(sweep)
    assert [
        ("4 of 12", "points of relay.servers by arrivals.rate meet every objective"),
        ("2", "smallest relay.servers that is enough at 10/s"),
        ("3", "smallest relay.servers that is enough at 20/s"),
        ("none", "of relay.servers is enough at 30/s"),
    ] == sweep_cards(sweep)
    assert 1 == len(sweep_cards(grid(steady, ["xm"] * 7)))


def test_without_objectives_nothing_is_judged(steady: Results) -> None:
    """The box says so, and there are no figures."""
    silent = tuple(
        one.model_copy(
            update={"results": one.results.model_copy(update={"objectives": ()})}
        )
        for one in line(steady, "mm").points
    )
    sweep = line(steady, "mm").model_copy(update={"points": silent})
    assert ("", f"{DASH} NO OBJECTIVES") == told(sweep)
    assert [] == sweep_cards(sweep)
    assert sweep_verdict(sweep.model_copy(update={"points": ()})) is None


def test_the_page_begins_with_the_verdict(steady: Results) -> None:
    """Before the figures, the settings and the charts; its sentence is there once."""
    sweep = line(steady, "xmm")
    page = sweep_page(sweep, ())
    places = [
        page.index(text)
        for text in (
            '<div class="verdict met"><b><bdi>✓ MET FROM 2 ON',
            '<ul class="cards">',
            "<h2>What was run",
            "<h2>Point by point",
        )
    ]
    assert sorted(places) == places
    assert 1 == page.count("2 of 3 values of relay.servers meet every objective.")
    assert 1 == page.count("Missed: ")
