"""The field's terms, always: no name and no text goes back to words of our own.

The list is the design's table. A name is split at its underscores and capitals, so that
`weather_now` and `FragileSite` are found; texts are searched for whole words. A word of
everyday English is forbidden only where it had a meaning of its own.
"""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).name

EVERYWHERE = frozenset(
    {
        "bearing",
        "climate",
        "complaint",
        "complaints",
        "crew",
        "deceived",
        "doings",
        "fragile",
        "gist",
        "keeper",
        "keepers",
        "liberties",
        "liberty",
        "neighbourhood",
        "surroundings",
        "switchboard",
        "timetable",
        "unmet",
        "weather",
    }
)
"""Words that no part of the project uses any more."""

BY_AREA: Mapping[str, frozenset[str]] = {
    "conformance": frozenset({"company", "lane", "performance", "stage"}),
    "conformance/random_walks": frozenset(
        {"casting", "doubtful", "figure", "loose", "shortening", "telling", "walker"}
    ),
    "processes": frozenset({"deaf"}),
    "proof": frozenset(
        {
            *("excuse", "excused", "fate", "floor", "hollow"),
            *("identity", "idle", "panel", "sin"),
        }
    ),
    "reporting/conformance": frozenset({"chapter", "story", "stories"}),
    "reporting/load": frozenset({"panel"}),
    "reporting/proof": frozenset(
        {"excuse", "excused", "fate", "floor", "hollow", "panel", "sin"}
    ),
    "study": frozenset({"lives"}),
    "world": frozenset({"site", "sites", "streams", "storm"}),
    "cli": frozenset({"simulating", "silence"}),
}
"""Words that had a meaning of their own in one area, in its names."""

KEPT: Mapping[str, frozenset[str]] = {
    "proof/mutants": frozenset({"identity", "idle", "floor"}),  # what a client shows
}
"""Where such a word is an ordinary one."""

NAMES_THEM = {
    "model/invitelab/formats/proof.py",  # reads the keys of format 1
    "tests/reporting/common/test_glossary.py",  # `explain` knows the old words
    "tests/test_docs.py",
    f"tests/{HERE}",
}

PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def modules(folder: str = "") -> Iterator[Path]:
    """Give the modules of an area, and their tests."""
    for base in ("model/invitelab", "tests"):
        yield from sorted((ROOT / base / folder).rglob("*.py"))


def parts(name: str) -> set[str]:
    """Split a name into its words."""
    return {part.lower() for part in PART.findall(name)}


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Give every name of a module, its own included, with its line."""
    yield 0, path.stem
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Give every string and comment of a module, with its line."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or tokenize.tok_name[token.type].endswith(
            ("STRING", "STRING_MIDDLE")
        ):
            yield token.start[0], token.string


def kept(path: Path) -> set[str]:
    """Words that are ordinary ones in this module."""
    where = path.as_posix()
    lists = [words for part, words in KEPT.items() if f"/{part}/" in where]
    return {word for words in lists for word in words}


def test_no_name_has_an_old_word() -> None:
    """Neither of the list for all nor of its area's."""
    found = {
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for folder, words in ({"": EVERYWHERE} | dict(BY_AREA)).items()
        for path in modules(folder)
        if path.name != HERE
        for line, name in names(path)
        if parts(name) & (words - kept(path))
    }
    assert [] == sorted(found)


def test_no_text_has_an_old_word() -> None:
    """In docstrings, comments and messages."""
    pattern = re.compile(rf"\b({'|'.join(sorted(EVERYWHERE))})\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]}"
        for path in modules()
        if path.relative_to(ROOT).as_posix() not in NAMES_THEM
        for line, text in texts(path)
        for match in pattern.finditer(text)
    ]
    assert [] == found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("FragileSite", {"fragile", "site"}),
        ("weather_now", {"weather", "now"}),
        ("HTTPStage", {"http", "stage"}),
    ],
)
def test_a_name_is_split_into_words(name: str, expected: set[str]) -> None:
    """At underscores and capitals."""
    assert expected == parts(name)
