"""The reference as a process that is right, with a habit on the wire.

`python -m invitelab.proof.wire_variants crlf` serves it with one.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import BinaryIO

from invitelab.adapters.base import Json
from invitelab.adapters.reference.adapter import Reference
from invitelab.adapters.servers.stdio import serve_stdio

SLOW_START_S = 3
NOISE = b'\x1b[31mDEBUG \xff\xfe invitation {"jsonrpc": "2.0", "id": 1}\r\n' * 4


class Rewriting(BytesIO):
    """Stands between the template for authors and the real stdout."""

    def __init__(self, out: BinaryIO, rewrite: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.out = out
        self.rewrite = rewrite

    def write(self, line: bytes, /) -> int:  # type: ignore[override]
        """Write the line as the habit has it."""
        return self.out.write(self.rewrite(line))

    def flush(self) -> None:
        """Let it go."""
        self.out.flush()


class Noisy(Reference):
    """Says more on stderr than anybody reads."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Chatter, then answer."""
        os.write(2, NOISE)
        return super().request(method, params)


def with_crlf(line: bytes) -> bytes:
    """End a line as Windows does."""
    return line.removesuffix(b"\n") + b"\r\n"


def in_own_style(line: bytes) -> bytes:
    """Write the same JSON with spaces, characters as they are, names backwards."""
    backwards = dict(reversed(json.loads(line).items()))
    text = json.dumps(backwards, ensure_ascii=False, separators=(" , ", " : "))
    return f" {text} \n".encode()


def serve(habit: str) -> None:
    """Answer on stdin and stdout until the input ends."""
    if habit == "slow-start":
        time.sleep(SLOW_START_S)
    rewrite = {"crlf": with_crlf, "own-json": in_own_style}.get(habit, bytes)
    adapter = Noisy() if habit == "noisy" else Reference()
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        serve_stdio(adapter, stdout=Rewriting(out, rewrite))


if __name__ == "__main__":
    serve(sys.argv[1])
