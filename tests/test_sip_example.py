"""The example of a telephone system starts by itself, is judged, and leaves nothing.

The whole suite runs on it in test_implementations.py, beside others in real time.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import psutil
import pytest

from invitelab.formats.run import Verdict, read

ADAPTER = (
    Path(__file__).parents[1] / "examples" / "implementations" / "sip" / "adapter.py"
)
COMMAND = (sys.executable, str(ADAPTER))
TIMEOUT_S = 120
ENDING_S = 10
SELECTION = ("DIRECT-5", "NOTIFY-4", "SESSION-4", "REFUSE-2", "ANSWER-2")
"""Clauses whose scenarios wait for seconds only."""

Json = dict[str, Any]

PROFILE: Json = {"name": "Default", "permissions": ["view"], "enabled": True}
ADA: Json = {"client": "a", "id": "100200300", "alias": "ada@ad", "profiles": [PROFILE]}
BOB: Json = {"client": "b", "id": "400500600", "profiles": [PROFILE]}

pytestmark = pytest.mark.slow


SHOWN_S = 2
"""How long a telephone may take to ring."""


@pytest.fixture
def folder() -> Generator[Path]:
    """An empty folder whose path is short: Kamailio's socket is in it.

    Linux takes 107 characters for the path of a socket, and `tmp_path` has most of them
    where tests run in several processes.
    """
    with tempfile.TemporaryDirectory(prefix="sip-") as name:
        yield Path(name)


class Adapter:
    """The adapter in a process of its own, called over its pipes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.stdin = cast("IO[str]", process.stdin)
        self._stdout = cast("IO[str]", process.stdout)

    def call(self, method: str, **params: object) -> Json:
        """The answer to one call."""
        line = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self.stdin.write(json.dumps(line) + "\n")
        self.stdin.flush()
        answer: Json = json.loads(self._stdout.readline())
        return answer

    def begin(self, alias: str) -> None:
        """Begin a scenario of Ada and of Bob, who has the alias."""
        clients = [ADA, BOB | {"alias": alias}]
        answer = self.call("scenario.begin", scenario="k3f9", clients=clients)
        assert {} == answer["result"]

    def invite(self, to: str) -> Json:
        """What comes of it when Ada invites somebody."""
        where = {"scenario": "k3f9", "client": "a", "entry": "invitation-icon"}
        return self.call("invitation.send", **where, to=to, profile="Default")

    def rings(self, client: str) -> bool:
        """Whether somebody's telephone rings."""
        view = self.call("client.view", scenario="k3f9", client=client)
        return bool(view["result"]["notifications"])

    def programs(self) -> list[psutil.Process]:
        """All processes that it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def running(folder: Path, *switches: str) -> Generator[Adapter]:
    """An adapter that has the folder for its temporary files, and as its own."""
    environment = os.environ | {"TMPDIR": str(folder)}
    with subprocess.Popen(
        [*COMMAND, *switches],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    ) as process:
        yield Adapter(process)


def test_a_missing_program_is_named_with_its_package(tmp_path: Path) -> None:
    """In one sentence on stderr, and the start is refused."""
    result = subprocess.run(
        COMMAND,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        timeout=TIMEOUT_S,
    )
    told = "baresip not found: apt-get install baresip-core\n"
    assert (1, "", told) == (result.returncode, result.stdout, result.stderr)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, None])
def test_no_process_and_no_file_is_left(
    folder: Path, number: signal.Signals | None
) -> None:
    """Whether it is told to end or its stdin is closed, while a call rings."""
    with running(folder) as adapter:
        adapter.begin("bob@ad")
        assert "ok" in adapter.invite("400500600")["result"]
        programs = adapter.programs()
        names = {program.name() for program in programs}
        assert {"kamailio", "baresip"} == names
        if number is None:
            adapter.stdin.close()
        else:
            adapter.process.send_signal(number)
        assert 0 == adapter.process.wait(ENDING_S)
    assert [] == psutil.wait_procs(programs, ENDING_S)[1]
    assert [] == list(folder.iterdir())


def test_two_run_side_by_side(folder: Path) -> None:
    """Each has a network of its own, where the same addresses are other telephones."""
    with running(folder) as first, running(folder) as second:
        for adapter in (first, second):
            adapter.begin("bob@ad")
        assert "ok" in first.invite("bob@ad")["result"]
        deadline_s = time.monotonic() + SHOWN_S
        while not first.rings("b") and time.monotonic() < deadline_s:
            time.sleep(0.01)
        assert first.rings("b")
        assert not second.rings("b")
        for adapter in (first, second):
            adapter.stdin.close()


LONG = "bob@" + "n" * 63
CRASHES = "bob@Home"


@pytest.mark.parametrize(
    ("switches", "alias", "told"),
    [
        ((), LONG, {"ok"}),
        (("--literal",), LONG, {"refused"}),
        ((), CRASHES, {"ok"}),
        (("--literal",), CRASHES, {"code", "message"}),
    ],
)
def test_plain_addresses_are_too_much(
    folder: Path, switches: tuple[str, ...], alias: str, told: set[str]
) -> None:
    """Kamailio refuses a long one, and baresip crashes; its README says so."""
    with running(folder, *switches) as adapter:
        adapter.begin(alias)
        answer = adapter.invite(alias)
        assert told == set(answer.get("result") or answer["error"])
        adapter.stdin.close()
    assert [] == list(folder.iterdir())


def test_a_selection_holds(tmp_path: Path) -> None:
    """Clauses that need no long waits, as a user would check them."""
    clauses = [word for clause in SELECTION for word in ("--clause", clause)]
    check = [sys.executable, "-m", "invitelab", "check", "--quiet", *clauses]
    result = subprocess.run(
        [*check, "--output", str(tmp_path), "--", *COMMAND],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert 0 == result.returncode, result.stdout
    found = {
        clause.clause: clause.verdict
        for clause in read(tmp_path / "run.jsonl").clauses
        if clause.clause in SELECTION
    }
    assert dict.fromkeys(SELECTION, Verdict.PASS) == found
