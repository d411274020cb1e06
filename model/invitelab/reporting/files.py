"""Writing a run's folder: every file whole or not at all."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.records import Run
from invitelab.reporting.junit import junit
from invitelab.reporting.markdown import markdown


def prepare(folder: Path) -> None:
    """Make the folder before the run starts; UsageError when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror or error}"
        raise UsageError(msg, hint="choose another folder with --output") from error


def write_run(
    folder: Path, run: Run, text: str, provenance: Mapping[str, object]
) -> Path:
    """All files of a run; the path of its `run.jsonl`.

    `text` is the run file as it was written; wall-clock facts go to `provenance.json`
    and nowhere else.
    """
    files = {
        "junit.xml": junit(run),
        "report.md": markdown(run),
        "provenance.json": json.dumps(provenance, indent=2) + "\n",
        "run.jsonl": text,
    }
    for name, content in files.items():
        write_whole(folder / name, content)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        # An extra of somebody else's: without it the run is as good.
        with (
            contextlib.suppress(OSError),
            Path(summary).open("a", encoding="utf-8") as stream,
        ):
            stream.write(files["report.md"])
    return folder / "run.jsonl"


def write_whole(path: Path, content: str) -> None:
    """Write beside it, then replace: nobody ever reads half a file."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(content, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise UsageError(msg, hint="choose another folder with --output") from error
