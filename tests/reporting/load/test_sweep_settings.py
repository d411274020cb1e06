"""The settings of a sweep: what all points share, and what differs between them."""

from collections.abc import Callable, Mapping

import pytest

from invitelab.formats.results import Results
from invitelab.formats.several_results import Search, SearchEnd, Sweep, SweepPoint
from invitelab.reporting.load.markdown import sweep_markdown
from invitelab.reporting.load.pages import sweep_page
from invitelab.reporting.load.sweep_settings import settings_rows

SERVICE = {"distribution": "exponential", "mean": "8ms"}
STAGES = [
    {"for": "2min", "rate": "20/s", "from": None},
    {"for": "5s", "from": "20/s", "to": "400/s"},
]


def plain(text: str) -> str:
    """Make every kind of space an ordinary one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def rows_of(sweep: Sweep) -> dict[str, str]:
    """Give the rows by name, with ordinary spaces."""
    return {name: plain(text) for name, text in settings_rows(sweep)}


def at(results: Results, servers: int, **parts: object) -> Results:
    """Give a run with so many workers, and these parts of its scenario."""
    relay = {"servers": servers, "service": SERVICE, "queue": None}
    words = ("support_desk", "--set", "arrivals.rate=40/s", "--set", "people.cancel=0")
    return results.model_copy(
        update={
            "scenario": {**results.scenario, "relay": relay, **parts},
            "arguments": (
                *words,
                *("--set", f"relay.servers={servers}"),
                *("--scale", "2", "--replications", "3", "--seed", "7"),
            ),
        }
    )


@pytest.fixture
def make_sweep(steady: Results) -> Callable[..., Sweep]:
    """Make a sweep of three relays, with these parts of the scenario of each."""

    def make(count: int = 3, **parts: object) -> Sweep:
        points = tuple(
            SweepPoint(
                value=str(servers), number=servers, results=at(steady, servers, **parts)
            )
            for servers in range(1, count + 1)
        )
        return Sweep(
            title="Desk", path="relay.servers", points_planned=count, points=points
        )

    return make


def test_a_reader_knows_the_load(make_sweep: Callable[..., Sweep]) -> None:
    """Without it nobody knows when the value that was found is enough."""
    assert {
        "scenario": "support_desk",
        "swept": "relay.servers: 1, 2 and 3",
        "set": "arrivals.rate=40/s, people.cancel=0, --scale 2",
        "population": "clients 20 000",
        "arrivals": "poisson, rate 38/s",
        "relay": "servers 1 to 3, service exponential (mean 8ms)",
        "duration": "10 min of virtual time",
        "warm-up": "1 min, not counted",
        "replications": "5",
        "seed": "1",
    } == rows_of(make_sweep(arrivals={"kind": "poisson", "rate": "38/s"}))


def test_stages_are_told_in_their_order(make_sweep: Callable[..., Sweep]) -> None:
    """A rate that changes is the load; of very many, the first ones and a number."""
    stages = {"kind": "stages", "stages": STAGES}
    assert (
        "stages: 2min at 20/s, then 5s from 20/s to 400/s"
        == rows_of(make_sweep(arrivals=stages))["arrivals"]
    )
    many = {"kind": "stages", "stages": STAGES * 6}
    assert rows_of(make_sweep(arrivals=many))["arrivals"].endswith(", and 4 more")


def test_many_values_are_told_by_their_ends(make_sweep: Callable[..., Sweep]) -> None:
    """A list of a hundred tells a reader less."""
    rows = rows_of(make_sweep(7))
    assert "relay.servers: 1 to 7, 7 values" == rows["swept"]
    assert rows["relay"].startswith("servers 1 to 7, ")


def test_a_search_tells_what_was_tried(make_sweep: Callable[..., Sweep]) -> None:
    """Of all that might have been."""
    found = Search(end=SearchEnd.NONE, values=64, first="1", last="64", tests=14)
    few = make_sweep().model_copy(update={"search": found})
    assert "relay.servers: 1 to 64, 1, 2 and 3 tried" == rows_of(few)["swept"]
    more = make_sweep(7).model_copy(update={"search": found})
    assert "relay.servers: 1 to 64, 7 of 64 values tried" == rows_of(more)["swept"]


def test_both_values_of_a_grid_are_told(make_sweep: Callable[..., Sweep]) -> None:
    """And neither is repeated as an override."""
    points = tuple(
        point.model_copy(update={"second": "40/s"}) for point in make_sweep().points
    )
    grid = make_sweep().model_copy(
        update={"second_path": "arrivals.rate", "points": points}
    )
    rows = rows_of(grid)
    assert "relay.servers: 1, 2 and 3; arrivals.rate: 40/s" == rows["swept"]
    assert "people.cancel=0, --scale 2" == rows["set"]


def test_what_an_older_file_lacks_is_left_out(steady: Results) -> None:
    """Its points have neither arguments nor, in a test, a scenario."""
    bare = steady.model_copy(update={"scenario": {}})
    point = SweepPoint(value="1", number=1, results=bare)
    sweep = Sweep(title="D", path="p", points_planned=1, points=(point,))
    assert {
        *("scenario", "swept", "duration", "warm-up", "replications", "seed")
    } == set(rows_of(sweep))
    assert [] == settings_rows(sweep.model_copy(update={"points": ()}))
    assert "<h2>What was run" not in sweep_page(
        sweep.model_copy(update={"points": ()}), ()
    )


@pytest.mark.parametrize(
    "arrivals",
    [
        "none",
        {"kind": {"kind": {"kind": {"kind": {"kind": 1}}}}},
        {"stages": [1, {"for": "\u202e<b>"}]},
        {"rate": "x" * 10_000},
    ],
)
def test_a_hostile_scenario_is_shown_and_bounded(
    make_sweep: Callable[..., Sweep], arrivals: Mapping[str, object]
) -> None:
    """A stored document is no trusted one."""
    sweep = make_sweep(arrivals=arrivals)
    for text in rows_of(sweep).values():
        assert len(text) <= 300
        assert "\u202e" not in text
    assert "<b>\u202e" not in sweep_page(sweep, ())


def test_page_and_markdown_tell_the_same(make_sweep: Callable[..., Sweep]) -> None:
    """The page has the whole scenario, too."""
    sweep = make_sweep()
    page, told = sweep_page(sweep, ()), plain(sweep_markdown(sweep))
    for name, text in rows_of(sweep).items():
        assert f"<dt>{name}</dt><dd><bdi>{text}</bdi></dd>" in plain(page)
        assert f"- {name}: " in told
    assert "- population: clients 20 000" in told
    assert "The scenario of the first point as text" in page
    assert "servers = 1" in page
