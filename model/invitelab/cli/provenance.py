"""What differs from run to run, kept out of everything else."""

import platform
import shlex
import sys
from datetime import UTC, datetime


def now() -> datetime:
    """The instant at which a command begins."""
    return datetime.now(tz=UTC)


def provenance(started: datetime, harness: str) -> dict[str, object]:
    """The facts of the wall clock and the machine; `harness` names our version."""
    return {
        "started": started.isoformat(timespec="milliseconds"),
        "seconds": round((now() - started).total_seconds(), 3),
        "command": shlex.join(["invitelab", *sys.argv[1:]]),
        "harness": harness,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
