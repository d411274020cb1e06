"""A run that browsers watch: what they see of it, and how long it waits for them."""

import json
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from live_pages import Stream, ask

from invitelab.live import live_run
from invitelab.live.live_run import LiveRun
from invitelab.reporting.load.live_page import LiveFrame
from invitelab.study.workers import Reached

S = 1_000_000
PATIENCE_S = 20.0
A_WHILE_S = 0.5
FRAME = LiveFrame(
    title="Desk",
    name="desk",
    summary="",
    size="2 replications of 25 s",
    warm_up_us=0,
    duration_us=20 * S,
    end_us=25 * S,
)


@pytest.fixture
def run() -> Iterator[LiveRun]:
    """Give a run whose page can be opened."""
    with LiveRun(FRAME) as run:
        yield run


def reached(done_s: int) -> Reached:
    """Say how far it is."""
    return Reached(done_us=done_s * S, all_us=50 * S, replications=0, planned=2)


@pytest.fixture
def page(run: LiveRun) -> Iterator[Stream]:
    """Give a page that is open, and has seen how far the run is."""
    run.reached(reached(10))
    page = Stream(run.address)
    name, data = page.read()
    assert ("state", 0.2) == (name, json.loads(data)["progress"])
    yield page
    page.close()


def ending(run: LiveRun, stop: Callable[[], bool]) -> threading.Thread:
    """Let the run end in a thread."""
    thread = threading.Thread(target=run.end, args=("Done.", b"the report", stop))
    thread.start()
    return thread


def never() -> bool:
    """Give no signal."""
    return False


def test_a_state_is_shown_now_and_then(run: LiveRun, page: Stream) -> None:
    """However often the run tells of itself: the next one comes a while later."""
    for done_s in range(11, 20):
        run.reached(reached(done_s))
    thread = ending(run, lambda: True)
    assert "end" == page.read()[0]
    thread.join(PATIENCE_S)


def test_it_waits_until_the_page_has_the_report(run: LiveRun, page: Stream) -> None:
    """And no longer."""
    thread = ending(run, never)
    assert "end" == page.read()[0]
    thread.join(A_WHILE_S)
    assert thread.is_alive()
    parts = urlsplit(run.address)
    answer = ask(parts.port or 0, f"{parts.path}report")
    thread.join(PATIENCE_S)
    assert ("the report", False) == (answer.text, thread.is_alive())


def test_a_signal_ends_the_wait(run: LiveRun, page: Stream) -> None:
    """Whoever presses Ctrl-C has seen the verdict."""
    signals = threading.Event()
    thread = ending(run, signals.is_set)
    assert "end" == page.read()[0]
    thread.join(A_WHILE_S)
    assert thread.is_alive()
    signals.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_the_wait_is_bounded(
    run: LiveRun, page: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is told and fetches nothing keeps nobody."""
    monkeypatch.setattr(live_run, "FETCH_S", A_WHILE_S)
    thread = ending(run, never)
    assert "end" == page.read()[0]
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_without_a_page_it_ends_at_once(run: LiveRun) -> None:
    """Nobody is there to wait for."""
    run.end("Done.", b"the report", lambda: pytest.fail("it waits"))
