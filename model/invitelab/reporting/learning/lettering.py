"""Text in pixels: how wide it is, and how it is broken into lines.

Widths are those of DejaVu Sans, a little on the safe side: other fonts that a page
falls back to are narrower.
"""

from typing import Final

from invitelab.reporting.common.formatting import ELLIPSIS, clean

NARROW: Final = frozenset("ijlI.,:;!'|()[]/\\ ")
WIDE: Final = frozenset("mwMWOQ@%&#+=<>~^")
STEP_PX: Final = 6
BOLD: Final = 1.12
"""How much wider bold letters are."""

_NARROW_EM, _USUAL_EM, _CAPITAL_EM, _WIDE_EM = 0.46, 0.66, 0.8, 1.04
_FOREIGN_EM = 1.45
"""Of a character beyond ASCII: some letters of Latin and Cyrillic have nearly that."""


def width_of(text: str, size_px: float) -> float:
    """The most that a line of text is wide."""
    return size_px * sum(map(_ems, text))


def _ems(char: str) -> float:
    """Width of a character, in the size of the letters."""
    if not char.isascii():
        return _FOREIGN_EM
    if char in NARROW:
        return _NARROW_EM
    if char in WIDE:
        return _WIDE_EM
    return _CAPITAL_EM if char.isupper() else _USUAL_EM


def fitted(text: str, most_px: float, lines: int, size_px: float) -> list[str]:
    """Clean text in at most so many lines of that width; what is cut is shown.

    There is always a line.
    """
    rows: list[str] = []
    for word in _words(clean(text), most_px, size_px):
        joined = f"{rows[-1]} {word}" if rows else word
        if rows and width_of(joined, size_px) <= most_px:
            rows[-1] = joined
        else:
            rows.append(word)
    if len(rows) > lines:
        return [*rows[: lines - 1], _cut(rows[lines - 1], most_px, size_px)]
    return rows or [""]


def balanced(text: str, most_px: float, lines: int, size_px: float) -> list[str]:
    """As `fitted`, but no line is longer than so many lines need."""
    rows = fitted(text, most_px, lines, size_px)
    for narrower_px in range(int(most_px), int(most_px / 2), -STEP_PX):
        found = fitted(text, narrower_px, lines + 1, size_px)
        if len(found) > len(rows) or found[-1].endswith(ELLIPSIS):
            break
        rows = found
    return rows


def _words(text: str, most_px: float, size_px: float) -> list[str]:
    """The words, of which those that are wider than a line are divided."""
    words: list[str] = []
    for word in text.split(" "):
        part = ""
        for char in word:
            if width_of(part + char, size_px) > most_px:
                words.append(part)
                part = ""
            part += char
        words.append(part)
    return words


def _cut(line: str, most_px: float, size_px: float) -> str:
    while line and width_of(line + ELLIPSIS, size_px) > most_px:
        line = line[:-1]
    return line.rstrip(" ,") + ELLIPSIS
