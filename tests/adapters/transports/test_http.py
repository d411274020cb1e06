"""What is particular about an adapter that is served over HTTP."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from invitelab.adapters.base import AdapterError, Limits
from invitelab.adapters.transports import http
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.http import HttpTransport
from invitelab.errors import (
    Blame,
    CallError,
    CannotStartError,
    CrashError,
    HangError,
    MalformedError,
)

Script = Callable[[socket.socket], None]
Speak = Callable[..., int]

LIMITS = Limits(start_s=20.0, line_bytes=10_000)
PATIENCE_S = 20.0
LONG = b"x" * 20_000


def connect(port: int, path: str = "/") -> HttpTransport:
    """Connect to this machine."""
    address = Address(scheme="http", host="127.0.0.1", port=port, path=path)
    return HttpTransport(address, LIMITS)


def hear(connection: socket.socket) -> bytes:
    """Read one request, head and body; empty at the end."""
    with connection.makefile("rb") as lines:
        head = b"".join(iter(lines.readline, b"\r\n")) if lines.peek(1) else b""
        fields = dict(line.split(b": ") for line in head.splitlines()[1:])
        return head + b"\r\n" + lines.read(int(fields.get(b"Content-Length", 0)))


def answer(body: bytes, status: bytes = b"200 OK", head: bytes = b"") -> bytes:
    """Write an answer."""
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + length + head + b"\r\n" + body


def result(number: int = 1) -> bytes:
    """Write a result that says which call it is of."""
    return b'{"jsonrpc":"2.0","id":%d,"result":%d}' % (number, number)


def error(code: int) -> bytes:
    """Write an error."""
    told = b'{"code":%d,"message":"no such client"}' % code
    return b'{"jsonrpc":"2.0","id":1,"error":' + told + b"}"


def chunks(*texts: bytes) -> bytes:
    """Write the beginning of an answer in chunks."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(texts)


def say(*texts: bytes, hold: bool = False) -> Script:
    """Say one text a request, then end, or wait for the other side to."""

    def script(connection: socket.socket) -> None:
        for text in texts:
            hear(connection)
            connection.sendall(text)
        while hold and connection.recv(1 << 16):
            pass

    return script


def drip(texts: Iterator[bytes]) -> Script:
    """Say a little, again and again."""

    def script(connection: socket.socket) -> None:
        hear(connection)
        for text in texts:
            connection.sendall(text)
            time.sleep(0.02)

    return script


def sleep(_connection: socket.socket) -> None:
    """Do not even read."""
    time.sleep(0.4)


# Asking


def test_a_call_is_one_post(speak: Speak) -> None:
    """With the path as it was written, and JSON that says so."""
    heard: list[bytes] = []

    def script(connection: socket.socket) -> None:
        heard.append(hear(connection))
        connection.sendall(answer(result()))

    with connect(speak(script), "/rpc?a=b") as transport:
        assert 1 == transport.call("m", {"a": [1]}, PATIENCE_S)
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /rpc?a=b HTTP/1.1\r\n")
    assert {b"Content-Type: application/json", b"Accept-Encoding: identity"} <= set(
        head.splitlines()
    )
    expected = {"jsonrpc": "2.0", "id": 1, "method": "m", "params": {"a": [1]}}
    assert expected == json.loads(body)


def test_one_connection_carries_many_calls(speak: Speak) -> None:
    """While both sides like to."""
    script = say(*(answer(result(number)) for number in (1, 2, 3)), hold=True)
    with connect(speak(script)) as transport:
        assert [1, 2, 3] == [transport.call("m", {}, PATIENCE_S) for _ in range(3)]


@pytest.mark.parametrize("head", [b"", b"Connection: close\r\n"])
def test_a_connection_that_was_closed_is_opened_again(
    speak: Speak, head: bytes
) -> None:
    """A server may close what is idle, with a word or without."""
    scripts = [say(answer(result(number), head=head)) for number in (1, 2, 3)]
    with connect(speak(*scripts)) as transport:
        for number in (1, 2, 3):
            assert number == transport.call("m", {}, PATIENCE_S)
            time.sleep(0.01)  # or the end meets the next request on its way


