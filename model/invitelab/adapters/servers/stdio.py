"""Makes a process of an adapter: the template for authors, in any language.

    serve_stdio(Acme())     # in a file that `invitelab check cmd:'python acme.py'` runs

A line is read, its `method` and `params` go to `adapter.request`, and what comes back
is written with the request's `id`. That is all: an adapter says nothing unasked.
`serve_tcp` and `serve_http`, in modules of their own, do the same for a server.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Generator, Iterator, Mapping
from io import BufferedIOBase
from typing import BinaryIO

from invitelab.adapters.base import (
    ADAPTER_FAULT,
    IMPLEMENTATION_CRASHED,
    INVALID_PARAMS,
    INVALID_REQUEST,
    PARSE_ERROR,
    Adapter,
    AdapterError,
    Json,
    Limits,
)
from invitelab.adapters.transports import framing
from invitelab.errors import MalformedError, one_line

LIMITS = Limits()

Stream = BinaryIO | BufferedIOBase
"""Files are the one, connections the other."""


def serve_stdio(
    adapter: Adapter, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None
) -> None:
    """Answer line by line, until `shutdown` was answered or the input ends.

    Serves this process's own stdin and stdout unless others are given.
    """
    with (
        contextlib.suppress(BrokenPipeError, KeyboardInterrupt),
        _streams(stdin, stdout) as (requests, answers),
    ):
        converse(adapter, requests, answers)


def converse(adapter: Adapter, requests: Stream, answers: Stream) -> None:
    """Answer each line, until `shutdown` was answered or there are no more."""
    for line in _lines(requests):
        request, response = respond(adapter, line)
        answers.write(written(response))
        answers.flush()
        if request.get("method") == "shutdown":
            return


def respond(adapter: Adapter, line: bytes) -> tuple[dict[str, Json], dict[str, Json]]:
    """Read a request and dispatch it; returns both, the request empty if unreadable."""
    try:
        request = framing.decode(line, LIMITS)
    except MalformedError as error:
        return {}, framing.failure(None, AdapterError(PARSE_ERROR, str(error)))
    return request, dispatch(adapter, request)


def dispatch(adapter: Adapter, request: Mapping[str, Json]) -> dict[str, Json]:
    """Answer one request object with one response object; whatever happens, it does."""
    number = request.get("id")
    try:
        method, params = _read(request)
        return framing.answer(number, adapter.request(method, params))
    except AdapterError as error:
        return framing.failure(number, error)
    except Exception as error:  # noqa: BLE001 - it is told to the other side
        traceback.print_exc()
        told = framing.shown(f"{type(error).__name__}: {one_line(str(error))}")
        return framing.failure(number, AdapterError(IMPLEMENTATION_CRASHED, told))


def _read(request: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    """Give the method and its parameters."""
    method, params = request.get("method"), request.get("params", {})
    if not isinstance(method, str) or request.get("id") is None:
        raise AdapterError(INVALID_REQUEST, "a request has a method and an id")
    if not isinstance(params, dict):
        raise AdapterError(INVALID_PARAMS, "the params of a request are an object")
    return method, params


def written(response: dict[str, Json]) -> bytes:
    """Write the response; one that JSON cannot say is the adapter's fault."""
    try:
        return framing.encode(response)
    except ValueError as error:
        fault = AdapterError(ADAPTER_FAULT, f"a result that is not JSON: {error}")
        return framing.encode(framing.failure(response["id"], fault))


def _lines(requests: Stream) -> Iterator[bytes]:
    """Read line by line; of one that is too long, enough to see that it is."""
    most = LIMITS.line_bytes + 1
    while line := requests.readline(most):
        rest = line
        while len(rest) == most and not rest.endswith(framing.LF):
            rest = requests.readline(most)
        yield line


@contextlib.contextmanager
def _streams(
    stdin: BinaryIO | None, stdout: BinaryIO | None
) -> Generator[tuple[BinaryIO, BinaryIO]]:
    """Keep the streams to ourselves: what the adapter prints goes to stderr."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        if stdin is None:
            nothing = os.open(os.devnull, os.O_RDONLY)
            stdin = stack.enter_context(os.fdopen(_take(0, nothing), "rb"))
        if stdout is None:
            stdout = stack.enter_context(os.fdopen(_take(1, os.dup(2)), "wb"))
        yield stdin, stdout


def _take(number: int, substitute: int) -> int:
    """Move a standard stream to another number, with a substitute in its place.

    Child processes and libraries in C use the number, whatever sys.stdout is. It is not
    moved back: what they still hold in a buffer then must not end up in the protocol.
    """
    own = os.dup(number)
    os.dup2(substitute, number)
    os.close(substitute)
    return own
