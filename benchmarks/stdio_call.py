#!/usr/bin/env python3
"""What one call costs, in this process and in another, next to a peer with no checks.

    python benchmarks/stdio_call.py

`bare` is what a few lines of one's own would do: json over two pipes, one buffered line
each way, no limits, no deadline, nothing verified. It spends its time asleep: to be
woken takes longer than the call. `bare, awake` looks for the answer as our transport
does, so the difference to `stdio` is what the checks cost. `stdio, threads` is the same
transport with the streams of systems without poll(2).
"""

import json
import os
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.servers.stdio import serve_stdio
from invitelab.adapters.transports import stream_choice
from invitelab.adapters.transports.inprocess import InProcessTransport
from invitelab.adapters.transports.stdio import StdioTransport

assert sys.platform != "win32", "it needs POSIX"

from invitelab.adapters.transports.polled import SPINS  # noqa: E402 - not on Windows

ROUNDS = 15
CALLS = 500

BARE_PEER = """
import json, sys
for line in sys.stdin.buffer:
    request = json.loads(line)
    answer = {"jsonrpc": "2.0", "id": request["id"], "result": request["params"]}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\\n")
    sys.stdout.buffer.flush()
"""

SMALL: dict[str, Json] = {"scenario": "k3f9", "client": "c1"}
VIEW: dict[str, Json] = {
    "notifications": [
        {
            "invitation": f"i{number}",
            "surface": "client",
            "from": {"id": "100200300", "alias": "ada@ad"},
            "actions": ["accept", "reject"],
        }
        for number in range(6)
    ],
    "invitations": [
        {"invitation": f"i{number}", "to": "400500600", "state": "pending"}
        for number in range(6)
    ],
    "sessions": [],
}

Call = Callable[[dict[str, Json]], Json]


class Echo:
    """The quickest adapter there is."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer with what was asked."""
        del method
        return dict(params)


class Bare:
    """The peer, from our side."""

    def __init__(self, spins: int) -> None:
        """Start it; `spins` is how often to look before going to sleep."""
        self._popen = subprocess.Popen(
            [sys.executable, "-c", BARE_PEER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._popen.stdin
        assert self._popen.stdout
        self._stdin, self._stdout = self._popen.stdin, self._popen.stdout
        self._poll = select.poll()
        self._poll.register(self._stdout, select.POLLIN)
        self._spins = spins

    def call(self, params: dict[str, Json]) -> Json:
        """One exchange."""
        request = {"jsonrpc": "2.0", "id": 1, "method": "echo", "params": params}
        self._stdin.write(json.dumps(request).encode() + b"\n")
        self._stdin.flush()
        for _ in range(self._spins):
            if self._poll.poll(0):
                break
            os.sched_yield()
        result: Json = json.loads(self._stdout.readline())["result"]
        return result

    def close(self) -> None:
        """End it."""
        self._stdin.close()
        self._popen.wait()
        self._stdout.close()


def measure(call: Call, params: dict[str, Json]) -> float:
    """Microseconds of one call, in one round."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call(params)
    return (time.perf_counter() - start) / CALLS * 1e6


def main() -> None:
    """Measure in turns, so that a busy moment hits all alike."""
    here = InProcessTransport(Echo(), Limits())
    asleep, awake = Bare(0), Bare(SPINS)
    command = [sys.executable, __file__, "serve"]
    there = StdioTransport(command, Limits())
    stream_choice.THREADED = True
    with there, StdioTransport(command, Limits()) as threaded:
        calls: dict[str, Call] = {
            "in-process": lambda params: here.call("echo", params, 5),
            "stdio": lambda params: there.call("echo", params, 5),
            "stdio, threads": lambda params: threaded.call("echo", params, 5),
            "bare": asleep.call,
            "bare, awake": awake.call,
        }
        print_table(calls)
    asleep.close()
    awake.close()


def print_table(calls: dict[str, Call]) -> None:
    """Print medians, and each next to the bare peer that waits the same way."""
    out = [f"microseconds per call, median of {ROUNDS} rounds of {CALLS}", ""]
    out.append(f"{'':12}" + "".join(f"{name:>16}" for name in calls))
    for label, params in (("small", SMALL), ("view, 1.1 kB", VIEW)):
        rounds = [
            {name: measure(call, params) for name, call in calls.items()}
            for _ in range(ROUNDS)
        ]
        medians = {name: statistics.median(r[name] for r in rounds) for name in calls}
        out.append(f"{label:12}" + "".join(f"{t:16.1f}" for t in medians.values()))
        ratio = medians["stdio"] / medians["bare, awake"]
        out.append(f"{'':12}  stdio takes {ratio:.2f} times what the bare peer takes")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve_stdio(Echo())
    else:
        main()
