"""Doubts about the template that makes a process of an adapter."""

import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invitelab.adapters.base import AdapterError, Json, Limits
from invitelab.adapters.servers.stdio import LIMITS, dispatch, serve_stdio
from invitelab.adapters.transports.framing import encode
from invitelab.adapters.transports.stdio import StdioTransport

PRINTING = Path(__file__).parents[1] / "fakes" / "printing.py"


class Echo:
    """An adapter with a few faults."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer with what was asked, mostly."""
        match method:
            case "refuse":
                raise AdapterError(1006, "no such client", {"client": "c9"})
            case "crash":
                raise ValueError("an escape: \x1b")
            case "answer-a-set":
                return {1}  # type: ignore[return-value]
            case "interrupt":
                raise KeyboardInterrupt
            case "leave":
                sys.exit(7)
            case "print":
                sys.stdout.write("printed\n")
            case _:
                pass
        return [method, dict(params)]


def serve(*lines: bytes) -> list[Json]:
    """Serve these lines and read the answers."""
    answers = io.BytesIO()
    serve_stdio(Echo(), io.BytesIO(b"\n".join(lines)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def ask(method: Json, params: Json = None, number: Json = 1) -> bytes:
    """Write a request."""
    message: dict[str, Json] = {"id": number, "method": method, "params": params or {}}
    return json.dumps(message).encode()


def error(number: Json, code: int, message: str, **more: Json) -> Json:
    """Write an answer that is an error."""
    told: Json = {"code": code, "message": message, **more}
    return {"jsonrpc": "2.0", "id": number, "error": told}


def test_each_line_is_answered_in_order() -> None:
    """With the id it came with; the last needs no line end."""
    expected: list[Json] = [
        {"jsonrpc": "2.0", "id": 1, "result": ["a", {"b": 2}]},
        {"jsonrpc": "2.0", "id": "x", "result": ["c", {}]},
    ]
    assert expected == serve(ask("a", {"b": 2}), ask("c", number="x"))


def test_params_may_be_left_out() -> None:
    """They are an empty object then."""
    expected: list[Json] = [{"jsonrpc": "2.0", "id": 1, "result": ["a", {}]}]
    assert expected == serve(b'{"id":1,"method":"a"}\r')


def test_an_adapters_error_is_told() -> None:
    """With its data."""
    expected = error(1, 1006, "no such client", data={"client": "c9"})
    assert [expected] == serve(ask("refuse"))


def test_a_crash_is_told_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The traceback is for stderr; the adapter lives on."""
    expected = error(1, 1004, "ValueError: an escape: \\x1b")
    assert [expected] == serve(ask("crash"))
    assert "in request" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (ask("answer-a-set"), (1, 1003)),
        (ask("crash"), (1, 1004)),
        (ask(7), (1, -32600)),
        (b'{"method":"a"}', (None, -32600)),
        (ask("a", [1]), (1, -32602)),
        (b"", (None, -32700)),
        (b'{"id":1', (None, -32700)),
        (b"[]", (None, -32700)),
        (b"\xff", (None, -32700)),
        (b'"' + b"x" * 3 * LIMITS.line_bytes + b'"', (None, -32700)),
    ],
)
def test_what_cannot_be_answered_is_an_error(
    line: bytes, expected: tuple[Json, int]
) -> None:
    """One for each line, and the next line is served."""
    first, second = serve(line, ask("a"))
    assert isinstance(first, dict)
    assert isinstance(first["error"], dict)
    assert expected == (first["id"], first["error"]["code"])
    assert {"jsonrpc": "2.0", "id": 1, "result": ["a", {}]} == second


def test_shutdown_is_answered_and_is_the_last() -> None:
    """What comes after it goes unread."""
    expected: list[Json] = [{"jsonrpc": "2.0", "id": 1, "result": ["shutdown", {}]}]
    assert expected == serve(ask("shutdown"), ask("a"))


def test_an_interrupt_ends_it_quietly() -> None:
    """Without an answer and without a traceback."""
    assert [] == serve(ask("interrupt"), ask("a"))


def test_an_exit_is_an_exit() -> None:
    """The process is the adapter's."""
    with pytest.raises(SystemExit):
        serve(ask("leave"))


def test_a_harness_that_has_gone_ends_it_quietly() -> None:
    """The client has ended, so no error is reported."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as answers:
        serve_stdio(Echo(), io.BytesIO(ask("a")), answers)
    assert answers.closed


def test_what_an_adapter_prints_is_no_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It goes to stderr."""
    assert 1 == len(serve(ask("print")))
    assert ("", "printed\n") == tuple(capsys.readouterr())


def test_a_process_keeps_its_pipes_for_the_protocol() -> None:
    """From Python, from libraries and from child processes."""
    with StdioTransport([sys.executable, str(PRINTING)], Limits()) as transport:
        expected: Json = {"method": "m", "params": {"a": 1}, "stdin": ""}
        assert expected == transport.call("m", {"a": 1}, 20)
        transport.call("shutdown", {}, 20)
        transport.close()
        for line in ("by Python", "by number", "by a child"):
            assert line in transport.stderr


empty: st.SearchStrategy[Json] = st.builds(dict[str, Json])
names = st.sampled_from(["a", "refuse", "answer-a-set"])
anything: st.SearchStrategy[Json] = st.one_of(
    st.none(), st.booleans(), st.integers(), names, st.lists(names), empty
)


@given(
    st.fixed_dictionaries(
        {}, optional={"id": anything, "method": anything, "params": anything}
    )
)
def test_any_request_gets_one_answer(request_object: dict[str, Json]) -> None:
    """With its id, and either a result or an error."""
    response = dispatch(Echo(), request_object)
    assert request_object.get("id") == response["id"]
    assert ("result" in response) != ("error" in response)
    if "error" in response:
        assert encode(response)
