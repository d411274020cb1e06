"""Runs to be shown, put together by hand, and a browser that shows their pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from browsers import FAINT

from invitelab.conformance.execution.verdicts import conclude, judge_clause, totals
from invitelab.conformance.features.clauses import load
from invitelab.errors import Blame
from invitelab.formats.run import (
    Exchange,
    Footer,
    Header,
    Run,
    ScenarioRecord,
    StepRecord,
    Verdict,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

HEADER = Header(
    harness="invitelab 0.1.0",
    suite="0123456789ab",
    target="cmd:./acme --stdio",
    implementation="acme 2.3",
    clock="virtual",
    proven=True,
)


def scenario(
    clause: str = "EXPIRY-2",
    verdict: Verdict = Verdict.FAIL,
    *,
    title: str = "It cannot be accepted",
    message: str | None = "expected no session",
) -> ScenarioRecord:
    """Make a record with two steps, the second of which did not hold."""
    step = StepRecord(
        keyword="When",
        text="Bob accepts the invitation",
        line=30,
        at_ms=121_000,
        status="passed",
    )
    asked = Exchange(
        at_ms=121_000,
        method="client.menu",
        client="Ada",
        outcome="ok" if message is None else "refused",
        reason=message,
    )
    held = verdict is Verdict.PASS
    last = step.model_copy(
        update={
            "keyword": "Then",
            "text": "no session has started",
            "status": "passed" if held else "failed",
            "exchanges": (asked,),
        }
    )
    is_error = verdict is Verdict.ERROR
    return ScenarioRecord(
        feature=f"features/{clause.partition('-')[0].lower()}.feature",
        line=29,
        title=title,
        clauses=(clause,),
        level=load()[clause].level,
        verdict=verdict,
        kind="crash" if is_error else None,
        blame=Blame.IMPLEMENTATION if is_error else None,
        message=None if held else message,
        steps=(step, last),
    )


def run_of(
    scenarios: Sequence[ScenarioRecord],
    *,
    header: Header = HEADER,
    selected_all: bool = True,
) -> Run:
    """Make a run of these scenarios, judged and counted as ever."""
    clauses = [judge_clause(clause, scenarios) for clause in load().values()]
    end = conclude(
        scenarios, clauses, header=header, problem=None, selected_all=selected_all
    )
    footer = Footer(
        verdict=end.verdict,
        reason=end.reason,
        blame=end.blame,
        exit_code=end.exit_code,
        whole=selected_all,
        totals=totals(scenarios, clauses),
        sha256="0" * 64,
    )
    return Run(
        header=header,
        scenarios=tuple(scenarios),
        clauses=tuple(clauses),
        footer=footer,
    )


@pytest.fixture(scope="session")
def record() -> Callable[..., ScenarioRecord]:
    """Make a record; see `scenario`."""
    return scenario


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Run]:
    """Make a run; see `run_of`."""
    return run_of


@pytest.fixture(scope="session")
def mixed() -> Run:
    """Give a run of a part: one scenario of every verdict, each of another clause."""
    clauses = [
        ("EXPIRY-1", Verdict.PASS),
        ("EXPIRY-2", Verdict.FAIL),
        ("EXPIRY-6", Verdict.DEVIATION),
        ("PENDING-1", Verdict.INCONCLUSIVE),
        ("PENDING-2", Verdict.ERROR),
        ("TILE-1", Verdict.NOT_APPLICABLE),
        ("TILE-2", Verdict.NOT_RUN),
    ]
    records = [scenario(clause, verdict) for clause, verdict in clauses]
    return run_of(records, selected_all=False)


# Pages, in Debian's Chromium.

Scheme = Literal["light", "dark"]


@pytest.fixture
def show(
    browser: "Browser", reports: Mapping[str, Path]
) -> Iterator[Callable[..., "Page"]]:
    """Give a way to open one of a module's reports, with all its tables open.

    The test fails for every message on the console and every request to elsewhere.
    """
    noticed: list[str] = []
    pages: list[Page] = []

    def open_page(
        name: str, *, width: int = 1280, scheme: Scheme = "light", closed: bool = False
    ) -> "Page":
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        pages.append(page)
        url = reports[name].as_uri()

        def heard(message: "ConsoleMessage") -> None:
            noticed.append(message.text)

        def asked(request: "Request") -> None:
            if request.url != url:
                noticed.append(request.url)

        page.on("console", heard)
        page.on("request", asked)
        page.goto(url)
        if not closed:
            page.evaluate(OPEN_ALL)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert [] == noticed


OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
COLLIDING = """
([pictures, words, slack]) => [...document.querySelectorAll(pictures)].flatMap(svg => {
  const found = [];
  const all = [...svg.querySelectorAll(words)].filter(
    text => !'■╌ '.includes(text.textContent.trim()));
  const boxes = all.map(text => text.getBoundingClientRect());
  const frame = svg.getBoundingClientRect();
  for (let i = 0; i < all.length; i++) {
    if (boxes[i].left < frame.left - 1 || boxes[i].right > frame.right + 1
      || boxes[i].top < frame.top - 1 || boxes[i].bottom > frame.bottom + 1)
      found.push('cut: ' + all[i].textContent);
    for (let j = 0; j < i; j++) {
      const wide = Math.min(boxes[i].right, boxes[j].right)
        - Math.max(boxes[i].left, boxes[j].left);
      const high = Math.min(boxes[i].bottom, boxes[j].bottom)
        - Math.max(boxes[i].top, boxes[j].top);
      if (wide > 2 && high > slack)
        found.push(all[j].textContent + ' / ' + all[i].textContent);
    }
  }
  return found;
})
"""


@pytest.fixture(scope="session")
def faint() -> Callable[["Page"], list[object]]:
    """Find words and marks with less contrast than WCAG AA asks for: 4.5 and 3."""

    def find(page: "Page") -> list[object]:
        found: list[object] = page.evaluate(FAINT)
        return found

    return find


@pytest.fixture(scope="session")
def colliding() -> Callable[..., list[str]]:
    """Find words of pictures that are cut off, or that lie on others by `slack` px."""

    def find(
        page: "Page", pictures: str, words: str = "text", slack: int = 5
    ) -> list[str]:
        found: list[str] = page.evaluate(COLLIDING, [pictures, words, slack])
        return found

    return find
