"""GitHub workflows: annotations on stdout, and the summary of a step.

An annotation is a line `::error file=a,line=1,title=b::message`. Percent signs and line
ends are escaped in all parts, colons and commas also in the properties.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from invitelab.reporting.common.formatting import clean

MOST = 10
"""GitHub shows so many annotations of a level a step, and drops the others."""

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


class AnnotationLevel(StrEnum):
    """How GitHub marks an annotation."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A remark about a run, or about a line of a file in the repository.

    Lines count from 1; 0 is none. `message` may have several lines.
    """

    level: AnnotationLevel
    title: str
    message: str
    file: str | None = None
    line: int = 0

    def __str__(self) -> str:
        """The workflow command, on one line."""
        properties = {"file": self.file, "line": self.line or None, "title": self.title}
        words = ",".join(
            f"{name}={_escaped(clean(str(value)), _PROPERTY)}"
            for name, value in properties.items()
            if value is not None
        )
        message = "\n".join(clean(line) for line in self.message.splitlines())
        return f"::{self.level.value} {words}::{_escaped(message, _DATA)}"


def place_of(path: Path) -> str | None:
    """The path of a file as GitHub wants it: below the working folder, or None.

    An annotation of any other file would be attached to nothing.
    """
    try:
        found = path.resolve().relative_to(Path.cwd().resolve())
    except (OSError, ValueError):
        return None
    return found.as_posix() if path.is_file() else None


def workflow_commands(annotations: Sequence[Annotation]) -> Iterator[str]:
    """A line for each annotation; the last one of a level counts those left out."""
    for level in AnnotationLevel:
        of_level = [one for one in annotations if one.level is level]
        shown = of_level if len(of_level) <= MOST else of_level[: MOST - 1]
        yield from map(str, shown)
        if len(shown) < len(of_level):
            more = len(of_level) - len(shown)
            message = f"and {more} more: the report has them all"
            yield str(Annotation(level=level, title="invitelab", message=message))


def add_summary(text: str) -> None:
    """Append Markdown to the summary of the step, where a workflow is running."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        # The summary is an extra: without it the run is still valid.
        with (
            contextlib.suppress(OSError),
            Path(summary).open("a", encoding="utf-8") as stream,
        ):
            stream.write(text)


def _escaped(text: str, replaced: dict[str, str]) -> str:
    return "".join(replaced.get(char, char) for char in text)
