"""The folder of a run, or of several: each file is written whole or not at all."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.exchanges import EXCHANGES, Key, Played, of_failures
from invitelab.formats.reading import read_bytes
from invitelab.formats.run import Run
from invitelab.reporting.common.files import (
    PAGE,
    PROVENANCE,
    prepare,
    write_provenance,
    write_whole,
)
from invitelab.reporting.common.github import add_summary
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page
from invitelab.reporting.conformance.summary import troubled

RUN = "run.jsonl"
WALK = "walk.feature"
MESSAGES = "messages.ndjson"


RUN_FILES = (
    RUN,
    EXCHANGES,
    PROVENANCE,
    WALK,
    MESSAGES,
    "junit.xml",
    "report.md",
    PAGE,
)
"""All files that a check writes."""


def write_run(
    folder: Path,
    run: Run,
    text: str,
    provenance: Mapping[str, object],
    *,
    walk: str | None = None,
    exchanges: str = "",
) -> Path:
    """Write all files of a run; gives the path of its page. Raises UsageError.

    `text` is the run file as it was written, `walk` the feature that random walks have
    found, `exchanges` the file of the bytes of its calls. Other wall-clock times go to
    `provenance.json`; the instant at which the run began also to the views whose
    formats need one.
    """
    # The run first: all other files can be made again from it.
    write_whole(folder / RUN, text)
    write_provenance(folder, provenance)
    if walk is None:
        (folder / WALK).unlink(missing_ok=True)
    else:
        write_whole(folder / WALK, walk)
    if exchanges:
        write_whole(folder / EXCHANGES, exchanges)
    else:
        (folder / EXCHANGES).unlink(missing_ok=True)
    _write_views(folder, run, provenance, exchanges)
    add_summary(markdown(run))
    return folder / PAGE


def write_again(
    folder: Path, run: Run, provenance: Mapping[str, object] | None = None
) -> Path:
    """Write the views of a stored run; gives its page's path. Raises UsageError."""
    _write_views(folder, run, provenance or {}, stored_exchanges(folder))
    return folder / PAGE


def stored_exchanges(folder: Path) -> str:
    """The text of the file with the bytes of calls; empty where there is none."""
    try:
        return read_bytes(folder / EXCHANGES, hint="").decode()
    except (UsageError, ValueError):
        return ""


def stored_calls(folder: Path, run: Run) -> Mapping[Key, Played]:
    """The calls of what has failed in a stored run, as far as they are known."""
    return of_failures(stored_exchanges(folder), troubled(run))


def _write_views(
    folder: Path, run: Run, provenance: Mapping[str, object], exchanges: str
) -> None:
    started = _started(provenance)
    lines = messages(run, started)
    if lines is None:
        # A file that an earlier version has written is of an earlier suite.
        (folder / MESSAGES).unlink(missing_ok=True)
    else:
        write_whole(folder / MESSAGES, lines)
    write_whole(folder / "junit.xml", junit(run, started))
    write_whole(folder / "report.md", markdown(run))
    calls = of_failures(exchanges, troubled(run))
    write_whole(folder / PAGE, page([run], calls=[calls]))


def _started(provenance: Mapping[str, object]) -> datetime | None:
    """When the run began; None where the provenance has no valid instant."""
    try:
        return datetime.fromisoformat(str(provenance.get("started"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_comparison(
    folder: Path, runs: Sequence[Run], folders: Sequence[Path]
) -> Path:
    """Write the views of several runs; gives the path of the page. Raises UsageError.

    `folders` are those of the runs' own files; the page links to them.
    """
    prepare(folder)
    text = comparison_markdown(runs)
    places = [Path(os.path.relpath(one, folder)).as_posix() for one in folders]
    write_whole(folder / "junit.xml", comparison_junit(runs))
    write_whole(folder / "report.md", text)
    write_whole(folder / PAGE, page(runs, places))
    add_summary(text)
    return folder / PAGE
