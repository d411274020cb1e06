"""The server of the page: for whoever knows the token, and for nobody else."""

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest
from live_pages import Answer, Stream, ask

from invitelab.adapters.transports.process import wait_for
from invitelab.live.board import Board
from invitelab.live.server import LiveServer

PATIENCE_S = 20.0
Asked = Callable[..., Answer]
Opened = Callable[[], Stream]
STATE = {"progress": 0.5}


def opened_pages(board: Board, count: int) -> bool:
    """Tell whether so many pages are open, waiting for it."""
    return wait_for(lambda: board.pages == count, PATIENCE_S)


def test_the_page_and_its_script_are_served(asked: Asked) -> None:
    """They are kept nowhere, and shown in no other page."""
    for name, text, kind in (
        ("", "<p>the page</p>", "text/html"),
        ("live.js", "EventSource", "text/javascript"),
    ):
        answer = asked(name)
        assert 200 == answer.code
        assert text in answer.text
        assert answer.headers["content-type"].startswith(kind)
        assert ("no-store", "no-referrer", "DENY") == (
            answer.headers["cache-control"],
            answer.headers["referrer-policy"],
            answer.headers["x-frame-options"],
        )
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "{token}x/",
        "X{token}/",
        "{short}/",
        "%00/",
        "%C3%A9/",
        "%FF/",
        "//{token}/",
    ],
)
def test_without_the_token_nothing_is_there(server: LiveServer, path: str) -> None:
    """Neither the page nor what it is made of, nor whether there is one."""
    token = server.address.rstrip("/").rpartition("/")[2]
    wanted = path.format(token=token, short=token[:-1])
    for name in ("", "events", "report", "live.js"):
        answer = ask(server.port, f"/{wanted}{name}")
        assert (404, "there is nothing here\n") == (answer.code, answer.text)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost:1", ""]
)
def test_another_name_of_this_machine_is_refused(
    server: LiveServer, asked: Asked, host: str
) -> None:
    """A page of another origin may have a name that has come to mean this machine."""
    for name in ("", "events", "report"):
        answer = asked(name, host=host.format(port=server.port))
        assert (403, "this page has another address\n") == (answer.code, answer.text)
    assert 200 == asked(host=f"localhost:{server.port}").code


def test_nothing_can_be_sent(asked: Asked) -> None:
    """The page only shows."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        for name in ("", "events", "report"):
            assert 405 == asked(name, method=method).code
    assert 404 == asked("nothing").code


def test_without_the_last_slash_the_page_is_found(
    server: LiveServer, asked: Asked
) -> None:
    """Its script would be looked for beside the token otherwise."""
    path = "/" + server.address.rstrip("/").rpartition("/")[2]
    answer = ask(server.port, path)
    assert (307, f"{path}/") == (answer.code, answer.headers["location"])
    assert 200 == asked().code


def test_only_this_machine_is_listened_to(server: LiveServer) -> None:
    """At a port that nobody can have taken: the system gives a free one."""
    with LiveServer("", Board()) as other:
        assert server.port != other.port
        assert server.address.startswith(f"http://127.0.0.1:{server.port}/")
        assert server.address.split("/")[3] != other.address.split("/")[3]
    with socket.socket() as outside:
        outside.settimeout(PATIENCE_S)
        # The whole of 127/8 is this machine, but it is not the loopback address.
        assert outside.connect_ex(("127.0.0.2", server.port)) != 0


def test_two_pages_see_the_same(board: Board, opened: Opened) -> None:
    """One that is opened later begins with what is known by then."""
    board.show(STATE)
    first = opened()
    assert ("state", json.dumps(STATE)) == first.read()
    board.show({"progress": 0.75})
    second = opened()
    assert ("state", '{"progress": 0.75}') == first.read() == second.read()
    board.end("It is done.", b"<p>the report</p>")
    told = '{"sentence": "It is done.", "report": true}'
    assert ("end", told) == first.read() == second.read()
    assert ("", "") == first.read() == second.read()


def test_the_report_is_there_when_the_run_has_ended(board: Board, asked: Asked) -> None:
    """And not before; a run without one leaves none."""
    assert 404 == asked("report").code
    board.end("It is done.", b"<p>the report</p>")
    assert (200, "<p>the report</p>") == (asked("report").code, asked("report").text)


def test_each_page_that_is_told_is_waited_for(
    board: Board, opened: Opened, asked: Asked
) -> None:
    """Until it has fetched the report."""
    pages = [opened(), opened()]
    assert opened_pages(board, 2)
    board.end("It is done.", b"the report")
    for page in pages:
        assert "end" == page.read()[0]
        assert not board.wait_for_pages(0.05)
        asked("report")
    assert board.wait_for_pages(PATIENCE_S)


def test_a_page_that_goes_away_is_not_waited_for(board: Board, opened: Opened) -> None:
    """Its stream ends, and it holds up nobody."""
    board.show(STATE)
    gone, stays = opened(), opened()
    assert opened_pages(board, 2)
    assert "state" == gone.read()[0] == stays.read()[0]
    gone.close()
    assert opened_pages(board, 1)
    board.show({"progress": 0.75})
    assert ("state", '{"progress": 0.75}') == stays.read()
    stays.close()
    assert opened_pages(board, 0)
    board.end("It is done.", b"the report")
    assert board.wait_for_pages(0)


def test_without_a_page_nothing_is_waited_for(board: Board) -> None:
    """Nor where there is no report to fetch."""
    board.end("It is done.", b"the report")
    assert board.wait_for_pages(0)


def test_the_first_end_counts(board: Board, asked: Asked) -> None:
    """The server, when it ends, has nothing better to say."""
    board.end("It is done.", b"the report")
    board.end("It has ended without a report.", None)
    assert board.ended is not None
    assert b"It is done." in board.ended
    assert "the report" == asked("report").text


def test_nothing_is_left_of_a_server(
    capfd: pytest.CaptureFixture[str], board: Board
) -> None:
    """Neither a thread nor a port, also where a page is open that reads nothing.

    A thread of a server may still be ending.
    """
    before = set(threading.enumerate())
    with ExitStack() as pages:
        with LiveServer("page", board) as server:
            port = server.port
            pages.enter_context(closing(Stream(server.address)))  # and reads nothing
            board.show({"text": "x" * 10_000_000})
            assert opened_pages(board, 1)
            began_s = time.monotonic()
        assert time.monotonic() - began_s < PATIENCE_S / 4
        assert wait_for(lambda: set(threading.enumerate()) <= before, PATIENCE_S)
        with pytest.raises(ConnectionRefusedError):
            ask(port, "/")
    assert ("", "") == tuple(capfd.readouterr())


def test_pages_learn_that_a_run_has_failed(board: Board) -> None:
    """Leaving the context is an end without a report."""
    with LiveServer("page", board) as server:
        page = Stream(server.address)
        assert opened_pages(board, 1)
    assert ("end", True) == (page.read()[0], board.report is None)
    page.close()
