"""A transport to a Python object in this process.

The object is treated as if it were far away: parameters and results pass through JSON,
so it sees what any other implementation sees and shares nothing with us. What it
raises, but for AdapterError, is a crash; SystemExit is one too, while KeyboardInterrupt
passes through, as it is meant for us.

A hang is ended by SIGALRM, where there is one, in the main thread; code that never
returns to Python or catches BaseException is not. Elsewhere a call has a thread of its
own, which is left behind when it hangs.
"""

import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from types import FrameType
from typing import TypeVar, cast

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
        """Take the object to call."""
        self._adapter = adapter
        self._limits = limits
        self._number = 0
        self._stderr = b""

    def call(self, method: str, params: Mapping[str, Json], timeout_s: float) -> Json:
        """One exchange; returns the result. See base.Transport."""
        self._number += 1
        own = self._copy(method, params)
        try:
            answer = within(timeout_s, lambda: self._ask(method, own))
        except TooLongError as error:
            self._keep(error)
            raise HangError(f"no answer to {method} within {timeout_s:g} s") from error
        return framing.read_answer(answer, self._number, self._limits)

    def _copy(self, method: str, params: Mapping[str, Json]) -> dict[str, Json]:
        """Give the adapter parameters of its own."""
        try:
            line = framing.call(self._number, method, params)
            copy = framing.decode(line, self._limits)["params"]
        except (ValueError, MalformedError) as error:
            raise HarnessError(f"a request that is not JSON: {error}") from error
        return cast("dict[str, Json]", copy)

    def _ask(self, method: str, params: dict[str, Json]) -> bytes:
        """Call the adapter and write its answer down."""
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
                f"an answer that is not JSON: {_told(error)}", line=_shown(answer)
            ) from error

    def _keep(self, error: BaseException) -> None:
        """Keep a traceback, as an interpreter of its own would print it."""
        text = "".join(traceback.format_exception(error))  # survives a bad __str__
        told = self._stderr + text.encode(errors="backslashreplace")
        self._stderr = told[max(0, len(told) - self._limits.stderr_bytes) :]

    @property
    def stderr(self) -> str:
        """The tracebacks of what the adapter raised."""
        return self._stderr.decode(errors="replace")

    def close(self) -> None:
        """Nothing was started, so there is nothing to stop."""


def _crash(method: str, error: BaseException) -> CrashError:
    """Say what was raised, and where."""
    told = framing.shown(f"{type(error).__name__}: {_told(error)}")
    return CrashError(f"the adapter raised {told} in {method}", hint=raised_at(error))


def _shown(answer: object) -> str:
    """An answer for a report; the author's own `__repr__` may fail."""
    try:
        return framing.shown(repr(answer))
    except Exception:  # noqa: BLE001 - it is the author's code
        return f"a {type(answer).__name__} that cannot be shown"


def _told(error: BaseException) -> str:
    """What an exception says; the author's own `__str__` may fail."""
    try:
        return one_line(str(error))
    except Exception:  # noqa: BLE001 - it is the author's code
        return "without a word that can be read"


def raised_at(error: BaseException) -> str:
    """Name the innermost line of a traceback."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"raised at {place.filename}:{place.lineno}"


class TooLongError(BaseException):
    """Time is up. No Exception, so that an adapter does not catch it by accident."""


def within(timeout_s: float, work: Callable[[], Result]) -> Result:
    """Do the work, or raise TooLongError once it takes longer, if that is possible.

    A handler and a timer that were set before are put back, the timer with what is
    left of it. Time is what the timer says: a target may have replaced the clock.
    """
    if not _can_be_interrupted():
        return _in_a_thread(timeout_s, work)
    armed = True

    def ring(_number: int, _frame: FrameType | None) -> None:
        if armed:
            raise TooLongError

    other_s, interval_s = signal.setitimer(signal.ITIMER_REAL, 0)
    handler = signal.signal(signal.SIGALRM, ring)
    left_s = 0.0
    try:
        signal.setitimer(signal.ITIMER_REAL, max(timeout_s, _AT_ONCE_S))
        try:
            return work()
        finally:
            # The alarm rings once at most: before this line, and then the outer
            # `finally` puts things back, or never.
            armed = False
            left_s, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, handler)
        if other_s:
            other_s = max(other_s - (timeout_s - left_s), _AT_ONCE_S)
            signal.setitimer(signal.ITIMER_REAL, other_s, interval_s)


def _in_a_thread(timeout_s: float, work: Callable[[], Result]) -> Result:
    """The same where no alarm rings: whoever takes too long is left behind."""
    future: Future[Result] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller
            future.set_exception(error)

    threading.Thread(target=do, daemon=True).start()
    try:
        return future.result(timeout_s)
    except TimeoutError as error:
        if future.done():  # the work's own
            raise
        raise TooLongError from error


_AT_ONCE_S = 1e-6
"""Zero would switch the timer off."""


def _can_be_interrupted() -> bool:
    """Whether a signal can interrupt this thread, and its handler can be put back."""
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) is not None
    )
