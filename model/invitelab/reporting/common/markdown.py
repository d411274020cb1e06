"""Markdown: the one place where text, code and tables are escaped."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from invitelab.reporting.common.formatting import clean

FENCE = "~~~~"
_SPECIAL = frozenset("\\`*_[]|#~")


def plain(text: str) -> str:
    """The text on one line, no character of which means anything to Markdown or HTML.

    An exclamation mark means something before a bracket alone, which is escaped.
    """
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in escaped)


def code(text: str) -> str:
    """A code span; a backtick would end it, and becomes an apostrophe."""
    return f"`{text.replace('`', chr(39))}`"


def folded(title: str) -> str:
    """The line that begins what is folded up below a title, until `</details>`.

    It is HTML, in which Markdown's backslashes would be seen.
    """
    return f"<details><summary>{escape(clean(title), quote=False)}</summary>"


def fenced(lines: Iterable[str], language: str = "text") -> Iterator[str]:
    """The lines as a block of text that is shown as it is."""
    yield f"{FENCE}{language}"
    yield from (line.replace(FENCE, "~ ~ ~ ~") for line in lines)
    yield FENCE


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, every cell of which is text."""
    yield row(*columns)
    yield f"|{'---|' * len(columns)}"
    yield from (row(*cells) for cells in rows)


def row(*cells: str) -> str:
    """A row of a table, every cell of which is text."""
    return f"| {' | '.join(map(plain, cells))} |"
