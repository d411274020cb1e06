"""Starts the process that judges, with a link from it.

`supervised`, on POSIX: under a supervisor, which ends all that the judge has started;
the link is a socket pair. `loopback`, on Windows: by itself; the link is a connection
on this machine. Either way the judge ends when its standard input, or the supervisor's,
is closed.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from invitelab.conformance.execution.journals import Receiver
from invitelab.conformance.isolation.loopback import LoopbackReceiver

if sys.platform != "win32":
    from invitelab.conformance.isolation.supervisor import supervised

LOOPBACK = sys.platform == "win32"
"""Whether the link is a connection; tests set it, to try both on one system."""


def make_receiver(tell: Callable[[str, str], None]) -> Receiver:
    """The receiver of the link's lines, of the kind that `start_judge` needs."""
    return LoopbackReceiver(tell) if LOOPBACK else Receiver(tell)


def start_judge(
    command: Sequence[str], receiver: Receiver, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the judge. Its stdin is a pipe to be closed, its stdout one to be read.

    Raises OSError where it cannot be started.
    """
    if isinstance(receiver, LoopbackReceiver):
        return _start_with_loopback(command, receiver, environment)
    return _start_supervised(command, receiver, environment)


def _start_with_loopback(
    command: Sequence[str], receiver: LoopbackReceiver, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    line = receiver.listen()
    judge = subprocess.Popen(
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        process_group=None if sys.platform == "win32" else 0,
        creationflags=NEW_GROUP,
    )
    assert judge.stdin is not None, "it is a pipe"
    judge.stdin.write(line)
    return judge


if sys.platform == "win32":
    NEW_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP

    def _start_supervised(
        command: Sequence[str], receiver: Receiver, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Not available; see `make_receiver`."""
        raise NotImplementedError

else:
    NEW_GROUP = 0

    def _start_supervised(
        command: Sequence[str], receiver: Receiver, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        started: list[subprocess.Popen[bytes]] = []

        def start(link: int) -> None:
            judge = subprocess.Popen(
                supervised(command, stdin=link),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                process_group=0,
                pass_fds=[link],
            )
            started.append(judge)

        receiver.start(start)
        return started[0]
