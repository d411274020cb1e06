"""Ctrl-C as a question: whoever works asks it where stopping does no harm."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from invitelab.processes.signals import termination_noted

if TYPE_CHECKING:
    from collections.abc import Callable


class StoppedError(Exception):
    """Raised by a watch to end a replication where it is."""


class Interruption:
    """While it is entered, a signal to end only makes `asked` true.

    Where signals cannot be listened to (outside the main thread) they stay as they
    are.
    """

    def __init__(self) -> None:
        self._listening = ExitStack()
        self._has_come: Callable[[], bool] = lambda: False

    def __enter__(self) -> Self:
        """Listen from here on."""
        self._has_come = self._listening.enter_context(termination_noted())
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave everything as it was before."""
        self._listening.close()

    @property
    def asked(self) -> bool:
        """Whether somebody wants it to end."""
        return self._has_come()

    def check(self) -> None:
        """Raise StoppedError once somebody has asked."""
        if self.asked:
            raise StoppedError
