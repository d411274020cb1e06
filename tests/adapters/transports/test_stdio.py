"""The transport to a process over stdin and stdout."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from invitelab.adapters.base import Limits
from invitelab.adapters.transports import polled
from invitelab.adapters.transports.process import LAST_S, wait_for
from invitelab.adapters.transports.stdio import StdioTransport
from invitelab.errors import (
    Blame,
    CannotStartError,
    CrashError,
    HangError,
    HarnessError,
    MalformedError,
)
from invitelab.processes import tree

assert sys.platform != "win32", "it needs POSIX"

pytestmark = pytest.mark.usefixtures("implementation")

FAKES = Path(__file__).parents[1] / "fakes"
LIMITS = Limits(grace_s=0.05, stderr_bytes=1000)
PATIENCE_S = 20.0

needs_proc = pytest.mark.skipif(not tree.HAS_PROC, reason="needs /proc")


@pytest.fixture
def transport() -> Iterator[StdioTransport]:
    """Connect to the fake."""
    with start(str(FAKES / "fake.py")) as connected:
        yield connected


def start(*arguments: str) -> StdioTransport:
    """Start Python."""
    return StdioTransport([sys.executable, *arguments], LIMITS)


def is_running(pid: int) -> bool:
    """Whether there is such a process, which has not ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return text.rpartition(b")")[2].split()[0] not in {b"Z", b"X"}


# Starting


def test_a_command_that_is_not_there_cannot_start() -> None:
    """The environment is to blame, and the hint says where we looked."""
    with pytest.raises(
        CannotStartError, match=r"^acme-adapter: command not f"
    ) as caught:
        StdioTransport(["acme-adapter", "--fast"], LIMITS)
    assert Blame.ENVIRONMENT == caught.value.blame
    assert "it is in no folder of PATH" == caught.value.hint


@pytest.mark.parametrize(
    ("command", "text", "mode", "message", "hint"),
    [
        ("./acme", "#!/bin/sh", 0o644, "./acme: permission denied", "chmod +x ./acme"),
        ("./acme", "#!/no/such/sh", 0o755, "./acme: command not found", "interpreter"),
        ("./acme", "no script", 0o755, "./acme: .*format error", "#!"),
        ("acme", "#!/bin/sh", 0o755, "acme: command not found", "mean ./acme?"),
        ("./amce", "#!/bin/sh", 0o755, "./amce: command not found", "starts at /"),
        ("acme\0", "#!/bin/sh", 0o755, "embedded null byte", "#!"),
    ],
)
def test_a_command_that_cannot_start_gets_a_hint(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    command: str,
    text: str,
    mode: int,
    message: str,
    hint: str,
) -> None:
    """What to try, for each way in which a file is no program."""
    monkeypatch.chdir(tmp_path)
    Path("acme").write_text(text, encoding="ascii")
    Path("acme").chmod(mode)
    with pytest.raises(CannotStartError, match=message) as caught:
        StdioTransport([command], LIMITS)
    assert hint in caught.value.hint


# Ending by itself


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit(7)", "the target exited with code 7 instead of answering m"),
        ("pass", "the target exited with code 0 instead of answering m"),
        (
            "import os; os.kill(os.getpid(), 11)",
            "the target was killed by SIGSEGV inst",
        ),
        ("import os; os.kill(os.getpid(), 40)", "the target was killed by signal 40 i"),
    ],
)
def test_a_crash_says_how_it_ended(code: str, message: str) -> None:
    """An exit code or a signal, by name if it has one."""
    with start("-c", code) as transport, pytest.raises(CrashError, match=message):
        transport.call("m", {}, PATIENCE_S)


def test_a_crash_shows_the_last_line_of_stderr(transport: StdioTransport) -> None:
    """It often has the reason."""
    with pytest.raises(CrashError) as caught:
        transport.call("crash", {}, PATIENCE_S)
    expected = "its last line on stderr: ZeroDivisionError: integer division or modulo "
    assert f"{expected}by zero" == caught.value.hint


def test_a_crash_between_two_calls_is_found_by_the_second(
    transport: StdioTransport,
) -> None:
    """No earlier call could report it."""
    transport.call("echo", {}, PATIENCE_S)
    os.kill(transport.pid, signal.SIGKILL)
    with pytest.raises(
        CrashError, match="was killed by SIGKILL instead of answering e"
    ):
        transport.call("echo", {}, PATIENCE_S)


