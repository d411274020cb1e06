"""A process with pipes, and its end, which is also the end of all that it started.

It leads a session of its own: a signal to its group reaches what stayed in it, and an
interrupt from the terminal does not reach it. It is reaped last, so that until then its
pid and its group are nobody else's. Needs POSIX; see `family` for what Linux adds.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from invitelab.adapters.base import Limits
from invitelab.errors import Blame, CannotStartError
from invitelab.processes.signals import name_of
from invitelab.processes.tree import Family

KILL_S = 2.0
"""How long the system may take to remove what was killed."""

LAST_S = 0.5
"""How long the last of stderr may take to arrive."""

LONGEST_PAUSE_S = 0.02


class Process:
    """A process that runs, as a channel of lines: its stdout and its stdin."""

    shut = "closed its stdout"

    def __init__(self, argv: Sequence[str], limits: Limits) -> None:
        """Start it. Raises CannotStartError."""
        mark = f"INVITELAB_TARGET_{secrets.token_hex(8)}"
        self._popen = _start(argv, {**os.environ, mark: "1"})
        _offer_to_the_system(self._popen.pid)
        pipes = (self._popen.stdin, self._popen.stdout, self._popen.stderr)
        self._pipes = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", pipes)
        self._family = Family(self._popen.pid, mark)
        self._tail = _Tail(self._pipes[2], limits.stderr_bytes)
        self._grace_s = limits.grace_s
        self._has_waited = False
        self.pid = self._popen.pid
        self.outgoing = self._pipes[0].fileno()
        self.incoming = self._pipes[1].fileno()
        self.closed = False
        os.set_blocking(self.outgoing, False)

    @property
    def stderr(self) -> str:
        """The newest part of stderr; complete once the process has ended.

        Unless a child still writes to it, which is waited for a little, and once.
        """
        if not self._has_waited and self._status() is not None:
            self._has_waited = True
            self._tail.join(LAST_S)
        return self._tail.text()

    def ending(self, timeout_s: float) -> str:
        """Say how it ended, waiting a little for that; empty while it runs."""
        wait_for(lambda: self._status() is not None, timeout_s)
        status = self._status()
        if status is None:
            return ""
        if status >= 0:
            return f"exited with code {status}"
        return f"was killed by {name_of(-status)}"

    def close(self) -> None:
        """End it and its family: end of input, then TERM, then KILL. Never raises.

        Takes at most twice `grace_s`, KILL_S and LAST_S.
        """
        if self.closed:
            return
        self.closed = True
        self._family.living()  # so that those are known whose parent ends now
        self._pipes[0].close()
        wait_for(self._is_gone, self._grace_s)
        wait_for(lambda: self._is_gone(signal.SIGTERM), self._grace_s)
        wait_for(lambda: self._is_gone(signal.SIGKILL), KILL_S)
        if self._popen.returncode is None:  # not reaped: the group is still its own
            self._family.signal_group(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(LAST_S)
        self._pipes[1].close()
        self._tail.join(LAST_S)

    def _is_gone(self, number: int | None = None) -> bool:
        """Whether it and its family have ended; who has not gets the signal, if any.

        Each look may find someone who was started since the last one.
        """
        if number is None:
            living = self._family.living()
        else:
            living = self._family.signal(number)
        return not living and self._status() is not None

    def _status(self) -> int | None:
        """Its exit status as in Popen.returncode, None while it runs; not reaped."""
        if self._popen.returncode is not None or not hasattr(os, "waitid"):
            # Without waitid (macOS before Python 3.13) this reaps, and its pid is free
            # from here to the last signal to the group.
            return self._popen.poll()
        try:
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            found = os.waitid(os.P_PID, self._popen.pid, options)
        except ChildProcessError:  # who ignores SIGCHLD gets no exit statuses
            return self._popen.poll()
        if found is None:
            return None
        exited = found.si_code == os.CLD_EXITED
        return found.si_status if exited else -found.si_status


def wait_for(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Look, with growing pauses, until it is so; False if it is not so in time."""
    end = time.monotonic() + timeout_s
    pause_s = 0.001
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    return True


class _Tail:
    """Reads a pipe to its end, in a thread, and keeps the newest bytes."""

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        """Begin. The thread closes the pipe: it alone knows when it has read on."""
        self._most = most
        self._held = bytearray()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, args=[pipe], daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := pipe.read(1 << 16):
                with self._lock:
                    self._held += chunk
                    del self._held[: max(0, len(self._held) - self._most)]

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the pipe, but not for long."""
        self._thread.join(timeout_s)

    def text(self) -> str:
        """What is kept, decoded leniently."""
        with self._lock:
            return self._held.decode(errors="replace")


# Starting


def _start(
    argv: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start it, or say why not and what to try."""
    try:
        return subprocess.Popen(
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except FileNotFoundError as error:
        raise _cannot(
            f"{argv[0]}: command not found", _if_not_found(argv[0])
        ) from error
    except PermissionError as error:
        hint = f"make it executable with chmod +x {argv[0]}, or name its interpreter"
        raise _cannot(f"{argv[0]}: permission denied", hint) from error
    except (OSError, ValueError) as error:
        hint = "a script needs a first line such as #!/usr/bin/env python3"
        raise _cannot(f"{argv[0]}: {error}", hint) from error


def _offer_to_the_system(pid: int) -> None:
    """When memory runs out, Linux shall end the target, as a crash, and not us."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_bytes(b"1000")


def _if_not_found(command: str) -> str:
    """Guess what was meant."""
    if os.sep in command:
        if Path(command).exists():
            return "the file is there, but not the interpreter its first line names"
        return f"the path starts at {Path.cwd()}"
    if Path(command).exists():
        return f"did you mean ./{command}?"
    return "it is in no folder of PATH"


def _cannot(what: str, hint: str) -> CannotStartError:
    return CannotStartError(what, hint=hint, blame=Blame.ENVIRONMENT)
