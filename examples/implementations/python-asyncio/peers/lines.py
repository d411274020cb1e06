"""Lines in and out of the event loop, without a thread and without a flag changed.

The descriptors are watched as they are: making them non-blocking would do so for every
process that shares them. A watched descriptor is read once when it has something, and
written PIPE_BUF bytes at a time, which never blocks a pipe that is ready.
"""

import asyncio
import os
import select
from collections.abc import Callable, Iterator

READ_BYTES = 65_536
LONGEST_LINE_BYTES = 1_048_576

OnLine = Callable[[bytes | None], None]


class Splitter:
    """Cuts a stream into lines; an overlong one becomes None and is not kept."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._overlong = False

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """Give the lines that the data completes, without their ends."""
        *complete, rest = data.split(b"\n")
        for piece in complete:
            self._keep(piece)
            yield self._take()
        self._keep(rest)

    def last(self) -> Iterator[bytes | None]:
        """Give the line that the end of the input leaves without an end."""
        if self._rest or self._overlong:
            yield self._take()

    def _keep(self, piece: bytes) -> None:
        if len(self._rest) + len(piece) > LONGEST_LINE_BYTES:
            self._overlong = True
        if self._overlong:
            self._rest.clear()
        else:
            self._rest += piece

    def _take(self) -> bytes | None:
        line = None if self._overlong else bytes(self._rest)
        self._rest.clear()
        self._overlong = False
        return line


class _Input:
    def __init__(self, descriptor: int, on_line: OnLine) -> None:
        self._descriptor = descriptor
        self._on_line = on_line
        self._splitter = Splitter()
        self.ended = asyncio.Event()

    def read(self) -> None:
        """Hand on what one read completes."""
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:  # another process made it non-blocking
            return
        except OSError:  # what cannot be read has ended
            data = b""
        for line in self._splitter.feed(data) if data else self._splitter.last():
            self._on_line(line)
        if not data:
            self.ended.set()


async def read_lines(descriptor: int, on_line: OnLine) -> None:
    """Call for each line until the input ends."""
    loop = asyncio.get_running_loop()
    source = _Input(descriptor, on_line)
    try:
        loop.add_reader(descriptor, source.read)
    except PermissionError:  # a file cannot be watched, but is always ready
        while not source.ended.is_set():
            source.read()
            await asyncio.sleep(0)
        return
    try:
        await source.ended.wait()
    finally:
        loop.remove_reader(descriptor)


class Output:
    """Writes lines in order, as fast as the reader takes them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._empty = asyncio.Event()
        self._empty.set()
        self._broken = False

    def write_line(self, line: bytes) -> None:
        """Queue one line; what is left when the reader is gone is dropped."""
        if self._broken:
            return
        self._buffer += line + b"\n"
        if self._empty.is_set():
            self._empty.clear()
            self._watch()

    async def drain(self) -> None:
        """Wait until everything is written."""
        await self._empty.wait()

    def _watch(self) -> None:
        try:
            asyncio.get_running_loop().add_writer(self._descriptor, self._write_ready)
        except PermissionError:  # a file is always ready
            self._write_all()

    def _write_ready(self) -> None:
        self._write(select.PIPE_BUF)
        if not self._buffer:
            asyncio.get_running_loop().remove_writer(self._descriptor)
            self._empty.set()

    def _write_all(self) -> None:
        while self._buffer:  # each round writes something or drops the rest
            self._write(len(self._buffer))
        self._empty.set()

    def _write(self, most_bytes: int) -> None:
        try:
            written = os.write(self._descriptor, self._buffer[:most_bytes])
        except BlockingIOError:  # another process made it non-blocking
            return
        except OSError:
            self._broken = True
            self._buffer.clear()
        else:
            del self._buffer[:written]
