"""A run that browsers can watch: its page, its board, and the server of both.

The run tells how far it is and how it has ended, and waits for a browser only once: at
its end, until each open page has fetched the report, FETCH_S at most.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from invitelab.live.board import Board
from invitelab.live.server import LiveServer
from invitelab.live.view import so_far
from invitelab.reporting.load.live_figures import live_paths, live_texts
from invitelab.reporting.load.live_page import LiveFrame, live_page
from invitelab.study.glimpse import EVERY_S
from invitelab.study.windows import Windows
from invitelab.study.workers import Reached

FETCH_S = 5.0
"""How long open pages have to fetch the report, in seconds."""

LOOK_S = 0.1
"""How often that wait looks for a signal to end, in seconds."""


class LiveRun:
    """A run of a scenario; `servers` are the workers of each pool of its relay."""

    def __init__(self, frame: LiveFrame, servers: int = 1) -> None:
        self._windows = Windows.for_run(frame.end_us)
        self._servers = servers
        self._board = Board()
        self._server = LiveServer(live_page(frame), self._board)
        self._begin_s = time.monotonic()
        self._next_s = self._begin_s

    @property
    def address(self) -> str:
        """Where the page is."""
        return self._server.address

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._server.__enter__()
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server."""
        self._server.__exit__(type_, error, traceback)

    def reached(self, reached: Reached) -> None:
        """Show how far the run is, at most every EVERY_S."""
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + EVERY_S
            self._show(reached, now_s - self._begin_s)

    def _show(self, reached: Reached, elapsed_s: float) -> None:
        run = so_far(reached, self._windows, self._servers, elapsed_s)
        self._board.show(
            {
                "progress": run.progress,
                "texts": live_texts(run),
                "paths": live_paths(run),
            }
        )

    def end(
        self, sentence: str, report: bytes | None, stop: Callable[[], bool]
    ) -> None:
        """Lead the open pages to the report, if there is one; `stop` ends the wait."""
        self._board.end(sentence, report)
        deadline_s = time.monotonic() + FETCH_S
        while not self._board.wait_for_pages(LOOK_S):
            if stop() or time.monotonic() > deadline_s:
                return