def test_a_target_that_closes_its_stdout_has_crashed(
    transport: StdioTransport,
) -> None:
    """It still runs, but cannot answer."""
    with pytest.raises(CrashError, match="closed its stdout instead of answering"):
        transport.call("go_silent", {}, PATIENCE_S)


def test_an_end_that_a_child_hides_is_a_crash(transport: StdioTransport) -> None:
    """The child holds the pipe, so there is no end of it; the limit ends the wait."""
    transport.call("echo", {}, PATIENCE_S)
    with pytest.raises(CrashError, match="exited with code 7"):
        transport.call("leave_an_heir", {}, 0.5)


@needs_proc
def test_when_memory_runs_out_the_target_is_ended_first() -> None:
    """It is a crash of the target then, and not the end of the run."""
    with start("-c", "input()") as transport:
        assert "1000\n" == Path(f"/proc/{transport.pid}/oom_score_adj").read_text()


def test_a_child_that_holds_stderr_is_waited_for_once() -> None:
    """However often `stderr` is read."""
    code = """if True:
    import os, sys, time
    if os.fork() == 0:
        os.close(1)
        time.sleep(60)
    sys.exit('the end')
    """
    with start("-c", code) as transport:
        with pytest.raises(CrashError):
            transport.call("m", {}, PATIENCE_S)
        start_s = time.monotonic()
        assert ["the end\n"] * 20 == [transport.stderr for _ in range(20)]
        assert time.monotonic() - start_s < 20 * LAST_S / 2