def test_a_connection_that_was_idle_is_not_used_again(
    speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end may be on the way."""
    monkeypatch.setattr(http, "IDLE_S", 0.0)
    silent = say(hold=True)
    scripts = [say(answer(result(number)), hold=True) for number in (1, 2)]
    with connect(speak(silent, *scripts)) as transport:
        assert [1, 2] == [transport.call("m", {}, PATIENCE_S) for _ in range(2)]


def test_no_proxy_is_asked(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers is the target."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    with connect(speak(say(answer(result())))) as transport:
        assert 1 == transport.call("m", {}, PATIENCE_S)


# Being answered


@pytest.mark.parametrize("status", [b"400 No", b"404 Not Found", b"500 Fault"])
def test_an_error_may_have_a_status_of_its_own(speak: Speak, status: bytes) -> None:
    """It is the adapter's word, and the next call is answered."""
    script = say(answer(error(1006), status), answer(result(2)))
    with connect(speak(script)) as transport:
        with pytest.raises(AdapterError, match=r"^no such client$") as caught:
            transport.call("m", {}, PATIENCE_S)
        assert 2 == transport.call("m", {}, PATIENCE_S)
    assert 1006 == caught.value.code


def test_an_answer_may_come_in_chunks(speak: Speak) -> None:
    """With what belongs to them."""
    text = result()
    pieces = (b"%x;a=b\r\n%s\r\n" % (1, text[at : at + 1]) for at in range(len(text)))
    script = say(chunks(*pieces, b"0\r\nTrailer: x\r\n\r\n"), answer(result(2)))
    with connect(speak(script)) as transport:
        assert [1, 2] == [transport.call("m", {}, PATIENCE_S) for _ in range(2)]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (answer(b"<h1>Oh\x1b</h1>"), "a line that is not JSON", "<h1>Oh\\x1b</h1>"),
        (answer(b""), "a line that is not JSON", ""),
        (answer(result(2)), "an answer to request 2, not to 1", result(2).decode()),
        (answer(b"Oh", b"500 Fault"), "an answer with the status 500", "Oh"),
        (answer(result(), b"201 Made"), "the status 201", result().decode()),
        (answer(b"", b"204 Empty"), "an answer with the status 204", ""),
        (b"SSH-2.0-Acme\r\n", "an answer that is not HTTP", "BadStatusLine: SSH-2.0"),
        (chunks(b"no\r\n"), "an answer in chunks of no length", ""),
        (chunks(b"-5\r\nhello\r\n"), "an answer that is not HTTP", "ValueError: read"),
        (chunks(b"-1\r\n" + b"x" * 200_000), "an answer of more than 100000", ""),
        (chunks(b"a" * 200_000), "an answer that is not HTTP", "ProtocolError: Re"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200, "not HTTP", "HTTPException: got"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 90_000, "not HTTP", "LineTooLong: got"),
        (answer(b"x" * 10_001), "a line longer than 10000 bytes", "x" * 199 + "…"),
        (
            chunks(b"4e20\r\n" + b"x" * 20_000 + b"\r\n"),
            "longer than 10000",
            "x" * 199 + "…",
        ),
    ],
)
def test_an_answer_that_is_not_the_protocols_is_malformed(
    speak: Speak, text: bytes, message: str, line: str
) -> None:
    """It is the adapter's fault, and its beginning is kept."""
    with (
        connect(speak(say(text, hold=True))) as transport,
        pytest.raises(MalformedError, match=message) as caught,
    ):
        transport.call("m", {}, PATIENCE_S)
    assert caught.value.line.startswith(line)
    assert Blame.ADAPTER == caught.value.blame


def test_nobody_is_followed(speak: Speak) -> None:
    """The hint says where the target is said to be."""
    moved = answer(b"", b"307 Moved", b"Location: http://127.0.0.1:1/\x1b\r\n")
    with (
        connect(speak(say(moved, answer(result())))) as transport,
        pytest.raises(MalformedError, match="the status 307") as caught,
    ):
        transport.call("m", {}, PATIENCE_S)
    assert "the target is said to be at http://127.0.0.1:1/\\x1b" == caught.value.hint


