"""A server that does exactly what a test says; and the servers that authors use."""

import contextlib
import functools
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.adapters.transports.addresses import Address

SERVING = Path(__file__).parent / "fakes" / "serving.py"

Script = Callable[[socket.socket], None]
Speak = Callable[..., int]


@pytest.fixture
def speak() -> Iterator[Speak]:
    """Serve one connection by each script; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(scripts: tuple[Script, ...]) -> None:
        with contextlib.suppress(OSError):  # the client has gone, or the test is over
            for script in scripts:
                with listener.accept()[0] as connection:
                    script(connection)

    def start(*scripts: Script) -> int:
        threads.append(threading.Thread(target=serve, args=[scripts]))
        threads[0].start()
        port: int = listener.getsockname()[1]
        return port

    yield start
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[str], Address]]:
    """Start the server of a scheme, once, and read where it listens."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def start(scheme: str) -> Address:
            command = [sys.executable, str(SERVING), scheme]
            pipe = subprocess.PIPE
            server = stack.enter_context(
                subprocess.Popen(
                    command, stdout=pipe, stderr=subprocess.DEVNULL, text=True
                )
            )
            stack.callback(server.kill)
            assert server.stdout
            line = server.stdout.readline()
            return Address.parse(line.removeprefix("listening on ").strip())

        yield start
