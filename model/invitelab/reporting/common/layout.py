"""Lines of words and round instants of a sequence diagram."""

import unicodedata


def wrapped(text: str, most: int, lines: int) -> list[str]:
    """The text in at most so many lines of so many characters; what is cut is shown.

    A character of a script that is twice as wide counts twice.
    """
    if any(unicodedata.east_asian_width(char) in {"W", "F"} for char in text):
        most //= 2
    rows: list[str] = []
    for word in text.split():
        if rows and len(rows[-1]) + 1 + len(word) <= most:
            rows[-1] += f" {word}"
        else:
            rows += [word[n : n + most] for n in range(0, len(word), most)]
        if len(rows) > lines:
            last = rows[lines - 1][: most - 1]
            return [*rows[: lines - 1], f"{last}\N{HORIZONTAL ELLIPSIS}"]
    return rows


def ticks(end: float) -> list[float]:
    """Round instants from 0 to the end, at most seven."""
    for step in (
        0.01,
        0.02,
        0.05,
        0.1,
        0.2,
        0.5,
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        300,
        600,
        1800,
        3600,
    ):
        if end / step <= 6:  # noqa: PLR2004 - six steps have seven ends
            return [step * n for n in range(int(end / step) + 1)]
    return [0.0]
