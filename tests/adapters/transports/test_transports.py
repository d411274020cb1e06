"""What all transports have in common."""

import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from invitelab.adapters.base import AdapterError, Json, Limits, Transport
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.http import HttpTransport
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.adapters.transports.tcp import TcpTransport
from invitelab.errors import CrashError, HangError, HarnessError, MalformedError

pytestmark = pytest.mark.usefixtures("implementation")

FAKE = Path(__file__).parents[1] / "fakes" / "fake.py"
LIMITS = Limits(grace_s=0.05, stderr_bytes=1000)
PATIENCE_S = 20.0
"""For answers that come; so long takes a machine that is busy with other things."""


Servers = Mapping[str, Address]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Serve the fake at two ports."""
    with ExitStack() as stack:
        addresses: dict[str, Address] = {}
        for scheme in ("tcp", "http"):
            command = [sys.executable, str(FAKE), scheme]
            server = stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(server.kill)
            assert server.stdout
            port = int(server.stdout.readline())
            addresses[scheme] = Address.parse(f"{scheme}://127.0.0.1:{port}")
        yield addresses


def in_process(_servers: Servers) -> Transport:
    """Reach the fake in this process."""
    return InProcessTransport(runpy.run_path(str(FAKE))["Fake"](), LIMITS)


def over_stdio(_servers: Servers) -> Transport:
    """Reach the fake in a process of its own."""
    return StdioTransport([sys.executable, str(FAKE)], LIMITS)


def over_tcp(servers: Servers) -> Transport:
    """Reach the fake by a connection."""
    return TcpTransport(servers["tcp"], LIMITS)


def over_http(servers: Servers) -> Transport:
    """Reach the fake by POSTs."""
    return HttpTransport(servers["http"], LIMITS)


NEAR = (in_process, over_stdio)
FAR = (over_tcp, over_http)


@pytest.fixture(params=[*NEAR, *FAR])
def transport(request: pytest.FixtureRequest, servers: Servers) -> Iterator[Transport]:
    """Connect to the fake, each way there is."""
    connect: Callable[[Servers], Transport] = request.param
    with connect(servers) as connected:
        yield connected


def test_an_answer_is_equal_to_what_was_sent(transport: Transport) -> None:
    """JSON goes through in both directions, and calls follow each other."""
    expected: dict[str, Json] = {
        "text": "é😀\u2028\x00",
        "numbers": [0, -1, 2**53, 0.1],
        "others": [None, True, False, {}, []],
    }
    for _ in range(3):
        assert expected == transport.call("echo", expected, PATIENCE_S)


def test_nothing_is_shared(transport: Transport) -> None:
    """What the adapter does to its parameters and results stays with it."""
    values: list[Json] = [{}]
    changed = transport.call("change", {"values": values}, PATIENCE_S)
    assert [{}, "more"] == changed
    assert [{}] == values


def test_an_error_arrives_with_code_message_and_data(transport: Transport) -> None:
    """It is the adapter's word, and the next call is answered."""
    told: dict[str, Json] = {"code": 1006, "message": "no such client", "data": ["c9"]}
    with pytest.raises(AdapterError, match=r"^no such client$") as caught:
        transport.call("fail", told, PATIENCE_S)
    assert (1006, ["c9"]) == (caught.value.code, caught.value.data)
    assert {} == transport.call("echo", {}, PATIENCE_S)


def test_an_error_without_an_integer_code_is_malformed(transport: Transport) -> None:
    """An error is an answer too, and has a shape."""
    with pytest.raises(MalformedError, match="an error without an integer code"):
        transport.call("fail", {"code": "1006", "message": "?"}, PATIENCE_S)


@pytest.mark.parametrize("method", ["crash", "leave"])
def test_an_end_instead_of_an_answer_is_a_crash(
    transport: Transport, method: str
) -> None:
    """Uncaught exceptions and exits, even with code 0."""
    with pytest.raises(CrashError, match=method):
        transport.call(method, {}, PATIENCE_S)


@pytest.mark.parametrize("transport", NEAR, indirect=True)
def test_a_crash_shows_why(transport: Transport) -> None:
    """The traceback is kept, as far as it fits, and a hint leads to it."""
    with pytest.raises(CrashError) as caught:
        transport.call("crash", {}, PATIENCE_S)
    assert caught.value.hint
    assert "ZeroDivisionError" in transport.stderr
    assert len(transport.stderr) <= LIMITS.stderr_bytes


@pytest.mark.parametrize("transport", FAR, indirect=True)
def test_what_is_not_ours_has_no_stderr(transport: Transport) -> None:
    """Its stderr goes to the process that started it."""
    with pytest.raises(CrashError, match="closed the connection instead of answering"):
        transport.call("crash", {}, PATIENCE_S)
    assert not transport.stderr


@pytest.mark.parametrize("connect", FAR)
def test_who_connects_again_is_served_again(
    servers: Servers, connect: Callable[[Servers], Transport]
) -> None:
    """Closing ends the connection, and nothing of the target."""
    for _ in range(2):
        with connect(servers) as transport, pytest.raises(CrashError):
            transport.call("leave", {}, PATIENCE_S)
    with connect(servers) as transport:
        assert {} == transport.call("echo", {}, PATIENCE_S)


@pytest.mark.parametrize("transport", [over_stdio, *FAR], indirect=True)
def test_a_call_after_closing_is_our_bug(transport: Transport) -> None:
    """The caller has closed the transport itself."""
    transport.close()
    with pytest.raises(HarnessError, match="echo after the connection was closed"):
        transport.call("echo", {}, PATIENCE_S)


def test_no_answer_is_a_hang(transport: Transport) -> None:
    """It is noticed at the limit, and not when it pleases the target."""
    start = time.monotonic()
    with pytest.raises(HangError, match=r"no answer to hang within 0.2 s"):
        transport.call("hang", {}, 0.2)
    assert 0.2 <= time.monotonic() - start < PATIENCE_S


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("answer_an_object", {}),
        ("answer_infinity", {}),
        ("answer_half_a_surrogate_pair", {}),
        ("answer_deeply", {"depth": LIMITS.depth + 1}),
        ("answer_at_length", {"length": LIMITS.line_bytes + 1}),
    ],
)
def test_an_answer_that_is_not_the_protocols_is_malformed(
    transport: Transport, method: str, params: dict[str, Json]
) -> None:
    """It is the adapter's fault, and its beginning is kept."""
    with pytest.raises(MalformedError) as caught:
        transport.call(method, params, PATIENCE_S)
    assert caught.value.line


def test_an_answer_at_the_limits_is_read(transport: Transport) -> None:
    """The longest and the deepest that may be."""
    longest = transport.call(
        "answer_at_length", {"length": LIMITS.line_bytes}, PATIENCE_S
    )
    deepest = transport.call("answer_deeply", {"depth": LIMITS.depth}, PATIENCE_S)
    assert isinstance(longest, str)
    assert "[" * (LIMITS.depth - 1) == repr(deepest).rstrip("]")


@pytest.mark.parametrize("value", [float("nan"), "\ud800"])
def test_a_request_that_is_not_json_is_our_bug(
    transport: Transport, value: Json
) -> None:
    """The target never sees it."""
    with pytest.raises(HarnessError, match="a request that is not JSON"):
        transport.call("echo", {"value": value}, PATIENCE_S)
    assert {} == transport.call("echo", {}, PATIENCE_S)


def test_closing_twice_does_no_harm(transport: Transport) -> None:
    """The second time nothing happens."""
    transport.close()
    transport.close()
