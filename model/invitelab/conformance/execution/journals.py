"""Where the records of a run go as they are made: into a file, or over a link.

The link is what leads from the process that judges to `invitelab check`. A target of
`cmd:` runs as the same user, so it must not find a way in: the link is a socket pair,
which has no path and cannot be opened again below `/proc` as a pipe can; it is the
judge's standard input, so that neither its command line nor its environment tells of
it; and each line is sealed with a secret (HMAC-SHA256 over all lines so far) that was
sent over the link itself. Whoever may trace other processes, as root may, can read the
secret all the same; and a target of `py:` lives in the judge's own process.
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
from typing import BinaryIO, Final, Protocol, TextIO, cast

SECRET_BYTES: Final = 32
RECORD, PROGRESS, WALK, END = "record", "progress", "walk", "end"
"""What a line of the link is about; END says that the judge has come to its end."""


class Journal(Protocol):
    """Takes what a run has to tell, in the order in which it is told."""

    def record(self, line: str) -> None:
        """Keep one record, a line of JSON without its end."""
        ...

    def progress(self, done: int, busy: int) -> None:
        """Tell how many scenarios have ended, and how many are busy."""
        ...

    def walk(self, feature: str) -> None:
        """Keep the feature that random walks have found."""
        ...

    def close(self) -> None:
        """Nothing follows."""
        ...


# --- A file ----------------------------------------------------------------------


def walk_file(run_file: Path) -> Path:
    """Where a run leaves the feature that random walks have found."""
    return run_file.with_name("walk.feature")


class FileJournal:
    """A `run.jsonl` that grows record by record, and what belongs beside it.

    `walk` is where a feature goes that walks have found; None: beside the run file.
    """

    def __init__(self, path: Path, *, walk: Path | None = None) -> None:
        self._path = path
        self._walk = walk or walk_file(path)
        self._stream: TextIO | None = None

    def record(self, line: str) -> None:
        """Append the line at once."""
        if self._stream is None:
            self._stream = self._path.open("w", encoding="utf-8", newline="\n")
        self._stream.write(line + "\n")
        self._stream.flush()

    def progress(self, done: int, busy: int) -> None:
        """Say nothing: nobody waits for the file."""

    def walk(self, feature: str) -> None:
        """Write it beside the run file."""
        self._walk.write_text(feature, encoding="utf-8", newline="\n")

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


class Copy:
    """A file that grows record by record, while there is room for it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self._is_full = False

    def begin(self) -> None:
        """Begin anew: the file is there again with the first line."""
        if self._path is not None:
            self._is_full = False
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def append(self, line: str) -> None:
        """Write one line; after the first that does not fit, none."""
        if self._path is None or self._is_full:
            return
        try:
            if self._stream is None:
                self._stream = self._path.open("wb", buffering=0)
            self._stream.write(line.encode() + b"\n")
        except OSError:
            # The folder is written to once more at the end, and that is told.
            self._is_full = True

    def close(self) -> None:
        """Write no more."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
        self._stream = None


# --- The link --------------------------------------------------------------------


class Seal:
    """Seals lines, or checks their seals: each covers all lines before it as well."""

    def __init__(self, secret: bytes) -> None:
        self._total = hmac.new(secret, digestmod="sha256")

    def next(self, body: bytes) -> bytes:
        """The seal of the next line."""
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

    def close(self) -> None:
        """Leave the link open: its end is that of the process."""

    def end(self) -> None:
        """Say that the judge ends by itself, and nobody has ended it."""
        self._send(END, "")

    def _send(self, kind: str, text: str) -> None:
        """Send a line; none after one that an interrupt, say, has kept from its end."""
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
    """The other end: reads in a thread, and tells each line whose seal is right."""

    def __init__(self, tell: Callable[[str, str], None]) -> None:
        """`tell` is called with the kind of a line and its text."""
        self._secret = secrets.token_bytes(SECRET_BYTES)
        self._tell = tell
        self.is_sound = True
        """False once a line came that the judge has not sealed."""
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self, judge: Callable[[int], None]) -> None:
        """Make the link; `judge` is called with the descriptor of the other end."""
        self._ours, theirs = socket.socketpair()
        with theirs:
            self._ours.sendall(self._secret)
            self._thread.start()  # and closes our end, also where nobody judges
            judge(theirs.fileno())

    def join(self, timeout_s: float) -> None:
        """Wait until everything has been read, but not for long."""
        self._thread.join(timeout_s)
        if self._thread.is_alive():  # somebody else still holds the other end
            with suppress(OSError):  # or has just let go of it
                self._ours.shutdown(socket.SHUT_RDWR)
            self._thread.join(timeout_s)

    def _read(self) -> None:
        seal = Seal(self._secret)
        # A judge that has ended before it read the secret has reset the connection.
        with suppress(ConnectionError), self._ours, self._ours.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return  # the judge was ended while it wrote this one
                given, _, body = line.rstrip(b"\n").partition(b" ")
                if not hmac.compare_digest(given, seal.next(body)):
                    self.is_sound = False
                    return
                kind, text = cast("tuple[str, str]", json.loads(body))
                self._tell(kind, text)


def take_link() -> LinkJournal:
    """Make a journal of the standard input, which nothing else can be read from then.

    Raises OSError where that is no socket, and EOFError where it says nothing.
    """
    link = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return LinkJournal(link)


# --- Processes of the same user --------------------------------------------------

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4


def set_dumpable(value: int) -> int:
    """Linux: whether others of the same user may look into this process.

    With 0 they cannot open what is below its `/proc/PID/fd`, nor its memory and
    environment, nor take its descriptors, unless they may trace any process (root).
    Gives the value before; elsewhere nothing happens.
    """
    before = value
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only here

        prctl = ctypes.CDLL(None, use_errno=True).prctl
        before = int(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
        prctl(PR_SET_DUMPABLE, value, 0, 0, 0)
    return before
