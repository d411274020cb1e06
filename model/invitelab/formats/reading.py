"""Stored documents: read within bounds, and told apart by kind, format and damage.

Only regular files are read, and only up to a size. `run.jsonl`, `proof.json`,
`results.json`, `sweep.json` and `comparison.json` are refused in one sentence that says
which of three things is wrong: the *kind* (it is another document), the *format*
(another version of invitelab has written it), or that it is *damaged*.
"""

import codecs
import os
import stat
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from invitelab.errors import UsageError
from invitelab.safe_text import printable

MOST_BYTES: Final = 500_000_000
"""A sweep of a hundred points with all their histograms has a fifth of it."""

MOST_FORMAT: Final = 999_999
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Document = TypeVar("Document", bound=BaseModel)


class Kind(StrEnum):
    """What a stored document is, as a sentence names it."""

    RUN = "a conformance run"
    RESULTS = "the results of a simulation"
    SWEEP = "a sweep"
    COMPARISON = "a comparison"
    PROOF = "a proof"


FILES: Final[Mapping[Kind, str]] = {
    Kind.RUN: "run.jsonl",
    Kind.RESULTS: "results.json",
    Kind.SWEEP: "sweep.json",
    Kind.COMPARISON: "comparison.json",
    Kind.PROOF: "proof.json",
}
"""The name of the file that holds it, in the folder that a command has written."""

_KEYS = {
    Kind.RESULTS: {"scenario", "outcomes"},
    Kind.SWEEP: {"points"},
    Kind.COMPARISON: {"differences"},
    Kind.PROOF: {"mutants", "clauses"},
}
"""Keys that only a document of the kind has."""


_AGAIN = {
    Kind.RESULTS: "run the simulation again",
    Kind.SWEEP: "run the sweep again",
    Kind.COMPARISON: "compare the two simulations again",
}
"""How to get a document of today's format."""


# --- Files -----------------------------------------------------------------------


def check_readable(path: Path, *, most_bytes: int, hint: str) -> None:
    """Raise UsageError unless `path` is a regular file of at most `most_bytes`."""
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
    """The bytes of a regular file, at most `most_bytes` (by default MOST_BYTES).

    Raises UsageError for anything else, without waiting for it.
    """
    most = MOST_BYTES if most_bytes is None else most_bytes
    check_readable(path, most_bytes=most, hint=hint)
    try:
        # Opened without waiting, and looked at again: it may have been exchanged.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            _check_status(path, os.fstat(stream.fileno()), most_bytes=most, hint=hint)
            content = stream.read(most + 1)
    except OSError as error:
        raise unreadable(path, error, hint=hint) from error
    if len(content) > most:
        msg = f"{printable(str(path))} grows while it is read"
        raise UsageError(msg, hint=hint)
    return content


def unreadable(path: Path, error: Exception, *, hint: str) -> UsageError:
    """The error to raise when the system, or the encoding, refuses a file."""
    match error:
        case UnicodeDecodeError():
            reason = f"is not UTF-8 text (byte {error.start})"
        case OSError():
            reason = f"cannot be read: {error.strerror}"
        case _:
            reason = f"cannot be read: {error}"
    return UsageError(f"{printable(str(path))} {reason}", hint=hint)


def check_no_mark(path: Path, content: bytes) -> None:
    """Raise UsageError where content begins with a mark, as an editor has saved it."""
    if content.startswith(_MARKS):
        msg = f"{printable(str(path))} begins with a byte order mark (BOM)"
        raise UsageError(msg, hint="save it as UTF-8 without a BOM")


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
    """The document in a JSON file of that kind, in the format `known`.

    Or in an earlier one down to `oldest`, which `model` accepts as well.

    Raises UsageError in one sentence that names what is wrong: kind, format or damage.
    """
    content = read_bytes(path, hint=hint)
    check_no_mark(path, content)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        reason = why_not(content, kind, known, error, oldest=oldest)
    again = _run_again(content, kind, known)
    raise UsageError(f"{printable(str(path))} {reason}", hint=again or hint)


def _run_again(content: bytes, kind: Kind, known: int) -> str | None:
    """The hint for a document of an older format; None for any other."""
    number = (_dict(content) or {}).get("format")
    older = isinstance(number, int) and 0 < number < known
    return _AGAIN.get(kind) if older and kind_of(content) is kind else None


def why_not(
    content: bytes,
    kind: Kind,
    known: int,
    error: ValidationError,
    *,
    oldest: int | None = None,
) -> str:
    """Why JSON is no document of that kind: the first of kind, format and damage."""
    found = kind_of(content)
    if found is not None and found is not kind:
        return f"holds {found}, not {kind}"
    try:
        document = _JSON.validate_json(content)
    except ValidationError:
        return "is not JSON, or was cut off"
    if not isinstance(document, dict) or "format" not in document:
        return f"is JSON, but not {kind}"
    return wrong_format(document["format"], known, oldest) or damage(error)


def kind_of(content: bytes) -> Kind | None:
    """What some bytes are, by what only such a document has; None where unknown."""
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
    number: JsonValue, known: int, oldest: int | None = None
) -> str | None:
    """What is wrong with a format number; None for `oldest` (or `known`) to `known`."""
    first = known if oldest is None else oldest
    if number in range(first, known + 1) and not isinstance(number, bool):
        return None
    if (
        not isinstance(number, int)
        or isinstance(number, bool)
        or not 0 < number <= MOST_FORMAT
    ):
        return "is damaged: its format is no number of a format"
    age = "a newer" if number > known else "an older"
    return (
        f"was written by {age} invitelab: its format is {number}, "
        f"and this version reads {known}"
    )


def damage(error: ValidationError) -> str:
    """The first thing that does not fit, and its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(key) for key in first["loc"]) or "the document"
    words = first["msg"].removeprefix("Value error, ")
    return f"is damaged: {printable(f'{place} {words[:1].lower()}{words[1:]}')}"
