"""Facts about a run that differ each time, kept apart from its results."""

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
    """The present, in UTC."""
    return datetime.now(tz=UTC)


def provenance(started: datetime, harness: str) -> dict[str, object]:
    """Wall-clock time, command and machine of a run that began at `started`.

    `harness` is the name and version of the program that made it.
    """
    return {
        "started": started.isoformat(timespec="milliseconds"),
        "seconds": round((now() - started).total_seconds(), 3),
        "command": shlex.join(["invitelab", *sys.argv[1:]]),
        "harness": harness,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def stored_facts(folder: Path) -> dict[str, JsonValue]:
    """The content of a folder's provenance.json; empty if it is missing or damaged."""
    try:
        content = read_bytes(folder / "provenance.json", hint="", most_bytes=MOST_BYTES)
        return _FACTS.validate_json(content)
    except (UsageError, ValidationError):
        return {}
