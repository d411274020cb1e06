"""The reference served over stdio in an unusual but conforming form.

For example, `python -m invitelab.proof.wire_variants crlf`.
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


class RewritingStream(BytesIO):
    """Stream that rewrites every line before it goes to stdout."""

    def __init__(self, out: BinaryIO, rewrite: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.out = out
        self.rewrite = rewrite

    def write(self, line: bytes, /) -> int:  # type: ignore[override]
        """Write the line in the form of the variant."""
        return self.out.write(self.rewrite(line))

    def flush(self) -> None:
        """Flush the underlying stream."""
        self.out.flush()


class NoisyStderr(Reference):
    """Reference that writes to stderr on every call."""

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Write the noise, then answer."""
        os.write(2, NOISE)
        return super().request(method, params)


def with_crlf(line: bytes) -> bytes:
    """End a line with CR LF."""
    return line.removesuffix(b"\n") + b"\r\n"


def in_own_style(line: bytes) -> bytes:
    """Write the same JSON with spaces, without escapes, with keys in reverse order."""
    backwards = dict(reversed(json.loads(line).items()))
    text = json.dumps(backwards, ensure_ascii=False, separators=(" , ", " : "))
    return f" {text} \n".encode()


def serve(variant: str) -> None:
    """Serve the variant on stdin and stdout until the input ends."""
    if variant == "slow-start":
        time.sleep(SLOW_START_S)
    rewrite = {"crlf": with_crlf, "own-json": in_own_style}.get(variant, bytes)
    adapter = NoisyStderr() if variant == "noisy" else Reference()
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        serve_stdio(adapter, stdout=RewritingStream(out, rewrite))


if __name__ == "__main__":
    serve(sys.argv[1])
