"""The page in a real browser: quiet, alone, readable, reachable, printable."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from invitelab.reporting.load.files import write_load_report
from invitelab.results import Results

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
SHAPES = ("spike", "short", "nothing", "huge")
HOSTILE = "</p><script>console.error(1)</script>\x1b[31m\u202e"
OUTSIDE = """
() => [...document.querySelectorAll('.chart svg')].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const one = text.getBoundingClientRect();
    return one.left < box.left - 1 || one.right > box.right + 1
      || one.top < box.top - 1 || one.bottom > box.bottom + 1;
  }).map(text => text.textContent);
})
"""
"""Words of a picture that its edge cuts off."""
OVERLAPPING = """
() => [...document.querySelectorAll('.chart svg')].flatMap(svg => {
  const found = [];
  const all = [...svg.querySelectorAll('text')].filter(
    t => !'■╌ '.includes(t.textContent.trim()));
  const boxes = all.map(text => text.getBoundingClientRect());
  for (let i = 0; i < all.length; i++) for (let j = 0; j < i; j++) {
    const wide = Math.min(boxes[i].right, boxes[j].right)
      - Math.max(boxes[i].left, boxes[j].left);
    const high = Math.min(boxes[i].bottom, boxes[j].bottom)
      - Math.max(boxes[i].top, boxes[j].top);
    if (wide > 2 && high > 5)
      found.push(all[j].textContent + ' / ' + all[i].textContent);
  }
  return found;
})
"""
"""Pairs of words that lie on each other; lines of one label may touch."""
CLOSED = """
() => document.activeElement.tagName === 'SUMMARY'
  && !document.activeElement.parentElement.open
"""
"""Whether the keyboard is at the name of a closed table."""
FAINT = """
() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = numbers(colour).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('svg text')].filter(t => !'■╌'.includes(
    t.textContent)).map(text => {
    const ink = light(getComputedStyle(text).fill);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    return [ratio, text.textContent];
  }).filter(([ratio]) => ratio < 4.5);
}
"""
"""Words of a picture with less contrast than WCAG AA asks for."""


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


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_every_chart_shows_its_title(show: Callable[..., Page], name: str) -> None:
    """And the page says nothing to the console and asks nobody for anything."""
    page = show(name)
    titles = page.locator("figure h2")
    assert 9 == titles.count()
    assert all(titles.nth(n).is_visible() for n in range(9))


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_no_words_of_a_picture_are_cut_off_or_lie_on_others(
    show: Callable[..., Page], name: str
) -> None:
    """Measured in the browser, with the fonts it has."""
    page = show(name)
    assert [] == page.evaluate(OUTSIDE)
    assert [] == page.evaluate(OVERLAPPING)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast_in_both_schemes(
    show: Callable[..., Page], scheme: Scheme
) -> None:
    """At least 4.5 to 1, and dark paper is dark."""
    page = show("spike", scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 24, 29)") == paper
    assert [] == page.evaluate(FAINT)


@pytest.mark.parametrize("name", [*SHAPES, "hostile"])
def test_a_narrow_screen_scrolls_in_one_direction(
    show: Callable[..., Page], name: str
) -> None:
    """Wide pictures and tables scroll inside their boxes, also when all are open."""
    page = show(name, width=390)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert 390 == page.evaluate("document.documentElement.scrollWidth")


def test_every_table_can_be_reached_with_the_keyboard(
    show: Callable[..., Page],
) -> None:
    """Tab goes to each summary in turn, Enter opens it."""
    page = show("spike")
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