def test_an_answer_that_drips_is_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if another byte keeps arriving."""
    monkeypatch.setattr(polled, "SPINS", 1 << 30)
    code = """if True:
    import os, time
    for _ in range(10_000):
        os.write(1, b"x")
        time.sleep(0.002)
    """
    with start("-c", code) as transport:
        start_s = time.monotonic()
        with pytest.raises(HangError, match=r"no answer to m within 0.5 s"):
            transport.call("m", {}, 0.5)
        assert time.monotonic() - start_s < PATIENCE_S / 2


# Speaking unasked


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("hello\x1b[0m", "not JSON", "hello\\x1b[0m"),
        ("\xff", "not UTF-8", "\\xff"),
        ("", "not JSON", ""),
        ('{"id":9,"result":1}', "answer to request 9, not to 1", '{"id":9,"result":1}'),
        ('{"id":1,"result":[[', "not JSON", '{"id":1,"result":[['),
        ("x" * (1 << 21), "longer than", "x" * 199 + "…"),
    ],
)
def test_a_line_before_the_answer_is_malformed(
    transport: StdioTransport, text: str, message: str, line: str
) -> None:
    """The first bad line is kept."""
    with pytest.raises(MalformedError, match=message) as caught:
        transport.call("say", {"text": text}, PATIENCE_S)
    assert line == caught.value.line


@pytest.mark.parametrize("text", ["hello", '{"id":2,"result":"a guess"}'])
def test_a_line_after_the_answer_spoils_the_next_call(
    transport: StdioTransport, text: str
) -> None:
    """Even with the id of the next request."""
    assert {} == transport.call("add", {"text": text}, PATIENCE_S)
    with pytest.raises(MalformedError, match="an unsolicited line") as caught:
        transport.call("echo", {}, PATIENCE_S)
    assert text == caught.value.line


@needs_proc
def test_a_line_that_was_there_before_the_call_is_no_answer(
    implementation: str,
) -> None:
    """Even if it has the right id: nothing was asked yet."""
    code = """if True:
    import signal
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    input()
    print('{"jsonrpc":"2.0","id":1,"result":7}', flush=True)
    signal.sigwait([signal.SIGUSR1])
    print('{"jsonrpc":"2.0","id":2,"result":7}', flush=True)
    """
    with start("-c", code) as transport:
        assert 7 == transport.call("m", {}, PATIENCE_S)
        os.kill(transport.pid, signal.SIGUSR1)
        assert wait_for(lambda: not is_running(transport.pid), PATIENCE_S)
        if implementation == "portable":
            time.sleep(0.5)  # the reading thread has taken the line by then
        with pytest.raises(MalformedError, match="an unsolicited line"):
            transport.call("m", {}, PATIENCE_S)


def test_a_greeting_is_malformed() -> None:
    """Standard output is for answers."""
    code = "print('Acme 2.3', flush=True); input()"
    with start("-c", code) as transport, pytest.raises(MalformedError) as caught:
        transport.call("m", {}, PATIENCE_S)
    assert "Acme 2.3" == caught.value.line


# Pipes that are full


def test_much_stderr_does_not_block(transport: StdioTransport) -> None:
    """All of it is read, and the newest part is kept."""
    assert {} == transport.call("complain", {"length": 3_000_000}, PATIENCE_S)
    with pytest.raises(CrashError):
        transport.call("die", {"number": 9}, PATIENCE_S)
    assert LIMITS.stderr_bytes == len(transport.stderr)
    assert transport.stderr.endswith("an error!\nend of 3000000\n")


def test_a_target_that_does_not_read_hangs() -> None:
    """Writing has the same limit as reading."""
    with (
        start("-c", "import time; time.sleep(60)") as transport,
        pytest.raises(HangError, match=r"no answer to m within 0.2 s"),
    ):
        transport.call("m", {"text": "x" * 500_000}, 0.2)


@pytest.mark.parametrize("text", ["x\\n", "x"])
def test_a_target_that_only_writes_is_malformed(text: str) -> None:
    """It is found at the first line, or at the longest, and nothing is collected."""
    code = f"while True: print('{text}' * 1000, end='')"
    with start("-c", code) as transport, pytest.raises(MalformedError):
        transport.call("m", {"text": "x" * 500_000}, PATIENCE_S)


def test_a_long_request_is_read_by_a_slow_target(transport: StdioTransport) -> None:
    """It takes many pipes full, in both directions."""
    text = "é" * 100_000
    assert {"text": text} == transport.call("echo", {"text": text}, PATIENCE_S)


def test_many_quick_calls_are_answered(transport: StdioTransport) -> None:
    """An answer may come before the sending of the request is known to be over."""
    for number in range(3000):
        assert {"n": number} == transport.call("echo", {"n": number}, PATIENCE_S)


# Ending it


def close(habits: list[str]) -> list[int]:
    """Start a family, close the transport and name the pids."""
    with (
        start(str(FAKES / "family.py"), *habits) as transport,
        pytest.raises(MalformedError) as caught,
    ):
        transport.call("m", {}, PATIENCE_S)
    return [int(pid) for pid in caught.value.line.split()]


@needs_proc
@pytest.mark.parametrize(
    "habits",
    [
        [],
        ["deaf"],
        ["session"],
        ["session", "clean"],
        ["session", "orphan"],
        ["session", "orphan", "deaf"],
        ["leave"],
        ["leave", "deaf"],
        ["leave", "session", "orphan"],
    ],
    ids="-".join,
)
def test_closing_ends_the_whole_family(habits: list[str]) -> None:
    """In other sessions, orphaned, or ignoring TERM and the end of input."""
    pids = close(habits)
    assert 2 == len(set(pids))
    assert [] == [pid for pid in pids if is_running(pid)]


def test_closing_ends_nobody_else() -> None:
    """Not even another child of the same parent, started at the same time."""
    with subprocess.Popen(["/bin/sleep", "60"]) as neighbour:
        close(["session"])
        assert neighbour.poll() is None
        neighbour.kill()


def test_closing_is_quick_when_the_target_listens() -> None:
    """It ends at the end of its input."""
    transport = StdioTransport(["/bin/cat"], Limits(grace_s=PATIENCE_S))
    start_s = time.monotonic()
    transport.close()
    assert time.monotonic() - start_s < PATIENCE_S / 2


def test_closing_leaves_nothing_open() -> None:
    """Neither pipes nor threads."""
    before = (len(list(Path("/dev/fd").iterdir())), threading.active_count())
    close(["deaf"])
    after = (len(list(Path("/dev/fd").iterdir())), threading.active_count())
    assert before == after


def test_a_call_after_closing_is_our_bug(transport: StdioTransport) -> None:
    """The caller has closed the transport itself."""
    transport.close()
    with pytest.raises(HarnessError, match="m after the connection was closed"):
        transport.call("m", {}, PATIENCE_S)
