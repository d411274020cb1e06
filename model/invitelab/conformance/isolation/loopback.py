"""The link as a TCP connection on this machine, where no socket can be inherited.

Windows has neither the socket pair of `journals` as a standard input nor a supervisor.
There the judge's standard input is a pipe. Its first line has a port and the secret;
the judge connects to the port, and proves by the secret that it is the judge. The end
of the pipe says that the parent has ended: the judge then ends its process tree.
"""

import hmac
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from invitelab.conformance.execution.journals import LinkJournal, Receiver
from invitelab.errors import ExitCode
from invitelab.processes.tree import ProcessTree

HOST = "127.0.0.1"
POLL_S = 0.1
PROOF_S = 2.0
"""Seconds that whoever connects has for the proof."""
KILLS = 20
"""How often the process tree is looked at, until it is empty."""
MOST_LINE = 1 << 10
_LINE = re.compile(rb"(?P<port>[0-9]{1,5}) (?P<secret>([0-9a-f]{2})+)\n")


def proof_of(secret: bytes) -> bytes:
    """What the judge sends first. No seal is the same: those cover whole lines."""
    return hmac.digest(secret, b"judge", "sha256")


class LoopbackReceiver(Receiver):
    """A Receiver to which the judge connects."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        super().__init__(tell)
        self._is_over = threading.Event()
        self._has_link = False

    def listen(self) -> bytes:
        """Wait for the judge in a thread; returns the line that it has to be given.

        Raises OSError if there is no port.
        """
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(POLL_S)
        self._thread.start()
        port = self._listener.getsockname()[1]
        return f"{port} {self._secret.hex()}\n".encode()

    def join(self, timeout_s: float) -> None:
        """Wait until everything has been read; no judge connects any more."""
        self._is_over.set()
        self._thread.join(timeout_s)
        if self._has_link:
            super().join(timeout_s)

    def _read(self) -> None:
        with self._listener:
            link = self._accept()
        if link is not None:
            self._ours = link
            self._has_link = True
            super()._read()

    def _accept(self) -> socket.socket | None:
        """The judge's connection; None if it has ended without one."""
        while True:
            try:
                link, _ = self._listener.accept()
            except TimeoutError:
                if self._is_over.is_set():
                    return None
                continue
            if self._is_from_judge(link):
                return link
            link.close()

    def _is_from_judge(self, link: socket.socket) -> bool:
        expected = proof_of(self._secret)
        link.settimeout(PROOF_S)
        try:
            given = link.recv(len(expected))
        except OSError:
            return False
        link.settimeout(None)
        return hmac.compare_digest(given, expected)


def take_loopback_link() -> LinkJournal:
    """Make a journal as the first line of the standard input says.

    The process ends with its parent from then on. Raises OSError and EOFError where the
    standard input is no pipe from a Receiver.
    """
    pipe = os.fdopen(os.dup(0), "rb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    found = _LINE.fullmatch(pipe.readline(MOST_LINE))
    if found is None:
        raise EOFError("there is no line about the link")
    key = bytes.fromhex(found["secret"].decode())
    link = socket.create_connection((HOST, int(found["port"])))
    link.sendall(proof_of(key))
    threading.Thread(target=_end_with_parent, args=[pipe], daemon=True).start()
    _be_interruptible()
    return LinkJournal(link, key)


def _end_with_parent(pipe: BinaryIO) -> None:
    with suppress(OSError):
        while pipe.read(MOST_LINE):
            pass
    end_descendants()
    os._exit(ExitCode.INTERRUPTED)


def end_descendants() -> None:
    """Kill all descendants of this process that can be found."""
    tree = ProcessTree(os.getpid(), mark="INVITELAB_JUDGE")
    for _ in range(KILLS):
        if not tree.kill_descendants():
            return


if sys.platform == "win32":

    def _be_interruptible() -> None:
        """CTRL+BREAK is an interrupt: CTRL+C does not reach a process group."""
        signal.signal(signal.SIGBREAK, signal.default_int_handler)

else:

    def _be_interruptible() -> None:
        """Nothing to do: SIGINT is an interrupt."""
