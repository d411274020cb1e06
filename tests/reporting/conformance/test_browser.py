"""The page in a real browser: quiet, readable, reachable, printable."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from invitelab.records import Run
from invitelab.reporting.conformance.page import page as page_of

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
NAMES = ("right", "late", "hostile", "many")
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
OVERLAPPING = """
() => [...document.querySelectorAll('svg.scene')].flatMap(svg => {
  const found = [];
  const all = [...svg.querySelectorAll('text:not(.sign)')];
  const boxes = all.map(text => text.getBoundingClientRect());
  const frame = svg.getBoundingClientRect();
  for (let i = 0; i < all.length; i++) {
    if (boxes[i].left < frame.left - 1 || boxes[i].right > frame.right + 1
      || boxes[i].bottom > frame.bottom + 1) found.push('cut: ' + all[i].textContent);
    for (let j = 0; j < i; j++) {
      const wide = Math.min(boxes[i].right, boxes[j].right)
        - Math.max(boxes[i].left, boxes[j].left);
      const high = Math.min(boxes[i].bottom, boxes[j].bottom)
        - Math.max(boxes[i].top, boxes[j].top);
      if (wide > 2 && high > 5)
        found.push(all[j].textContent + ' / ' + all[i].textContent);
    }
  }
  return found;
})
"""
"""Words of a picture that its edge cuts off, or that lie on each other."""
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
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
  };
  const texts = [...document.querySelectorAll('main *:not(title, desc)')].filter(node =>
    [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()));
  return texts.map(node => {
    const style = getComputedStyle(node);
    const ink = light(node instanceof SVGElement ? style.fill : style.color);
    const paper = light(ground(node));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    return [ratio, node.textContent.slice(0, 60)];
  }).filter(([ratio]) => ratio < 4.5);
}
"""
"""Words with less contrast than WCAG AA asks for."""

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
    tmp_path_factory: pytest.TempPathFactory, right: Run, late: Run, hostile: Run
) -> dict[str, Path]:
    """Write the page of each run, and of several side by side."""
    folder = tmp_path_factory.mktemp("reports")
    runs = {
        "right": [right],
        "late": [late],
        "hostile": [hostile],
        "many": [right, late, late, hostile, right, late],
    }
    for name, shown in runs.items():
        (folder / f"{name}.html").write_text(page_of(shown), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in runs}


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


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_scrolls_in_one_direction(
    show: Callable[..., Page], name: str, width: int
) -> None:
    """Wide pictures and tables scroll inside their boxes, also when all are open."""
    page = show(name, width=width)
    page.evaluate(OPEN_ALL)
    assert width == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("name", ["late", "hostile"])
def test_no_words_of_a_picture_are_cut_off_or_lie_on_others(
    show: Callable[..., Page], name: str
) -> None:
    """Measured in the browser, with the fonts it has."""
    page = show(name)
    page.evaluate(OPEN_ALL)
    assert [] == page.evaluate(OVERLAPPING)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast_in_both_schemes(
    show: Callable[..., Page], scheme: Scheme
) -> None:
    """At least 4.5 to 1 on what they stand on."""
    page = show("many", scheme=scheme)
    page.evaluate(OPEN_ALL)
    assert [] == page.evaluate(FAINT)


def test_a_cell_opens_its_story(show: Callable[..., Page]) -> None:
    """By the keyboard too, without a script."""
    page = show("late")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    link = page.locator(".matrix a").first
    target = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"{target} .scene").is_visible()


def test_printing_gives_pages_in_light_colours(show: Callable[..., Page]) -> None:
    """Also from a dark screen."""
    page = show("late", scheme="dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
