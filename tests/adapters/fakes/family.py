"""A process that answers nothing, with a child that is hard to find or to end.

    python family.py [session] [orphan] [clean] [deaf] [leave]

The child leads a session of its own, has lost its parent, has an empty environment; or
both ignore TERM and the end of input; or the parent ends at once.

The first line on stdout has the pids of both, once the child is what it shall be.
"""

import os
import signal
import sys
import time

assert sys.platform != "win32", "it needs POSIX"


def become(habits: list[str], ready: int) -> None:
    """Be the child."""
    if "session" in habits:
        os.setsid()
    if "orphan" in habits and os.fork() != 0:
        os._exit(0)
    os.write(ready, str(os.getpid()).encode())
    if "clean" in habits:
        os.execve("/bin/sleep", ["sleep", "60"], {})  # noqa: S606
    os.close(ready)
    time.sleep(60)


def main(habits: list[str]) -> None:
    """Start the child and wait for the end."""
    if "deaf" in habits:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    reading, ready = os.pipe()
    if os.fork() == 0:
        become(habits, ready)
    os.close(ready)
    # The end of the pipe: the child wrote its pid and, if it is to, called exec.
    with os.fdopen(reading) as pipe:
        sys.stdout.write(f"{os.getpid()} {pipe.read()}\n")
    sys.stdout.flush()
    if "deaf" in habits:
        time.sleep(60)
    elif "leave" not in habits:
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
