"""A process with pipes, which is ended together with its process tree.

On POSIX it leads a session of its own, so that a signal to its group reaches the
processes in it, and an interrupt from the terminal does not. It is reaped last: until
then its pid and its group cannot be used again. On Windows it leads a process group.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from invitelab.adapters.base import Limits
from invitelab.adapters.transports.stream_choice import pipe_stream
from invitelab.errors import Blame, CannotStartError
from invitelab.processes.signals import name_of
from invitelab.processes.tree import ProcessTree

KILL_S = 2.0
"""Seconds that the system may take to remove what was killed."""

LAST_S = 0.5
"""Seconds that the last part of stderr may take to arrive."""

LONGEST_PAUSE_S = 0.02


class Process:
    """A running process as a Channel: its stdin and stdout are the stream."""

    shut = "closed its stdout"

    def __init__(self, argv: Sequence[str], limits: Limits) -> None:
        """Start it. Raises CannotStartError."""
        mark = f"INVITELAB_TARGET_{secrets.token_hex(8)}"
        self._popen = _start(argv, {**os.environ, mark: "1"})
        _prefer_for_oom_kill(self._popen.pid)
        pipes = (self._popen.stdin, self._popen.stdout, self._popen.stderr)
        stdin, stdout, stderr = cast("tuple[IO[bytes], IO[bytes], IO[bytes]]", pipes)
        self._tree = ProcessTree(self._popen.pid, mark)
        self._tail = _Tail(stderr, limits.stderr_bytes)
        self._grace_s = limits.grace_s
        self._has_waited = False
        self.stream = pipe_stream(stdin, stdout)
        self.pid = self._popen.pid
        self.closed = False
        self.is_in_front = False

    @property
    def stderr(self) -> str:
        """The newest part of stderr; complete once the process has ended.

        If a child still writes to it then, its end is awaited only once, and shortly.
        """
        if not self._has_waited and self._status() is not None:
            self._has_waited = True
            self._tail.join(LAST_S)
        return self._tail.text()

    def note_programs(self) -> None:
        """Look for descendants that are other programs."""
        self.is_in_front = self.is_in_front or self._tree.runs_another()

    def ending(self, timeout_s: float) -> str:
        """How it ended, as a verb phrase; empty if it still runs after the time."""
        wait_for(lambda: self._status() is not None, timeout_s)
        status = self._status()
        if status is None:
            return ""
        if status >= 0:
            return f"exited with code {status}"
        return f"was killed by {name_of(-status)}"

    def close(self) -> None:
        """End the process tree: close stdin, then TERM, then KILL. Never raises.

        Takes at most twice `grace_s`, KILL_S and a few times LAST_S.
        """
        if self.closed:
            return
        self.closed = True
        self._tree.living()  # remember the children of what ends now
        self.stream.end_sending()
        wait_for(lambda: not self._tree.living() and self._has_ended(), self._grace_s)
        wait_for(
            lambda: not self._tree.terminate() and self._has_ended(), self._grace_s
        )
        wait_for(lambda: not self._tree.kill() and self._has_ended(), KILL_S)
        if self._popen.returncode is None:  # not reaped: the group is still its own
            self._tree.kill_group()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(LAST_S)
        self.stream.close()
        self._tail.join(LAST_S)

    def _has_ended(self) -> bool:
        return self._status() is not None

    def _status(self) -> int | None:
        """Its exit status as in Popen.returncode, None while it runs.

        Linux does not reap it for that. Elsewhere its pid is free from then on, and
        might be used again before the last signal to the group.
        """
        if sys.platform == "linux" and self._popen.returncode is None:
            with contextlib.suppress(ChildProcessError):  # SIGCHLD is ignored
                return _status_unreaped(self._popen.pid)
        return self._popen.poll()


if sys.platform == "linux":

    def _status_unreaped(pid: int) -> int | None:
        """The exit status of a child, left to be reaped. Raises ChildProcessError."""
        found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return None
        exited = found.si_code == os.CLD_EXITED
        return found.si_status if exited else -found.si_status


def wait_for(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Poll the condition, with growing pauses; False if it is not true in time."""
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
        """Start the thread, which closes the pipe at its end."""
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
        """Wait for the end of the pipe."""
        self._thread.join(timeout_s)

    def text(self) -> str:
        """What is kept, with invalid UTF-8 replaced."""
        with self._lock:
            return self._held.decode(errors="replace")


# Starting


def _start(
    argv: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the process. Raises CannotStartError with a hint."""
    try:
        return subprocess.Popen(
            _runnable(argv),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # ignored on Windows
            creationflags=NEW_GROUP,
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
        raise _cannot(f"{argv[0]}: {error}", SCRIPT_HINT) from error


if sys.platform == "win32":
    NEW_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
    SCRIPT_HINT = "a script is run by naming its interpreter first"

    def _runnable(argv: Sequence[str]) -> Sequence[str]:
        """The command with its path, as Windows itself only looks for .exe files."""
        return [shutil.which(argv[0]) or argv[0], *argv[1:]]

else:
    NEW_GROUP = 0
    SCRIPT_HINT = "a script needs a first line such as #!/usr/bin/env python3"

    def _runnable(argv: Sequence[str]) -> Sequence[str]:
        """The command itself."""
        return argv


def _prefer_for_oom_kill(pid: int) -> None:
    """On Linux, have the target killed first when memory runs out: it is a crash."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_bytes(b"1000")


def _if_not_found(command: str) -> str:
    """A hint for a command that was not found."""
    if os.sep in command:
        if Path(command).exists():
            return "the file is there, but not the interpreter its first line names"
        return f"the path starts at {Path.cwd()}"
    if Path(command).exists():
        return f"did you mean ./{command}?"
    return "it is in no folder of PATH"


def _cannot(what: str, hint: str) -> CannotStartError:
    return CannotStartError(what, hint=hint, blame=Blame.ENVIRONMENT)
