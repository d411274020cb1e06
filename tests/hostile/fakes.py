"""A target with one defect, in a process of its own.

    python fakes.py DEFECT [MARK]

The reference, since the values of a row may ask for anything. A defect shows at the
start, or in place of the answer to a cancel.

MARK is not used: it marks the processes that a certain test has started.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable

from invitelab.adapters.base import Json
from invitelab.adapters.reference import create

assert sys.platform != "win32", "it needs POSIX"

Object = dict[str, Json]

FOREVER_S = 600.0
MEGABYTE = 1 << 20
EXTRA: list[Json] = []  # what is listed beside the invitation
SLOW_S = [0.0]  # how long an answer takes; the last one counts


# What behaves


class Acme:
    """The reference under another name."""

    def __init__(self) -> None:
        self.reference = create()

    def request(self, method: str, params: Object) -> Json:
        """Answer one call."""
        answer = self.reference.request(method, params)
        if method == "initialize":
            assert isinstance(answer, dict), "it says something of itself"
            return {**answer, "implementation": {"name": "acme", "version": "1"}}
        if method == "client.view":
            assert isinstance(answer, dict), "a view has lists"
            listed = answer["invitations"]
            assert isinstance(listed, list), "of which this is one"
            return {**answer, "invitations": [*listed, *EXTRA]}
        return answer


def line_of(answer: Json) -> bytes:
    """Write an answer as the line it should be."""
    return json.dumps(answer).encode() + b"\n"


def say(text: bytes) -> None:
    """Write everything to stdout."""
    rest = memoryview(text)
    while rest:
        rest = rest[os.write(1, rest) :]


def repeat(text: bytes) -> None:
    """Write the same again and again, as long as it is read."""
    end = time.monotonic() + FOREVER_S
    while time.monotonic() < end:
        say(text)


def ignore_requests_to_end() -> None:
    """Ignore every signal that can be ignored."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


# Defects at the start

AtStart = Callable[[], None]
AtCancel = Callable[[Object], None]
AT_START: dict[str, AtStart] = {}
AT_CANCEL: dict[str, AtCancel] = {}


def at_start(defect: AtStart) -> AtStart:
    """Commit it before anything is read."""
    AT_START[defect.__name__] = defect
    return defect


def at_cancel(defect: AtCancel) -> AtCancel:
    """Commit it with the answer at hand, which is not written otherwise."""
    AT_CANCEL[defect.__name__] = defect
    return defect


@at_start
def hang_at_start_deaf() -> None:
    """Never answer, and do not listen when asked to end."""
    ignore_requests_to_end()
    time.sleep(FOREVER_S)


@at_start
def exit_at_start() -> None:
    """End at once, and say why with colours and in the wrong encoding."""
    os.write(2, b"\x1b[31macme: \xff no licence \xe2\x80\xae\x07\n")
    os._exit(3)


# Answers that do not come


@at_cancel
def hang(_: Object) -> None:
    """Never answer."""
    time.sleep(FOREVER_S)


@at_cancel
def hang_deaf(_: Object) -> None:
    """Never answer, and do not listen when asked to end."""
    ignore_requests_to_end()
    time.sleep(FOREVER_S)


@at_cancel
def drip(_: Object) -> None:
    """Always have one byte more to say."""
    end = time.monotonic() + FOREVER_S
    while time.monotonic() < end:
        say(b" ")
        time.sleep(0.001)


@at_cancel
def close_stdin(answer: Object) -> None:
    """Answer, and then listen no more."""
    os.close(0)
    say(line_of(answer))
    time.sleep(FOREVER_S)


@at_cancel
def be_slow(answer: Object) -> None:
    """Answer everything from now on, always in time, but not soon."""
    SLOW_S.append(3.0)
    say(line_of(answer))


# Ends of the process


@at_cancel
def leave_in_colour(_: Object) -> None:
    """End the process after some last words that are no text."""
    words = b"\x1b]0;owned\x07\x1b[2J\xff\xfe\x00\xe2\x80\xae=1+1\n"
    os.write(2, words * 2000)
    os._exit(7)


@at_cancel
def be_killed(_: Object) -> None:
    """End by a signal."""
    os.kill(os.getpid(), signal.SIGSEGV)


@at_cancel
def close_stdout(_: Object) -> None:
    """Live on without a voice."""
    os.close(1)
    time.sleep(FOREVER_S)


# Wrong output


@at_cancel
def flood(_: Object) -> None:
    """Write unsolicited lines without end."""
    repeat(b"debug: nothing happened\n" * 1000)


@at_cancel
def long_line(_: Object) -> None:
    """Write a line of a hundred megabytes."""
    for _number in range(100):
        say(b"x" * MEGABYTE)
    say(b"\n")


