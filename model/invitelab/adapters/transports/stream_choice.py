"""The choice of a stream for a process's pipes, or for a connection."""

import socket
import sys
from typing import IO

from invitelab.adapters.transports.streams import CHUNK, Stream
from invitelab.adapters.transports.threaded import ThreadedStream

if sys.platform != "win32":
    from invitelab.adapters.transports.polled import PolledStream

THREADED = sys.platform == "win32"
"""Whether threads are used; tests set it, to run both implementations on one system."""


def pipe_stream(stdin: IO[bytes], stdout: IO[bytes]) -> Stream:
    """The stream of a process's pipes, which are unbuffered; it closes them."""
    stream: Stream
    if sys.platform == "win32" or THREADED:
        stream = ThreadedStream(
            lambda: stdout.read(CHUNK),
            stdin.write,
            end_reading=stdout.close,
            end_writing=stdin.close,
        )
    else:
        stream = PolledStream(
            stdout.fileno(),
            stdin.fileno(),
            end_reading=stdout.close,
            end_writing=stdin.close,
        )
    return stream


def socket_stream(connection: socket.socket) -> Stream:
    """The stream of a connection; it closes the socket."""
    connection.settimeout(None)
    stream: Stream
    if sys.platform == "win32" or THREADED:
        stream = ThreadedStream(
            lambda: connection.recv(CHUNK),
            connection.send,
            end_reading=connection.close,
            interrupt=lambda: connection.shutdown(socket.SHUT_RDWR),
        )
    else:
        number = connection.fileno()
        stream = PolledStream(number, number, end_reading=connection.close)
    return stream
