"""Where marks stand: to scale in time, moved apart only as far as they must be."""

import unicodedata
from collections.abc import Sequence


def spread(
    wanted: Sequence[float], apart: Sequence[float], *, least: float
) -> list[float]:
    """Positions as near to the `wanted` ones as the distances between them allow.

    `wanted` is in ascending order, `apart[i]` is the distance to keep between `i` and
    `i + 1`, and nothing lies before `least`. The sum of squared moves is the smallest
    possible: neighbours that would overlap are moved as a group (isotonic regression by
    pooling adjacent violators).
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    groups: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        groups.append((place - offset, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (first, many), (second, more) = groups[-2:]
            mean = (first * many + second * more) / (many + more)
            groups[-2:] = [(mean, many + more)]
    level = [max(mean, least) for mean, many in groups for _ in range(many)]
    return [place + offset for place, offset in zip(level, offsets, strict=True)]


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
