"""The folder of a run, or of several: each file is written whole or not at all."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from invitelab.formats.run import Run
from invitelab.reporting.common.files import (
    PAGE,
    PROVENANCE,
    prepare,
    write_provenance,
    write_whole,
)
from invitelab.reporting.conformance.junit import comparison_junit, junit
from invitelab.reporting.conformance.markdown import comparison_markdown, markdown
from invitelab.reporting.conformance.messages import messages
from invitelab.reporting.conformance.page import page

RUN = "run.jsonl"
WALK = "walk.feature"
MESSAGES = "messages.ndjson"


RUN_FILES = (
    RUN,
    PROVENANCE,
    WALK,
    MESSAGES,
    "junit.xml",
    "report.md",
    PAGE,
)
"""Whatever a check writes."""


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
    write_provenance(folder, provenance)
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
