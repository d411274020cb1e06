"""What differs from run to run, kept out of everything else."""

import json
import platform
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path


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


def told_facts(folder: Path) -> dict[str, object]:
    """What an earlier run has said of itself; nothing where that is lost."""
    try:
        found: object = json.loads((folder / "provenance.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return dict(found) if isinstance(found, dict) else {}
