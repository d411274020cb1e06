"""Writing a run's folder: every file whole or not at all."""

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.reading import FILES, Kind
from invitelab.formats.run import Run
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page

RUN = "run.jsonl"
WALK = "walk.feature"
PAGE = "report.html"
MESSAGES = "messages.ndjson"


RUN_FILES = (
    RUN,
    "provenance.json",
    WALK,
    MESSAGES,
    "junit.xml",
    "report.md",
    PAGE,
)
"""Whatever a check writes."""

SUPERSEDED = "superseded"
"""The folder in which a report waits while a run makes the one that replaces it."""

_ELSEWHERE = "choose another folder with --output"


def prepare(folder: Path, names: Iterable[str] = (), *, hint: str = _ELSEWHERE) -> None:
    """Make the folder before the run starts; UsageError when it cannot be written.

    `names` are those of the files that are to be there, `hint` says what to try.
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

    None is for what is no document itself: several checks side by side.
    """
    for other, name in FILES.items():
        if other is not kind and (folder / name).is_file():
            msg = f"{folder} holds {other}, whose report would be overwritten"
            raise UsageError(msg, hint=_ELSEWHERE)


def set_aside(folder: Path, patterns: Iterable[str]) -> None:
    """Move an earlier report into the folder SUPERSEDED, before a run begins.

    So nobody takes it for that of the new run, whatever becomes of this. Where an
    earlier run has not come to its end, that report waits there already, and what the
    unfinished run has left is removed. Raises UsageError.
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
    """Each file of a report, its page first, and where it waits."""
    for pattern in (PAGE, *patterns):
        for path in sorted(folder.glob(pattern)):
            yield path, folder / SUPERSEDED / path.relative_to(folder)


def discard(folder: Path, patterns: Iterable[str]) -> None:
    """Remove the report that was set aside: the new one is whole."""
    waiting = folder / SUPERSEDED
    if not waiting.is_dir():
        return
    with contextlib.suppress(OSError):
        for pattern in patterns:
            for path in waiting.glob(pattern):
                path.unlink()
        for below in (waiting / "charts", waiting):
            if below.is_dir() and not any(below.iterdir()):
                below.rmdir()


def cannot_write(path: Path, error: OSError, *, hint: str = _ELSEWHERE) -> UsageError:
    """The error to raise when the system refuses to write; a full disk is named."""
    msg = f"{path} cannot be written: {error.strerror or error}"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        hint = f"the disk at {_mount_point(path)} is full: make room there, or {hint}"
    return UsageError(msg, hint=hint)


def _mount_point(path: Path) -> Path:
    whole = Path(os.path.realpath(path))
    return next(one for one in (whole, *whole.parents) if one.is_mount())


def write_run(
    folder: Path,
    run: Run,
    text: str,
    provenance: Mapping[str, object],
    *,
    walk: str | None = None,
) -> Path:
    """All files of a run; the path of its page.

    `text` is the run file as it was written, `walk` the feature that random walks have
    found. Wall-clock facts go to `provenance.json`; the instant at which the run began
    also to the views that have to name one.
    """
    # The run first: all else can be drawn again from it.
    write_whole(folder / RUN, text)
    write_whole(folder / "provenance.json", json.dumps(provenance, indent=2) + "\n")
    if walk is None:
        (folder / WALK).unlink(missing_ok=True)
    else:
        write_whole(folder / WALK, walk)
    _write_views(folder, run, provenance)
    _add_summary(markdown(run))
    return folder / PAGE


def write_again(
    folder: Path, run: Run, provenance: Mapping[str, object] | None = None
) -> Path:
    """The views of a run that is stored there already; the path of its page."""
    _write_views(folder, run, provenance or {})
    return folder / PAGE


def _write_views(folder: Path, run: Run, provenance: Mapping[str, object]) -> None:
    started = _started(provenance)
    told = messages(run, started)
    if told is None:
        # What an earlier version has written is of an earlier suite.
        (folder / MESSAGES).unlink(missing_ok=True)
    else:
        write_whole(folder / MESSAGES, told)
    write_whole(folder / "junit.xml", junit(run, started))
    write_whole(folder / "report.md", markdown(run))
    write_whole(folder / PAGE, page([run]))


def _started(provenance: Mapping[str, object]) -> datetime | None:
    """When the run began; None where that is lost, or was written by somebody else."""
    try:
        return datetime.fromisoformat(str(provenance.get("started"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_comparison(
    folder: Path, runs: Sequence[Run], folders: Sequence[Path]
) -> Path:
    """The views of several runs side by side; the path of the page.

    `folders` is where each run's own files are; the page leads to them.
    """
    prepare(folder)
    text = comparison_markdown(runs)
    places = [Path(os.path.relpath(one, folder)).as_posix() for one in folders]
    write_whole(folder / "junit.xml", comparison_junit(runs))
    write_whole(folder / "report.md", text)
    write_whole(folder / PAGE, page(runs, places))
    _add_summary(text)
    return folder / PAGE


def _add_summary(text: str) -> None:
    """Behind what other steps of a GitHub workflow have said, where one is running."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        # An extra of somebody else's: without it the run is as good.
        with (
            contextlib.suppress(OSError),
            Path(summary).open("a", encoding="utf-8") as stream,
        ):
            stream.write(text)


def write_whole(path: Path, content: str, *, hint: str = _ELSEWHERE) -> None:
    """Write beside it, then replace: nobody ever reads half a file."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(content, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise cannot_write(path, error, hint=hint) from error
