"""The transport to a TCP server."""

import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.base import Limits
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import (
    Blame,
    CannotStartError,
    CrashError,
    HangError,
    MalformedError,
)

pytestmark = pytest.mark.usefixtures("implementation")

Script = Callable[[socket.socket], None]
Speak = Callable[..., int]

LIMITS = Limits(start_s=20.0)
PATIENCE_S = 20.0
NO_WAIT = struct.pack("ii", 1, 0)
"""SO_LINGER: closing is a reset."""
LONG = "x" * 16_000_000
"""More than two sockets hold."""


def connect(port: int) -> TcpTransport:
    """Connect to this machine."""
    return TcpTransport(Address(scheme="tcp", host="127.0.0.1", port=port), LIMITS)


def hear(connection: socket.socket) -> bytes:
    """Read one line."""
    with connection.makefile("rb") as lines:
        return lines.readline()


def wait_for_the_end(connection: socket.socket) -> None:
    """Say nothing until the other side has gone."""
    while connection.recv(1 << 16):
        pass


def say(text: bytes) -> Script:
    """Say this at once, then nothing."""

    def script(connection: socket.socket) -> None:
        connection.sendall(text)
        wait_for_the_end(connection)

    return script


def sleep(_connection: socket.socket) -> None:
    """Do not even read."""
    time.sleep(0.4)


def test_nobody_there_cannot_start() -> None:
    """The environment is to blame, and the hint says what to look at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(
            CannotStartError, match=rf"^nothing listens at tcp://127.0.0.1:{port}$"
        ) as caught:
            connect(port)
    assert Blame.ENVIRONMENT == caught.value.blame
    assert "is it running, and on this port?" == caught.value.hint


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_an_end_instead_of_an_answer_is_a_crash(speak: Speak, ending: str) -> None:
    """Whichever way a connection ends."""

    def end(connection: socket.socket) -> None:
        hear(connection)
        if ending == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_WAIT)

    message = "^the target closed the connection instead of answering m$"
    with connect(speak(end)) as transport, pytest.raises(CrashError, match=message):
        transport.call("m", {}, PATIENCE_S)


def test_an_end_while_the_request_is_written_is_a_crash(speak: Speak) -> None:
    """The other side closes while the request is being sent."""

    def end(connection: socket.socket) -> None:
        connection.recv(1)

    with connect(speak(end)) as transport, pytest.raises(CrashError):
        transport.call("m", {"text": LONG}, PATIENCE_S)


def test_a_greeting_is_malformed(speak: Speak) -> None:
    """A connection is for answers."""
    with (
        connect(speak(say(b"220 Acme\r\n"))) as transport,
        pytest.raises(MalformedError) as caught,
    ):
        transport.call("m", {}, PATIENCE_S)
    assert "220 Acme\\r" == caught.value.line


def test_a_line_that_was_there_before_the_call_is_no_answer(speak: Speak) -> None:
    """Even if it has the right id."""

    def script(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(
            b'{"jsonrpc":"2.0","id":1,"result":7}\n'
            b'{"jsonrpc":"2.0","id":2,"result":7}\n'
        )
        wait_for_the_end(connection)

    with connect(speak(script)) as transport:
        assert 7 == transport.call("m", {}, PATIENCE_S)
        with pytest.raises(MalformedError, match="an unsolicited line"):
            transport.call("m", {}, PATIENCE_S)


def test_a_target_that_does_not_read_hangs(speak: Speak) -> None:
    """Writing has the same limit as reading."""
    with (
        connect(speak(sleep)) as transport,
        pytest.raises(HangError, match=r"no answer to m within 0.2 s"),
    ):
        transport.call("m", {"text": LONG}, 0.2)


def test_a_target_that_only_writes_is_malformed(speak: Speak) -> None:
    """It is found at the first line, and nothing is collected."""

    def flood(connection: socket.socket) -> None:
        for _ in range(1_000):
            connection.sendall(b"x\n" * 10_000)

    with connect(speak(flood)) as transport, pytest.raises(MalformedError):
        transport.call("m", {"text": LONG}, PATIENCE_S)


def test_a_line_without_an_end_is_malformed(speak: Speak) -> None:
    """At the longest that may be."""
    endless = say(b"x" * (LIMITS.line_bytes + 2))
    with (
        connect(speak(endless)) as transport,
        pytest.raises(MalformedError, match="a line longer than 1048576 bytes"),
    ):
        transport.call("m", {}, PATIENCE_S)


def test_a_long_request_is_read_by_a_slow_target(speak: Speak) -> None:
    """It takes the sockets many times full."""

    def script(connection: socket.socket) -> None:
        length = len(hear(connection))
        connection.sendall(b'{"jsonrpc":"2.0","id":1,"result":%d}\n' % length)
        wait_for_the_end(connection)

    with connect(speak(script)) as transport:
        expected = len(LONG) + len(
            '{"jsonrpc":"2.0","id":1,"method":"m","params":{"text":""}}\n'
        )
        assert expected == transport.call("m", {"text": LONG}, PATIENCE_S)


def test_closing_leaves_nothing_open(speak: Speak) -> None:
    """The other side sees the end."""
    ended: list[bool] = []

    def script(connection: socket.socket) -> None:
        wait_for_the_end(connection)
        ended.append(True)

    def again(_: socket.socket) -> None:
        """Serve a second connection, so that the first is known to be over."""

    port = speak(script, again)
    before = len(list(Path("/dev/fd").iterdir()))
    connect(port).close()
    with connect(port) as transport, pytest.raises(CrashError):
        transport.call("m", {}, PATIENCE_S)
    assert [True] == ended
    assert len(list(Path("/dev/fd").iterdir())) <= before
