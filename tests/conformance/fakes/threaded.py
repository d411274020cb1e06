"""A target in real time that works on several calls at a time, in threads of its own.

    python threaded.py '{"pipelined": true, "slow_begin_s": 2, "hangs": "client.menu"}'

The first scenario takes `slow_begin_s` to begin, as one that boots a world. Calls of
the method `hangs` are never answered.
"""

import json
import sys
import threading
import time
from typing import Any

from wall_time import WallTime

FOREVER_S = 3600


class Threaded:
    """Answers every line in a thread, one at a time where the world is concerned."""

    def __init__(
        self,
        *,
        slow_begin_s: float = 0,
        hangs: str = "",
        **claims: Any,  # noqa: ANN401
    ) -> None:
        self.adapter = WallTime(settle_ms=50, **claims)
        self.slow_begin_s = slow_begin_s
        self.hangs = hangs
        self.begun = 0
        self.lock = threading.Lock()

    def answer(self, line: str) -> None:
        """Answer one line."""
        request = json.loads(line)
        method = request["method"]
        if method == "scenario.begin":
            self.begun += 1
            time.sleep(self.slow_begin_s if self.begun == 1 else 0)
        if method == self.hangs:
            time.sleep(FOREVER_S)
        with self.lock:
            result = self.adapter.request(method, request["params"])
            answer = {"jsonrpc": "2.0", "id": request["id"], "result": result}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    def serve(self) -> None:
        """Read line by line."""
        for line in sys.stdin:
            threading.Thread(target=self.answer, args=[line], daemon=True).start()


if __name__ == "__main__":
    Threaded(**json.loads(sys.argv[1])).serve()
