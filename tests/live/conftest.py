"""A server with a page of its own, and ways to ask it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from live_pages import Answer, Stream, ask

from invitelab.live.board import Board
from invitelab.live.server import LiveServer


@pytest.fixture
def board() -> Board:
    """Give an empty board."""
    return Board()


@pytest.fixture
def server(board: Board) -> Iterator[LiveServer]:
    """Give a server that serves it."""
    with LiveServer("<p>the page</p>", board) as server:
        yield server


@pytest.fixture
def asked(server: LiveServer) -> Callable[..., Answer]:
    """Ask the server for a path below its token."""
    path = urlsplit(server.address).path

    def given(name: str = "", **options: str) -> Answer:
        return ask(server.port, f"{path}{name}", **options)

    return given


@pytest.fixture
def opened(server: LiveServer) -> Iterator[Callable[[], Stream]]:
    """Give a way to open pages, which are closed afterwards."""
    streams: list[Stream] = []

    def open_one() -> Stream:
        streams.append(Stream(server.address))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.close()
