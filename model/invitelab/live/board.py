"""What the pages of a run are shown: written by the run, read by the server.

Thread-safe. Each is a message for `EventSource`. Of the state of a run only the latest
is kept: a browser that is slow misses some, and holds up nobody.
"""

import json
import threading
from collections.abc import Mapping


def message(event: str, content: object) -> bytes:
    """One message of server-sent events."""
    return f"event: {event}\ndata: {json.dumps(content)}\n\n".encode()


class Board:
    """The latest message, how the run has ended, and which pages are open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._message = b""
        self._version = 0
        self._end: bytes | None = None
        self._report: bytes | None = None
        self._pages = 0
        self._waiting = 0
        """Pages that know of a report, and have not fetched it."""
        self._nobody_waits = threading.Condition(self._lock)

    # Written by the run.

    def show(self, content: Mapping[str, object]) -> None:
        """Put the state of the run in place of the last one."""
        with self._lock:
            self._message = message("state", content)
            self._version += 1

    def end(self, sentence: str, report: bytes | None) -> None:
        """Tell all pages that the run is over, and whether a report can be fetched."""
        with self._lock:
            if self._end is None:
                told = {"sentence": sentence, "report": report is not None}
                self._end, self._report = message("end", told), report
                self._waiting = 0 if report is None else self._pages

    def wait_for_pages(self, seconds: float) -> bool:
        """Whether each page that was told has fetched the report, or gone, by then."""
        with self._lock:
            return self._nobody_waits.wait_for(lambda: self._waiting <= 0, seconds)

    # Read by the server.

    def after(self, version: int) -> tuple[int, bytes]:
        """The number of the latest state, and it, if it is later than the one given."""
        with self._lock:
            newer = self._message if self._version > version else b""
            return self._version, newer

    @property
    def ended(self) -> bytes | None:
        """The last message; None while the run goes on."""
        with self._lock:
            return self._end

    @property
    def report(self) -> bytes | None:
        """The report, once there is one."""
        with self._lock:
            return self._report

    @property
    def pages(self) -> int:
        """How many pages are open."""
        with self._lock:
            return self._pages

    def page_opened(self) -> None:
        """Count a page."""
        with self._lock:
            self._pages += 1

    def page_closed(self, *, told: bool) -> None:
        """Forget a page; one that was not told of the end waits for nothing."""
        with self._lock:
            self._pages -= 1
            if self._end is not None and not told:
                self._done_with_one()

    def report_fetched(self) -> None:
        """Count a page that has the report."""
        with self._lock:
            self._done_with_one()

    def _done_with_one(self) -> None:
        self._waiting -= 1
        self._nobody_waits.notify_all()
