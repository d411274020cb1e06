"""The page of a running simulation: every text and path has its place, escaped."""

import re
from collections.abc import Mapping

from invitelab.formats.results import Outcome
from invitelab.reporting.load.live_figures import (
    HEIGHT,
    STACKED,
    WIDTH,
    LiveWindow,
    SoFar,
    live_paths,
    live_texts,
)
from invitelab.reporting.load.live_page import LiveFrame, live_page

S = 1_000_000
FRAME = LiveFrame(
    title="A <b>title</b>",
    name="desk",
    summary="Hardly anybody.",
    size="3 replications of 25 s",
    warm_up_us=5 * S,
    duration_us=20 * S,
    end_us=25 * S,
)
NONE: Mapping[Outcome, float] = dict.fromkeys(STACKED, 0.0)


def run(*windows: LiveWindow, elapsed_s: float = 2.0, attempts: int = 0) -> SoFar:
    """Make a run with these windows."""
    return SoFar(
        done_us=30 * S,
        all_us=75 * S,
        end_us=25 * S,
        replications=1,
        planned=3,
        elapsed_s=elapsed_s,
        attempts=attempts,
        dropped=0,
        outcomes={Outcome.ACCEPTED: 3, Outcome.EXPIRED: 1},
        windows=windows,
    )


def window(begin_s: int, end_s: int, accepted: float, pending: float) -> LiveWindow:
    """Make a window."""
    return LiveWindow(
        begin_us=begin_s * S,
        end_us=end_s * S,
        ended={**NONE, Outcome.ACCEPTED: accepted, Outcome.EXPIRED: 1.0},
        pending=pending,
        busy=0.25,
        pool="poll",
    )


SOME = (window(0, 10, 3.0, 40.0), window(10, 20, 1.0, 10.0))


def ids(page: str) -> set[str]:
    """Give the ids of a page."""
    return set(re.findall(r' id="([^"]+)"', page))


def points(path: str) -> list[tuple[float, float]]:
    """Give the points of a path."""
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.e-]+),([\d.e-]+)", path)]


def test_every_text_and_every_path_has_its_place() -> None:
    """And each place gets something; the rest belongs to the page itself."""
    filled = set(live_texts(run())) | set(live_paths(run()))
    page = {"main", "phase", "sentence", "lost", "bar", "outcome-table"}
    charts = {"outcomes", "pending", "load"}
    assert filled == ids(live_page(FRAME)) - page - charts


def test_names_of_a_user_are_text() -> None:
    """They come from a file that may be anybody's."""
    page = live_page(FRAME)
    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "<b>title" not in page


def test_a_target_has_no_relay_to_show() -> None:
    """Nor replications."""
    page = live_page(
        LiveFrame(
            title="Desk",
            name="desk",
            summary="",
            size="",
            warm_up_us=0,
            duration_us=S,
            end_us=2 * S,
            has_relay=False,
        )
    )
    assert not {"load", "busy-line", "replications", "dropped"} & ids(page)
    assert "Load on a target" in page


def test_the_page_loads_nothing_from_elsewhere() -> None:
    """Its policy says so, and there is nothing else."""
    page = live_page(FRAME)
    assert "default-src &#39;none&#39;" in page
    assert ["live.js"] == re.findall(r'src="([^"]+)"', page)
    assert [] == re.findall(r"https?://|url\(", page)


def test_texts_say_how_far_it_is() -> None:
    """Of all replications together, with shares of what is known."""
    texts = live_texts(run(*SOME, attempts=12_345))
    assert ("30 s", "of 1 min 15 s of virtual time", "1 of 3", "15 seconds") == tuple(
        texts[name].replace("\N{NO-BREAK SPACE}", " ")
        for name in ("passed", "of-time", "replications", "speed")
    )
    assert "12\N{NARROW NO-BREAK SPACE}345" == texts["attempts"]
    assert ("3", "75\N{NO-BREAK SPACE}%") == (
        texts["accepted-number"],
        texts["accepted-share"],
    )
    assert ("25\N{NO-BREAK SPACE}%", "busiest relay pool: poll") == (
        texts["busy"],
        texts["pool"],
    )
    assert ("5", "2.5", "50", "25") == tuple(
        texts[name]
        for name in ("outcomes-top", "outcomes-middle", "pending-top", "pending-middle")
    )


def test_before_the_first_window_there_is_nothing_to_draw() -> None:
    """And no share of nothing."""
    empty = SoFar(
        done_us=0,
        all_us=0,
        end_us=25 * S,
        replications=0,
        planned=1,
        elapsed_s=0.0,
        attempts=0,
        dropped=0,
        outcomes={},
        windows=(),
    )
    assert {""} == set(live_paths(empty).values())
    assert "-" == live_texts(empty)["accepted-share"] == live_texts(empty)["busy"]
    assert 0.0 == empty.progress


def test_outcomes_are_stacked() -> None:
    """The lower edge of each is the upper edge of the one below; the top is 5."""
    paths = live_paths(run(*SOME))
    accepted = points(paths["accepted-area"])
    upper = [(0.0, 80.0), (400.0, 80.0), (400.0, 160.0), (800.0, 160.0)]
    assert upper == accepted[:4]
    ground = [(800.0, HEIGHT), (400.0, HEIGHT), (400.0, HEIGHT), (0.0, HEIGHT)]
    assert ground == accepted[4:]
    expired = points(paths["expired-area"])
    assert upper == list(reversed(expired[4:]))
    assert [40.0, 40.0, 120.0, 120.0] == [y for _, y in expired[:4]]


def test_lines_stay_in_their_box() -> None:
    """From the left edge to where the run is."""
    paths = live_paths(run(*SOME))
    assert [(0.0, 200.0), (400.0, 40.0), (800.0, 160.0)] == points(
        paths["pending-line"]
    )
    assert {150.0} == {y for _, y in points(paths["busy-line"])}
    everything = [point for path in paths.values() for point in points(path)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in everything)
