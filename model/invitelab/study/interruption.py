"""Termination signals, polled where a replication can stop safely."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from invitelab.processes.signals import termination_noted

if TYPE_CHECKING:
    from collections.abc import Callable


class StoppedError(Exception):
    """Raised by the `watch` of a replication to end it early."""


class Interruption:
    """A context in which a termination signal only makes `asked` true.

    Outside the main thread, where signals cannot be handled, it changes nothing.
    """

    def __init__(self) -> None:
        self._listening = ExitStack()
        self._has_come: Callable[[], bool] = lambda: False

    def __enter__(self) -> Self:
        """Begin to note signals."""
        self._has_come = self._listening.enter_context(termination_noted())
        return self

    def __exit__(self, *_error: object) -> None:
        """Restore the signal handlers."""
        self._listening.close()

    @property
    def asked(self) -> bool:
        """Whether a termination signal has come."""
        return self._has_come()

    def check(self) -> None:
        """Raise StoppedError if a termination signal has come."""
        if self.asked:
            raise StoppedError
