"""Overrides of a scenario, `--set PATH=VALUE`; a value is TOML or plain text."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, time

from invitelab.errors import UsageError

MOST_POINTS = 100
_RANGE = re.compile(r"(-?\d{1,15})\.\.(-?\d{1,15})(?:\.\.(-?\d{1,15}))?")
_OPENING, _CLOSING = "[{", "]}"


def parse_overrides(given: Sequence[str]) -> dict[str, object]:
    """The value of each path. Raises UsageError unless each is one `PATH=VALUE`."""
    return {path: parse_value(text) for path, text in _pairs(given)}


def parse_sweep(
    given: Sequence[str],
) -> tuple[str, dict[str, object], dict[str, object]]:
    """The path to sweep, its values by their text, and the overrides of all points.

    Raises UsageError unless exactly one path has several values, at most MOST_POINTS.
    """
    swept: dict[str, list[str]] = {}
    fixed: dict[str, object] = {}
    for path, text in _pairs(given):
        several = _several(path, text)
        if len(several) > 1:
            swept[path] = several
        else:
            fixed[path] = parse_value(text)
    if len(swept) != 1:
        which = f"{len(swept)} of them have" if swept else "none has"
        raise UsageError(
            f"exactly one --set needs several values to sweep, but {which}",
            hint="invitelab sweep support_desk --set relay.servers=1..8",
        )
    ((path, texts),) = swept.items()
    if len(texts) > MOST_POINTS:
        raise _too_many(path, len(texts))
    return path, {text: parse_value(text) for text in texts}, fixed


def parse_value(text: str) -> object:
    """The TOML value of a text such as `8` or `true`; else the text, such as `40/s`."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return text
    only_one = document.keys() == {"value"}
    # Scenarios have no dates: text that looks like one stays text.
    is_plain = not isinstance(document["value"], date | time)
    return document["value"] if only_one and is_plain else text


def _pairs(given: Sequence[str]) -> list[tuple[str, str]]:
    """Paths and texts of their values."""
    found: dict[str, str] = {}
    for override in given:
        path, equals, text = (part.strip() for part in override.partition("="))
        if not path or not equals or not text:
            raise UsageError(
                f"--set {override!r} is not PATH=VALUE", hint="--set relay.servers=4"
            )
        if path in found:
            raise UsageError(f"--set {path} is given twice", hint="give it once")
        found[path] = text
    return list(found.items())


def _several(path: str, text: str) -> list[str]:
    """The distinct values of a range or a comma-separated list, in order."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return list(dict.fromkeys(_split(text)))
    first, last = int(match[1]), int(match[2])
    step = int(match[3] or 1)
    if step <= 0 or last < first:
        raise UsageError(
            f"--set {path}={text} is an empty range",
            hint="a range ascends, and its step is at least 1: 1..9..2",
        )
    numbers = range(first, last + 1, step)
    if len(numbers) > MOST_POINTS:
        raise _too_many(path, len(numbers))
    return [str(number) for number in numbers]


def _split(text: str) -> list[str]:
    """Split at commas, except those inside quotes, brackets or braces."""
    parts, depth, quote = [""], 0, ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
        if char == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def _too_many(path: str, count: int) -> UsageError:
    return UsageError(
        f"{path} has {count:,} values, and a sweep has at most {MOST_POINTS}",
        hint="a range can have a step: 0..1000..50",
    )
