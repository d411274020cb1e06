"""An adapter that works on several calls at a time, and answers in any order.

Each call has a thread; `wait` answers after so many seconds, `hang` never, `crash` ends
the process, `freeze` keeps it from reading on, `stray` prints a line of its own.
"""

import json
import os
import sys
import threading
import time
from typing import Any

FOREVER_S = 3600
WRITING = threading.Lock()


def write(text: str) -> None:
    """One line, whole."""
    with WRITING:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def work(request: dict[str, Any]) -> None:
    """Do what the method says, and answer with the parameters."""
    params = request["params"]
    match request["method"]:
        case "wait":
            time.sleep(params["s"])
        case "hang":
            time.sleep(FOREVER_S)
        case "crash":
            sys.stderr.write("Traceback: as it was asked to\n")
            sys.stderr.flush()
            os._exit(7)
        case "stray":
            write("a debug print")
        case _:
            pass
    answer = {"jsonrpc": "2.0", "id": request["id"], "result": params}
    write(json.dumps(answer))


def main() -> None:
    """Read line by line."""
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == "freeze":
            time.sleep(FOREVER_S)
        threading.Thread(target=work, args=[request], daemon=True).start()


if __name__ == "__main__":
    main()
