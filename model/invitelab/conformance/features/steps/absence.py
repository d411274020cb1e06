"""Says what did not come from whom, for the picture of a failure."""

from collections.abc import Generator, Sized
from contextlib import contextmanager

from invitelab.conformance.execution.outcomes import ExpectationFailed
from invitelab.formats.run import Absent


@contextmanager
def arriving(absent: Absent, come: Sized) -> Generator[None]:
    """Whatever is Unmet within is for lack of `absent`, unless something has `come`.

    What came and was wrong is not missing: a picture must not say that it is.
    """
    try:
        yield
    except ExpectationFailed as unmet:
        if come:
            raise
        raise ExpectationFailed(str(unmet), absent) from unmet
