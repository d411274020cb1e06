"""Reader of stored documents: size limits, and errors by kind, format and damage.

Only regular files are read, and only up to a size limit. A `run.jsonl`, `proof.json`,
`machine.json`, `results.json`, `sweep.json` or `comparison.json` that cannot be used is
refused in one sentence, which names the first of three causes: the *kind* (the file
holds another document), the *format* (another version of invitelab wrote it), or
*damage*.
"""

import codecs
import os
import stat
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from invitelab.errors import UsageError
from invitelab.safe_text import printable

MOST_BYTES: Final = 500_000_000
"""Size limit of a document: five times a sweep of a hundred points with histograms."""

MOST_FORMAT: Final = 999_999
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Document = TypeVar("Document", bound=BaseModel)


class Kind(StrEnum):
    """Kind of a stored document; the value names it within a sentence."""

    RUN = "a conformance run"
    RESULTS = "the results of a simulation"
    SWEEP = "a sweep"
    COMPARISON = "a comparison"
    PROOF = "a proof"
    MACHINE = "a learned machine"


FILES: Final[Mapping[Kind, str]] = {
    Kind.RUN: "run.jsonl",
    Kind.RESULTS: "results.json",
    Kind.SWEEP: "sweep.json",
    Kind.COMPARISON: "comparison.json",
    Kind.PROOF: "proof.json",
    Kind.MACHINE: "machine.json",
}
"""File name of each kind, in the folder that a command writes."""

_USE = {
    Kind.RUN: "invitelab diff compares two checks",
    Kind.RESULTS: "invitelab compare compares two simulations",
    Kind.MACHINE: "invitelab diff compares two machines",
}
"""Hint for a document that another command takes."""

_KEYS = {
    Kind.RESULTS: {"scenario", "outcomes"},
    Kind.SWEEP: {"points"},
    Kind.COMPARISON: {"differences"},
    Kind.PROOF: {"mutants", "clauses"},
    Kind.MACHINE: {"alphabet", "transitions"},
}
"""Keys that no document of another kind has."""


_AGAIN: Final[Mapping[Kind, str]] = {
    Kind.RUN: "run the check again",
    Kind.RESULTS: "run the simulation again",
    Kind.SWEEP: "run the sweep again",
    Kind.COMPARISON: "compare the two simulations again",
    Kind.PROOF: "run the proof again",
    Kind.MACHINE: "learn the target again",
}
"""How to get a document of today's format."""


# --- Files -----------------------------------------------------------------------


