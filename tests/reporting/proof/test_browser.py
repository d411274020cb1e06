"""The page of a proof in a real browser: quiet, readable, printable."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from invitelab.proofs import Proof
from invitelab.reporting.proof.page import page as page_of

pytestmark = pytest.mark.slow

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
OVERLAPPING = """
() => [...document.querySelectorAll('.kills .chart svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  const all = [...svg.querySelectorAll('text')];
  const boxes = all.map(text => text.getBoundingClientRect());
  return boxes.flatMap((box, n) => {
    const cut = box.left < frame.left || box.right > frame.right + 1
      || box.top < frame.top || box.bottom > frame.bottom;
    const before = boxes[n - 1];
    const on = before && Math.min(box.right, before.right)
      - Math.max(box.left, before.left) > 2
      && Math.min(box.bottom, before.bottom) - Math.max(box.top, before.top) > 2;
    return cut || on ? [all[n].textContent] : [];
  });
})
"""
"""Labels that the picture's edge cuts off, or that lie on the one before."""
FAINT = """
() => {
  const canvas = document.createElement('canvas')
    .getContext('2d', {willReadFrequently: true});
  const light = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data]
      .map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => (Math.max(light(one), light(other)) + 0.05)
    / (Math.min(light(one), light(other)) + 0.05);
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
  };
  const texts = [...document.querySelectorAll('main *:not(title, desc)')].filter(node =>
    [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  const words = texts.map(node => {
    const style = getComputedStyle(node);
    const ink = node instanceof SVGElement ? style.fill : style.color;
    return [ratio(ink, ground(node)), 4.5, node.textContent.slice(0, 60)];
  });
  const marks = [...document.querySelectorAll('.legend rect')].map(node =>
    [ratio(getComputedStyle(node).stroke, ground(node)), 3, node.className.baseVal]);
  return [...words, ...marks].filter(([found, least]) => found < least);
}
"""
"""Words and marks with less contrast than WCAG AA asks for."""
EDGES = """[...document.querySelectorAll('.kills .chart svg')].map(svg => {
  const box = svg.getBoundingClientRect();
  return [box.top, box.bottom];
})"""

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it these tests fail."""
    assert CHROMIUM.exists(), "install chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, proven: Proof, doubtful: Proof
) -> dict[str, Path]:
    """Write the pages."""
    folder = tmp_path_factory.mktemp("reports")
    shown = {"proven": proven, "doubtful": doubtful}
    for name, proof in shown.items():
        (folder / f"{name}.html").write_text(page_of(proof), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in shown}


@pytest.fixture
def show(browser: Browser, reports: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Give a way to open a report, which fails for every message and request."""
    said: list[str] = []
    pages: list[Page] = []

    def open_page(name: str, *, width: int = 1280, scheme: Scheme = "light") -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        pages.append(page)
        url = reports[name].as_uri()

        def heard(message: ConsoleMessage) -> None:
            said.append(message.text)

        def asked(request: Request) -> None:
            if request.url != url:
                said.append(request.url)

        page.on("console", heard)
        page.on("request", asked)
        page.goto(url)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert [] == said


@pytest.mark.parametrize("name", ["proven", "doubtful"])
@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_a_page_scrolls_in_one_direction(
    show: Callable[..., Page], name: str, width: int
) -> None:
    """The matrix and wide tables scroll inside their boxes, also when all are open."""
    page = show(name, width=width)
    page.evaluate(OPEN_ALL)
    assert width == page.evaluate("document.documentElement.scrollWidth")


def test_labels_are_neither_cut_off_nor_on_each_other(
    show: Callable[..., Page],
) -> None:
    """Measured in the browser, with the fonts it has."""
    assert [] == show("doubtful", width=1600).evaluate(OVERLAPPING)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_and_marks_have_contrast_in_both_schemes(
    show: Callable[..., Page], scheme: Scheme
) -> None:
    """At least 4.5 to 1, and 3 to 1, on what they stand on."""
    page = show("doubtful", scheme=scheme)
    page.evaluate(OPEN_ALL)
    assert [] == page.evaluate(FAINT)


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
    page = show("doubtful", scheme="dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 across, 10 mm left out
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
    (top, bottom), (other_top, other_bottom) = page.evaluate(EDGES)
    assert abs(top - other_top) < 1
    assert abs(bottom - other_bottom) < 1
    assert bottom - top < 640
