"""No process outlives its run, and a signal that was sent to the run is named."""

import os
import shlex
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from invitelab.adapters.transports.process import wait_for
from invitelab.conformance.features.selection import Selection
from invitelab.conformance.isolation import supervisor
from invitelab.conformance.isolation.run_options import RunOptions
from invitelab.conformance.isolation.subprocess_runner import run_suite
from invitelab.errors import Blame, ExitCode, RunError
from invitelab.processes.tree import HAS_PROC

assert sys.platform != "win32", "it needs POSIX"

from invitelab.conformance.isolation.supervisor import (  # noqa: E402 - as said
    stopped_by,
    supervised,
)

ATTACKER = Path(__file__).parents[1] / "fakes" / "attacker.py"
ONE = RunOptions(selection=Selection(scenarios=["An ID names the recipient"]))
PATIENCE_S = 30.0

pytestmark = pytest.mark.skipif(not HAS_PROC, reason="needs /proc")


def processes(mark: str) -> list[int]:
    """Give the processes, not yet ended, that have the mark in their command line."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            state = (folder / "stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in words and state not in {b"Z", b"X"}:
            found.append(int(folder.name))
    return found


@pytest.fixture
def mark() -> Iterator[str]:
    """Give a word for command lines; afterwards processes with it are killed."""
    word = uuid.uuid4().hex
    yield word
    for pid in processes(word):
        os.kill(pid, signal.SIGKILL)


def attacker(how: str, mark: str) -> list[str]:
    """Give the command line of an attacker, which its children keep."""
    return [sys.executable, str(ATTACKER), how, mark]


Supervise = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def supervise(tmp_path: Path) -> Supervise:
    """Start a command under a supervisor."""

    def start(*command: str) -> subprocess.Popen[bytes]:
        nothing = os.open(os.devnull, os.O_RDONLY)
        process = subprocess.Popen(
            supervised(command, stdin=nothing),
            stdin=subprocess.PIPE,
            cwd=tmp_path,
            process_group=0,
            pass_fds=[nothing],
        )
        os.close(nothing)
        return process

    return start


# The supervisor by itself


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("raise SystemExit(7)", 7),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os.kill(os.getpid(), 11)", -11),
        ("import sys; raise SystemExit(len(sys.stdin.read()))", 0),
    ],
)
def test_a_supervisor_ends_as_its_command_did(
    supervise: Supervise, code: str, expected: int
) -> None:
    """With its exit code or by its signal; the command's input is empty."""
    with supervise(sys.executable, "-c", code) as process:
        assert expected == process.wait(PATIENCE_S)


def test_a_command_that_is_stopped_is_ended_and_named(
    supervise: Supervise, mark: str
) -> None:
    """The supervisor does not wait for it forever."""
    code = "import os; os.kill(os.getpid(), 19)"
    with supervise(sys.executable, "-c", code, mark) as process:
        assert signal.SIGSTOP is stopped_by(process.wait(PATIENCE_S))
    assert [] == processes(mark)


def test_a_daemon_that_hides_ends_with_the_command(
    supervise: Supervise, mark: str
) -> None:
    """Parent, session and environment do not show where it comes from."""
    with supervise(*attacker("daemon", mark)) as process:
        assert 0 == process.wait(PATIENCE_S)
    assert [] == processes(mark)


def test_a_signal_is_passed_on_to_the_command(supervise: Supervise, mark: str) -> None:
    """The command handles it, and chooses the exit code."""
    code = """if True:
    import signal
    from pathlib import Path
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    Path("ready").touch()
    raise SystemExit(signal.sigwait([signal.SIGINT]) + 40)
    """
    with supervise(sys.executable, "-c", code, mark) as process:
        cwd = Path(f"/proc/{process.pid}/cwd")
        assert wait_for((cwd / "ready").exists, PATIENCE_S)
        process.send_signal(signal.SIGINT)
        assert 42 == process.wait(PATIENCE_S)


def test_no_process_outlives_the_holder_of_the_pipe(
    supervise: Supervise, tmp_path: Path, mark: str
) -> None:
    """The end of the pipe is the only sign of a parent that was killed."""
    with supervise(*attacker("hang", mark)) as process:
        assert wait_for((tmp_path / "hanging").exists, PATIENCE_S)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE_S)
    assert [] == processes(mark)


def test_a_command_does_not_outlive_its_supervisor(
    supervise: Supervise, mark: str
) -> None:
    """Even if the supervisor is killed, and can end no process."""
    code = "import time; time.sleep(600)"
    with supervise(sys.executable, "-c", code, mark) as process:
        assert wait_for(lambda: len(processes(mark)) > 1, PATIENCE_S)
        process.kill()
    assert wait_for(lambda: not processes(mark), PATIENCE_S)


def test_descendants_are_found_without_proc(
    monkeypatch: pytest.MonkeyPatch, supervise: Supervise, mark: str
) -> None:
    """By `ps`, which is not among them itself."""
    code = "import time; time.sleep(600)"
    with supervise(sys.executable, "-c", code, mark) as process:
        assert wait_for(lambda: len(processes(mark)) > 1, PATIENCE_S)
        by_proc = supervisor.descendants()
        monkeypatch.setattr(supervisor, "PROC", Path("/no/such/folder"))
        assert {*processes(mark)} <= by_proc
        assert by_proc == supervisor.descendants()
        process.terminate()


# Whole runs


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("SIGSTOP", "was stopped by SIGSTOP"),
        pytest.param(
            "SIGSTOP-to-supervisor",
            "was stopped by SIGSTOP",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not HAS_PROC, reason="it looks into /proc"),
            ],
        ),
        ("SIGKILL-to-group", "was killed by SIGKILL"),
        pytest.param("SIGKILL", "was killed by SIGKILL", marks=pytest.mark.slow),
        pytest.param("SIGTERM", "was killed by SIGTERM", marks=pytest.mark.slow),
        pytest.param("SIGINT", "was interrupted by SIGINT", marks=pytest.mark.slow),
    ],
)
def test_a_signal_to_the_run_is_named_and_is_not_our_bug(
    mark: str, how: str, says: str
) -> None:
    """The run is INVALID, and it is said that invitelab did not send it."""
    with pytest.raises(RunError, match=says) as raised:
        run_suite(f"cmd:{shlex.join(attacker(how, mark))}", ONE)
    assert (ExitCode.INVALID, Blame.ENVIRONMENT) == (
        raised.value.code,
        raised.value.blame,
    )
    assert "not by invitelab" in str(raised.value)
    assert [] == processes(mark)


@pytest.mark.slow
def test_a_daemon_that_hides_ends_with_the_run(mark: str) -> None:
    """When the verdict is there, no process is left."""
    run_suite(f"cmd:{shlex.join(attacker('daemon', mark))}", ONE)
    assert [] == processes(mark)


def test_nothing_outlives_a_check_that_is_killed(tmp_path: Path, mark: str) -> None:
    """Neither the process that runs the scenarios, nor the target, nor its daemon."""
    command = [sys.executable, "-m", "invitelab", "check", "-q", "--"]
    with subprocess.Popen([*command, *attacker("hang", mark)], cwd=tmp_path) as check:
        assert wait_for((tmp_path / "hanging").exists, PATIENCE_S)
        assert len(processes(mark)) > 1
        check.kill()
    assert wait_for(lambda: not processes(mark), PATIENCE_S)
