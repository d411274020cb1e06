"""Termination signals are noted, and polled where stopping is safe."""

import signal
import threading

import pytest

from invitelab.processes.signals import TO_END
from invitelab.study.interruption import Interruption, StoppedError


@pytest.mark.parametrize("number", TO_END)
def test_a_signal_is_noted(number: signal.Signals) -> None:
    """Inside the context it is only noted, outside handlers are restored."""
    before = signal.getsignal(number)
    with Interruption() as stop:
        stop.check()
        signal.raise_signal(number)
        assert stop.asked
        with pytest.raises(StoppedError):
            stop.check()
    assert before == signal.getsignal(number)


def test_outside_the_main_thread_signals_stay_as_they_are() -> None:
    """Python only handles signals in the main thread."""
    asked: list[bool] = []

    def work() -> None:
        with Interruption() as stop:
            stop.check()
            asked.append(stop.asked)

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ([False], before) == (asked, signal.getsignal(signal.SIGINT))
