"""The page of a proof in a real browser: quiet, readable, printable."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from invitelab.formats.proof import Proof
from invitelab.reporting.proof.page import page as page_of

pytestmark = pytest.mark.slow

EDGES = """[...document.querySelectorAll('.kills .chart svg')].map(svg => {
  const box = svg.getBoundingClientRect();
  return [box.top, box.bottom];
})"""


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, proven: Proof, failed_proof: Proof
) -> dict[str, Path]:
    """Write the pages."""
    folder = tmp_path_factory.mktemp("reports")
    shown = {"proven": proven, "failed_proof": failed_proof}
    for name, proof in shown.items():
        (folder / f"{name}.html").write_text(page_of(proof), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in shown}


@pytest.mark.parametrize("name", ["proven", "failed_proof"])
@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_a_page_scrolls_in_one_direction(
    show: Callable[..., Page], name: str, width: int
) -> None:
    """The matrix and wide tables scroll inside their boxes, also when all are open."""
    page = show(name, width=width)
    assert width == page.evaluate("document.documentElement.scrollWidth")


def test_labels_are_neither_cut_off_nor_on_each_other(
    show: Callable[..., Page], colliding: Callable[..., list[str]]
) -> None:
    """Measured in the browser, with the fonts it has."""
    page = show("failed_proof", width=1600)
    assert [] == colliding(page, ".kills .chart svg", slack=2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_marks_have_contrast_in_both_schemes(
    show: Callable[..., Page],
    faint: Callable[[Page], list[object]],
    scheme: Literal["light", "dark"],
) -> None:
    """At least 4.5 to 1, and 3 to 1, on what they stand on."""
    page = show("failed_proof", scheme=scheme)
    assert [] == faint(page)


def test_the_clauses_stay_while_the_mutants_scroll(show: Callable[..., Page]) -> None:
    """On a phone a cell far to the right has still a name."""
    page = show("proven", width=390)
    page.evaluate("document.querySelector('.kills .chart').scrollLeft = 700")
    box = page.locator(".kills .names").bounding_box()
    assert box is not None
    assert 0 <= box["x"] < 30


def test_printing_keeps_the_matrix_on_one_page_in_light_colours(
    show: Callable[..., Page],
) -> None:
    """Its two parts are as high as each other, also from a dark screen."""
    page = show("failed_proof", scheme="dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 across, 10 mm left out
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
    (top, bottom), (other_top, other_bottom) = page.evaluate(EDGES)
    assert abs(top - other_top) < 1
    assert abs(bottom - other_bottom) < 1
    assert bottom - top < 640
