"""What was run is told, even where it could not be written down."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from invitelab.errors import UsageError

Attempt = Callable[[Callable[[], Path]], Path | None]


@contextmanager
def told_afterwards() -> Generator[Attempt]:
    """Give a way to try to write something: its path, or None where that fails.

    The first error of these is raised at the end of the block, in which the verdict is
    printed. Raises UsageError.
    """
    errors: list[UsageError] = []

    def attempt(write: Callable[[], Path]) -> Path | None:
        try:
            return write()
        except UsageError as error:
            errors.append(error)
            return None

    yield attempt
    if errors:
        raise errors[0]
