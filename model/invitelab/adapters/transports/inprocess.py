"""A transport to a Python object in this process.

Parameters are copied, and results pass through JSON, so the object shares no values
with the harness. Any exception other than AdapterError is a crash, SystemExit included;
KeyboardInterrupt passes through, as it is for the harness.

In the main thread of a POSIX system, SIGALRM interrupts a call that hangs, unless its
code never returns to Python or catches BaseException. Elsewhere each call has a thread
of its own, which is abandoned when the call hangs.
"""

import math
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import FrameType
from typing import TypeVar

from invitelab.adapters import traffic
from invitelab.adapters.base import Adapter, AdapterError, Closing, Json, Limits
from invitelab.adapters.transports import framing
from invitelab.errors import (
    CrashError,
    HangError,
    HarnessError,
    MalformedError,
    one_line,
)

Result = TypeVar("Result")


class InProcessTransport(Closing):
    """Calls an adapter in this process."""

    def __init__(self, adapter: Adapter, limits: Limits) -> None:
        """`adapter` is the object to call."""
        self._adapter = adapter
        self._limits = limits
        self._number = 0
        self._stderr = b""

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """Make one call. See base.Transport."""
        self._number += 1
        number = self._number
        traffic.sent_as(lambda: framing.call(number, method, params))
        own = {name: _copy(value) for name, value in params.items()}
        try:
            answer = within(timeout_s, lambda: self._ask(method, own))
        except TooLongError as error:
            self._keep(error)
            raise HangError(f"no answer to {method} within {timeout_s:g} s") from error
        traffic.received(answer)
        return framing.read_answer(answer, self._number, self._limits)

    def _ask(self, method: str, params: dict[str, Json]) -> bytes:
        """Call the adapter; its answer as a line. Raises CrashError, MalformedError."""
        try:
            answer = framing.answer(self._number, self._adapter.request(method, params))
        except AdapterError as error:
            answer = framing.failure(self._number, error)
        except (Exception, SystemExit) as error:
            self._keep(error)
            raise _crash(method, error) from error
        try:
            return framing.encode(answer)
        except Exception as error:
            self._keep(error)
            raise MalformedError(
                f"an answer that is not JSON: {_message(error)}", line=_shown(answer)
            ) from error

    def _keep(self, error: BaseException) -> None:
        """Append the traceback to `stderr`, as an interpreter would print it."""
        text = "".join(traceback.format_exception(error))  # survives a bad __str__
        kept = self._stderr + text.encode(errors="backslashreplace")
        self._stderr = kept[max(0, len(kept) - self._limits.stderr_bytes) :]

    @property
    def stderr(self) -> str:
        """The newest tracebacks of exceptions that the adapter raised."""
        return self._stderr.decode(errors="replace")

    def close(self) -> None:
        """Do nothing: no process was started."""


def _copy(value: Json) -> Json:
    """A copy of a parameter, as it would come out of JSON. Raises HarnessError."""
    match value:
        case str() if value.isascii():
            return value
        case str():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise HarnessError(f"a request that is not JSON: {error}") from error
            return value
        case bool() | int() | None:
            return value
        case float() if math.isfinite(value):
            return value
        case list():
            return [_copy(entry) for entry in value]
        case dict():
            return {name: _copy(entry) for name, entry in value.items()}
        case _:
            raise HarnessError(f"a request that is not JSON: {value!r}")


def _crash(method: str, error: BaseException) -> CrashError:
    """The error for an exception of the adapter, with its place."""
    raised = framing.shown(f"{type(error).__name__}: {_message(error)}")
    return CrashError(f"the adapter raised {raised} in {method}", hint=raised_at(error))


def _shown(answer: object) -> str:
    """An answer as text for a report; the author's `__repr__` may fail."""
    try:
        return framing.shown(repr(answer))
    except Exception:  # noqa: BLE001 - it is the author's code
        return f"a {type(answer).__name__} that cannot be shown"


