"""The page of a machine in a real browser: quiet, readable, printable."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from invitelab.reporting.learning.page import page as page_of

pytestmark = pytest.mark.slow

NAMES = ("plain", "broken", "random_answers", "interrupted", "hostile")


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, Path]:
    """Write the page of each machine."""
    folder = tmp_path_factory.mktemp("machines")
    for name in NAMES:
        text = page_of(request.getfixturevalue(name))
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_scrolls_in_one_direction(
    show: Callable[..., Page], name: str, width: int
) -> None:
    """Pictures and tables scroll inside their boxes, also when all are open."""
    page = show(name, width=width)
    assert width == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("name", NAMES)
def test_no_words_of_a_picture_are_cut_off_or_lie_on_others(
    show: Callable[..., Page], colliding: Callable[..., list[str]], name: str
) -> None:
    """Measured in the browser, with the fonts it has."""
    page = show(name)
    assert [] == colliding(page, "svg.machine", "text", slack=1)
    assert [] == colliding(page, "svg.scene", "text:not(.sign)")


@pytest.mark.parametrize("name", NAMES)
def test_words_stay_within_their_state(show: Callable[..., Page], name: str) -> None:
    """Every line within the box, with the fonts that the browser has."""
    outside = show(name).evaluate(
        """() => [...document.querySelectorAll('.machine .state')].flatMap(state => {
          const box = state.querySelector('rect').getBoundingClientRect();
          return [...state.querySelectorAll('text')].filter(text => {
            const one = text.getBoundingClientRect();
            return one.left < box.left || one.right > box.right
              || one.top < box.top - 1 || one.bottom > box.bottom + 1;
          }).map(text => text.textContent);
        })"""
    )
    assert [] == outside


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast_in_both_schemes(
    show: Callable[..., Page],
    faint: Callable[[Page], list[object]],
    name: str,
    scheme: Literal["light", "dark"],
) -> None:
    """At least 4.5 to 1 on what they stand on."""
    assert [] == faint(show(name, scheme=scheme))


@pytest.mark.parametrize("name", NAMES)
def test_the_outcome_is_seen_on_a_telephone(
    show: Callable[..., Page], name: str
) -> None:
    """Before anything is scrolled, and not wider than the screen."""
    page = show(name, width=390, closed=True)
    box = page.locator(".verdict").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    if name != "hostile":  # its name alone fills a screen
        assert box["y"] + box["height"] <= 844


def test_transitions_are_stacked_on_a_telephone(show: Callable[..., Page]) -> None:
    """Each cell below the one before, so that nothing has to be moved sideways."""
    page = show("plain", width=390)
    cells = page.locator(".transitions tr.quiet").first.locator("td").all()
    boxes = [box for one in cells if (box := one.bounding_box())]
    assert 4 == len(boxes)
    tops = [box["y"] for box in boxes]
    assert sorted(tops) == tops
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[3]["y"]


def test_printing_gives_pages_in_light_colours(show: Callable[..., Page]) -> None:
    """Also from a dark screen; the picture is as wide as the paper at most."""
    page = show("broken", scheme="dark", width=700)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
    box = page.locator("svg.machine").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 700
