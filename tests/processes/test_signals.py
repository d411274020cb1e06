"""A termination signal acts once, however many come, and not where it is ignored."""

import contextlib
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from invitelab.processes.signals import (
    TO_END,
    termination_interrupts,
    termination_noted,
)

assert sys.platform != "win32", "it needs POSIX"

PATIENCE_S = 20.0

Listening = Callable[[], AbstractContextManager[object]]
WAYS = pytest.mark.parametrize("listen", [termination_interrupts, termination_noted])


@WAYS
@pytest.mark.parametrize("number", TO_END)
def test_what_is_ignored_stays_so(listen: Listening, number: signal.Signals) -> None:
    """As nohup wants it of HUP, and a shell's job behind of INT."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with listen():
            assert signal.SIG_IGN is signal.getsignal(number)
        assert signal.SIG_IGN is signal.getsignal(number)
    finally:
        signal.signal(number, before)


def test_all_is_as_it_was_before() -> None:
    """The handlers are restored, also after a signal."""
    before = [signal.getsignal(number) for number in TO_END]
    with termination_noted() as has_come:
        signal.raise_signal(signal.SIGTERM)
    assert has_come()
    with contextlib.suppress(KeyboardInterrupt), termination_interrupts():
        signal.raise_signal(signal.SIGTERM)
    assert before == [signal.getsignal(number) for number in TO_END]


def test_an_interrupt_is_not_interrupted() -> None:
    """A terminal that closes sends HUP, and its shell sends another one."""
    cleared = False
    with termination_interrupts():
        try:
            signal.raise_signal(signal.SIGHUP)
        except KeyboardInterrupt:
            signal.raise_signal(signal.SIGHUP)
            cleared = True
    assert cleared


NESTED = """\
    import signal, sys
    from invitelab.processes.signals import termination_noted

    def trace(frame, event, _argument):
        # One that comes while the first one is being noted, at every step of that.
        if event == "call" and frame.f_code.co_name != "trace":
            sys.setprofile(None)
            signal.raise_signal(signal.SIGTERM)
            sys.setprofile(trace)

    with termination_noted() as has_come:
        sys.setprofile(trace)
        signal.raise_signal(signal.SIGINT)
        sys.setprofile(None)
        print(has_come())
"""


def test_a_signal_does_not_wait_for_the_one_before_it() -> None:
    """A lock that the first one holds would be waited for without an end."""
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(NESTED)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ("True\n", "") == (result.stdout, result.stderr)
