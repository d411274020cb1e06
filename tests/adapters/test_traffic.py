"""Which bytes of calls are kept, and that every transport notes the very ones."""

import runpy
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters import traffic
from invitelab.adapters.base import Limits, Transport
from invitelab.adapters.traffic import MOST_BYTES, MOST_CALLS, Call, Traffic, recorded
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.http import HttpTransport
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.adapters.transports.lines import LineTransport
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import CallError, CrashError, MalformedError

FAKE = Path(__file__).with_name("fakes") / "fake.py"
LIMITS = Limits(grace_s=0.05)
ASKED = b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":1}}\n'
ODD = b'{"jsonrpc":"2.0","id":1, "result" :{"a": 1}}\r\n'
"""An answer whose spaces and end of line a parsed message would not show."""

Speak = Callable[..., int]


class At:
    """A clock that stands still."""

    now_ms = 119_000


def called(transport: Transport, method: str = "echo") -> Call:
    """Make one call, and give what was noted of it."""
    noted = Traffic()
    try:
        with transport, recorded(noted, method):
            transport.call(method, {"a": 1} if method == "echo" else {}, 20.0)
    except CallError:
        pass
    (call,) = noted.calls
    call.settle()
    return call


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    """Make a server that reads a request and answers with these bytes."""

    def serve(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(answer)
        connection.recv(1)  # wait for the end

    return serve


def test_a_call_knows_when_it_was_made_and_how_it_ended() -> None:
    """Protocol time is that of the scenario's clock; an error is kept."""
    noted = Traffic()
    noted.clock = At()
    with pytest.raises(CrashError), recorded(noted, "client.view"):
        raise CrashError("it ended")
    (call,) = noted.calls
    assert ("client.view", 119_000) == (call.method, call.at_ms)
    assert "it ended" == str(call.error)
    assert call.took_s > 0


def test_nothing_is_noted_outside_of_a_call_or_by_another_thread() -> None:
    """Calls of scenarios that are open at once do not mix."""
    noted = Traffic()
    traffic.sent(b"before")
    with recorded(noted, "client.view"):
        traffic.sent(b"mine")
        other = threading.Thread(target=traffic.received, args=[b"another's"])
        other.start()
        other.join()
    traffic.received(b"after")
    (call,) = noted.calls
    assert (b"mine", b"") == (call.sent, call.received)


def test_a_call_is_noted_once() -> None:
    """What a scenario notes, its driver does not note again."""
    scenario, outside = Traffic(), Traffic()
    with recorded(scenario, "client.view"), recorded(outside, "client.view"):
        traffic.sent(b"once")
    assert (1, 0) == (len(scenario.calls), len(outside.calls))


def test_bytes_and_calls_are_bounded() -> None:
    """The first ones are kept, and the others are counted."""
    noted = Traffic()
    with recorded(noted, "client.view") as call:
        assert isinstance(call, Call)
        for _ in range(3):
            traffic.received(b"x" * MOST_BYTES)
    assert (MOST_BYTES, 3 * MOST_BYTES) == (len(call.received), call.received_bytes)
    for _ in range(MOST_CALLS):
        noted.call("client.view")
    assert (MOST_CALLS, 1) == (len(noted.calls), noted.left_out)


def test_a_process_and_an_object_are_noted_as_lines() -> None:
    """An object has no bytes: they are those that a process would see."""
    fake = runpy.run_path(str(FAKE))["Fake"]()
    own = called(InProcessTransport(fake, LIMITS))
    other = called(StdioTransport([sys.executable, str(FAKE)], LIMITS))
    assert ASKED == own.sent == other.sent
    assert b'{"jsonrpc":"2.0","id":1,"result":{"a":1}}\n' == own.received
    assert other.received.startswith(b'{"jsonrpc"')
    assert other.received.endswith(b"\n")


def test_a_connection_is_noted_byte_by_byte(speak: Speak) -> None:
    """Spaces and the end of the line are those that the server has sent."""
    address = Address.parse(f"tcp://127.0.0.1:{speak(answering(ODD))}")
    call = called(TcpTransport(address, LIMITS))
    assert (ASKED, ODD) == (call.sent, call.received)


def test_what_is_no_answer_is_noted_as_well(speak: Speak) -> None:
    """Neither UTF-8 nor JSON: the report of the error alone does not show it."""
    wrong = b'{"jsonrpc": \xff\xfe\x00}\n'
    address = Address.parse(f"tcp://127.0.0.1:{speak(answering(wrong))}")
    call = called(TcpTransport(address, LIMITS))
    assert wrong == call.received
    assert isinstance(call.error, MalformedError)


@pytest.mark.parametrize("answer", [ODD, b'{"jsonrpc": \xff\xfe\x00}\n'])
def test_a_connection_of_several_threads_is_noted(speak: Speak, answer: bytes) -> None:
    """A thread reads all answers; each is noted for the call that it belongs to."""
    address = Address.parse(f"tcp://127.0.0.1:{speak(answering(answer))}")
    transport = TcpTransport(address, LIMITS)
    assert isinstance(transport, LineTransport)
    call = called(transport.shared())
    assert (ASKED, answer) == (call.sent, call.received)


def test_http_is_noted_with_its_headers(speak: Speak) -> None:
    """A wrong status or header is seen there alone."""
    body = ODD.strip()
    head = f"HTTP/1.1 200 Fine\r\nX-Odd: 1\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = head.encode() + body
    address = Address.parse(f"http://127.0.0.1:{speak(answering(answer))}/rpc")
    call = called(HttpTransport(address, LIMITS))
    assert call.sent.startswith(b"POST /rpc HTTP/1.1\r\n")
    assert call.sent.endswith(ASKED)
    assert answer == call.received