def check_readable(path: Path, *, most_bytes: int, hint: str) -> None:
    """Check that `path` is a regular file of at most `most_bytes`.

    Raises UsageError, with `hint`, where it is not.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        name = printable(str(path))
        raise UsageError(f"{name} does not exist", hint=hint) from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error, hint=hint) from error
    _check_status(path, status, most_bytes=most_bytes, hint=hint)


def _check_status(
    path: Path, status: os.stat_result, *, most_bytes: int, hint: str
) -> None:
    name = printable(str(path))
    if stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{name} is a folder, not a file", hint=hint)
    if not stat.S_ISREG(status.st_mode):
        # A pipe or a device may never end.
        raise UsageError(f"{name} is not a regular file", hint=hint)
    if status.st_size > most_bytes:
        megabytes = f"{status.st_size / 1e6:,.1f} MB"
        raise UsageError(
            f"{name} has {megabytes}, and at most {most_bytes / 1e6:g} MB are read",
            hint=hint,
        )


def read_bytes(path: Path, *, hint: str, most_bytes: int | None = None) -> bytes:
    """The content of a regular file of at most `most_bytes` (default: MOST_BYTES).

    Raises UsageError for any other file; never blocks on a pipe or a device.
    """
    most = MOST_BYTES if most_bytes is None else most_bytes
    check_readable(path, most_bytes=most, hint=hint)
    try:
        # Non-blocking, and checked again: the file may have been replaced meanwhile.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            _check_status(path, os.fstat(stream.fileno()), most_bytes=most, hint=hint)
            content = stream.read(most + 1)
    except OSError as error:
        raise unreadable(path, error, hint=hint) from error
    if len(content) > most:
        msg = f"{printable(str(path))} grew while it was being read"
        raise UsageError(msg, hint=hint)
    return content


def unreadable(path: Path, error: Exception, *, hint: str) -> UsageError:
    """The UsageError for a file that the system or its encoding makes unreadable."""
    match error:
        case UnicodeDecodeError():
            reason = f"is not UTF-8 text (byte {error.start})"
        case OSError():
            reason = f"cannot be read: {error.strerror}"
        case _:
            reason = f"cannot be read: {error}"
    return UsageError(f"{printable(str(path))} {reason}", hint=hint)


def check_no_mark(path: Path, content: bytes) -> None:
    """Raise UsageError where `content` begins with a byte order mark."""
    if content.startswith(_MARKS):
        msg = f"{printable(str(path))} begins with a byte order mark (BOM)"
        raise UsageError(msg, hint="save it as UTF-8 without a BOM")


# --- Folders ---------------------------------------------------------------------


LATEST = "latest"
"""A link to the newest of several runs, or a file with the name of its folder."""

_MOST_NAME = 100


def latest_in(path: Path) -> Path | None:
    """The folder of the newest run in a folder of runs; None for any other path."""
    link = path / LATEST
    if link.is_dir():
        return path / link.readlink() if link.is_symlink() else None
    if not link.is_file():
        return None
    try:
        with link.open(encoding="utf-8") as stream:
            name = stream.read(_MOST_NAME).strip()
    except (OSError, ValueError):
        return None
    is_name = name == Path(name).name and name not in {"", LATEST}
    return path / name if is_name and (path / name).is_dir() else None


def kind_at(path: Path) -> Kind | None:
    """Kind of the document at `path`, by file name alone; nothing is read.

    `path` is a document or the folder of one. None for a folder without a document and
    for a file of any other name.
    """
    path = latest_in(path) or path
    if path.is_dir():
        return next((kind for kind in FILES if (path / FILES[kind]).exists()), None)
    if path.suffix == ".jsonl":  # a suite of one's own also writes run-2.jsonl
        return Kind.RUN
    return next((kind for kind, name in FILES.items() if path.name == name), None)


def document_at(path: Path, kind: Kind, *, hint: str) -> Path:
    """File of the document of kind `kind` in the folder `path`; any other path as is.

    Raises UsageError for a folder without one; it names the document that is there.
    """
    path = latest_in(path) or path
    if not path.is_dir():
        return path
    if (path / FILES[kind]).exists():
        return path / FILES[kind]
    name, found = printable(str(path)), kind_at(path)
    if found is None:
        raise UsageError(f"{name} holds no {FILES[kind]}", hint=hint)
    check_readable(path / FILES[found], most_bytes=MOST_BYTES, hint=hint)
    raise UsageError(f"{name} holds {found}, not {kind}", hint=_USE.get(found, hint))


# --- Documents -------------------------------------------------------------------


def read_document(
    path: Path,
    model: type[Document],
    kind: Kind,
    *,
    known: int,
    hint: str,
    oldest: int | None = None,
) -> Document:
    """The document of kind `kind` in a JSON file; `known` is the supported format.

    `oldest` is the oldest format that `model` accepts as well; by default `known`.
    Raises UsageError, in one sentence that names the cause: kind, format or damage.
    """
    content = read_bytes(path, hint=hint)
    check_no_mark(path, content)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        reason = why_not(content, kind, known, error, oldest=oldest)
    raise UsageError(f"{printable(str(path))} {reason}", hint=hint)


def why_not(
    content: bytes,
    kind: Kind,
    known: int,
    error: ValidationError,
    *,
    oldest: int | None = None,
) -> str:
    """Why `content` is no valid document of that kind: its kind, format or damage.

    `error` is what the model said of it; `known` and `oldest` are as for read_document.
    """
    found = kind_of(content)
    if found is not None and found is not kind:
        return f"holds {found}, not {kind}"
    try:
        document = _JSON.validate_json(content)
    except ValidationError:
        return "is not JSON, or was cut off"
    if not isinstance(document, dict) or "format" not in document:
        return f"is JSON, but not {kind}"
    return wrong_format(document["format"], kind, known, oldest) or damage(error)


def kind_of(content: bytes) -> Kind | None:
    """Kind of a document by its content, even of a damaged one; None if unknown."""
    first = content.split(b"\n", 1)[0]
    if b'\n{"record":' in content:  # even where its first line is damaged
        return Kind.RUN
    for text in (first, content):
        document = _dict(text)
        if document is None:
            continue
        if "record" in document:
            return Kind.RUN
        for kind, keys in _KEYS.items():
            if keys <= document.keys():
                return kind
    return None


def _dict(text: bytes) -> dict[str, JsonValue] | None:
    try:
        document = _JSON.validate_json(text)
    except ValidationError:
        return None
    return document if isinstance(document, dict) else None


def wrong_format(
    number: JsonValue, kind: Kind, known: int, oldest: int | None = None
) -> str | None:
    """What is wrong with the format of such a document; None if it can be read.

    `known` and `oldest` are as for read_document.
    """
    first = known if oldest is None else oldest
    if number in range(first, known + 1) and not isinstance(number, bool):
        return None
    if (
        not isinstance(number, int)
        or isinstance(number, bool)
        or not 0 < number <= MOST_FORMAT
    ):
        return "is damaged: its format is not a format number"
    formats = f"its format is {number}, and this version reads {known}"
    if number > known:
        return f"was written by a newer invitelab: {formats}"
    return f"was made by an older invitelab: {_AGAIN[kind]} ({formats})"


def damage(error: ValidationError) -> str:
    """The first validation error as a clause of a sentence, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(key) for key in first["loc"]) or "the document"
    words = first["msg"].removeprefix("Value error, ")
    return f"is damaged: {printable(f'{place} {words[:1].lower()}{words[1:]}')}"


def check_first_line(lines: Sequence[str], kind: Kind, known: int) -> None:
    """Check the header of a document of lines, which names its format.

    Kind and format come first: a file of another version is not damaged. Raises
    ValueError with a reason.
    """
    held = kind_of("\n".join(lines).encode())
    if held is not kind:
        found = "is not" if held is None else f"holds {held}, not"
        raise ValueError(f"{found} {kind}")
    try:
        first = _OBJECT.validate_json(lines[0])
    except ValidationError as error:
        raise ValueError(f"is damaged: line 1: {error.errors()[0]['msg']}") from error
    if first.get("record") != "header":
        raise ValueError("is damaged: it does not begin with the header of a run")
    problem = wrong_format(first.get("format"), kind, known)
    if problem is not None:
        raise ValueError(problem)
