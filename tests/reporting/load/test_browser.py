"""The page in a browser: no requests, no overlaps, accessible, printable."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from invitelab.formats.results import Results
from invitelab.reporting.load.files import write_load_report

pytestmark = pytest.mark.slow

SHAPES = ("spike", "short", "nothing", "huge")
HOSTILE = "</p><script>console.error(1)</script>\x1b[31m\u202e"
CLOSED = """
() => document.activeElement.tagName === 'SUMMARY'
  && !document.activeElement.parentElement.open
"""
"""Whether the keyboard is at the name of a closed table."""


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory,
    make_results: Callable[[str], Results],
    make_hostile: Callable[[str], Results],
) -> dict[str, Path]:
    """Write the report of each shape, and of one with hostile names."""
    folder = tmp_path_factory.mktemp("reports")
    runs = {name: make_results(name) for name in SHAPES}
    runs["hostile"] = make_hostile(HOSTILE)
    return {
        name: write_load_report(folder / name, run, {}) for name, run in runs.items()
    }


Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_every_chart_shows_its_title(show: Callable[..., Page], name: str) -> None:
    """The page logs nothing to the console, and loads nothing."""
    page = show(name)
    titles = page.locator("figure h2")
    assert 11 == titles.count()
    assert all(titles.nth(n).is_visible() for n in range(11))


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_no_words_of_a_picture_are_cut_off_or_lie_on_others(
    show: Callable[..., Page], colliding: Callable[..., list[str]], name: str
) -> None:
    """Measured in the browser, with the fonts it has."""
    assert [] == colliding(show(name), ".chart svg")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast_in_both_schemes(
    show: Callable[..., Page],
    faint: Callable[[Page], list[object]],
    scheme: Literal["light", "dark"],
) -> None:
    """At least 4.5 to 1, and dark paper is dark."""
    page = show("spike", scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 24, 29)") == paper
    assert [] == faint(page)


def test_a_narrow_screen_shows_the_verdict_of_each_objective(
    show: Callable[..., Page],
) -> None:
    """Without scrolling the picture."""
    words = show("spike", width=390).locator("#objectives svg text")
    verdicts = words.filter(has_text=re.compile("met|missed|undecided"))
    boxes = [verdicts.nth(n).bounding_box() for n in range(verdicts.count())]
    assert len(boxes) >= 4
    assert all(box is not None and box["x"] + box["width"] < 390 for box in boxes)


def test_the_banner_names_what_is_missed(show: Callable[..., Page]) -> None:
    """With what it measures, for who knows no metric by its name."""
    banner = show("spike").locator("div.verdict").inner_text()
    assert "missed: 99 % of notify_delay at most" in banner
    assert "(from sending to being shown)" in banner


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_a_narrow_screen_scrolls_in_one_direction(
    show: Callable[..., Page], name: str
) -> None:
    """Wide pictures and tables scroll inside their boxes, also when all are open."""
    page = show(name, width=390)
    assert 390 == page.evaluate("document.documentElement.scrollWidth")


def test_every_table_can_be_reached_with_the_keyboard(
    show: Callable[..., Page],
) -> None:
    """Tab goes to each summary in turn, Enter opens it."""
    page = show("spike", closed=True)
    wanted = page.locator("details").count()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(CLOSED):
            page.keyboard.press("Enter")
    opened = page.locator("details[open]").count()
    assert (wanted, wanted) == (
        opened,
        page.locator("details table, details pre").count(),
    )


def test_the_first_stop_of_the_keyboard_skips_the_contents(
    show: Callable[..., Page],
) -> None:
    """It becomes visible when it is reached."""
    page = show("spike")
    page.keyboard.press("Tab")
    assert "Skip to the report" == page.evaluate("document.activeElement.textContent")
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0


def test_printing_gives_pages_in_light_colours(show: Callable[..., Page]) -> None:
    """Also from a dark screen."""
    page = show("spike", scheme="dark")
    document = page.pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
    assert document.count(b"/Type /Page\n") >= 4
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
