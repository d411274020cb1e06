"""The files of reports: each is written whole or not at all.

A report that is about to be replaced waits in the folder SUPERSEDED until the new one
is complete. A report is never written over one of another kind.
"""

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.reading import FILES, Kind

PAGE = "report.html"
PROVENANCE = "provenance.json"
"""Where and when a report was made: all wall-clock facts, which no other file has."""

SUPERSEDED = "superseded"
"""The folder in which a report waits while a run makes its replacement."""

BELOW = ("charts", "points", "learned")
"""Folders of a report in which some of its files are."""

_ELSEWHERE = "choose another folder with --output"


def prepare(folder: Path, names: Iterable[str] = (), *, hint: str = _ELSEWHERE) -> None:
    """Make the folder, before a run starts. Raises UsageError if it cannot be written.

    `names` are the files that will be written there, `hint` is that of the error.
    """
    in_the_way = [folder / name for name in names if (folder / name).is_dir()]
    if in_the_way:
        msg = f"{in_the_way[0]} is a folder, and has the name of a file to be written"
        raise UsageError(msg, hint=hint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno == errno.ENOENT and folder.is_dir():  # such as /proc
            msg = f"{folder} cannot be written: it takes no new files"
            raise UsageError(msg, hint=hint) from error
        raise cannot_write(folder, error, hint=hint) from error


def refuse_others(folder: Path, kind: Kind | None) -> None:
    """Raise UsageError where a report of another kind would be overwritten.

    None is for a report of several checks, which is no document itself.
    """
    for other, name in FILES.items():
        if other is not kind and (folder / name).is_file():
            msg = f"{folder} holds {other}, whose report would be overwritten"
            raise UsageError(msg, hint=_ELSEWHERE)


def set_aside(folder: Path, patterns: Iterable[str]) -> None:
    """Move an earlier report into the folder SUPERSEDED, before a run begins.

    So it cannot be mistaken for the report of the new run, whatever happens to that.
    After an unfinished run the report before it waits there already; then the files of
    the unfinished run are removed. Raises UsageError.
    """
    try:
        for path, waiting in _superseded(folder, patterns):
            if waiting.exists():
                path.unlink()
            else:
                waiting.parent.mkdir(parents=True, exist_ok=True)
                path.replace(waiting)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _superseded(folder: Path, patterns: Iterable[str]) -> Iterable[tuple[Path, Path]]:
    """Each file of a report, its page first, with its path in SUPERSEDED."""
    for pattern in (PAGE, *patterns):
        for path in sorted(folder.glob(pattern)):
            yield path, folder / SUPERSEDED / path.relative_to(folder)


def discard(folder: Path, patterns: Iterable[str]) -> None:
    """Remove the report that was set aside, once the new one is complete."""
    waiting = folder / SUPERSEDED
    if not waiting.is_dir():
        return
    with contextlib.suppress(OSError):
        for pattern in patterns:
            for path in waiting.glob(pattern):
                path.unlink()
        for below in (*(waiting / one for one in BELOW), waiting):
            if below.is_dir() and not any(below.iterdir()):
                below.rmdir()


def cannot_write(path: Path, error: OSError, *, hint: str = _ELSEWHERE) -> UsageError:
    """The error for a path that cannot be written; its hint names a full disk."""
    msg = f"{path} cannot be written: {error.strerror or error}"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        hint = f"the disk at {_mount_point(path)} is full: make room there, or {hint}"
    return UsageError(msg, hint=hint)


def _mount_point(path: Path) -> Path:
    whole = Path(os.path.realpath(path))
    # Not Path.is_mount, which Python 3.11 does not have on Windows.
    return next(one for one in (whole, *whole.parents) if os.path.ismount(one))


def write_whole(path: Path, content: str | bytes, *, hint: str = _ELSEWHERE) -> None:
    """Write beside `path`, then replace it: no reader ever sees half a file.

    Text is written as UTF-8. Raises UsageError, with that hint.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise cannot_write(path, error, hint=hint) from error


def write_provenance(folder: Path, provenance: Mapping[str, object]) -> None:
    """Write PROVENANCE; raises UsageError."""
    write_whole(folder / PROVENANCE, json.dumps(provenance, indent=2) + "\n")