def _message(error: BaseException) -> str:
    """The message of an exception; the author's `__str__` may fail."""
    try:
        return one_line(str(error))
    except Exception:  # noqa: BLE001 - it is the author's code
        return "with a message that cannot be read"


def raised_at(error: BaseException) -> str:
    """The innermost line of a traceback."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"raised at {place.filename}:{place.lineno}"


class TooLongError(BaseException):
    """The time limit is over. No Exception, so that adapters rarely catch it."""

    def __init__(self, frame: FrameType | None = None) -> None:
        """`frame` is the innermost one of the work, where that can be told."""
        super().__init__()
        self.stack = traceback.extract_stack(frame) if frame is not None else ()


def _no_more() -> float:
    return 0.0


def within(
    timeout_s: float,
    work: Callable[[], Result],
    more_s: Callable[[], float] = _no_more,
) -> Result:
    """The result of `work()`. Raises TooLongError if it takes longer than the limit.

    `more_s` is asked when the limit is over, and gives the seconds that are left.
    """
    if _can_be_interrupted():
        return _by_alarm(timeout_s, work, more_s)
    return _in_a_thread(timeout_s, work, more_s)


if sys.platform == "win32":

    def _can_be_interrupted() -> bool:
        """False: Windows has no alarm signal."""
        return False

    def _by_alarm(
        timeout_s: float, work: Callable[[], Result], more_s: Callable[[], float]
    ) -> Result:
        """Not available; see `_can_be_interrupted`."""
        return _in_a_thread(timeout_s, work, more_s)

else:

    def _can_be_interrupted() -> bool:
        """Whether a signal can interrupt this thread, and its handler be restored."""
        return (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGALRM) is not None
        )

    def _by_alarm(
        timeout_s: float, work: Callable[[], Result], more_s: Callable[[], float]
    ) -> Result:
        """The result of `work()`, interrupted by SIGALRM when it takes too long.

        A handler and a timer that were set before are restored, the timer with what is
        left of it. The timer measures the time, as a target may replace the clock.
        """
        armed = True
        given_s = timeout_s

        def ring(_number: int, frame: FrameType | None) -> None:
            nonlocal given_s
            left_s = more_s() if armed else 0.0
            if left_s > 0:
                given_s += left_s
                signal.setitimer(signal.ITIMER_REAL, left_s)
            elif armed:
                given_s += _AGAIN_S
                signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)
                raise TooLongError(frame)

        other_s, interval_s = signal.setitimer(signal.ITIMER_REAL, 0)
        handler = signal.signal(signal.SIGALRM, ring)
        left_s = 0.0
        try:
            signal.setitimer(signal.ITIMER_REAL, max(timeout_s, _AT_ONCE_S))
            try:
                return work()
            finally:
                # The alarm rings before this line, and then the outer `finally`
                # restores things, or never.
                armed = False
                left_s, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            if other_s:
                other_s = max(other_s - (given_s - left_s), _AT_ONCE_S)
                signal.setitimer(signal.ITIMER_REAL, other_s, interval_s)


def _in_a_thread(
    timeout_s: float, work: Callable[[], Result], more_s: Callable[[], float]
) -> Result:
    """The result of `work()`, in a thread that is abandoned when it takes too long."""
    future: Future[Result] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller
            future.set_exception(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    left_s = timeout_s
    while True:
        try:
            return future.result(left_s)
        except TimeoutError as error:
            if future.done():  # the work's own
                raise
            left_s = more_s()
            if left_s <= 0:
                raise TooLongError(_frame_of(thread)) from error


def _frame_of(thread: threading.Thread) -> FrameType | None:
    """The innermost frame of a thread; None if it has ended."""
    # This is how CPython shows other threads.
    frames = sys._current_frames()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return frames.get(thread.ident or 0)


_AGAIN_S = 1.0
"""When an alarm rings again: what it has interrupted may swallow the error, as Python
does in finalizers and in callbacks of the garbage collector."""

_AT_ONCE_S = 1e-6
"""Zero would switch the timer off."""