def test_an_answer_that_nobody_asked_for_is_malformed(speak: Speak) -> None:
    """Even with the id of the next request."""
    guess = answer(result(2))
    said = threading.Event()

    def script(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(answer(result()))
        assert asked.wait(PATIENCE_S)
        connection.sendall(guess)
        said.set()
        hear(connection)

    asked = threading.Event()
    with connect(speak(script)) as transport:
        assert 1 == transport.call("m", {}, PATIENCE_S)
        asked.set()
        assert said.wait(PATIENCE_S)
        with pytest.raises(MalformedError, match="an unsolicited answer"):
            transport.call("m", {}, PATIENCE_S)


@pytest.mark.parametrize(
    "answered",
    [
        answer(result()),
        chunks(b"23\r\n" + result() + b"\r\n0\r\n\r\n"),
        answer(result(), head=b"Connection: close\r\n"),
    ],
    ids=["length", "chunks", "close"],
)
def test_a_second_answer_to_one_request_is_malformed(
    speak: Speak, answered: bytes
) -> None:
    """Although it came with the first one, in the same bytes."""
    guess = answer(result(2))
    script = say(answered + guess, guess, hold=True)
    with connect(speak(script, say(guess))) as transport:
        assert 1 == transport.call("m", {}, PATIENCE_S)
        with pytest.raises(MalformedError, match="an unsolicited answer") as caught:
            transport.call("m", {}, PATIENCE_S)
    assert caught.value.line.startswith("HTTP/1.1 200 OK")


# Not being answered


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        answer(result())[:-1],
        chunks(b"5\r\nhel"),
        chunks(b"5\r\nhello\r\n"),
    ],
)
def test_an_end_instead_of_an_answer_is_a_crash(speak: Speak, text: bytes) -> None:
    """Wherever in the answer it comes."""
    message = "^the target closed the connection instead of answering m$"
    with (
        connect(speak(say(text))) as transport,
        pytest.raises(CrashError, match=message) as caught,
    ):
        transport.call("m", {}, PATIENCE_S)
    assert Blame.IMPLEMENTATION == caught.value.blame


@pytest.mark.parametrize(
    "texts",
    [
        repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
        iter([b"HTTP/1.1 200 OK\r\nA: ", *repeat(b"b", 1000)]),
        iter([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *repeat(b" ", 899)]),
        iter([chunks(), *repeat(b"1\r\n \r\n", 1000)]),
        iter([b"HTTP/1.0 200 OK\r\n\r\n", *repeat(b" ", 1000)]),
    ],
    ids=["interim", "header", "body", "chunks", "stream"],
)
def test_an_answer_that_drips_is_a_hang(speak: Speak, texts: Iterator[bytes]) -> None:
    """It is noticed at the limit, which is one for the whole exchange."""
    with connect(speak(drip(texts))) as transport:
        start = time.monotonic()
        with pytest.raises(HangError, match=r"^no answer to m within 0.3 s$"):
            transport.call("m", {}, 0.3)
        assert 0.3 <= time.monotonic() - start < PATIENCE_S / 2


def test_a_target_that_does_not_read_hangs(speak: Speak) -> None:
    """Writing has the same limit as reading."""
    with (
        connect(speak(sleep)) as transport,
        pytest.raises(HangError, match=r"no answer to m within 0.2 s"),
    ):
        transport.call("m", {"text": "x" * 16_000_000}, 0.2)


def test_nothing_is_sent_twice(speak: Speak) -> None:
    """An operation may have happened although its answer is lost."""
    heard: list[bytes] = []

    def script(connection: socket.socket) -> None:
        heard.append(hear(connection))

    with connect(speak(script, script)) as transport, pytest.raises(CrashError):
        transport.call("m", {}, PATIENCE_S)
    assert 1 == len([request for request in heard if request.strip()])


# Starting


def test_nobody_there_cannot_start() -> None:
    """The environment is to blame, and the hint says what to look at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(CannotStartError, match="nothing listens at http") as caught:
            connect(port)
    assert Blame.ENVIRONMENT == caught.value.blame
    assert "is it running, and on this port?" == caught.value.hint


def test_who_has_gone_between_two_calls_has_crashed() -> None:
    """It was there when the run began."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = connect(listener.getsockname()[1])
    with transport, pytest.raises(CallError) as caught:
        transport.call("m", {}, PATIENCE_S)
    assert CrashError is type(caught.value)
