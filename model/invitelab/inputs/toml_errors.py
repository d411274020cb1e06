"""Mistakes in a user's TOML file: their places, and how they are shown.

known.toml:4:9: issue must not be empty
    issue = ""
            ^
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from invitelab.errors import UsageError
from invitelab.formats.reading import read_bytes, unreadable
from invitelab.safe_text import printable

MOST_BYTES = 1_000_000
MOST_MISTAKES = 50
"""The most mistakes that are shown of a file."""

_WIDTH = 100
_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake. Line and column count from 1; both are 0 if it has no place."""

    sentence: str
    line: int = 0
    column: int = 0


def read_text(path: Path, *, hint: str) -> str:
    """The text of a file, with line feeds and without a byte order mark.

    Raises UsageError when the file cannot be read or is not UTF-8.
    """
    try:
        text = read_bytes(path, most_bytes=MOST_BYTES, hint=hint).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable(path, error, hint=hint) from error
    return text.replace("\r\n", "\n")


def parsed(text: str) -> dict[str, object] | Mistake:
    """The document, or the first mistake in its syntax."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax_mistake(str(error), text)
    except RecursionError:
        return Mistake(sentence="is nested too deeply")
    except ValueError:
        # Python does not parse an integer of thousands of digits.
        return Mistake(sentence="has a number with too many digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedInPart:
    """A document without the lines that are no TOML, each of which is a mistake.

    `text` is that of the document, with the places of all that is left in it.
    """

    document: dict[str, object] | None
    text: str
    mistakes: tuple[Mistake, ...]


def parsed_in_part(text: str) -> ParsedInPart:
    """Read what can be read of a document.

    A parser ends at its first mistake; without that line it comes to the next one. The
    document is None where the rest of it would be misread: once the heading of a table
    or a bracket is lost, nothing that follows has its place.
    """
    lines = text.split("\n")
    mistakes: list[Mistake] = []
    document: dict[str, object] | None = None
    while len(mistakes) < MOST_MISTAKES:
        found = parsed("\n".join(lines))
        if not isinstance(found, Mistake):
            document = found
            break
        line = lines[found.line - 1].strip() if found.line else ""
        if mistakes and (not line or found.line <= mistakes[-1].line):
            break  # no new mistake, but what the lines left out were needed for
        mistakes.append(found)
        if not line or line.startswith("["):
            break
        lines[found.line - 1] = ""
    return ParsedInPart(
        document=document, text="\n".join(lines), mistakes=tuple(mistakes)
    )


def refusal(
    source: Path, text: str, mistakes: Sequence[Mistake], *, hint: str
) -> UsageError:
    """The error that shows every mistake in its line."""
    return UsageError(told(source, text, mistakes), hint=hint)


def told(source: Path, text: str, mistakes: Sequence[Mistake]) -> str:
    """Every mistake in its line, from the top of the file, MOST_MISTAKES at most."""
    lines = text.split("\n")
    ordered = sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))
    sentences = [_told(source, lines, mistake) for mistake in ordered[:MOST_MISTAKES]]
    if len(mistakes) > MOST_MISTAKES:
        sentences.append(f"and {len(mistakes) - MOST_MISTAKES} more mistakes")
    return "\n".join(sentences)


def _syntax_mistake(message: str, text: str) -> Mistake:
    """The parser's mistake, with its place removed from the message."""
    match = _SYNTAX_PLACE.search(message)
    lines = text.split("\n")
    line, column = len(lines), len(lines[-1]) + 1
    if match is not None and match[1]:
        line, column = int(match[1]), int(match[2])
    reason = printable(_SYNTAX_PLACE.sub("", message))
    sentence = f"not TOML: {reason[:1].lower()}{reason[1:]}"
    return Mistake(sentence=sentence, line=line, column=column)


def _told(source: Path, lines: Sequence[str], mistake: Mistake) -> str:
    """`file:line:column: sentence`, the source line, and a caret below it."""
    name = printable(str(source))
    if not mistake.line:
        return f"{name}: {mistake.sentence}"
    line = printable(lines[mistake.line - 1])
    # A long line is shown from where the caret is near its middle.
    start = max(0, min(mistake.column - 1 - _WIDTH // 2, len(line) - _WIDTH))
    caret = " " * (mistake.column - 1 - start) + "^"
    return (
        f"{name}:{mistake.line}:{mistake.column}: {mistake.sentence}\n"
        f"    {line[start : start + _WIDTH]}\n    {caret}"
    )
