"""What is served: the page, its script, the events and the report, behind a token.

Whoever does not know the token is told nothing: neither other programs of this machine
nor pages of other origins, whose browser would ask under a name of theirs (DNS
rebinding).
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import (
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from invitelab.live.board import Board
from invitelab.reporting.load.live_page import LIVE_POLICY

SCRIPT = Path(__file__).with_name("live.js")

POLL_S = 0.1
"""How often a stream looks for something new, in seconds."""

REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""For every answer: the address is a secret, and no other page may show this one."""


class Guard:
    """Passes on what has the token in its path and one of our names as its host."""

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str]) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        assert scope["type"] == "http", "neither lifespan nor WebSockets are served"
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        rest = scope["path"].removeprefix(f"/{self._token}")
        # Without the slash, the names in the page would be names beside the token.
        app = self._app if rest else RedirectResponse(f"/{self._token}/", 307, HEADERS)
        await app({**scope, "path": rest}, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if Headers(scope=scope).get("host", "") not in self._hosts:
            return _refused("this page has another address", 403)
        given = scope["path"].partition("/")[2].partition("/")
        # In bytes, because the text may have any character.
        if not secrets.compare_digest(given[0].encode(), self._token.encode()):
            return _refused("there is nothing here", 404)
        return None


def _refused(sentence: str, code: int) -> Response:
    return PlainTextResponse(f"{sentence}\n", code, HEADERS)


def make_app(page: str, board: Board, token: str, hosts: Collection[str]) -> ASGIApp:
    """The application; `hosts` are the names and ports under which it is asked."""
    script = SCRIPT.read_text(encoding="utf-8")

    async def show_page(_request: Request) -> Response:
        return _text(page, "text/html", LIVE_POLICY)

    async def show_script(_request: Request) -> Response:
        return _text(script, "text/javascript", LIVE_POLICY)

    async def show_events(_request: Request) -> Response:
        stream = StreamingResponse(_events(board), media_type="text/event-stream")
        stream.headers.update(HEADERS)
        return stream

    async def show_report(_request: Request) -> Response:
        report = board.report
        if report is None:
            return _refused("there is no report yet", 404)
        answer = _text(report, "text/html", REPORT_POLICY)
        answer.background = BackgroundTask(board.report_fetched)
        return answer

    routes = [
        Route("/", show_page),
        Route("/live.js", show_script),
        Route("/events", show_events),
        Route("/report", show_report),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return Guard(app, token, hosts)


def _text(content: str | bytes, kind: str, policy: str) -> Response:
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return Response(content, 200, headers, media_type=kind)


async def _events(board: Board) -> AsyncIterator[bytes]:
    """What a page is told, from now to the end of the run."""
    version, told = 0, False
    board.page_opened()
    try:
        while (end := board.ended) is None:
            version, newer = board.after(version)
            if newer:
                yield newer
            await asyncio.sleep(POLL_S)
        _, last = board.after(version)
        told = True
        yield last + end
    finally:
        board.page_closed(told=told)
