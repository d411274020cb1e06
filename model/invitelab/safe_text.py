"""Foreign text made safe: no character moves a cursor, turns text or ends a line.

One criterion decides for every view, `str.isprintable`: control, format, surrogate,
private and unassigned characters, separators of lines and all spaces but the plain one
are hidden characters. `escaped` shows each of them, `printable` keeps the columns.
"""


def escaped(text: str, most: int | None = None) -> str:
    """The text on one line, with an escape sequence for each hidden character.

    What takes more than `most` characters then is cut there, and ends in "...".
    """
    if most is None:
        return _escaped(text)
    shown = _escaped(text[: most + 1])  # an escape is never shorter than its character
    return shown if len(shown) <= most else f"{shown[:most]}..."


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        char
        if char.isprintable()
        else char.encode("unicode_escape", "backslashreplace").decode("ascii")
        for char in text
    )


def escaped_lines(text: str, most: int | None = None) -> str:
    """Each line of the text as `escaped` gives it; `most` characters a line."""
    return "\n".join(escaped(line, most) for line in text.splitlines())


def printable(text: str) -> str:
    """The text with one character in place of each hidden one: columns stay the same.

    A tab is a space; any other hidden character is U+FFFD.
    """
    return "".join(
        char
        if char.isprintable()
        else " "
        if char == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
