"""The process that judges for `invitelab check`: pytest, with a link to its parent.

    python -P -m invitelab.conformance.isolation.child ARGUMENTS OF PYTEST

Its standard input is the link over which the records go back (see `journals`), or a
pipe that tells where the link is (see `loopback`).
"""

import gc

# Nearly all that is imported stays: to look for what does not took a tenth of the time.
gc.set_threshold(100_000)

# ruff: noqa: E402 - see above
import os
import stat
import sys

import pytest

from invitelab.conformance.execution.journals import (
    LinkJournal,
    set_dumpable,
    take_link,
)
from invitelab.conformance.isolation.loopback import end_descendants, take_loopback_link
from invitelab.conformance.plugin import JOURNAL
from invitelab.errors import ExitCode

OBJECTS_BETWEEN_COLLECTIONS = 10_000


class Linked:
    """A plugin that gives the link to the engines."""

    def __init__(self, link: LinkJournal) -> None:
        self._link = link

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the link the journal of every engine."""
        config.stash[JOURNAL] = self._link

    def pytest_collection_finish(self) -> None:
        """Keep the collector from what stays: it took a sixth of the time of a run."""
        gc.freeze()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def main() -> int:
    """Run pytest, and give its exit code."""
    set_dumpable(0)
    try:
        is_socket = stat.S_ISSOCK(os.fstat(0).st_mode)
        link = take_link() if is_socket else take_loopback_link()
    except (OSError, EOFError):
        sys.stderr.write("this process is for invitelab check alone\n")
        return ExitCode.USAGE
    code = pytest.main(sys.argv[1:], plugins=[Linked(link)])
    if not is_socket:
        end_descendants()  # a supervisor does it otherwise
    link.end()
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
