"""The server of the page: a thread of its own, on a free port of the loopback."""

import asyncio
import secrets
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from invitelab.live.app import make_app
from invitelab.live.board import Board

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 18
MOST_CONNECTIONS = 64
CLOSE_S = 1
"""How long answers under way may go on when the server ends, in seconds."""

END_S = 5.0
"""How long its end is waited for, in seconds; what is left ends with the process."""


class LiveServer:
    """Serves a page and its board from entering the context to leaving it."""

    def __init__(self, page: str, board: Board) -> None:
        self._board = board
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        # Bound here, so that no other program can take the port in between.
        self._socket = socket.create_server((LOOPBACK, 0), backlog=MOST_CONNECTIONS)
        self.port: int = self._socket.getsockname()[1]
        hosts = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost")}
        app = make_app(page, board, self._token, hosts)
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=CLOSE_S,
        )
        self._server = uvicorn.Server(config)
        # A thread of a process that ends must not keep it.
        self._thread = threading.Thread(target=self._serve, name="live", daemon=True)

    @property
    def address(self) -> str:
        """The address of the page, which nobody can guess."""
        return f"http://{LOOPBACK}:{self.port}/{self._token}/"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """End all streams and the server, and wait for that."""
        self._board.end("The run has ended without a report.", None)
        self._server.should_exit = True
        self._thread.join(END_S)
        self._socket.close()

    def _serve(self) -> None:
        asyncio.run(self._serve_to_the_end())

    async def _serve_to_the_end(self) -> None:
        await self._server.serve(sockets=[self._socket])
        # What a browser has not read by now would keep its connection.
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
