"""A target that attacks its parent processes before it answers anything.

    python attacker.py HOW MARK

MARK does nothing: it names the processes that a certain test has started.
"""

import os
import signal
import sys
import time
from pathlib import Path

assert sys.platform != "win32", "it needs POSIX"

FOREVER_S = 600.0


def attack(how: str) -> None:
    """Send a signal to the parent, to all of its group, or to its own parent."""
    name, _, whom = how.partition("-to-")
    number = signal.Signals[name]
    if whom == "supervisor":
        status = Path(f"/proc/{os.getppid()}/stat").read_bytes()
        os.kill(int(status.rpartition(b")")[2].split()[1]), number)
    elif whom == "group":
        os.killpg(os.getpgid(os.getppid()), number)
    else:
        os.kill(os.getppid(), number)
    time.sleep(FOREVER_S)


def leave_a_daemon() -> None:
    """Start one that has another parent, session and environment, and no pipes."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        ignore_requests_to_end()
        for descriptor in range(3):
            os.close(descriptor)
        code = f"import time; time.sleep({FOREVER_S})"
        argv = [sys.executable, "-I", "-S", "-c", code, *sys.argv]
        os.execve(sys.executable, argv, {})  # noqa: S606 - with no environment
    os.wait()


def ignore_requests_to_end() -> None:
    """Ignore every signal that can be ignored."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def main(how: str) -> None:
    """Attack; `hang` creates a file in the current folder when it has begun."""
    if how == "hang":
        ignore_requests_to_end()
        leave_a_daemon()
        Path("hanging").touch()
        time.sleep(FOREVER_S)
    elif how == "daemon":
        leave_a_daemon()
    else:
        attack(how)


if __name__ == "__main__":
    main(sys.argv[1])
