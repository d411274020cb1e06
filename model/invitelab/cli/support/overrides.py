"""Overrides of a scenario, `--set PATH=VALUE`; a value is TOML or plain text."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from math import prod

from invitelab.errors import UsageError
from invitelab.inputs.validation import shown

MOST_POINTS = 100
MOST_SEARCHED = 10_000
"""Values of a search, of which few are tried."""
_BEGUN = re.compile(r"-?\d+\.\.")
_WHOLE = re.compile(r"-?\d{1,15}")
_RANGE = re.compile(r"(-?\d{1,15})\.\.(-?\d{1,15})(?:\.\.(-?\d{1,15}))?")
_OPENING, _CLOSING = "[{", "]}"


def parse_overrides(given: Sequence[str]) -> dict[str, object]:
    """The value of each path. Raises UsageError unless each is one `PATH=VALUE`."""
    return {path: parse_value(text) for path, text in _pairs(given)}


def parse_sweep(
    given: Sequence[str],
) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    """The values to sweep by path and by their text, and the overrides of all points.

    Raises UsageError unless one path has several values, or two; MOST_POINTS in all;
    and for what begins as a range and is none.
    """
    swept, fixed = _parted(given)
    for path, text in fixed.items():
        wrong = _no_range(text) if isinstance(text, str) and _BEGUN.match(text) else ""
        if wrong:
            raise UsageError(
                f"--set {path}={text} {wrong}", hint=f"--set {path}=1..8, or 10/s,20/s"
            )
    if len(swept) not in {1, 2}:
        which = f"{len(swept)} of them have" if swept else "none has"
        raise UsageError(
            f"one --set needs several values to sweep, or two, but {which}",
            hint="invitelab sweep support_desk --set relay.servers=1..8",
        )
    sizes = [len(texts) for texts in swept.values()]
    if prod(sizes) > MOST_POINTS and len(sizes) > 1:
        raise UsageError(
            f"a grid of {sizes[0]} by {sizes[1]} has {prod(sizes):,} points, and a"
            f" sweep has at most {MOST_POINTS}",
            hint="a range can have a step: 0..1000..50",
        )
    for path, texts in swept.items():
        if len(texts) > MOST_POINTS:
            raise _too_many(path, len(texts))
    return (
        {path: {text: parse_value(text) for text in swept[path]} for path in swept},
        fixed,
    )


def parse_find(
    find: str, given: Sequence[str]
) -> tuple[str, list[str], dict[str, object]]:
    """The path to search, the texts of its values, and the overrides of all of them.

    Raises UsageError unless the path has several values that ascend, and no other has.
    """
    swept, fixed = _parted(given)
    if swept:
        raise UsageError(
            f"--find searches one value, and --set {next(iter(swept))} has several",
            hint="give --set one value, or sweep both without --find",
        )
    ((path, text),) = _pairs([find], option="--find")
    texts = _several(path, text, most=MOST_SEARCHED, option="--find")
    if path in fixed:
        raise UsageError(
            f"--find {path} and --set {path} contradict each other",
            hint="give one of them",
        )
    if len(texts) < 2:  # noqa: PLR2004 - of one value there is nothing to find
        raise UsageError(
            f"--find {path}={text} {_no_range(text) or 'has one value only'}",
            hint=f"--find {path}=1..64, or a list such as 10/s,20/s,40/s",
        )
    return path, texts, fixed


def given_for(given: Sequence[str], fixed: Mapping[str, object]) -> tuple[str, ...]:
    """The overrides of all points of a sweep, as they were written."""
    return tuple(one for one in given if one.partition("=")[0].strip() in fixed)


def _parted(
    given: Sequence[str],
) -> tuple[dict[str, list[str]], dict[str, object]]:
    """The texts of paths with several values, and the values of all others."""
    swept: dict[str, list[str]] = {}
    fixed: dict[str, object] = {}
    for path, text in _pairs(given):
        several = _several(path, text)
        if len(several) > 1:
            swept[path] = several
        else:
            fixed[path] = parse_value(text)
    return swept, fixed


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


def _pairs(given: Sequence[str], option: str = "--set") -> list[tuple[str, str]]:
    """Paths and texts of their values."""
    found: dict[str, str] = {}
    for override in given:
        path, equals, text = (part.strip() for part in override.partition("="))
        if not path or not equals or not text:
            raise UsageError(
                f"{option} {override!r} is not PATH=VALUE",
                hint=f"{option} relay.servers=4",
            )
        if path in found:
            raise UsageError(f"--set {path} is given twice", hint="give it once")
        found[path] = text
    return list(found.items())


def _several(
    path: str, text: str, *, most: int = MOST_POINTS, option: str = "--set"
) -> list[str]:
    """The distinct values of a range or a comma-separated list, in order."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return list(dict.fromkeys(_split(text)))
    first, last = int(match[1]), int(match[2])
    step = int(match[3] or 1)
    if step <= 0 or last < first:
        raise UsageError(
            f"{option} {path}={text} is an empty range",
            hint="a range ascends, and its step is at least 1: 1..9..2",
        )
    numbers = range(first, last + 1, step)
    if len(numbers) > most:
        raise _too_many(path, len(numbers), most)
    return [str(number) for number in numbers]


def _no_range(text: str) -> str:
    """What is wrong with a text that looks like a range and is none; else nothing."""
    if "," in text or ".." not in text:
        return ""
    wrong = [part for part in text.split("..") if not _WHOLE.fullmatch(part)]
    if not wrong:
        return "is no range of two numbers and a step"
    return f"is no range: {shown(wrong[0])} is no whole number of at most 15 digits"


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


def _too_many(path: str, count: int, most: int = MOST_POINTS) -> UsageError:
    what = "sweep" if most == MOST_POINTS else "search"
    return UsageError(
        f"{path} has {count:,} values, and a {what} has at most {most:,}",
        hint="a range can have a step: 0..1000..50",
    )
