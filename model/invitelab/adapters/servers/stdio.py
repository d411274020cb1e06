"""Serves an adapter over stdin and stdout; a template for authors in any language.

    serve_stdio(Acme())     # in acme.py, for `invitelab check cmd:'python acme.py'`

Each line is read as a request, `method` and `params` are passed to `adapter.request`,
and the result is written with the request's `id`. Nothing else is written to stdout.
`serve_tcp` and `serve_http`, in modules of their own, do the same over a network.
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
"""A file or a connection, in binary mode."""


def serve_stdio(
    adapter: Adapter, stdin: BinaryIO | None = None, stdout: BinaryIO | None = None
) -> None:
    """Answer requests line by line, until `shutdown` was answered or the input ends.

    `stdin` and `stdout` are by default those of this process. Meanwhile `print` and
    child processes write to stderr.
    """
    with (
        contextlib.suppress(BrokenPipeError, KeyboardInterrupt),
        _streams(stdin, stdout) as (requests, answers),
    ):
        converse(adapter, requests, answers)


def converse(adapter: Adapter, requests: Stream, answers: Stream) -> None:
    """Answer requests line by line, until `shutdown` was answered or the input ends."""
    for line in _lines(requests):
        request, response = respond(adapter, line)
        answers.write(written(response))
        answers.flush()
        if request.get("method") == "shutdown":
            return


def respond(adapter: Adapter, line: bytes) -> tuple[dict[str, Json], dict[str, Json]]:
    """Answer one line; returns request and response. An unreadable request is empty."""
    try:
        request = framing.decode(line, LIMITS)
    except MalformedError as error:
        return {}, framing.failure(None, AdapterError(PARSE_ERROR, str(error)))
    return request, dispatch(adapter, request)


def dispatch(adapter: Adapter, request: Mapping[str, Json]) -> dict[str, Json]:
    """The response object for one request object; an exception becomes an error."""
    number = request.get("id")
    try:
        method, params = _read(request)
        return framing.answer(number, adapter.request(method, params))
    except AdapterError as error:
        return framing.failure(number, error)
    except Exception as error:  # noqa: BLE001 - it is reported to the client
        traceback.print_exc()
        told = framing.shown(f"{type(error).__name__}: {one_line(str(error))}")
        return framing.failure(number, AdapterError(IMPLEMENTATION_CRASHED, told))


def _read(request: Mapping[str, Json]) -> tuple[str, dict[str, Json]]:
    """The method and its params. Raises AdapterError."""
    method, params = request.get("method"), request.get("params", {})
    if not isinstance(method, str) or request.get("id") is None:
        raise AdapterError(INVALID_REQUEST, "a request has a method and an id")
    if not isinstance(params, dict):
        raise AdapterError(INVALID_PARAMS, "the params of a request are an object")
    return method, params


def written(response: dict[str, Json]) -> bytes:
    """The response as a line; a result that is not JSON becomes an adapter fault."""
    try:
        return framing.encode(response)
    except ValueError as error:
        fault = AdapterError(ADAPTER_FAULT, f"a result that is not JSON: {error}")
        return framing.encode(framing.failure(response["id"], fault))


def _lines(requests: Stream) -> Iterator[bytes]:
    """The lines of the input; of one that is too long, only its beginning."""
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
    """Reserve stdin and stdout: what the adapter prints goes to stderr."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        if stdin is None:
            nothing = os.open(os.devnull, os.O_RDONLY)
            stdin = stack.enter_context(os.fdopen(_take(0, nothing), "rb"))
        if stdout is None:
            stdout = stack.enter_context(os.fdopen(_take(1, os.dup(2)), "wb"))
        yield stdin, stdout


def _take(number: int, substitute: int) -> int:
    """Move a standard stream to another descriptor, with a substitute in its place.

    Child processes and C libraries write to the descriptor, whatever sys.stdout is. It
    is not moved back: what they still have buffered must not end up in the protocol.
    """
    own = os.dup(number)
    os.dup2(substitute, number)
    os.close(substitute)
    return own
