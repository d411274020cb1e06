"""What differs from run to run, kept out of everything else."""

import platform
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue, TypeAdapter, ValidationError

from invitelab.errors import UsageError
from invitelab.formats.reading import read_bytes

MOST_BYTES = 1_000_000

_FACTS: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


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


def told_facts(folder: Path) -> dict[str, JsonValue]:
    """What an earlier run has said of itself; nothing where that is lost."""
    try:
        content = read_bytes(folder / "provenance.json", hint="", most_bytes=MOST_BYTES)
        return _FACTS.validate_json(content)
    except (UsageError, ValidationError):
        return {}
