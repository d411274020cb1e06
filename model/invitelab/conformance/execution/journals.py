"""Journals: they take the records of a run as they are made, in a file or over a link.

The link connects the process that judges to `invitelab check`. A target of `cmd:` runs
as the same user, and must not be able to write to it. Therefore the link is a socket
pair, which has no path and cannot be opened again below `/proc` as a pipe can; it is
the judge's standard input, so that neither command line nor environment names it; and
each line is sealed with a secret (HMAC-SHA256, RFC 2104, over all lines so far) that is
sent over the link itself. This does not protect against a process that may trace
others, such as root's, nor against a target of `py:`, which runs in the judge.
"""

import hmac
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TextIO, cast, runtime_checkable

SECRET_BYTES: Final = 32
RECORD, PROGRESS, WALK, EXCHANGES, END = [
    "record",
    "progress",
    "walk",
    "exchanges",
    "end",
]
"""Kinds of lines on the link; END says that the judge is about to exit."""


class Journal(Protocol):
    """Takes the records of a run, in order."""

    def record(self, line: str) -> None:
        """Keep one record: a line of JSON without its newline."""
        ...

    def progress(self, done: int, busy: int) -> None:
        """Report how many scenarios have ended, and how many are busy."""
        ...

    def walk(self, feature: str) -> None:
        """Keep the feature file text that random walks have found."""
        ...

    def close(self) -> None:
        """Close the journal: nothing follows."""
        ...


@runtime_checkable
class ExchangesJournal(Protocol):
    """A journal that takes the bytes of calls as well."""

    def exchanges(self, lines: str) -> None:
        """Keep some lines of `exchanges.jsonl`, each with its newline."""
        ...


# --- A file ----------------------------------------------------------------------


def walk_file(run_file: Path) -> Path:
    """Path of the feature that random walks have found in a run."""
    return run_file.with_name("walk.feature")


class FileJournal:
    """A `run.jsonl` that grows record by record.

    `walk` is the path for a feature that random walks find; None: beside the run file.
    """

    def __init__(self, path: Path, *, walk: Path | None = None) -> None:
        self._path = path
        self._walk = walk or walk_file(path)
        self._stream: TextIO | None = None

    def record(self, line: str) -> None:
        """Append the line, and flush. Raises OSError."""
        if self._stream is None:
            self._stream = self._path.open("w", encoding="utf-8", newline="\n")
        self._stream.write(line + "\n")
        self._stream.flush()

    def progress(self, done: int, busy: int) -> None:
        """Ignore it: a file shows no progress."""

    def walk(self, feature: str) -> None:
        """Write it to the path for findings. Raises OSError."""
        self._walk.write_text(feature, encoding="utf-8", newline="\n")

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


class Copy:
    """A copy of the records that grows line by line, until the disk is full."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self._is_full = False

    def begin(self) -> None:
        """Start again: remove the file; the first line creates it."""
        if self._path is not None:
            self._is_full = False
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def append(self, line: str) -> None:
        """Write one line; after the first OSError, none."""
        if self._path is None or self._is_full:
            return
        try:
            if self._stream is None:
                self._stream = self._path.open("wb", buffering=0)
            self._stream.write(line.encode() + b"\n")
        except OSError:
            # The records are written again at the end, and an error then is reported.
            self._is_full = True

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
        self._stream = None


# --- The link --------------------------------------------------------------------


class Seal:
    """Computes seals of lines; each covers all lines before it as well."""

    def __init__(self, secret: bytes) -> None:
        self._total = hmac.new(secret, digestmod="sha256")

    def next(self, body: bytes) -> bytes:
        """The seal of the next line, as hexadecimal digits."""
        self._total.update(body + b"\n")
        return self._total.hexdigest().encode()


class LinkJournal:
    """The judge's end of the link. Lines may come from several threads."""

    def __init__(self, link: socket.socket, secret: bytes | None = None) -> None:
        """Take a link; raises EOFError unless the secret is given or comes first."""
        self._link = link
        self._lock = threading.Lock()
        self._is_cut = False
        self._seal = Seal(secret or _exactly(link, SECRET_BYTES))

    def record(self, line: str) -> None:
        """Send one record."""
        self._send(RECORD, line)

    def progress(self, done: int, busy: int) -> None:
        """Send the two numbers."""
        self._send(PROGRESS, f"{done} {busy}")

    def walk(self, feature: str) -> None:
        """Send the feature."""
        self._send(WALK, feature)

    def exchanges(self, lines: str) -> None:
        """Send the lines."""
        self._send(EXCHANGES, lines)

    def close(self) -> None:
        """Leave the link open until the process ends."""

    def end(self) -> None:
        """Send that the judge ends by itself."""
        self._send(END, "")

    def _send(self, kind: str, text: str) -> None:
        """Send a line; nothing after one that an interrupt has cut short."""
        body = json.dumps([kind, text]).encode()
        with self._lock:
            if self._is_cut:
                return
            self._is_cut = True
            self._link.sendall(self._seal.next(body) + b" " + body + b"\n")
            self._is_cut = False


def _exactly(link: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        chunk = link.recv(count - len(found))
        if not chunk:
            raise EOFError("the link has no secret")
        found += chunk
    return found


class Receiver:
    """The other end of the link: reads in a thread, and passes on each sealed line."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        """`tell` is called with the kind and the text of each line, in the thread."""
        self._secret = secrets.token_bytes(SECRET_BYTES)
        self._tell = tell
        self.is_sound = True
        """False after a line whose seal is wrong."""
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self, judge: Callable[[int], None]) -> None:
        """Open the link. `judge` is called with the descriptor of the other end."""
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._ours.sendall(self._secret)
            self._thread.start()  # it closes our end, even if `judge` raises
            judge(theirs.fileno())

    def join(self, timeout_s: float) -> None:
        """Wait until everything has been read, at most twice `timeout_s`."""
        self._thread.join(timeout_s)
        if self._thread.is_alive():  # another process still holds the other end
            with suppress(OSError):  # or has just closed it
                self._ours.shutdown(socket.SHUT_RDWR)
            self._thread.join(timeout_s)

    def _read(self) -> None:
        seal = Seal(self._secret)
        # A judge that ended before it read the secret has reset the connection.
        with suppress(ConnectionError), self._ours, self._ours.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return  # the judge was killed while it wrote this line
                given, _, body = line.rstrip(b"\n").partition(b" ")
                if not hmac.compare_digest(given, seal.next(body)):
                    self.is_sound = False
                    return
                kind, text = cast("tuple[str, str]", json.loads(body))
                self._tell(kind, text)


def take_link() -> LinkJournal:
    """A journal over the standard input, which is then replaced by the null device.

    Raises OSError if it is no socket, and EOFError if it holds no secret.
    """
    link = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return LinkJournal(link)


# --- Processes of the same user --------------------------------------------------

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4


def set_dumpable(value: int) -> int:
    """Set whether processes of the same user may inspect this one (Linux, prctl(2)).

    With 0 they cannot open its files below `/proc/PID/fd`, nor read its memory and
    environment, nor take its descriptors, unless they may trace any process (root).
    Gives the previous value. Does nothing on other systems.
    """
    before = value
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only here

        prctl = ctypes.CDLL(None, use_errno=True).prctl
        before = int(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
        prctl(PR_SET_DUMPABLE, value, 0, 0, 0)
    return before
