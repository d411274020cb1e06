"""Ctrl-C as a question: whoever works asks it where stopping does no harm."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Self

from invitelab.signals import TO_END

Handler = Callable[[int, FrameType | None], object] | int | None


class StoppedError(Exception):
    """Raised by a watch to end a replication where it is."""


class Interruption:
    """While it is entered, a signal to end only sets `asked`.

    Where signals cannot be listened to (outside the main thread) they stay as they
    are.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Handler] = {}

    def __enter__(self) -> Self:
        """Listen from here on."""
        try:
            for number in TO_END:
                self._before[number] = signal.signal(number, self._ask)
        except ValueError:  # not the main thread
            self._before.clear()
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave everything as it was before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def check(self) -> None:
        """Raise StoppedError once somebody has asked."""
        if self.asked:
            raise StoppedError

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
