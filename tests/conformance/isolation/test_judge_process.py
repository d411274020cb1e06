"""The link of a run by a socket pair and a supervisor, and by a connection."""

import os
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from invitelab.adapters.transports.process import wait_for
from invitelab.conformance.execution.journals import LinkJournal
from invitelab.conformance.features.selection import Selection
from invitelab.conformance.isolation import judge_process
from invitelab.conformance.isolation.judge_process import make_receiver, start_judge
from invitelab.conformance.isolation.loopback import (
    HOST,
    LoopbackReceiver,
    proof_of,
)
from invitelab.conformance.isolation.run_options import RunOptions, command
from invitelab.conformance.isolation.run_outcome import SuitesInterrupted
from invitelab.conformance.isolation.subprocess_runner import run_suite, run_suites
from invitelab.errors import ExitCode
from invitelab.formats.run import Verdict

PATIENCE_S = 60.0
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
ONE = RunOptions(selection=Selection(scenarios=["An ID names the recipient"]))


@pytest.fixture(params=["supervised", "loopback"])
def link(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Use one of the two ways to start a judge."""
    monkeypatch.setattr(judge_process, "LOOPBACK", request.param == "loopback")
    return str(request.param)


@pytest.fixture
def hanging(tmp_path: Path) -> str:
    """A target that starts a child and answers nothing."""
    script = tmp_path / "hanging.py"
    script.write_text(
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', "
        f"{str(tmp_path)!r}], start_new_session=True)\n"
        f"open({str(tmp_path / 'ready')!r}, 'w').close()\n"
        "sys.stdin.readline(); sys.stdin.readline()\n",
        encoding="utf-8",
    )
    return f"cmd:{shlex.join([sys.executable, str(script)])}"


def mentioning(word: str) -> Iterator[int]:
    """The living processes with the word in their command line."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # it has ended, or is another user's
            is_alive = process.status() != psutil.STATUS_ZOMBIE
            if is_alive and any(word in part for part in process.cmdline()):
                yield process.pid


@pytest.mark.usefixtures("link")
def test_a_run_comes_back_over_either_link() -> None:
    """Whole, sealed and believed."""
    finished = run_suite("reference", ONE)
    (record,) = finished.run.scenarios
    assert Verdict.PASS is record.verdict


@pytest.mark.usefixtures("link")
def test_a_judge_whose_parent_ends_ends_its_targets(
    hanging: str, tmp_path: Path
) -> None:
    """The end of the pipe says so, however the parent has ended."""
    receiver = make_receiver(lambda _kind, _text: None)
    judge = start_judge(command(hanging, ONE), receiver, ENVIRONMENT)
    assert judge.stdin
    assert judge.stdout
    with judge.stdout:
        assert wait_for((tmp_path / "ready").exists, PATIENCE_S)
        judge.stdin.close()
        judge.wait(PATIENCE_S)
        assert wait_for(lambda: not list(mentioning(str(tmp_path))), PATIENCE_S)
    receiver.join(PATIENCE_S)


@pytest.mark.usefixtures("link")
def test_an_interrupt_ends_the_judge_and_its_targets(
    hanging: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that have begun are told of."""

    def tell(_place: int, _done: int) -> None:
        if (tmp_path / "ready").exists():
            raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SuitesInterrupted):
        run_suites([hanging], ONE, tell)
    assert wait_for(lambda: not list(mentioning(str(tmp_path))), PATIENCE_S)


# The connection


@pytest.fixture
def told() -> list[str]:
    """What a receiver has been told."""
    return []


@pytest.fixture
def receiver(told: list[str]) -> Iterator[tuple[LoopbackReceiver, int, bytes]]:
    """A receiver that listens, its port and its secret."""
    made = LoopbackReceiver(lambda _kind, text: told.append(text))
    port, secret = made.listen().split()
    yield made, int(port), bytes.fromhex(secret.decode())
    made.join(PATIENCE_S)


@pytest.mark.parametrize("proof", [b"", b"0" * 32])
def test_only_who_knows_the_secret_is_listened_to(
    receiver: tuple[LoopbackReceiver, int, bytes], told: list[str], proof: bytes
) -> None:
    """Any other connection is closed, and the judge may still come."""
    made, port, secret = receiver
    with socket.create_connection((HOST, port)) as stranger:
        stranger.sendall(proof)
        stranger.shutdown(socket.SHUT_WR)
        assert b"" == stranger.recv(1)
    with socket.create_connection((HOST, port)) as judge:
        judge.sendall(proof_of(secret))
        LinkJournal(judge, secret).record("first")
    made.join(PATIENCE_S)
    assert (True, ["first"]) == (made.is_sound, told)


def test_a_judge_that_never_connects_is_not_waited_for(
    receiver: tuple[LoopbackReceiver, int, bytes],
) -> None:
    """It has ended before; nothing was told, and nothing is left."""
    made, _port, _secret = receiver
    before = threading.active_count()
    made.join(PATIENCE_S)
    assert threading.active_count() <= before - 1  # others may end meanwhile


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello\n",
        "x 00\n",
        "7\n",
        "99999 00\n",
        "{port} 00",
        "{port} 000\n",
        "{port} zz\n",
        "{port} \n",
    ],
)
def test_another_standard_input_is_refused(line: str) -> None:
    """The judge is started by a check, and by nothing else; it connects nowhere."""
    with socket.create_server((HOST, 0)) as server:
        result = subprocess.run(
            [sys.executable, "-m", "invitelab.conformance.isolation.child"],
            input=line.format(port=server.getsockname()[1]),
            capture_output=True,
            text=True,
            check=False,
        )
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert ExitCode.USAGE == result.returncode
    assert "this process is for invitelab check alone\n" == result.stderr
