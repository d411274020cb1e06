"""A transport to a process, one JSON object per line on its stdin and stdout.

One thread, no buffering by the library, one deadline per call for writing and reading
together. While a request does not fit into the pipe, stdout is read as well, so that
two full pipes cannot wait for each other.

An adapter only answers: a line that is there before a call is as wrong as one with the
id of another call. Lines after the last answer go unread.
"""

import os
import select
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

from invitelab.adapters import framing
from invitelab.adapters.base import Json, Limits
from invitelab.adapters.processes import Process
from invitelab.errors import CrashError, HangError, HarnessError

CHUNK = 1 << 16
"""Bytes per read: what a pipe holds."""

SPINS = 100
"""How often an answer is looked for before going to sleep.

To be woken takes longer than a quick answer: with this, a call takes about half the
time (benchmarks/stdio_call.py). The processor is offered to others at each look.
"""

EXIT_S = 0.5
"""How long a process that closed its stdout may take to end."""


class _Exchange(NamedTuple):
    """A call that is under way."""

    method: str
    timeout_s: float
    end: float

    def left_ms(self) -> float:
        """How long it may still take."""
        return max(0.0, self.end - time.monotonic()) * 1000


class StdioTransport:
    """Calls an adapter in a process of its own."""

    def __init__(self, argv: Sequence[str], limits: Limits) -> None:
        """Start the process. Raises CannotStartError."""
        self._process = Process(argv, limits)
        self._limits = limits
        self._number = 0
        self._lines = framing.LineSplitter(limits.line_bytes)
        self._answers = select.poll()
        self._answers.register(self._process.stdout, select.POLLIN)
        self._both = select.poll()
        self._both.register(self._process.stdout, select.POLLIN)
        self._both.register(self._process.stdin, select.POLLOUT)

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """One exchange; returns the result. See base.Transport."""
        if self._process.closed:
            raise HarnessError(f"{method} after the connection was closed")
        self._number += 1
        end = time.monotonic() + timeout_s
        exchange = _Exchange(method, timeout_s, end)
        try:
            request = framing.call(self._number, method, params)
        except ValueError as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        self._refuse_unasked()
        if self._answers.poll(0):
            self._read(exchange)
            self._refuse_unasked()
        self._send(request, exchange)
        line = self._receive(exchange)
        return framing.read_answer(line, self._number, self._limits)

    def _refuse_unasked(self) -> None:
        """Raise MalformedError for a line that is there before it can be an answer."""
        line = self._lines.pop()
        if line is not None:
            raise framing.malformed("a line that nobody asked for", line)

    def _send(self, request: bytes, exchange: _Exchange) -> None:
        """Write the request, reading what comes while it waits to be read."""
        rest = memoryview(request)
        while rest:
            try:
                rest = rest[os.write(self._process.stdin, rest) :]
            except BlockingIOError:
                self._wait_to_send(exchange)
            except BrokenPipeError:
                return  # reading says how it ended

    def _wait_to_send(self, exchange: _Exchange) -> None:
        """Wait until the target reads. To a request in part there is no answer."""
        ready = self._both.poll(exchange.left_ms())
        if not ready:
            raise self._overdue(exchange)
        if any(descriptor == self._process.stdout for descriptor, _ in ready):
            self._read(exchange)
            self._refuse_unasked()

    def _receive(self, exchange: _Exchange) -> bytes:
        """Read the next line."""
        while (line := self._lines.pop()) is None:
            if not self._soon() and not self._answers.poll(exchange.left_ms()):
                raise self._overdue(exchange)
            self._read(exchange)
        return line

    def _soon(self) -> bool:
        """Look for an answer without going to sleep."""
        for _ in range(SPINS):
            if self._answers.poll(0):
                return True
            os.sched_yield()
        return False

    def _read(self, exchange: _Exchange) -> None:
        """Take what is there, once there is something; the end is a crash."""
        chunk = os.read(self._process.stdout, CHUNK)
        if not chunk:
            raise self._ended(exchange)
        self._lines.push(chunk)

    def _overdue(self, exchange: _Exchange) -> HangError | CrashError:
        """No answer in time, perhaps because only a child still holds the pipe."""
        if self._process.ending(0):
            return self._ended(exchange)
        return HangError(
            f"no answer to {exchange.method} within {exchange.timeout_s:g} s",
            hint=self._last_words(),
        )

    def _ended(self, exchange: _Exchange) -> CrashError:
        """Say how the process ended."""
        how = self._process.ending(EXIT_S) or "closed its stdout"
        return CrashError(
            f"the target {how} instead of answering {exchange.method}",
            hint=self._last_words(),
        )

    def _last_words(self) -> str:
        """The last line on stderr, which often says why."""
        lines = self.stderr.strip().splitlines()
        return f"its last line on stderr: {framing.shown(lines[-1])}" if lines else ""

    @property
    def stderr(self) -> str:
        """The newest part of what the target wrote to stderr."""
        return self._process.stderr

    def close(self) -> None:
        """Stop the process and everything it started. See processes.Process.close."""
        self._process.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """`close`."""
        self.close()
