"""A target with one bad habit, in a process of its own.

    python target.py HABIT

Its pid is appended to the file `pids` in the current folder, so that a test can see
that it has gone. A habit that begins with a method shows when that is called.
"""

import json
import os
import sys
import time
from pathlib import Path

FOREVER_S = 3600


def early(habit: str) -> None:
    """Do what needs no protocol."""
    match habit:
        case "exit":
            sys.exit("acme: no licence")
        case "hang":
            time.sleep(FOREVER_S)
        case "greeting":
            say(b"Acme 2.3 is ready\n")
            time.sleep(FOREVER_S)
        case "prose":
            sys.stdin.readline()
            say(b"I am Acme\n")
            time.sleep(FOREVER_S)
        case "wrong-schema":
            sys.stdin.readline()
            say(b'{"jsonrpc":"2.0","id":1,"result":{"protocol":"one"}}\n')
            time.sleep(FOREVER_S)
        case "old":
            sys.stdin.readline()
            say(b'{"jsonrpc":"2.0","id":1,"error":{"code":1001,"message":"only 0"}}\n')
            time.sleep(FOREVER_S)
        case _:
            pass


def say(line: bytes) -> None:
    """Write to stdout at once."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def late(habit: str, method: str) -> None:
    """Do what waits for a method."""
    match habit.split(":"):
        case [name, "noise"] if name == method:
            say(b"debug: looking\n")
        case [name, "exit"] if name == method:
            sys.exit(7)
        case [name, "hang"] if name == method:
            Path("hanging").touch()
            time.sleep(FOREVER_S)
        case _:
            pass


def main(habit: str) -> None:
    """Serve the reference, with the habit."""
    with Path("pids").open("a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()}\n")
    early(habit)
    from invitelab.adapters.reference.adapter import create  # noqa: PLC0415 - early is fast

    adapter = create()
    for line in sys.stdin:
        request = json.loads(line)
        late(habit, request["method"])
        result = adapter.request(request["method"], request["params"])
        answer = {"jsonrpc": "2.0", "id": request["id"], "result": result}
        say(f"{json.dumps(answer)}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
