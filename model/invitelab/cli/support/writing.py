"""Writing phase of a command: a finished run is reported whatever goes wrong."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.processes.signals import termination_noted

Attempt = Callable[[Callable[[], Path]], Path | None]
"""Calls a function that writes a file; its path, or None where it raised UsageError."""


@contextmanager
def report_writing() -> Generator[Attempt]:
    """Give an Attempt for the files of a run, to be used while its verdict is printed.

    Errors and interrupts wait until the end of the block: it then raises the first
    UsageError of an attempt, or KeyboardInterrupt if a signal to end has come.
    """
    errors: list[UsageError] = []

    def attempt(write: Callable[[], Path]) -> Path | None:
        try:
            return write()
        except UsageError as error:
            errors.append(error)
            return None

    with termination_noted() as is_interrupted:
        yield attempt
    if errors:
        raise errors[0]
    if is_interrupted():
        raise KeyboardInterrupt
