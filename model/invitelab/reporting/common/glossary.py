"""Reader of `glossary.toml`: the words of commands and reports."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("glossary.toml")


class Group(StrEnum):
    """A kind of word, named as the tables of the file are in lower case."""

    SCENARIO = "verdict of a scenario"
    RUN = "verdict of a run"
    KIND = "kind of trouble"
    BLAME = "blame"
    LEVEL = "level of a clause"
    CLOCK = "clock"
    EXIT = "exit code"
    TERM = "word of a report"
    LOAD = "word of a load report"
    PROOF = "what the suite is worth"
    LEARNING = "word of a learned machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word. The first sentence of `meaning` makes sense alone."""

    group: Group
    word: str
    meaning: str
    advice: str
    synonyms: tuple[str, ...] = ()
    """Other forms, and names in earlier versions."""


@cache
def glossary() -> tuple[Entry, ...]:
    """Every word, in the order of the file."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return tuple(
        Entry(
            group=Group[name.upper()],
            word=table["word"],
            meaning=" ".join(table["meaning"].split()),
            advice=" ".join(table["advice"].split()),
            synonyms=tuple(table.get("synonyms", ())),
        )
        for name, group in tables.items()
        for table in group
    )


def look_up(word: str) -> list[Entry]:
    """The entries with that word or synonym, in any letter case; some words have two.

    A synonym counts only where no entry has it as its word. A sign before a word, a
    unit or a bracket behind it, and underscores in place of spaces do not matter.
    """
    for form in (word.lower(), _bare(word)):
        named = [entry for entry in glossary() if entry.word.lower() == form]
        found = named or [
            entry
            for entry in glossary()
            if form in {synonym.lower() for synonym in entry.synonyms}
        ]
        if found:
            return found
    return []


_AROUND = re.compile(r"^[^\w(]+ | /s$| \([^()]*\)$|:$")


def _bare(word: str) -> str:
    """A word as it stands in the glossary: `notify delay` for `notify_delay (p99)`."""
    return _AROUND.sub("", word.lower().replace("_", " ")).strip()


def meaning_of(word: str) -> str:
    """The meaning of the first entry of a word. Raises IndexError without any."""
    return look_up(word)[0].meaning
