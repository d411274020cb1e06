"""The wire variants change the bytes, and not what the answers mean."""

import json
import subprocess
import sys

import pytest

from invitelab.adapters.handshake import PROTOCOL_VERSION
from invitelab.proof import wire_variants

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocol": PROTOCOL_VERSION,
        "harness": {"name": "invitelab", "version": "0"},
    },
}


def said(variant: str) -> subprocess.CompletedProcess[bytes]:
    """Send `initialize` to a process with that variant, and give its output."""
    return subprocess.run(
        [sys.executable, "-m", wire_variants.__name__, variant],
        input=json.dumps(HELLO).encode() + b"\n",
        capture_output=True,
        check=True,
        timeout=30,
    )


@pytest.mark.slow  # a process each
def test_variants_change_the_bytes_and_not_the_answers() -> None:
    """The noise goes to stderr only."""
    plain = said("none")
    crlf, own, noisy = said("crlf"), said("own-json"), said("noisy")
    assert b"" == plain.stderr
    assert plain.stdout.replace(b"\n", b"\r\n") == crlf.stdout
    assert own.stdout.startswith(b' {"result" : {')
    assert json.loads(plain.stdout) == json.loads(own.stdout)
    assert (plain.stdout, wire_variants.NOISE) == (noisy.stdout, noisy.stderr)


def test_nothing_is_escaped_in_its_own_style() -> None:
    """The keys are in reverse order."""
    line = b'{"a":"\\ud83d\\udc4d","b":1}\n'
    assert ' {"b" : 1 , "a" : "👍"} \n' == wire_variants.in_own_style(line).decode()