@at_cancel
def not_utf8(answer: Object) -> None:
    """Write Latin-1."""
    text = json.dumps({**answer, "by": "Zoë"}, ensure_ascii=False)
    say(text.encode("latin-1") + b"\n")


@at_cancel
def half_a_surrogate_pair(answer: Object) -> None:
    """Write what JSON can spell and UTF-8 cannot."""
    say(line_of({**answer, "by": "\ud800"}))


@at_cancel
def too_deep(answer: Object) -> None:
    """Write lists in lists."""
    say(line_of(answer)[:-2] + b',"in":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n")


@at_cancel
def not_a_number(answer: Object) -> None:
    """Write NaN, as Python does."""
    say(line_of({**answer, "took": float("nan")}))


@at_cancel
def name_twice(answer: Object) -> None:
    """Write two results."""
    say(line_of(answer)[:-2] + b',"result":{"refused":{}}}\n')


@at_cancel
def rows_of_nothing(answer: Object) -> None:
    """From now on, list as many wrong rows as fit into a line."""
    nothing: Object = {}
    EXTRA.extend([nothing] * 250_000)
    say(line_of(answer))


@at_cancel
def rows_of_rows(answer: Object) -> None:
    """From now on, list as many right rows as fit into a line."""
    row: Object = {"to": "", "profile": "", "state": "expired"}
    EXTRA.extend({**row, "invitation": f"{number:x}"} for number in range(14_000))
    say(line_of(answer))


@at_cancel
def wrong_id(answer: Object) -> None:
    """Answer a request that was never made."""
    say(line_of({**answer, "id": 4711}))


@at_cancel
def last_id(answer: Object) -> None:
    """Answer the request before once more, and then this one."""
    number = answer["id"]
    assert isinstance(number, int)
    say(line_of({**answer, "id": number - 1}) + line_of(answer))


@at_cancel
def notify(answer: Object) -> None:
    """Tell what happened, unasked, and then answer."""
    say(b'{"jsonrpc":"2.0","method":"cancelled","params":{}}\n' + line_of(answer))


@at_cancel
def log_afterwards(answer: Object) -> None:
    """Answer, and write a line more."""
    say(line_of(answer) + b"info: cancelled\n")


# Use of the machine


@at_cancel
def fill_stderr(answer: Object) -> None:
    """Write megabytes to stderr before the answer, which is right."""
    for _ in range(64):
        os.write(2, b"trace: nothing happened\n" * 5000)
    say(line_of(answer))


@at_cancel
def hog(_: Object) -> None:
    """Take memory until there is enough to be seen, and hang."""
    taken = [bytearray(os.urandom(1)) * MEGABYTE for _ in range(192)]
    assert taken
    time.sleep(FOREVER_S)


def child(habits: str = "") -> None:
    """Start a child that ends only when it is made to; return once it is there."""
    reading, ready = os.pipe()
    if os.fork() == 0:
        if "session" in habits:
            os.setsid()
        if "orphan" in habits and os.fork() != 0:
            os._exit(0)
        ignore_requests_to_end()
        os.write(ready, b"!")
        os.close(ready)
        if "clean" in habits:
            code = f"import time; time.sleep({FOREVER_S})"
            argv = [sys.executable, "-c", code, *sys.argv]
            os.execve(sys.executable, argv, {})  # noqa: S606 - with no environment
        time.sleep(FOREVER_S)
    os.close(ready)
    os.read(reading, 1)


@at_cancel
def leave_a_child(_: Object) -> None:
    """End, while a child keeps all pipes open."""
    child()
    os._exit(7)


@at_cancel
def leave_many(answer: Object) -> None:
    """Answer, with children of all kinds."""
    for habits in ("", "session", "orphan", "session orphan", "session clean"):
        child(habits)
    say(line_of(answer))


@at_cancel
def fork_on(answer: Object) -> None:
    """Answer, while a process hands on to its child all the time."""
    if os.fork() == 0:
        os.setsid()
        end = time.monotonic() + FOREVER_S
        while time.monotonic() < end:
            time.sleep(0.05)
            if os.fork() != 0:
                os._exit(0)
    say(line_of(answer))


# The process


def main(defect: str) -> None:
    """Answer line by line until it is time."""
    if defect in AT_START:
        AT_START[defect]()
    acme = Acme()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        result = acme.request(request["method"], request["params"])
        answer: Object = {"jsonrpc": "2.0", "id": request["id"], "result": result}
        time.sleep(SLOW_S[-1])
        if request["method"] == "invitation.cancel" and defect in AT_CANCEL:
            AT_CANCEL[defect](answer)
        else:
            say(line_of(answer))


if __name__ == "__main__":
    main(sys.argv[1])
