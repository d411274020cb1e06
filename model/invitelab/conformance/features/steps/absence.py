"""Adds the missing message to a failure, for its sequence diagram."""

from collections.abc import Generator, Sized
from contextlib import contextmanager

from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.formats.run import Absent


@contextmanager
def arriving(absent: Absent, come: Sized) -> Generator[None]:
    """Add `absent` to an ExpectationFailed that is raised within, if `come` is empty.

    `come` holds what has come: if it has come and was wrong, it is not missing.
    """
    try:
        yield
    except ExpectationFailed as failed:
        if come:
            raise
        raise ExpectationFailed(str(failed), absent) from failed
