"""What is particular about an adapter in our own process."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import cast

import pytest

from invitelab.adapters.base import Json, Limits
from invitelab.adapters.transports.inprocess import InProcessTransport, TooLongError
from invitelab.adapters.transports.process import wait_for
from invitelab.errors import CallError, CrashError, HangError

assert sys.platform != "win32", "it needs POSIX"

PATIENCE_S = 20.0
Handler = Callable[[int, FrameType | None], object] | int | None


class Calling:
    """An adapter that calls what the test says."""

    def __init__(self, action: Callable[[], Json]) -> None:
        """Take the action."""
        self.action = action

    def request(self, method: str, params: Mapping[str, Json]) -> Json:
        """Answer with what the action gives."""
        del method, params
        return self.action()


def hang() -> Json:
    """Never return."""
    while True:
        signal.pause()


def raise_error(error: BaseException) -> Json:
    """Raise it."""
    raise error


def call(action: Callable[[], Json], timeout_s: float = 10.0) -> Json:
    """Call an adapter that does this."""
    return InProcessTransport(Calling(action), Limits()).call("m", {}, timeout_s)


@pytest.fixture
def alarms() -> Iterator[list[int]]:
    """Have another user of SIGALRM, who notes when it rings."""
    rung: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        rung.append(number)

    before = signal.signal(signal.SIGALRM, note)
    yield rung
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    ("action", "error"),
    [
        (lambda: None, None),
        (hang, HangError),
        (lambda: raise_error(RuntimeError()), CrashError),
        (lambda: raise_error(KeyboardInterrupt()), KeyboardInterrupt),
    ],
)
def test_the_alarm_is_put_back(
    alarms: list[int], action: Callable[[], Json], error: type[BaseException] | None
) -> None:
    """A handler and a timer set before are restored, less the time of the call."""
    handler = signal.getsignal(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, 100, 7)
    if error is None:
        call(action, 0.1)
    else:
        with pytest.raises(error):
            call(action, 0.1)
    left_s, interval_s = signal.getitimer(signal.ITIMER_REAL)
    assert 90 < left_s <= (99.91 if error is HangError else 100)
    assert 7 == interval_s
    assert handler is signal.getsignal(signal.SIGALRM)
    assert [] == alarms


def test_an_alarm_that_was_due_meanwhile_rings_afterwards(alarms: list[int]) -> None:
    """It does not interrupt the adapter, and it is not lost."""
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with pytest.raises(HangError):
        call(hang, 0.1)
    assert wait_for(lambda: bool(alarms), 10)
    assert [signal.SIGALRM] == alarms


def test_an_interrupt_is_for_us(alarms: list[int]) -> None:
    """Ctrl-C ends the run, whatever the adapter is doing."""
    with pytest.raises(KeyboardInterrupt):
        call(lambda: raise_error(KeyboardInterrupt()))
    assert [] == alarms


def test_a_crash_names_what_was_raised_and_where() -> None:
    """As a line of the report, with nothing invisible in it."""
    with pytest.raises(CrashError, match=r"raised ValueError: a\\x1b in m$") as caught:
        call(lambda: raise_error(ValueError("a\x1b")))
    assert f"raised at {__file__}:" in caught.value.hint


def test_another_thread_may_call() -> None:
    """There is no alarm there, so there is no limit."""
    answers: list[Json] = []
    thread = threading.Thread(target=lambda: answers.append(call(lambda: 7)))
    thread.start()
    thread.join()
    assert [7] == answers


class UnspeakableError(Exception):
    """The exception has no readable message."""

    def __str__(self) -> str:
        """Fail."""
        raise RuntimeError


class Unshowable:
    """The answer has no readable representation."""

    def __repr__(self) -> str:
        """Fail."""
        raise RuntimeError


def deep() -> Json:
    """Make lists in lists, deeper than Python can follow."""
    value: Json = []
    for _ in range(100_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    "answer",
    [deep(), Unshowable(), 10**5000, UnspeakableError()],
    ids=["deep", "repr", "digits", "str"],
)
def test_what_cannot_be_shown_is_the_adapters_fault(answer: object) -> None:
    """It is never an error of ours."""

    class Adapter:
        """Answers with it, or raises it."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:  # noqa: ARG002
            """Do so."""
            if isinstance(answer, Exception):
                raise answer
            return cast("Json", answer)

    with pytest.raises(CallError):
        InProcessTransport(Adapter(), Limits()).call("m", {}, 5.0)


def test_a_hang_is_noticed_in_any_thread() -> None:
    """Without SIGALRM, a call that hangs is abandoned."""
    never = threading.Event()
    found: list[BaseException] = []

    class Hanging:
        """Never answers."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:  # noqa: ARG002
            """Wait."""
            never.wait()
            return {}

    def ask() -> None:
        try:
            InProcessTransport(Hanging(), Limits()).call("m", {}, 0.1)
        except HangError as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(10)
    never.set()
    assert ["no answer to m within 0.1 s"] == [str(error) for error in found]


def test_an_alarm_that_was_swallowed_rings_again() -> None:
    """As in a finalizer; no alarm is left behind, and the handler is the one before."""
    swallowed: list[BaseException] = []

    def swallow() -> Json:
        end_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < end_s:
            try:
                time.sleep(PATIENCE_S)
            except TooLongError as error:
                if swallowed:
                    raise
                swallowed.append(error)
        return {}

    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(HangError):
        InProcessTransport(Calling(swallow), Limits()).call("m", {}, 0.1)
    assert 1 == len(swallowed)
    assert (0.0, 0.0) == signal.getitimer(signal.ITIMER_REAL)
    assert before == signal.getsignal(signal.SIGALRM)


def test_what_is_raised_in_another_thread_arrives() -> None:
    """A TimeoutError of the adapter's own is a crash, and no hang."""
    found: list[BaseException] = []

    class Impatient:
        """Gives up by itself."""

        def request(self, method: str, params: Mapping[str, Json]) -> Json:  # noqa: ARG002
            """Raise."""
            raise TimeoutError

    def ask() -> None:
        try:
            InProcessTransport(Impatient(), Limits()).call("m", {}, 5.0)
        except CallError as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(10)
    assert [CrashError] == [type(error) for error in found]
