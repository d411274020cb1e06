"""`invitelab serve`: usage errors in this process, servers in others."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.target import Target
from invitelab.cli import main
from invitelab.errors import ExitCode

Start = Callable[..., subprocess.Popen[str]]

PATIENCE_S = 20.0
HANDSHAKE: dict[str, Json] = {"protocol": 1, "harness": {"name": "n", "version": "1"}}


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The error message and the hint of an invalid command line."""
    assert ExitCode.USAGE == main(["serve", *words])
    said = capsys.readouterr()
    assert not said.out
    return said.err.splitlines()


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ([], "no transport is given", "invitelab serve --stdio"),
        (["--stdio", "--tcp", "0"], "more than one transport", "choose one of"),
        (["--tcp", "0", "--http", "0"], "more than one transport", "choose one of"),
        (["--stdio", "--host", "::1"], "--stdio has no host", "for --tcp and --http"),
        (["--tcp", "http"], "'--tcp': 'http' is not a valid integer", "--help"),
        (["--http", "65536"], "65536 is not in the range 0<=x<=65535", "--help"),
        (["--tcp", "-1"], "-1 is not in the range 0<=x<=65535", "--help"),
        (["--tcp", "0", "--host", "fe80::1%no"], "fe80::1%no cannot be fou", "spelled"),
        (["--tcp", "0", "--host", "a..b"], "'a..b' cannot be a host", "spelled right"),
        (["--tcp", "0", "--host", "192.0.2.1"], "of 192.0.2.1 is not to be had", "0"),
        (["--stdio", "--latency", "80"], "the latency is missing a unit", "80ms"),
        (["--stdio", "--latency", "-1s"], "not a whole number of millisec", "80ms"),
        (["--stdio", "--latency", "50us"], "not a whole number of millise", "80ms"),
        (["--stdio", "--latency", "soon"], "the latency is not a duration", "80ms"),
    ],
)
def test_an_invalid_command_line_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str, hint: str
) -> None:
    """With one sentence and a hint."""
    said, hinted = refusal(capsys, *words)
    assert said.startswith("invitelab: ")
    assert message in said
    assert hinted.startswith("  hint: ")
    assert hint in hinted


@pytest.mark.parametrize("option", ["--tcp", "--http"])
def test_a_port_in_use_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """The hint says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said, hinted = refusal(capsys, option, port)
    expected = f"invitelab: port {port} of 127.0.0.1 is not to be had (Address already"
    assert said.startswith(expected)
    assert "  hint: port 0 is any free one" == hinted


@pytest.mark.parametrize("option", ["--tcp", "--http"])
def test_the_reference_is_served_until_interrupted(
    started: Start, tmp_path: Path, option: str
) -> None:
    """One line is printed, the target; stderr stays empty."""
    with started("serve", option, "0", "--latency=80ms", cwd=tmp_path) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            form = r"listening on ((tcp|http)://127\.0\.0\.1:[0-9]+/?)\n"
            found = re.fullmatch(form, line)
            assert found
            with Target.parse(found[1]).open(Limits()) as transport:
                answer = transport.call("initialize", HANDSHAKE, PATIENCE_S)
            server.send_signal(signal.SIGINT)
            said = server.communicate(timeout=PATIENCE_S)
        finally:
            server.kill()
    assert isinstance(answer, dict)
    assert 240 == answer["settle_ms"]
    assert (("", ""), ExitCode.INTERRUPTED) == (said, server.returncode)
