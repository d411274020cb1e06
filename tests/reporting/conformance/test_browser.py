"""The page in a real browser: quiet, readable, reachable, printable."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from invitelab.formats.exchanges import (
    Key,
    Played,
    PlayedScenario,
    RawExchange,
    key_of,
)
from invitelab.formats.run import Run
from invitelab.formats.run_summary import RunSummary
from invitelab.reporting.conformance.page import page as page_of
from invitelab.reporting.conformance.summary import troubled
from invitelab.reporting.conformance.trend import trend, trend_page

pytestmark = pytest.mark.slow

NAMES = ("right", "late", "hostile", "many", "raw", "trend")


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
    text = page_of([late], calls=[raw_calls_of(late)])
    (folder / "raw.html").write_text(text, encoding="utf-8")
    (folder / "trend.html").write_text(trend_page(SEVERAL), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in (*runs, "raw", "trend")}


def raw_calls_of(run: Run) -> dict[Key, Played]:
    """Give each failure two calls: one of a long line, and one of odd bytes."""
    sides = {"sent": "x" * 3000, "received_base64": "G1sySv8KAA=="}
    call = {"call": 1, "method": "client.view", "at_ms": 119_000, **sides}
    exchange = RawExchange.model_validate({"wall_s": 1.0, "took_ms": 0.2, **call})
    return {
        key_of(one): Played(
            scenario=PlayedScenario(
                scenario=one.title,
                feature=one.feature,
                line=one.line,
                verdict=one.verdict,
            ),
            calls=(exchange, exchange),
        )
        for one in troubled(run)
    }


SEVERAL = trend(
    "an implementation with rather a long name",
    [
        (
            f"2026-11-30T12-{minute}-00Z",
            RunSummary(
                target="cmd:acme",
                name=None,
                implementation="Acme 1.0",
                suite=str(minute),
                seed=0,
                verdict="NON-CONFORMANT",
                whole=True,
                totals={"scenarios fail": 3},
                clauses={
                    "EXPIRY-1": ("pass", "fail")[minute % 2],
                    "SEND-1": "pass",
                },
                scenarios=3,
                texts={"EXPIRY-1": "An invitation expires.", "SEND-1": "It is sent."},
            ),
        )
        for minute in range(10, 30)
    ],
    by="run",
)
"""As many runs as are kept."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_scrolls_in_one_direction(
    show: Callable[..., Page], name: str, width: int
) -> None:
    """Wide pictures and tables scroll inside their boxes, also when all are open."""
    page = show(name, width=width)
    assert width == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("name", ["late", "hostile"])
def test_no_words_of_a_picture_are_cut_off_or_lie_on_others(
    show: Callable[..., Page], colliding: Callable[..., list[str]], name: str
) -> None:
    """Measured in the browser, with the fonts it has."""
    assert [] == colliding(show(name), "svg.scene", "text:not(.sign)")


@pytest.mark.parametrize("name", ["late", "many", "raw", "trend"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast_in_both_schemes(
    show: Callable[..., Page],
    faint: Callable[[Page], list[object]],
    name: str,
    scheme: Literal["light", "dark"],
) -> None:
    """At least 4.5 to 1 on what they stand on."""
    page = show(name, scheme=scheme)
    assert [] == faint(page)


@pytest.mark.parametrize("name", ["late", "many"])
def test_the_verdict_and_the_first_cause_are_seen_on_a_telephone(
    show: Callable[..., Page], name: str
) -> None:
    """So is what a picture shows, which is wider than the screen."""
    page = show(name, width=390, closed=True)
    for words in (".verdict-line", ".cause.fail > summary", ".cause .told"):
        box = page.locator(words).first.bounding_box()
        assert box is not None, words
        assert box["x"] >= 0, words
        assert box["x"] + box["width"] <= 390, words
    verdict = page.locator(".verdict-line").first.bounding_box()
    assert verdict is not None
    assert verdict["y"] + verdict["height"] <= 844


def test_words_above_the_fold_lead_to_their_explanations(
    show: Callable[..., Page],
) -> None:
    """What qualifies the verdict, and the suite."""
    page = show("late")
    links = page.locator("header a, .qualities a").all()
    assert len(links) > 3
    for link in links:
        target = link.get_attribute("href")
        assert page.locator(f"{target} + dd").inner_text()


def test_a_cell_opens_its_details(show: Callable[..., Page]) -> None:
    """By the keyboard too, without a script."""
    page = show("late")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    link = page.locator(".matrix a").first
    target = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"{target} .scene").is_visible()


def test_a_sentence_opens_to_its_clauses_and_these_to_a_failure(
    show: Callable[..., Page],
) -> None:
    """By the keyboard, step by step; what a link leads to is opened."""
    page = show("late", closed=True)
    summary = page.locator(".sentences .fail summary").first
    summary.focus()
    page.keyboard.press("Enter")
    clause = page.locator(".sentences .fail [open] a[href^='#clause']").first
    failure = page.locator(".sentences .fail [open] a[href^='#run']").first
    for link in (clause, failure):
        link.focus()
        page.keyboard.press("Enter")
        target = link.get_attribute("href")
        assert page.locator(f"{target}").is_visible()


def test_printing_gives_pages_in_light_colours(show: Callable[..., Page]) -> None:
    """Also from a dark screen."""
    page = show("late", scheme="dark")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(255, 255, 255)" == paper
