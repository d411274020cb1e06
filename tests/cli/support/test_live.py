"""`invitelab simulate --live`: a page while it runs, and the same bytes as without."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browsers import FAINT
from live_pages import Stream, ask

from invitelab.adapters.transports.process import wait_for
from invitelab.cli import main
from invitelab.reporting.load.live_page import LiveFrame, live_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

assert sys.platform != "win32", "it needs POSIX"

PATIENCE_S = 180.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]{20,}/")

Started = Callable[..., subprocess.Popen[str]]
Children = Callable[[int], Sequence[Any]]


@pytest.fixture
def folder(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the tiny scenario; it is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(tiny)
    return tmp_path


def report(folder: Path) -> dict[str, bytes]:
    """Give every file of a report but its provenance."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "provenance.json"
    }


# What it changes, and what it needs


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("--engine", "events"),
        ("--engine", "cohorts"),
        ("--engine", "events", "--workers", "2"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_it_changes_no_byte(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the report, and of what is printed but for the address."""
    before = set(threading.enumerate())
    command = ["simulate", "tiny.toml", *words]
    assert 0 == main([*command, "--output", "without"])
    plain = capsys.readouterr()
    assert 0 == main([*command, "--output", "with", "--live"])
    live = capsys.readouterr()
    assert report(Path("without")) == report(Path("with"))
    assert plain.out.replace("without", "with") == live.out
    (address,) = ADDRESS.findall(live.err)
    assert live.err == f"live     {address}\n{plain.err}"
    assert wait_for(lambda: set(threading.enumerate()) <= before, PATIENCE_S)


@pytest.mark.usefixtures("folder")
def test_it_changes_nothing_that_a_target_is_found_to_do() -> None:
    """All but how long its calls took, which differs from run to run."""
    command = ["simulate", "tiny.toml", "--target", "reference", "-q"]
    found: list[dict[str, Any]] = []
    for words in (("--output", "without"), ("--output", "with", "--live")):
        assert 0 == main([*command, *words])
        found.append(json.loads(Path(words[1], "results.json").read_text("utf-8")))
        for name in ("operations", "over_time"):
            del found[-1]["target"][name]
    assert found[0] == found[1]


def test_without_the_extra_it_says_what_to_install(folder: Path) -> None:
    """In one sentence with a hint, before anything is set aside."""
    code = """\
        import sys
        sys.modules["uvicorn"] = None
        from invitelab.__main__ import main
        sys.argv[1:] = ["simulate", "tiny.toml", "--live", "-q"]
        sys.exit(main())
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    expected = (
        "invitelab: --live needs Starlette and uvicorn, which are not installed\n"
    )
    assert (2, "") == (result.returncode, result.stdout)
    assert f"{expected}  hint: pip install 'invitelab[live]'\n" == result.stderr
    assert not (folder / "reports").exists()


@pytest.mark.slow
def test_a_simulation_without_it_needs_no_server(folder: Path) -> None:
    """Neither library is imported."""
    code = (
        "import sys; from invitelab.cli import main; "
        "main(['simulate', 'tiny.toml', '-q']); "
        "sys.exit(bool({'uvicorn', 'starlette'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)
    assert 0 == result.returncode


# A command that runs


@contextmanager
def running(
    started: Started, folder: Path, *words: str
) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Start a simulation that takes long, with its address; it is ended afterwards."""
    command = ("simulate", "tiny.toml", "--live", "--output", "out", *words)
    process = started(*command, cwd=folder)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("live     ")
        yield process, ADDRESS.findall(line)[0]
    finally:
        process.kill()
        process.communicate()


LONG = ("--set", "duration=50h", "--engine", "events")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_ends_it_at_once(
    started: Started, children: Children, folder: Path, workers: str
) -> None:
    """The page is told, the report is INCOMPLETE, and no process is left."""
    with running(started, folder, *LONG, "--workers", workers) as (process, address):
        page = Stream(address)
        while (found := page.read())[0] != "state":
            assert found[0]
        others = children(process.pid)
        os.kill(process.pid, signal.SIGINT)
        while (found := page.read())[0] == "state":
            pass
        assert "end" == found[0]
        assert "marked INCOMPLETE" in found[1]
        assert '"report": false' in found[1]
        out, _ = process.communicate(timeout=PATIENCE_S)
        assert 130 == process.returncode
        assert "INCOMPLETE" in out.splitlines()[-1]
        assert wait_for(lambda: not any(one.is_running for one in others), PATIENCE_S)
        with pytest.raises(ConnectionRefusedError):
            Stream(address)
        page.close()
    assert "INCOMPLETE" in (folder / "out" / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_a_page_comes_to_the_report(started: Started, folder: Path) -> None:
    """The command waits until it has been fetched, and ends."""
    with running(started, folder, "--set", "duration=20min") as (process, address):
        page = Stream(address)
        while page.read()[0] != "end":
            pass
        parts = urlsplit(address)
        fetched = ask(parts.port or 0, f"{parts.path}report").text.encode()
        process.communicate(timeout=PATIENCE_S)
        assert 0 == process.returncode
        page.close()
    assert (folder / "out" / "report.html").read_bytes() == fetched


# In a browser


FRAME = LiveFrame(
    title="A desk",
    name="desk",
    summary="Hardly anybody.",
    size="3 replications of 25 s",
    warm_up_us=5_000_000,
    duration_us=20_000_000,
    end_us=25_000_000,
)
UNEVEN = """
() => [...document.querySelectorAll('.plot')].flatMap(plot => {
  const frame = plot.querySelector('svg').getBoundingClientRect();
  return [...plot.querySelectorAll('.scale span')].map((label, place) => {
    const box = label.getBoundingClientRect();
    return Math.abs((box.top + box.bottom) / 2 - frame.top - frame.height * place / 2);
  });
})
"""
"""How far each label of a scale is from its line, in pixels."""


@pytest.mark.slow
def test_a_page_that_is_printed_is_one_sheet(browser: "Browser") -> None:
    """With the colours of the outcomes, and each label of a scale at its line."""
    page = browser.new_page(viewport={"width": 690, "height": 975})
    page.route("**/*", lambda route: route.abort())
    page.set_content(live_page(FRAME), wait_until="domcontentloaded")
    sheet = page.pdf(prefer_css_page_size=True)
    assert 1 == sheet.count(b"/Type /Page\n")
    page.emulate_media(media="print")
    labels: list[float] = page.evaluate(UNEVEN)
    assert 9 == len(labels)
    assert max(labels) < 1
    adjust = "getComputedStyle(document.querySelector('.swatch')).printColorAdjust"
    assert "exact" == page.evaluate(adjust)
    assert not page.locator("#sentence").is_visible()
    page.close()


SHAPES = [(1280, "light"), (390, "dark")]


def seen(page: "Page", condition: str) -> bool:
    """Wait for it; the policy of the page forbids Playwright's own way."""
    return wait_for(lambda: bool(page.evaluate(condition)), PATIENCE_S)


@pytest.mark.slow
def test_browsers_see_the_run_and_then_its_report(
    browser: "Browser", started: Started, folder: Path
) -> None:
    """Wide and narrow, light and dark; nothing is logged, and nothing is faint."""
    logged: list[str] = []
    words = ("--set", "duration=2h", "--engine", "events", "--set", "warm_up=5min")
    with running(started, folder, *words) as (process, address):
        pages = [
            browser.new_page(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            for width, scheme in SHAPES
        ]
        gone = browser.new_page()
        gone.goto(address)
        for page in pages:
            page.on("console", lambda message: logged.append(message.text))
            page.goto(address)
        gone.close()
        for page, (width, _scheme) in zip(pages, SHAPES, strict=True):
            drawn = "document.getElementById('pending-line').getAttribute('d').length"
            assert seen(page, f"{drawn} > 20")
            number = "document.getElementById('accepted-number').textContent"
            assert seen(page, f"parseInt({number}) > 0")
            assert page.evaluate("document.getElementById('bar').value") > 0
            assert width == page.evaluate("document.documentElement.scrollWidth")
            assert [] == page.evaluate(FAINT)
        for page in pages:
            page.wait_for_url(f"{address}report", timeout=1000 * PATIENCE_S)
            assert page.locator("#outcome-table").is_visible()
            assert "Load report of" in page.inner_text(".eyebrow")
        process.communicate(timeout=PATIENCE_S)
        assert 0 == process.returncode
        for page in pages:  # it stays, also without the server
            assert page.locator("figure").count() > 5
            page.close()
    assert [] == logged


@pytest.mark.slow
def test_a_page_says_when_the_command_is_gone(
    browser: "Browser", started: Started, folder: Path
) -> None:
    """As after a kill that nothing could tell it of."""
    with running(started, folder, *LONG) as (process, address):
        page = browser.new_page()
        page.goto(address)
        assert seen(page, "document.getElementById('bar').value > 0")
        assert not page.locator("#lost").is_visible()
        process.kill()
        page.wait_for_selector("#lost", timeout=1000 * PATIENCE_S)
        page.close()
