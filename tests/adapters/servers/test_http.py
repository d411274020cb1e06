"""Doubts about the template that makes a web server of an adapter."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection

import pytest

from invitelab.adapters.base import AdapterError, Limits
from invitelab.adapters.servers.stdio import LIMITS
from invitelab.adapters.transports.addresses import Address
from invitelab.adapters.transports.http import HttpTransport
from invitelab.errors import CrashError

PATIENCE_S = 20.0
Serving = Callable[[str], Address]
CALL = b'{"id":1,"method":"m"}'


def ask(
    address: Address,
    body: bytes | None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes, Mapping[str, str]]:
    """Ask as a browser or a script would."""
    connection = HTTPConnection(address.host, address.port, timeout=PATIENCE_S)
    try:
        connection.request(method, "/anything", body, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def test_there_is_one_adapter_for_all(serving: Serving) -> None:
    """Until the next `initialize`."""
    address = serving("http")
    with HttpTransport(address, Limits()) as one, HttpTransport(address, Limits()) as b:
        assert [1] == one.call("initialize", {}, PATIENCE_S)
        assert [2] == b.call("m", {}, PATIENCE_S)
        assert [3] == one.call("shutdown", {}, PATIENCE_S)
        assert [1] == b.call("initialize", {}, PATIENCE_S)


def test_an_adapters_error_is_an_answer(serving: Serving) -> None:
    """The connection stays."""
    with HttpTransport(serving("http"), Limits()) as transport:
        transport.call("initialize", {}, PATIENCE_S)
        with pytest.raises(AdapterError, match="ValueError: as it was asked") as caught:
            transport.call("crash", {}, PATIENCE_S)
        assert [3] == transport.call("m", {}, PATIENCE_S)
    assert 1004 == caught.value.code


def test_who_leaves_answers_nothing(serving: Serving) -> None:
    """The server lives."""
    address = serving("http")
    with (
        HttpTransport(address, Limits()) as transport,
        pytest.raises(CrashError, match="closed the connection"),
    ):
        transport.call("leave", {}, PATIENCE_S)
    assert 200 == ask(address, CALL)[0]


def test_an_answer_is_json(serving: Serving) -> None:
    """And says so."""
    status, body, headers = ask(serving("http"), CALL)
    assert (200, "application/json") == (status, headers["Content-Type"])
    assert 1 == json.loads(body)["id"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "BREW"])
def test_any_other_method_is_not_allowed(serving: Serving, method: str) -> None:
    """The answer names the one that is."""
    status, body, headers = ask(serving("http"), None, method=method)
    assert (405, "POST") == (status, headers["Allow"])
    assert (b"" if method == "HEAD" else b"Method Not Allowed\n") == body


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_what_cannot_be_read_is_a_bad_request(serving: Serving, body: bytes) -> None:
    """In JSON all the same."""
    status, answer, _ = ask(serving("http"), body)
    assert (400, -32700) == (status, json.loads(answer)["error"]["code"])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Content-Length": str(LIMITS.line_bytes + 1)}, 413),
        ({"Content-Length": "9" * 20}, 413),
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": "1_0"}, 400),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Transfer-Encoding": "chunked", "Content-Length": "5"}, 411),
    ],
)
def test_a_body_without_a_length_that_will_do_is_not_read(
    serving: Serving, headers: Mapping[str, str], expected: int
) -> None:
    """The connection is closed, as the start of the next request is unknown."""
    status, _, answered = ask(serving("http"), None, headers=headers)
    assert (expected, "close") == (status, answered["Connection"])
